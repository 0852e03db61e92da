//! Writes maps as JSON objects, and their keys.

use super::encode::{Encoder, Outcome};
use super::text;
use crate::message::engine::View;
use crate::message::schema::Kind;
use crate::message::schema::scalar::Scalar;
use crate::wire::reader::{Reader, Tag, Value, WireError};

/// The kinds of a map's keys and of its values.
#[derive(Clone, Copy)]
pub(super) struct MapKinds {
    pub(super) key: &'static Kind,
    pub(super) value: &'static Kind,
}

impl Encoder {
    /// Writes a map, sorted by key, so that equal messages give equal text in any order of the map.
    pub(super) fn map(
        &mut self,
        kinds: MapKinds,
        first: Tag,
        reader: &mut Reader<'_>,
        depth: u32,
    ) -> Outcome {
        self.out.push(b'{');
        let (start, mark) = (*reader, self.out.len());
        // Most maps are sorted on the wire, too.
        if self.careful || !matches!(self.walk_map(kinds, first, reader, depth), Ok(true)) {
            *reader = start;
            self.start_over(mark);
            self.sorted_map(kinds, first, reader, depth)?;
        }
        self.close(b'}');
        Ok(())
    }

    /// Writes the entries in the order of the wire; `false` if they turn out to be unsorted or encoded in an unusual way.
    fn walk_map(
        &mut self,
        kinds: MapKinds,
        first: Tag,
        reader: &mut Reader<'_>,
        depth: u32,
    ) -> Outcome<bool> {
        if first.wire_type() != 2 {
            return Ok(false);
        }
        let mut last = None;
        loop {
            let mut entry = Reader::new(reader.bytes().map_err(|e| self.fail(e))?);
            let key = match entry.tag_of(1) {
                Some(tag) => entry.content(tag).map_err(|e| self.fail(e))?,
                None => kinds.key.default_value(),
            };
            let key = Key::read(kinds.key, key).map_err(|e| self.fail(e))?;
            if last.is_some_and(|last| key <= last) {
                return Ok(false);
            }
            last = Some(key);
            self.map_key(key)?;
            match entry.tag_of(2) {
                Some(tag) => self.record(kinds.value, tag, &mut entry, true, depth),
                None => self.value(kinds.value, kinds.value.default_value(), depth).map(|()| true),
            }
            .inspect_err(|_| self.trace.at(format!("[{key}]")))?;
            if !entry.rest().is_empty() {
                return Ok(false);
            }
            self.out.push(b',');
            match reader.tag_of(first.number()) {
                Some(tag) if tag == first => {}
                Some(_) => return Ok(false),
                None => return Ok(true),
            }
        }
    }

    #[cold]
    fn sorted_map(&mut self, kinds: MapKinds, first: Tag, reader: &mut Reader<'_>, depth: u32) -> Outcome {
        let mut sorted = std::collections::BTreeMap::new();
        let mut tag = Some(first);
        // The last of several equal keys wins, as in every parser.
        while let Some(record) = tag {
            let record = reader.content(record).map_err(|e| self.fail(e))?;
            let (key, value) = read_entry(kinds, record).map_err(|e| self.fail(e))?;
            sorted.insert(key, value);
            tag = reader.tag_of(first.number());
        }
        for (key, value) in sorted {
            self.map_key(key)?;
            self.value(kinds.value, value, depth).inspect_err(|_| self.trace.at(format!("[{key}]")))?;
            self.out.push(b',');
        }
        Ok(())
    }

    #[inline]
    pub(super) fn map_key(&mut self, key: Key<'_>) -> Outcome {
        match key {
            Key::Str(key) => self.string(key)?,
            Key::Bool(key) => text::push_quoted(key, &mut self.out),
            Key::Int(key) => text::push_quoted(key, &mut self.out),
            Key::Uint(key) => text::push_quoted(key, &mut self.out),
        }
        self.out.push(b':');
        Ok(())
    }
}

/// An entry of a map; missing parts are the default.
pub(super) fn read_entry(kinds: MapKinds, record: Value<'_>) -> Result<(Key<'_>, Value<'_>), WireError> {
    let mut entry = Reader::new(record.bytes()?);
    let (mut key, mut value) = (kinds.key.default_value(), kinds.value.default_value());
    while let Some((number, part)) = entry.field()? {
        match number {
            1 => key = part,
            2 => value = part,
            _ => {}
        }
    }
    Ok((Key::read(kinds.key, key)?, value))
}

/// A map's key: a string in JSON, for every type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key<'a> {
    Bool(bool),
    Int(i64),
    Uint(u64),
    Str(&'a [u8]),
}

impl<'a> Key<'a> {
    /// The key in a field's view.
    pub(super) fn of(view: View<'a>) -> Option<Self> {
        Some(match view {
            View::Str(key) => Self::Str(key.as_bytes()),
            View::Bool(key) => Self::Bool(key),
            View::I32(key) => Self::Int(key.into()),
            View::I64(key) => Self::Int(key),
            View::U32(key) => Self::Uint(key.into()),
            View::U64(key) => Self::Uint(key),
            _ => return None,
        })
    }

    #[inline]
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
