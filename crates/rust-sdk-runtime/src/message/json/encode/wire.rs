//! Walks over the wire bytes of messages.

use super::{Encoder, Outcome};
use crate::message::json::JsonErrorKind;
use crate::message::json::error::Trace;
use crate::message::json::maps::MapKinds;
use crate::message::schema::canonical::{Canonical, Set};
use crate::message::schema::{Field, Kind, MessageSchema, Presence, WellKnown};
use crate::wire::reader::{MAX_DEPTH, Reader, Tag, Value, WireError};

impl Encoder {
    /// Writes a message.
    #[inline]
    pub(crate) fn message(&mut self, schema: &'static MessageSchema, wire: &[u8], depth: u32) -> Outcome {
        if depth > MAX_DEPTH {
            return Err(self.fail(JsonErrorKind::TooDeep));
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

    /// Writes the fields of a message into an object that is already open.
    ///
    /// Nearly every message is in canonical form, which is checked while writing. Only other messages are put in order first.
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

    /// Discards the output of a part that turned out not to be in order. From here on every part is put in order first, so that nesting
    /// cannot repeat this again and again.
    pub(crate) fn start_over(&mut self, mark: usize) {
        // The error may lie in a record that a later one replaces.
        self.trace = Trace::default();
        self.careful = true;
        self.out.truncate(mark);
    }

    /// Writes the fields in the order of the wire, a comma after each; `false` if the bytes turn out not to be canonical.
    fn walk(&mut self, schema: &'static MessageSchema, wire: &[u8], depth: u32) -> Outcome<bool> {
        let keys = schema.keys();
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
                self.defaults(schema, next..index, depth)?;
            }
            next = index + 1;
            if let Presence::Oneof(oneof) = field.presence {
                let first = u32::try_from(schema.first_member(oneof)).unwrap_or(u32::MAX);
                let bit = 1_u64.checked_shl(first).unwrap_or_default();
                // In canonical form, each oneof has one member.
                if !self.careful && (bit == 0 || oneofs & bit != 0) {
                    return Ok(false);
                }
                oneofs |= bit;
            }
            self.key(field, &keys[index]);
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
            self.defaults(schema, next..schema.fields().len(), depth)?;
        }
        Ok(true)
    }

    /// Reads the value after a tag and writes it; `false` if it is the default of a field that must then be absent.
    #[expect(clippy::inline_always, reason = "it is most of the work, and a call costs as much")]
    #[inline(always)]
    pub(crate) fn record(
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
                self.message(schema(), wire, depth + 1)?;
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

    /// Writes the value of a field: a single value, a list or a map.
    pub(crate) fn field(&mut self, set: &Set<'_>, depth: u32) -> Outcome {
        let field = set.field;
        if !field.presence.is_repeated() {
            return self.value(&field.kind, set.value, depth);
        }
        let mut reader = Reader::new(set.records);
        let Some(tag) = reader.tag_of(field.number) else {
            self.out.extend_from_slice(if field.is_map() { b"{}" } else { b"[]" });
            return Ok(());
        };
        if self.records(field, tag, &mut reader, depth)? { Ok(()) } else { Err(self.fail(WireError::Type)) }
    }

    /// Writes a list or a map: the record after the tag, and those that follow it. `false` if the bytes are not canonical.
    fn records(
        &mut self,
        field: &'static Field,
        first: Tag,
        reader: &mut Reader<'_>,
        depth: u32,
    ) -> Outcome<bool> {
        let kind = &field.kind;
        if let Some(key) = &field.map_key {
            return self.map(MapKinds { key, value: kind }, first, reader, depth).map(|()| true);
        }
        self.out.push(b'[');
        let (mut index, mut tag) = (0, first);
        loop {
            if tag.wire_type() == 2 && kind.is_packable() {
                // Packed elements can only be truncated, which is an error of the whole list.
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

    /// Writes one value of a field.
    #[inline]
    pub(crate) fn value(&mut self, kind: &Kind, value: Value<'_>, depth: u32) -> Outcome {
        match (kind, value) {
            (Kind::String, Value::Len(text)) => self.string(text),
            _ => match kind.message() {
                Some(schema) => {
                    let wire = value.message().map_err(|e| self.fail(e))?;
                    self.message(schema, wire, depth + 1)
                }
                None => self.scalar(kind, value),
            },
        }
    }
}
