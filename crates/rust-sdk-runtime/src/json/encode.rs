//! Messages to JSON: the wire bytes are walked by the schema, and the text is appended as it goes.

use super::error::Trace;
use super::{EncodeOptions, JsonReason, text};
use crate::schema::canonical::{Canonical, Set};
use crate::schema::scalar::Scalar;
use crate::schema::{Field, Kind, MessageSchema, Presence, WellKnown};
use crate::wire::{MAX_DEPTH, Reader, Tag, Value, WireError};

/// Writing failed; the trace says why.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Failed;

pub(crate) type Outcome<T = ()> = Result<T, Failed>;

/// Writes one message, or one field of one.
#[derive(Debug, Default)]
pub(crate) struct Encoder {
    pub(crate) options: EncodeOptions,
    pub(crate) trace: Trace,
    pub(crate) out: Vec<u8>,
    /// Whether messages and maps are put in order before they are written.
    pub(super) careful: bool,
    /// Whether each string is looked at. Otherwise it is for who takes the text as a whole to find out that it is UTF-8.
    pub(crate) check_utf8: bool,
}

impl Encoder {
    pub(crate) fn new(options: EncodeOptions, capacity: usize) -> Self {
        Self { options, out: Vec::with_capacity(capacity), ..Self::default() }
    }

    /// Notes the reason.
    #[cold]
    pub(crate) fn fail(&self, reason: impl Into<JsonReason>) -> Failed {
        self.trace.reason(reason);
        Failed
    }

    /// A message.
    #[inline]
    pub(crate) fn message(&mut self, schema: &'static MessageSchema, wire: &[u8], depth: u32) -> Outcome {
        if depth > MAX_DEPTH {
            return Err(self.fail(JsonReason::TooDeep));
        }
        match schema.well_known() {
            None | Some(WellKnown::Empty) => {
                self.out.push(b'{');
                self.fields(schema, wire, depth)?;
                self.close(b'}');
                Ok(())
            }
            Some(kind) => self.well_known(kind, schema, wire, depth),
        }
    }

    /// The fields of a message, into an object that is already open.
    ///
    /// Nearly every message is in canonical form, which shows while it is written. Only one that is not is put in order first.
    #[inline]
    pub(crate) fn fields(&mut self, schema: &'static MessageSchema, wire: &[u8], depth: u32) -> Outcome {
        let mark = self.out.len();
        if !self.careful && matches!(self.walk(schema, wire, depth), Ok(true)) {
            return Ok(());
        }
        self.ordered_fields(schema, wire, depth, mark)
    }

    #[cold]
    fn ordered_fields(
        &mut self,
        schema: &'static MessageSchema,
        wire: &[u8],
        depth: u32,
        mark: usize,
    ) -> Outcome {
        self.start_over(mark);
        let message = Canonical::new(schema, wire).map_err(|e| self.fail(e))?;
        if self.walk(schema, message.bytes(), depth)? { Ok(()) } else { Err(self.fail(WireError::Type)) }
    }

    /// Takes back what was written of something that turned out not to be in order. What follows is put in order first, so
    /// that nesting cannot make this happen again and again.
    pub(super) fn start_over(&mut self, mark: usize) {
        // An error counts only if it is not in what a later record replaces.
        self.trace = Trace::default();
        self.careful = true;
        self.out.truncate(mark);
    }

