//! Messages to JSON: the wire bytes are walked by the schema, as a serde `Serialize`.

use serde::ser::{Error, Serialize, SerializeMap, SerializeSeq, Serializer};

use super::error::Trace;
use super::{EncodeOptions, JsonReason, wkt};
use crate::base64;
use crate::schema::canonical::{Canonical, Set};
use crate::schema::scalar::Scalar;
use crate::schema::{Field, Kind, MessageSchema, Presence, WellKnown};
use crate::wire::{MAX_DEPTH, Reader, Value};

/// What is the same throughout one message.
#[derive(Debug, Default)]
pub(crate) struct Encoder {
    pub(crate) options: EncodeOptions,
    pub(crate) trace: Trace,
}

impl Encoder {
    pub(crate) fn new(options: EncodeOptions) -> Self {
        Self { options, trace: Trace::default() }
    }

    /// An error for serde that carries nothing, the reason being noted.
    pub(crate) fn fail<E: Error>(&self, reason: impl Into<JsonReason>) -> E {
        E::custom(self.trace.reason(reason))
    }

    fn key(&self, field: &'static Field) -> &'static str {
        if self.options.proto_names { field.name } else { field.json_name }
    }
}

/// A message.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Message<'a> {
    pub(crate) encoder: &'a Encoder,
    pub(crate) schema: &'static MessageSchema,
    pub(crate) wire: &'a [u8],
    pub(crate) depth: u32,
}

impl Message<'_> {
    /// Writes the fields into an object that is already open.
    pub(crate) fn fields<M: SerializeMap>(
        &self,
        message: &Canonical<'_>,
        map: &mut M,
    ) -> Result<(), M::Error> {
        let mut fields = message.fields();
        let mut next = 0;
        while let Some(set) = fields.next().map_err(|e| self.encoder.fail(e))? {
            self.defaults(next..set.index, map)?;
            next = set.index + 1;
            self.entry(&set, map)?;
        }
        self.defaults(next..self.schema.fields().len(), map)
    }

    fn entry<M: SerializeMap>(&self, set: &Set<'_>, map: &mut M) -> Result<(), M::Error> {
        let value = FieldValue { encoder: self.encoder, set, depth: self.depth };
        map.serialize_entry(self.encoder.key(set.field), &value)
            .inspect_err(|_| self.encoder.trace.at(set.field.name))
    }

    /// Where asked for, writes the fields of this range, which are not set.
    fn defaults<M: SerializeMap>(&self, range: std::ops::Range<usize>, map: &mut M) -> Result<(), M::Error> {
        if !self.encoder.options.emit_defaults {
            return Ok(());
        }
        for (offset, field) in self.schema.fields()[range.clone()].iter().enumerate() {
            if field.presence == Presence::Implicit || field.presence.is_repeated() {
                let index = range.start + offset;
                self.entry(&Set { index, field, value: field.kind.default_value(), records: &[] }, map)?;
            }
        }
        Ok(())
    }
}

impl Serialize for Message<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.depth > MAX_DEPTH {
            return Err(self.encoder.fail(JsonReason::TooDeep));
        }
        let message = Canonical::new(self.schema, self.wire).map_err(|e| self.encoder.fail(e))?;
        match self.schema.well_known() {
            None | Some(WellKnown::Empty) => {
                let len = (!self.encoder.options.emit_defaults).then(|| message.len());
                let mut map = serializer.serialize_map(len)?;
                self.fields(&message, &mut map)?;
                map.end()
            }
            Some(kind) => wkt::encode(*self, kind, &message, serializer),
        }
    }
}

/// The value of a field: one, a list or a map.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FieldValue<'a> {
    pub(crate) encoder: &'a Encoder,
    pub(crate) set: &'a Set<'a>,
    pub(crate) depth: u32,
}

impl Serialize for FieldValue<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { encoder, set, depth } = *self;
        match &set.field.kind {
            Kind::Map(kinds) => self.map(kinds, serializer),
            kind if set.field.presence.is_repeated() => {
                let mut seq = serializer.serialize_seq(None)?;
                let mut elements = set.elements();
                let mut index = 0;
                while let Some(value) = elements.next().map_err(|e| encoder.fail(e))? {
                    seq.serialize_element(&Single { encoder, kind, value, depth })
                        .inspect_err(|_| encoder.trace.at(format!("[{index}]")))?;
                    index += 1;
                }
                seq.end()
            }
            kind => Single { encoder, kind, value: set.value, depth }.serialize(serializer),
        }
    }
}

