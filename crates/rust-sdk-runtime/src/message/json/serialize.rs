//! Passes the fields of a message to any serializer.

use serde::ser::{Error, Serialize, SerializeMap, SerializeSeq, Serializer};

use super::EncodeOptions;
use super::encode::{Encoder, Outcome, not_finite};
use super::maps::Key;
use super::transcode::Text;
use crate::message::engine::{Fields, View};
use crate::message::schema::{Field, Kind, MessageSchema, Types, WellKnown};
use crate::wire::reader::MAX_DEPTH;

/// A message, with what its serialization needs.
pub(super) struct Message<'a> {
    pub(super) schema: &'static MessageSchema,
    pub(super) fields: &'a dyn Fields,
    pub(super) types: Types,
    pub(super) depth: u32,
}

impl Serialize for Message<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { schema, fields, types, depth } = *self;
        if depth > MAX_DEPTH {
            return Err(S::Error::custom("messages are nested too deeply"));
        }
        match schema.well_known() {
            None | Some(WellKnown::Empty) => {}
            // These are written as the value that they hold.
            Some(WellKnown::Struct | WellKnown::ListValue | WellKnown::Value) => {
                let mut set = schema.fields().iter().map(|field| (field, fields.view(field.number)));
                let Some((field, view)) = set.find(|(_, view)| !matches!(view, View::Unset)) else {
                    return Err(S::Error::custom("the Value is empty"));
                };
                if let View::F64(n) = view
                    && !n.is_finite()
                {
                    return Err(S::Error::custom(not_finite(n)));
                }
                return Value { kind: &field.kind, view, types, depth }.serialize(serializer);
            }
            Some(_) => {
                let text = self.text(|encoder| encoder.message_of(schema, fields, depth))?;
                return Text::new(&text).serialize(serializer);
            }
        }
        let mut map = serializer.serialize_map(None)?;
        for (index, field) in schema.fields().iter().enumerate() {
            let view = fields.view(field.number);
            if !Encoder::is_set(field, view) {
                continue;
            }
            if matches!(view, View::Foreign(_) | View::Foreigns(_) | View::ForeignMap(_)) {
                self.foreign(field, view, &mut map)?;
            } else {
                map.serialize_entry(
                    &schema.json_name(index),
                    &Value { kind: &field.kind, view, types, depth },
                )?;
            }
        }
        map.end()
    }
}

impl Message<'_> {
    /// Writes messages of another crate.
    fn foreign<M: SerializeMap>(
        &self,
        field: &'static Field,
        view: View<'_>,
        map: &mut M,
    ) -> Result<(), M::Error> {
        let value = self.text(|encoder| encoder.foreign_value(field, view, self.depth))?;
        map.serialize_entry(&field.json_name(), &Text::new(&value))
    }

    /// The JSON of a message that has its own text form, or that is known only by its bytes.
    fn text<E: Error>(&self, write: impl FnOnce(&mut Encoder) -> Outcome) -> Result<String, E> {
        let mut encoder = Encoder::new(EncodeOptions { types: self.types, ..EncodeOptions::default() }, 64);
        write(&mut encoder).map_err(|_| E::custom("it has no JSON form"))?;
        String::from_utf8(encoder.out).map_err(E::custom)
    }
}

/// A field's value, or one element of it.
struct Value<'a> {
    kind: &'static Kind,
    view: View<'a>,
    types: Types,
    depth: u32,
}

impl Value<'_> {
    fn list<T: Copy, S: Serializer>(
        &self,
        list: &[T],
        serializer: S,
        view: impl Fn(T) -> View<'static>,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(list.iter().map(|value| Value { view: view(*value), ..*self }))
    }
}

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { kind, view, types, depth } = *self;
        match (view, kind) {
            (View::Str(text), _) => serializer.serialize_str(text),
            (View::Bytes(bytes), _) => {
                let mut text = Vec::new();
                crate::message::base64::encode(bytes, &mut text);
                serializer.serialize_str(std::str::from_utf8(&text).map_err(S::Error::custom)?)
            }
            (View::Bool(value), _) => serializer.serialize_bool(value),
            (View::I32(_), Kind::Enum(schema)) if schema.is_null_value() => serializer.serialize_unit(),
            (View::I32(n), Kind::Enum(schema)) => match schema.name_of(n) {
                Some(name) => serializer.serialize_str(name),
                None => serializer.serialize_i32(n),
            },
            (View::I32(n), _) => serializer.serialize_i32(n),
            (View::U32(n), _) => serializer.serialize_u32(n),
            (View::I64(n), _) => serializer.collect_str(&n),
            (View::U64(n), _) => serializer.collect_str(&n),
            (View::F32(n), _) if n.is_finite() => serializer.serialize_f32(n),
            (View::F32(n), _) => serializer.serialize_str(not_finite(n.into())),
            (View::F64(n), _) if n.is_finite() => serializer.serialize_f64(n),
            (View::F64(n), _) => serializer.serialize_str(not_finite(n)),
            (View::Message(fields), _) => {
                Message { schema: fields.table(), fields, types, depth: depth + 1 }.serialize(serializer)
            }
            (View::Strs(list), _) => serializer.collect_seq(list),
            (View::BytesList(list), _) => {
                serializer.collect_seq(list.iter().map(|bytes| Value { view: View::Bytes(bytes), ..*self }))
            }
            (View::Bools(list), _) => serializer.collect_seq(list),
            (View::I32s(list), _) => self.list(list, serializer, View::I32),
            (View::I64s(list), _) => self.list(list, serializer, View::I64),
            (View::U32s(list), _) => self.list(list, serializer, View::U32),
            (View::U64s(list), _) => self.list(list, serializer, View::U64),
            (View::F32s(list), _) => self.list(list, serializer, View::F32),
            (View::F64s(list), _) => self.list(list, serializer, View::F64),
            (View::Messages(list), _) => {
                let mut seq = serializer.serialize_seq(Some(list.count()))?;
                for message in list.iter() {
                    seq.serialize_element(&Value { view: View::Message(message), ..*self })?;
                }
                seq.end()
            }
            (View::Map(entries), _) => {
                let mut map = serializer.serialize_map(Some(entries.count()))?;
                for (key, value) in entries.entries() {
                    match (key, Key::of(key)) {
                        (View::Str(key), _) => map.serialize_key(key)?,
                        (_, Some(key)) => map.serialize_key(&format_args!("{key}"))?,
                        (_, None) => return Err(S::Error::custom("no key")),
                    }
                    map.serialize_value(&Value { view: value, ..*self })?;
                }
                map.end()
            }
            _ => Err(S::Error::custom("the value is not of its schema's type")),
        }
    }
}