    /// Writes the fields as they come, a comma after each; `false` once the bytes turn out not to be in canonical form.
    fn walk(&mut self, schema: &'static MessageSchema, wire: &[u8], depth: u32) -> Outcome<bool> {
        let mut oneofs = 0_u64;
        let mut next = 0;
        let mut reader = Reader::new(wire);
        while let Some(tag) = reader.next_tag().map_err(|e| self.fail(e))? {
            let Some((index, field)) = schema.find(tag.number(), next) else {
                reader.content(tag).map_err(|e| self.fail(e))?;
                continue;
            };
            if index < next {
                return Ok(false);
            }
            if self.options.emit_defaults {
                self.defaults(&schema.fields()[next..index], depth)?;
            }
            next = index + 1;
            if let Presence::Oneof(oneof) = field.presence {
                let bit = 1_u64.checked_shl(oneof).unwrap_or_default();
                // In order, there is one member of each.
                if !self.careful && (bit == 0 || oneofs & bit != 0) {
                    return Ok(false);
                }
                oneofs |= bit;
            }
            self.key(field);
            let written = if field.presence.is_repeated() {
                self.records(field, tag, &mut reader, depth)
            } else {
                let has_presence = field.presence != Presence::Implicit;
                self.record(&field.kind, tag, &mut reader, has_presence, depth)
            };
            match written {
                Ok(true) => self.out.push(b','),
                Ok(false) => return Ok(false),
                Err(failed) => {
                    self.trace.at(field.name);
                    return Err(failed);
                }
            }
        }
        if self.options.emit_defaults {
            self.defaults(&schema.fields()[next..], depth)?;
        }
        Ok(true)
    }

    /// Reads what follows a tag and writes it; `false` if it is a default, of a field that should then not be there.
    #[expect(clippy::inline_always, reason = "it is most of the work, and a call costs as much")]
    #[inline(always)]
    pub(super) fn record(
        &mut self,
        kind: &Kind,
        tag: Tag,
        reader: &mut Reader<'_>,
        has_presence: bool,
        depth: u32,
    ) -> Outcome<bool> {
        match (kind, tag.wire_type()) {
            (Kind::String, 2) => {
                let text = reader.bytes().map_err(|e| self.fail(e))?;
                if !has_presence && text.is_empty() {
                    return Ok(false);
                }
                self.string(text)?;
            }
            (Kind::Message(schema), 2) => {
                let wire = reader.bytes().map_err(|e| self.fail(e))?;
                self.message(schema, wire, depth + 1)?;
            }
            _ => {
                let value = reader.content(tag).map_err(|e| self.fail(e))?;
                if !has_presence && value.is_default() {
                    return Ok(false);
                }
                self.value(kind, value, depth)?;
            }
        }
        Ok(true)
    }

    #[inline]
    fn key(&mut self, field: &Field) {
        if self.options.proto_names || !field.key.push(&mut self.out) {
            self.long_key(field);
        }
    }

    fn long_key(&mut self, field: &Field) {
        let key = if self.options.proto_names { field.name } else { field.json_name };
        text::push_string(key.as_bytes(), &mut self.out);
        self.out.push(b':');
    }

    /// Closes an object or array; the comma after its last entry goes.
    #[inline]
    pub(crate) fn close(&mut self, bracket: u8) {
        match self.out.last_mut() {
            Some(last @ b',') => *last = bracket,
            _ => self.out.push(bracket),
        }
    }

