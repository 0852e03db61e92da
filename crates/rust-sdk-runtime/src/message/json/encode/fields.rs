//! Walks over the fields of messages.

use super::{Encoder, Outcome};
use crate::message::engine::{Fields, Key, View, put_field};
use crate::message::json::maps::Key as MapKey;
use crate::message::json::{JsonErrorKind, text, well_known};
use crate::message::schema::canonical::Set;
use crate::message::schema::key::JsonKey;
use crate::message::schema::{Field, Kind, MessageSchema, Presence, WellKnown};
use crate::wire::reader::{MAX_DEPTH, Reader, WireError};

impl Encoder {
    /// Writes a message from its fields.
    pub(crate) fn message_of(
        &mut self,
        schema: &'static MessageSchema,
        message: &dyn Fields,
        depth: u32,
    ) -> Outcome {
        if depth > MAX_DEPTH {
            return Err(self.fail(JsonErrorKind::TooDeep));
        }
        if let Some(kind) = schema.well_known() {
            return self.well_known_of(kind, schema, message, depth);
        }
        self.out.push(b'{');
        for (field, key) in schema.fields().iter().zip(schema.keys()) {
            let view = message.view(field.number);
            if self.is_written(field, view) {
                self.field_of(field, key, view, depth).inspect_err(|_| self.trace.at(field.name))?;
            }
        }
        self.close(b'}');
        Ok(())
    }

    /// Whether the field is written.
    #[inline]
    fn is_written(&self, field: &Field, view: View<'_>) -> bool {
        Self::is_set(field, view)
            || self.options.emit_defaults
                && matches!(field.presence, Presence::Implicit | Presence::Repeated | Presence::Packed)
    }

    /// Whether the field's value differs from that of a new message.
    #[inline]
    pub(crate) fn is_set(field: &Field, view: View<'_>) -> bool {
        match field.presence {
            Presence::Explicit | Presence::Required | Presence::Oneof(_) => !matches!(view, View::Unset),
            Presence::Implicit => !view.is_default(),
            Presence::Repeated | Presence::Packed => !view.is_empty(),
        }
    }

    /// Writes a field, and the comma after it.
    fn field_of(&mut self, field: &'static Field, key: &JsonKey, view: View<'_>, depth: u32) -> Outcome {
        if matches!(view, View::Foreign(_) | View::Foreigns(_) | View::ForeignMap(_)) {
            return self.foreign(field, key, view, depth);
        }
        self.key(field, key);
        self.view(&field.kind, view, depth)?;
        self.out.push(b',');
        Ok(())
    }

    /// Writes messages of another crate from their bytes.
    #[cold]
    fn foreign(&mut self, field: &'static Field, key: &JsonKey, view: View<'_>, depth: u32) -> Outcome {
        self.key(field, key);
        self.foreign_value(field, view, depth)?;
        self.out.push(b',');
        Ok(())
    }

    /// Writes the value of a field that holds messages of another crate.
    pub(crate) fn foreign_value(&mut self, field: &'static Field, view: View<'_>, depth: u32) -> Outcome {
        let mut records = Vec::new();
        put_field(view, Key::of(field), &mut records);
        let record = Reader::new(&records).field().map_err(|e| self.fail(e))?;
        let value = record.map_or(field.kind.default_value(), |(_, value)| value);
        self.field(&Set { index: 0, field, value, records: &records }, depth)
    }

