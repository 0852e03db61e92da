//! Messages to JSON: the wire bytes are walked by the schema, and the text is appended as it goes.

use super::error::Trace;
use super::{EncodeOptions, JsonReason, text};
use crate::schema::canonical::{BitSet, Canonical, Set, is_nothing};
use crate::schema::scalar::Scalar;
use crate::schema::{Kind, MessageSchema, Presence, WellKnown};
use crate::wire::{MAX_DEPTH, Reader, Value, WireError};

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
    careful: bool,
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
    pub(crate) fn message(&mut self, schema: &'static MessageSchema, wire: &[u8], depth: u32) -> Outcome {
        if depth > MAX_DEPTH {
            return Err(self.fail(JsonReason::TooDeep));
        }
        match schema.well_known() {
            None | Some(WellKnown::Empty) => {
                self.out.push(b'{');
                self.fields(schema, wire, depth)?;
                self.out.push(b'}');
                Ok(())
            }
            Some(kind) => self.well_known(kind, schema, wire, depth),
        }
    }

    /// The fields of a message, into an object that is already open.
    ///
    /// Nearly every message is in canonical form, which shows while it is written. Only one that is not is put in order first.
    pub(crate) fn fields(&mut self, schema: &'static MessageSchema, wire: &[u8], depth: u32) -> Outcome {
        if self.attempt(|this| this.walk(schema, wire, depth)) {
            return Ok(());
        }
        let message = Canonical::new(schema, wire).map_err(|e| self.fail(e))?;
        if self.walk(schema, message.bytes(), depth)? { Ok(()) } else { Err(self.fail(WireError::Type)) }
    }

    /// Whether writing something as it comes was all there is to do. If not, what was written is taken back; and what follows is put
    /// in order first, so that nesting cannot make this happen again and again.
    #[inline]
    fn attempt(&mut self, write: impl FnOnce(&mut Self) -> Outcome<bool>) -> bool {
        if self.careful {
            return false;
        }
        let mark = self.out.len();
        if let Ok(true) = write(self) {
            return true;
        }
        // An error counts only if it is not in what a later record replaces.
        self.careful = true;
        self.trace = Trace::default();
        self.out.truncate(mark);
        false
    }

    /// Writes the fields as they come; `false` once the bytes turn out not to be in canonical form.
    fn walk(&mut self, schema: &'static MessageSchema, wire: &[u8], depth: u32) -> Outcome<bool> {
        let mut oneofs = BitSet::default();
        let mut next = 0;
        let mut reader = Reader::new(wire);
        loop {
            let start = reader.rest();
            let Some((number, value)) = reader.field().map_err(|e| self.fail(e))? else { break };
            let Some(index) = schema.index_of(number, next) else { continue };
            if index < next {
                return Ok(false);
            }
            if self.options.emit_defaults {
                self.defaults(schema, next..index, depth)?;
            }
            next = index + 1;
            let field = &schema.fields()[index];
            match field.presence {
                Presence::Repeated | Presence::Packed => {
                    if is_nothing(field, value) {
                        return Ok(false);
                    }
                    let mut ahead = reader;
                    while let Ok(Some((following, value))) = ahead.field()
                        && following == number
                    {
                        if is_nothing(field, value) {
                            return Ok(false);
                        }
                        reader = ahead;
                    }
                }
                Presence::Implicit if value.is_default() => return Ok(false),
                Presence::Oneof(oneof) if oneofs.insert(oneof as usize) => return Ok(false),
                _ => {}
            }
            let records = &start[..start.len() - reader.rest().len()];
            self.entry(&Set { index, field, value, records }, depth)?;
        }
        if self.options.emit_defaults {
            self.defaults(schema, next..schema.fields().len(), depth)?;
        }
        Ok(true)
    }

    #[inline]
    fn entry(&mut self, set: &Set<'_>, depth: u32) -> Outcome {
        let key = if self.options.proto_names { set.field.name } else { set.field.json_name };
        if set.field.plain {
            self.comma();
            self.out.push(b'"');
            self.out.extend_from_slice(key.as_bytes());
            self.out.extend_from_slice(b"\":");
        } else {
            self.comma();
            text::push_string(key.as_bytes(), &mut self.out);
            self.out.push(b':');
        }
        self.field(set, depth).inspect_err(|_| self.trace.at(set.field.name))
    }

    /// Separates an entry or element from the one before it.
    fn comma(&mut self) {
        if !matches!(self.out.last(), Some(b'{' | b'[')) {
            self.out.push(b',');
        }
    }

    /// The fields of this range, which are not set.
    fn defaults(
        &mut self,
        schema: &'static MessageSchema,
        range: std::ops::Range<usize>,
        depth: u32,
    ) -> Outcome {
        for (offset, field) in schema.fields()[range.clone()].iter().enumerate() {
            if field.presence == Presence::Implicit || field.presence.is_repeated() {
                let index = range.start + offset;
                self.entry(&Set { index, field, value: field.kind.default_value(), records: &[] }, depth)?;
            }
        }
        Ok(())
    }

    /// The value of a field: one, a list or a map.
    #[inline]
    pub(crate) fn field(&mut self, set: &Set<'_>, depth: u32) -> Outcome {
        match &set.field.kind {
            Kind::Map(kinds) => self.map(kinds, set, depth),
            _ if set.field.presence.is_repeated() => self.list(set, depth),
            kind => self.value(kind, set.value, depth),
        }
    }

    pub(crate) fn list(&mut self, set: &Set<'_>, depth: u32) -> Outcome {
        self.out.push(b'[');
        let mut elements = set.elements();
        let mut index = 0;
        while let Some(value) = elements.next().map_err(|e| self.fail(e))? {
            self.comma();
            self.value(&set.field.kind, value, depth).inspect_err(|_| self.trace.at(format!("[{index}]")))?;
            index += 1;
        }
        self.out.push(b']');
        Ok(())
    }

    /// Sorted by key, so that equal messages give equal text whatever the map's own order.
    pub(crate) fn map(&mut self, kinds: &'static (Kind, Kind), set: &Set<'_>, depth: u32) -> Outcome {
        self.out.push(b'{');
        // Most maps are sorted on the wire, too.
        if !self.attempt(|this| this.walk_map(kinds, set.records, depth)) {
            let mut sorted = std::collections::BTreeMap::new();
            let mut entries = Reader::new(set.records);
            // Of equal keys the last one counts, as in every parser.
            while let Some((key, value)) = entry(kinds, &mut entries).map_err(|e| self.fail(e))? {
                sorted.insert(key, value);
            }
            for (key, value) in sorted {
                self.map_entry(key, &kinds.1, value, depth)?;
            }
        }
        self.out.push(b'}');
        Ok(())
    }

    /// Writes the entries as they come; `false` once they turn out not to be sorted.
    fn walk_map(&mut self, kinds: &'static (Kind, Kind), records: &[u8], depth: u32) -> Outcome<bool> {
        let mut entries = Reader::new(records);
        let mut last = None;
        while let Some((key, value)) = entry(kinds, &mut entries).map_err(|e| self.fail(e))? {
            if last.is_some_and(|last| key <= last) {
                return Ok(false);
            }
            last = Some(key);
            self.map_entry(key, &kinds.1, value, depth)?;
        }
        Ok(true)
    }

    fn map_entry(&mut self, key: Key<'_>, kind: &Kind, value: Value<'_>, depth: u32) -> Outcome {
        self.comma();
        match key {
            Key::Str(key) => self.string(key)?,
            Key::Bool(key) => text::push_quoted(key, &mut self.out),
            Key::Int(key) => text::push_quoted(key, &mut self.out),
            Key::Uint(key) => text::push_quoted(key, &mut self.out),
        }
        self.out.push(b':');
        self.value(kind, value, depth).inspect_err(|_| self.trace.at(format!("[{key}]")))
    }

    #[inline]
    fn string(&mut self, text: &[u8]) -> Outcome {
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

/// The next entry of a map; what it does not state is the default.
pub(super) fn entry<'a>(
    kinds: &'static (Kind, Kind),
    records: &mut Reader<'a>,
) -> Result<Option<(Key<'a>, Value<'a>)>, WireError> {
    let Some((_, record)) = records.field()? else { return Ok(None) };
    let mut entry = Reader::new(record.bytes()?);
    let (mut key, mut value) = (kinds.0.default_value(), kinds.1.default_value());
    while let Some((number, part)) = entry.field()? {
        match number {
            1 => key = part,
            2 => value = part,
            _ => {}
        }
    }
    Ok(Some((Key::read(&kinds.0, key)?, value)))
}