    /// Fields that are not set.
    fn defaults(&mut self, fields: &'static [Field], depth: u32) -> Outcome {
        for field in fields {
            match (&field.kind, field.presence) {
                (Kind::Map(_), _) => {
                    self.key(field);
                    self.out.extend_from_slice(b"{},");
                }
                (_, Presence::Repeated | Presence::Packed) => {
                    self.key(field);
                    self.out.extend_from_slice(b"[],");
                }
                (kind, Presence::Implicit) => {
                    self.key(field);
                    self.value(kind, kind.default_value(), depth)?;
                    self.out.push(b',');
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// The value of a field: one, a list or a map.
    pub(crate) fn field(&mut self, set: &Set<'_>, depth: u32) -> Outcome {
        let field = set.field;
        if !field.presence.is_repeated() {
            return self.value(&field.kind, set.value, depth);
        }
        let mut reader = Reader::new(set.records);
        let Some(tag) = reader.tag_of(field.number) else {
            self.out.extend_from_slice(if matches!(field.kind, Kind::Map(_)) { b"{}" } else { b"[]" });
            return Ok(());
        };
        if self.records(field, tag, &mut reader, depth)? { Ok(()) } else { Err(self.fail(WireError::Type)) }
    }

    /// A list or a map: the record after the tag, and those that follow it. `false` if the bytes are not canonical.
    fn records(
        &mut self,
        field: &'static Field,
        first: Tag,
        reader: &mut Reader<'_>,
        depth: u32,
    ) -> Outcome<bool> {
        let kind = &field.kind;
        if let Kind::Map(kinds) = kind {
            return self.map(kinds, first, reader, depth).map(|()| true);
        }
        self.out.push(b'[');
        let (mut index, mut tag) = (0, first);
        loop {
            if tag.wire_type() == 2 && kind.is_packable() {
                // Only what is cut off can be wrong with them, and then the list as a whole is.
                let mut packed = Reader::new(reader.bytes().map_err(|e| self.fail(e))?);
                if packed.rest().is_empty() {
                    return Ok(false);
                }
                let wire_type = kind.wire_type();
                while !packed.rest().is_empty() {
                    let value = packed.value(wire_type).map_err(|e| self.fail(e))?;
                    self.scalar(kind, value)?;
                    self.out.push(b',');
                }
            } else {
                self.element(kind, tag, reader, &mut index, depth)?;
            }
            match reader.tag_of(field.number) {
                Some(next) => tag = next,
                None => break,
            }
        }
        self.close(b']');
        Ok(true)
    }

    #[inline]
    fn element(
        &mut self,
        kind: &Kind,
        tag: Tag,
        reader: &mut Reader<'_>,
        index: &mut usize,
        depth: u32,
    ) -> Outcome {
        self.record(kind, tag, reader, true, depth).inspect_err(|_| self.trace.at(format!("[{index}]")))?;
        self.out.push(b',');
        *index += 1;
        Ok(())
    }

    #[inline]
    pub(super) fn string(&mut self, text: &[u8]) -> Outcome {
        if self.check_utf8 && std::str::from_utf8(text).is_err() {
            return Err(self.fail(WireError::Utf8));
        }
        text::push_string(text, &mut self.out);
        Ok(())
    }

    /// One value of a field.
    #[inline]
    pub(crate) fn value(&mut self, kind: &Kind, value: Value<'_>, depth: u32) -> Outcome {
        match (kind, value) {
            (Kind::Message(schema) | Kind::Group(schema), _) => {
                let wire = value.message().map_err(|e| self.fail(e))?;
                self.message(schema, wire, depth + 1)
            }
            (Kind::String, Value::Len(text)) => self.string(text),
            _ => self.scalar(kind, value),
        }
    }

    fn scalar(&mut self, kind: &Kind, value: Value<'_>) -> Outcome {
        let scalar = Scalar::read(kind, value).map_err(|e| self.fail(e))?;
        let out = &mut self.out;
        match scalar {
            Scalar::Double(n) if n.is_finite() => text::push_number(n, out),
            Scalar::Double(n) => text::push_plain(not_finite(n).as_bytes(), out),
            Scalar::Float(n) if n.is_finite() => text::push_number(n, out),
            Scalar::Float(n) => text::push_plain(not_finite(n.into()).as_bytes(), out),
            Scalar::Int32(n) => text::push_number(n, out),
            Scalar::Uint32(n) => text::push_number(n, out),
            Scalar::Int64(n) => text::push_quoted(n, out),
            Scalar::Uint64(n) => text::push_quoted(n, out),
            Scalar::Bool(true) => out.extend_from_slice(b"true"),
            Scalar::Bool(false) => out.extend_from_slice(b"false"),
            Scalar::Str(value) => text::push_string(value.as_bytes(), out),
            Scalar::Bytes(bytes) => text::push_base64(bytes, out),
            Scalar::Enum(schema, _) if schema.is_null_value() => out.extend_from_slice(b"null"),
            Scalar::Enum(schema, n) => match schema.name_of(n) {
                Some(name) if !self.options.enums_as_numbers => text::push_plain(name.as_bytes(), out),
                _ => text::push_number(n, out),
            },
        }
        Ok(())
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