    /// Writes a field's value.
    fn view(&mut self, kind: &'static Kind, view: View<'_>, depth: u32) -> Outcome {
        match view {
            View::Str(value) => text::push_string(value.as_bytes(), &mut self.out),
            View::Bytes(value) => text::push_base64(value, &mut self.out),
            View::Bool(value) => self.bool(value),
            View::I32(n) => self.int(kind, n),
            View::I64(n) => self.quoted(n),
            View::U32(n) => self.number(n),
            View::U64(n) => self.quoted(n),
            View::F32(n) => self.float(n),
            View::F64(n) => self.double(n),
            View::Message(message) => match kind.message() {
                Some(schema) => self.message_of(schema, message, depth + 1)?,
                None => return Err(self.fail(WireError::Type)),
            },
            View::Strs(list) => {
                self.list(list, |this, value| text::push_string(value.as_bytes(), &mut this.out));
            }
            View::BytesList(list) => self.list(list, |this, value| text::push_base64(value, &mut this.out)),
            View::Bools(list) => self.list(list, |this, value| this.bool(*value)),
            View::I32s(list) => self.list(list, |this, n| this.int(kind, *n)),
            View::I64s(list) => self.list(list, |this, n| this.quoted(n)),
            View::U32s(list) => self.list(list, |this, n| this.number(n)),
            View::U64s(list) => self.list(list, |this, n| this.quoted(n)),
            View::F32s(list) => self.list(list, |this, n| this.float(*n)),
            View::F64s(list) => self.list(list, |this, n| this.double(*n)),
            View::Messages(list) => {
                self.out.push(b'[');
                for (index, message) in list.iter().enumerate() {
                    self.view(kind, View::Message(message), depth)
                        .inspect_err(|_| self.trace.at(format!("[{index}]")))?;
                    self.out.push(b',');
                }
                self.close(b']');
            }
            View::Map(map) => {
                self.out.push(b'{');
                for (key, value) in map.entries() {
                    self.map_key_of(key)?;
                    self.view(kind, value, depth).inspect_err(|_| {
                        let key = MapKey::of(key).map(|key| key.to_string());
                        self.trace.at(format!("[{}]", key.unwrap_or_default()));
                    })?;
                    self.out.push(b',');
                }
                self.close(b'}');
            }
            View::Unset | View::Foreign(_) | View::Foreigns(_) | View::ForeignMap(_) => {
                return Err(self.fail(WireError::Type));
            }
        }
        Ok(())
    }

    #[inline]
    fn map_key_of(&mut self, key: View<'_>) -> Outcome {
        if let View::Str(key) = key {
            text::push_string(key.as_bytes(), &mut self.out);
            self.out.push(b':');
            return Ok(());
        }
        let key = MapKey::of(key).ok_or_else(|| self.fail(WireError::Type))?;
        self.map_key(key)
    }

    fn list<T>(&mut self, list: &[T], each: impl Fn(&mut Self, &T)) {
        self.out.push(b'[');
        for value in list {
            each(self, value);
            self.out.push(b',');
        }
        self.close(b']');
    }

    /// Writes a number of 32 bits, or an enum value.
    #[inline]
    fn int(&mut self, kind: &Kind, n: i32) {
        match kind {
            Kind::Enum(schema) => self.enum_value(schema, n),
            _ => self.number(n),
        }
    }

    /// Writes a message of a well-known type. Wrappers do not occur here: in Rust they are the wrapped values.
    #[inline(never)]
    fn well_known_of(
        &mut self,
        kind: WellKnown,
        schema: &'static MessageSchema,
        message: &dyn Fields,
        depth: u32,
    ) -> Outcome {
        match (kind, message.view(1), message.view(2)) {
            (WellKnown::Empty, ..) => self.out.extend_from_slice(b"{}"),
            (WellKnown::Timestamp | WellKnown::Duration, View::I64(seconds), View::I32(nanos)) => {
                self.out.push(b'"');
                well_known::push_time(kind, seconds, nanos, &mut self.out).map_err(|e| self.fail(e))?;
                self.out.push(b'"');
            }
            (WellKnown::FieldMask, View::Strs(paths), _) => {
                let text = well_known::mask(paths.iter().map(String::as_str)).map_err(|e| self.fail(e))?;
                text::push_plain(text.as_bytes(), &mut self.out);
            }
            (WellKnown::Any, View::Str(url), View::Bytes(wire)) => return self.any_of(url, wire, depth),
            (WellKnown::Value, ..) => return self.dynamic_of(schema, message, depth),
            (WellKnown::Struct | WellKnown::ListValue, content, _) => {
                return self.view(&self.only_field(schema)?.kind, content, depth);
            }
            _ => return Err(self.fail(WireError::Type)),
        }
        Ok(())
    }

    /// Writes a `google.protobuf.Value`.
    #[inline(never)]
    fn dynamic_of(&mut self, schema: &'static MessageSchema, message: &dyn Fields, depth: u32) -> Outcome {
        let mut fields = schema.fields().iter().map(|field| (field, message.view(field.number)));
        match fields.find(|(_, view)| !matches!(view, View::Unset)) {
            Some((_, View::F64(n))) if !n.is_finite() => Err(self.fail(well_known::NOT_FINITE)),
            Some((field, view)) => self.view(&field.kind, view, depth),
            None => Err(self.fail(well_known::NOTHING)),
        }
    }
}
