//! Writes messages as JSON. The encoder walks over the fields, or over the wire bytes of a message without accessible fields, and appends
//! the text as it goes.

mod fields;
mod wire;

use std::ops::Range;

use serde::Serialize;

use super::error::Trace;
use super::{EncodeOptions, JsonErrorKind, text};
use crate::message::schema::key::JsonKey;
use crate::message::schema::scalar::Scalar;
use crate::message::schema::{EnumSchema, Field, Kind, MessageSchema, Presence};
use crate::wire::reader::{Value, WireError};

/// Writing failed; the trace says why.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Failed;

pub(crate) type Outcome<T = ()> = Result<T, Failed>;

/// Writes one message, or one field of a message.
#[derive(Debug)]
pub(crate) struct Encoder {
    pub(crate) options: EncodeOptions,
    pub(crate) trace: Trace,
    pub(crate) out: Vec<u8>,
    /// Whether messages and maps are put in order before they are written.
    pub(super) careful: bool,
    /// Whether each string is checked. Otherwise the whole text must be checked to be UTF-8.
    pub(crate) check_utf8: bool,
    /// Whether a string was written without a check.
    pub(crate) has_raw_text: bool,
}

impl Encoder {
    #[inline]
    pub(crate) fn new(options: EncodeOptions, capacity: usize) -> Self {
        let (trace, out) = (Trace::default(), Vec::with_capacity(capacity));
        Self { options, trace, out, careful: false, check_utf8: false, has_raw_text: false }
    }

    /// Records the reason.
    #[cold]
    pub(crate) fn fail(&self, reason: impl Into<JsonErrorKind>) -> Failed {
        self.trace.reason(reason);
        Failed
    }

    #[inline]
    fn key(&mut self, field: &Field, key: &JsonKey) {
        if self.options.proto_names || !key.push(&mut self.out) {
            self.long_key(field);
        }
    }

    fn long_key(&mut self, field: &Field) {
        let key = if self.options.proto_names { field.name.into() } else { field.json_name() };
        text::push_string(key.as_bytes(), &mut self.out);
        self.out.push(b':');
    }

    /// Closes an object or array. The bracket replaces the comma after the last entry.
    #[inline]
    pub(crate) fn close(&mut self, bracket: u8) {
        match self.out.last_mut() {
            Some(last @ b',') => *last = bracket,
            _ => self.out.push(bracket),
        }
    }

    /// Writes the defaults of unset fields.
    fn defaults(&mut self, schema: &'static MessageSchema, range: Range<usize>, depth: u32) -> Outcome {
        let fields = schema.fields()[range.clone()].iter();
        for (field, key) in fields.zip(&schema.keys()[range]) {
            match field.presence {
                Presence::Repeated | Presence::Packed => {
                    self.key(field, key);
                    self.out.extend_from_slice(if field.is_map() { b"{}," } else { b"[]," });
                }
                Presence::Implicit => {
                    self.key(field, key);
                    self.value(&field.kind, field.kind.default_value(), depth)?;
                    self.out.push(b',');
                }
                _ => {}
            }
        }
        Ok(())
    }

    #[inline]
    pub(super) fn string(&mut self, text: &[u8]) -> Outcome {
        if self.check_utf8 && std::str::from_utf8(text).is_err() {
            return Err(self.fail(WireError::Utf8));
        }
        self.has_raw_text = true;
        text::push_string(text, &mut self.out);
        Ok(())
    }

    fn scalar(&mut self, kind: &Kind, value: Value<'_>) -> Outcome {
        match Scalar::read(kind, value).map_err(|e| self.fail(e))? {
            Scalar::Double(n) => self.double(n),
            Scalar::Float(n) => self.float(n),
            Scalar::Int32(n) => self.number(n),
            Scalar::Uint32(n) => self.number(n),
            Scalar::Int64(n) => self.quoted(n),
            Scalar::Uint64(n) => self.quoted(n),
            Scalar::Bool(value) => self.bool(value),
            Scalar::Str(value) => text::push_string(value.as_bytes(), &mut self.out),
            Scalar::Bytes(bytes) => text::push_base64(bytes, &mut self.out),
            Scalar::Enum(schema, n) => self.enum_value(schema, n),
        }
        Ok(())
    }

    pub(super) fn double(&mut self, n: f64) {
        if n.is_finite() {
            self.number(n);
        } else {
            text::push_plain(not_finite(n).as_bytes(), &mut self.out);
        }
    }

    pub(super) fn float(&mut self, n: f32) {
        if n.is_finite() {
            self.number(n);
        } else {
            text::push_plain(not_finite(n.into()).as_bytes(), &mut self.out);
        }
    }

    #[inline]
    pub(super) fn number(&mut self, n: impl Serialize) {
        text::push_number(n, &mut self.out);
    }

    /// Writes a number of 64 bits, which is a string in JSON.
    #[inline]
    pub(super) fn quoted(&mut self, n: impl Serialize) {
        text::push_quoted(n, &mut self.out);
    }

    #[inline]
    pub(super) fn bool(&mut self, value: bool) {
        self.out.extend_from_slice(if value { b"true" } else { b"false" });
    }

    pub(super) fn enum_value(&mut self, schema: &'static EnumSchema, n: i32) {
        if schema.is_null_value() {
            return self.out.extend_from_slice(b"null");
        }
        match schema.name_of(n) {
            Some(name) if !self.options.enums_as_numbers => text::push_plain(name.as_bytes(), &mut self.out),
            _ => self.number(n),
        }
    }
}

/// The string for a float that has no JSON number.
pub(crate) fn not_finite(n: f64) -> &'static str {
    match n {
        f64::INFINITY => "Infinity",
        f64::NEG_INFINITY => "-Infinity",
        _ => "NaN",
    }
}