impl FieldValue<'_> {
    /// Sorted by key, so that equal messages give equal text whatever the map's own order.
    fn map<S: Serializer>(&self, kinds: &'static (Kind, Kind), serializer: S) -> Result<S::Ok, S::Error> {
        let Self { encoder, set, depth } = *self;
        let mut entries = Vec::new();
        let mut records = Reader::new(set.records);
        while let Some((_, record)) = records.field().map_err(|e| encoder.fail(e))? {
            let mut entry = Reader::new(record.bytes().map_err(|e| encoder.fail(e))?);
            let (mut key, mut value) = (kinds.0.default_value(), kinds.1.default_value());
            while let Some((number, part)) = entry.field().map_err(|e| encoder.fail(e))? {
                match number {
                    1 => key = part,
                    2 => value = part,
                    _ => {}
                }
            }
            let key = Scalar::read(&kinds.0, key).map_err(|e| encoder.fail(e))?;
            let key = Key::new(key).ok_or_else(|| encoder.fail(crate::wire::WireError::Type))?;
            entries.push((key, value));
        }
        entries.sort_by_key(|entry| entry.0);
        // Of equal keys the last one counts, as in every parser.
        let last_of = |index: usize| entries.get(index + 1).is_none_or(|next| next.0 != entries[index].0);
        let len = (0..entries.len()).filter(|&index| last_of(index)).count();
        let mut map = serializer.serialize_map(Some(len))?;
        for (_, (key, value)) in entries.iter().enumerate().filter(|entry| last_of(entry.0)) {
            map.serialize_entry(key, &Single { encoder, kind: &kinds.1, value: *value, depth })
                .inspect_err(|_| encoder.trace.at(format!("[{key}]")))?;
        }
        map.end()
    }
}

/// A map's key: a string in JSON, whatever its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key<'a> {
    Bool(bool),
    Int(i64),
    Uint(u64),
    Str(&'a str),
}

impl<'a> Key<'a> {
    fn new(key: Scalar<'a>) -> Option<Self> {
        Some(match key {
            Scalar::Bool(key) => Self::Bool(key),
            Scalar::Int32(key) => Self::Int(key.into()),
            Scalar::Int64(key) => Self::Int(key),
            Scalar::Uint32(key) => Self::Uint(key.into()),
            Scalar::Uint64(key) => Self::Uint(key),
            Scalar::Str(key) => Self::Str(key),
            Scalar::Double(_) | Scalar::Float(_) | Scalar::Bytes(_) | Scalar::Enum(..) => return None,
        })
    }
}

impl std::fmt::Display for Key<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Bool(key) => key.fmt(f),
            Self::Int(key) => key.fmt(f),
            Self::Uint(key) => key.fmt(f),
            Self::Str(key) => f.write_str(key),
        }
    }
}

impl Serialize for Key<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Str(key) => serializer.serialize_str(key),
            key => serializer.collect_str(key),
        }
    }
}

/// One value of a field.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Single<'a> {
    pub(crate) encoder: &'a Encoder,
    pub(crate) kind: &'a Kind,
    pub(crate) value: Value<'a>,
    pub(crate) depth: u32,
}

impl Serialize for Single<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { encoder, kind, value, depth } = *self;
        if let Some(schema) = kind.message() {
            let wire = value.message().map_err(|e| encoder.fail(e))?;
            return Message { encoder, schema, wire, depth: depth + 1 }.serialize(serializer);
        }
        match Scalar::read(kind, value).map_err(|e| encoder.fail(e))? {
            Scalar::Double(n) if n.is_finite() => serializer.serialize_f64(n),
            Scalar::Double(n) => serializer.serialize_str(not_finite(n)),
            Scalar::Float(n) if n.is_finite() => serializer.serialize_f32(n),
            Scalar::Float(n) => serializer.serialize_str(not_finite(n.into())),
            Scalar::Int32(n) => serializer.serialize_i32(n),
            Scalar::Uint32(n) => serializer.serialize_u32(n),
            Scalar::Int64(n) => serializer.collect_str(&n),
            Scalar::Uint64(n) => serializer.collect_str(&n),
            Scalar::Bool(b) => serializer.serialize_bool(b),
            Scalar::Str(text) => serializer.serialize_str(text),
            Scalar::Bytes(bytes) => serializer.serialize_str(&base64::encode(bytes)),
            Scalar::Enum(schema, _) if schema.is_null_value() => serializer.serialize_unit(),
            Scalar::Enum(schema, n) => match schema.name_of(n) {
                Some(name) if !encoder.options.enums_as_numbers => serializer.serialize_str(name),
                _ => serializer.serialize_i32(n),
            },
        }
    }
}

/// The string that stands for a float that JSON has no number for.
pub(crate) fn not_finite(n: f64) -> &'static str {
    match n {
        f64::INFINITY => "Infinity",
        f64::NEG_INFINITY => "-Infinity",
        _ => "NaN",
    }
}