/// A map's key: a string in JSON, whatever its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key<'a> {
    Bool(bool),
    Int(i64),
    Uint(u64),
    Str(&'a [u8]),
}

impl<'a> Key<'a> {
    pub(super) fn read(kind: &Kind, key: Value<'a>) -> Result<Self, WireError> {
        if let (Kind::String, Value::Len(text)) = (kind, key) {
            return Ok(Self::Str(text));
        }
        Ok(match Scalar::read(kind, key)? {
            Scalar::Bool(key) => Self::Bool(key),
            Scalar::Int32(key) => Self::Int(key.into()),
            Scalar::Int64(key) => Self::Int(key),
            Scalar::Uint32(key) => Self::Uint(key.into()),
            Scalar::Uint64(key) => Self::Uint(key),
            Scalar::Str(key) => Self::Str(key.as_bytes()),
            Scalar::Double(_) | Scalar::Float(_) | Scalar::Bytes(_) | Scalar::Enum(..) => {
                return Err(WireError::Type);
            }
        })
    }
}

impl std::fmt::Display for Key<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Bool(key) => key.fmt(f),
            Self::Int(key) => key.fmt(f),
            Self::Uint(key) => key.fmt(f),
            Self::Str(key) => f.write_str(&String::from_utf8_lossy(key)),
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
