//! Reads and writes protobuf's wire format without knowing the messages.
//!
//! Source: <https://protobuf.dev/programming-guides/encoding/>.

pub(crate) use crate::wire::put::{close_len, open_len, put_tag, put_varint};

/// The deepest nesting of messages that is read or written, as in prost.
pub(crate) const MAX_DEPTH: u32 = 100;

/// Bytes that are not a protobuf message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WireError {
    /// The bytes end within a field.
    #[error("the bytes end within a field")]
    Truncated,
    /// A varint of more than 64 bits.
    #[error("a varint has more than 64 bits")]
    Varint,
    /// Field number 0, a field number past the limit, or an undefined wire type.
    #[error("a field's tag is invalid")]
    Tag,
    /// A group that does not end where it should.
    #[error("a group is not closed, or its end tag does not match")]
    Group,
    /// More than 100 nested messages.
    #[error("messages are nested too deeply")]
    Depth,
    /// A field has another wire type than its schema says.
    #[error("a field has another wire type than its schema says")]
    Type,
    /// A string that is not UTF-8.
    #[error("a string is not UTF-8")]
    Utf8,
}

/// One field's value as it is on the wire.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Value<'a> {
    Varint(u64),
    Fixed64(u64),
    Fixed32(u32),
    Len(&'a [u8]),
    Group(&'a [u8]),
}

impl<'a> Value<'a> {
    /// Whether this is the value of a scalar's default.
    pub(crate) fn is_default(self) -> bool {
        match self {
            Self::Varint(n) | Self::Fixed64(n) => n == 0,
            Self::Fixed32(n) => n == 0,
            Self::Len(bytes) => bytes.is_empty(),
            Self::Group(_) => false,
        }
    }

    pub(crate) fn varint(self) -> Result<u64, WireError> {
        if let Self::Varint(n) = self { Ok(n) } else { Err(WireError::Type) }
    }

    pub(crate) fn fixed64(self) -> Result<u64, WireError> {
        if let Self::Fixed64(n) = self { Ok(n) } else { Err(WireError::Type) }
    }

    pub(crate) fn fixed32(self) -> Result<u32, WireError> {
        if let Self::Fixed32(n) = self { Ok(n) } else { Err(WireError::Type) }
    }

    pub(crate) fn bytes(self) -> Result<&'a [u8], WireError> {
        if let Self::Len(bytes) = self { Ok(bytes) } else { Err(WireError::Type) }
    }

    pub(crate) fn text(self) -> Result<&'a str, WireError> {
        std::str::from_utf8(self.bytes()?).map_err(|_| WireError::Utf8)
    }

    /// The bytes of a message, as a length-delimited field or as a group.
    pub(crate) fn message(self) -> Result<&'a [u8], WireError> {
        if let Self::Len(bytes) | Self::Group(bytes) = self { Ok(bytes) } else { Err(WireError::Type) }
    }
}

/// The number and wire type of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tag(u32);

impl Tag {
    pub(crate) const fn new(number: u32, wire_type: u8) -> Self {
        Self(number << 3 | wire_type as u32)
    }

    pub(crate) const fn number(self) -> u32 {
        self.0 >> 3
    }

    pub(crate) const fn wire_type(self) -> u8 {
        (self.0 & 7) as u8
    }
}

/// A cursor over a message's bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// The bytes that are still to be read.
    pub(crate) const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// The next field's number and value; `None` at the end.
    #[expect(
        clippy::inline_always,
        reason = "it is most of the work of every walk, and a call costs more than it"
    )]
    #[inline(always)]
    pub(crate) fn field(&mut self) -> Result<Option<(u32, Value<'a>)>, WireError> {
        let (number, wire_type) = match *self.rest {
            [] => return Ok(None),
            // Fields 1 to 15, the most common ones.
            [byte @ 8..0x80, ref rest @ ..] => {
                self.rest = rest;
                (u32::from(byte >> 3), byte & 7)
            }
            _ => self.tag()?,
        };
        match wire_type {
            2 => Ok(Some((number, Value::Len(self.bytes()?)))),
            0 => Ok(Some((number, Value::Varint(self.varint()?)))),
            _ => self.rare(number, wire_type),
        }
    }

    /// The next field's tag, to be followed by a call of [`content`](Self::content); `None` at the end.
    #[inline]
    pub(crate) fn next_tag(&mut self) -> Result<Option<Tag>, WireError> {
        match *self.rest {
            [] => Ok(None),
            [byte @ 8..0x80, ref rest @ ..] => {
                self.rest = rest;
                Ok(Some(Tag(byte.into())))
            }
            _ => self.tag().map(|(number, wire_type)| Some(Tag::new(number, wire_type))),
        }
    }

    /// The next field's tag, if it has this field number. Otherwise nothing is read.
    #[inline]
    pub(crate) fn tag_of(&mut self, number: u32) -> Option<Tag> {
        match *self.rest {
            [byte @ 8..0x80, ref rest @ ..] => {
                let tag = Tag(byte.into());
                (tag.number() == number).then(|| {
                    self.rest = rest;
                    tag
                })
            }
            [] => None,
            _ => self.long_tag_of(number),
        }
    }

    fn long_tag_of(&mut self, number: u32) -> Option<Tag> {
        let mut ahead = *self;
        let tag = ahead.next_tag().ok().flatten().filter(|tag| tag.number() == number)?;
        *self = ahead;
        Some(tag)
    }

    /// The value after this tag.
    #[inline]
    pub(crate) fn content(&mut self, tag: Tag) -> Result<Value<'a>, WireError> {
        match tag.wire_type() {
            0 => Ok(Value::Varint(self.varint()?)),
            2 => Ok(Value::Len(self.bytes()?)),
            1 => Ok(Value::Fixed64(u64::from_le_bytes(self.array()?))),
            5 => Ok(Value::Fixed32(u32::from_le_bytes(self.array()?))),
            3 => Ok(Value::Group(self.group(tag.number())?)),
            4 => Err(WireError::Group),
            _ => Err(WireError::Tag),
        }
    }

    fn rare(&mut self, number: u32, wire_type: u8) -> Result<Option<(u32, Value<'a>)>, WireError> {
        match wire_type {
            3 => Ok(Some((number, Value::Group(self.group(number)?)))),
            4 => Err(WireError::Group),
            _ => Ok(Some((number, self.value(wire_type)?))),
        }
    }

    fn tag(&mut self) -> Result<(u32, u8), WireError> {
        let tag = u32::try_from(self.varint()?).map_err(|_| WireError::Tag)?;
        if tag >> 3 == 0 {
            return Err(WireError::Tag);
        }
        Ok((tag >> 3, (tag & 7) as u8))
    }

    /// A value of this wire type, except a group.
    #[inline]
    pub(crate) fn value(&mut self, wire_type: u8) -> Result<Value<'a>, WireError> {
        Ok(match wire_type {
            0 => Value::Varint(self.varint()?),
            1 => Value::Fixed64(u64::from_le_bytes(self.array()?)),
            2 => Value::Len(self.bytes()?),
            5 => Value::Fixed32(u32::from_le_bytes(self.array()?)),
            _ => return Err(WireError::Tag),
        })
    }

    #[inline]
    pub(crate) fn varint(&mut self) -> Result<u64, WireError> {
        match *self.rest {
            [byte @ ..0x80, ref rest @ ..] => {
                self.rest = rest;
                Ok(byte.into())
            }
            _ => self.long_varint(),
        }
    }

    #[inline]
    pub(crate) fn bytes(&mut self) -> Result<&'a [u8], WireError> {
        let len = usize::try_from(self.varint()?).map_err(|_| WireError::Truncated)?;
        self.take(len)
    }

    #[inline(never)]
    fn long_varint(&mut self) -> Result<u64, WireError> {
        let mut value = 0;
        for (i, &byte) in self.rest.iter().take(10).enumerate() {
            if i == 9 && byte > 1 {
                return Err(WireError::Varint);
            }
            value |= u64::from(byte & 0x7f) << (7 * i);
            if byte < 0x80 {
                self.rest = &self.rest[i + 1..];
                return Ok(value);
            }
        }
        Err(if self.rest.len() < 10 { WireError::Truncated } else { WireError::Varint })
    }

    #[inline]
    fn take(&mut self, len: usize) -> Result<&'a [u8], WireError> {
        let (taken, rest) = self.rest.split_at_checked(len).ok_or(WireError::Truncated)?;
        self.rest = rest;
        Ok(taken)
    }

    #[inline]
    fn array<const N: usize>(&mut self) -> Result<[u8; N], WireError> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or(WireError::Truncated)?;
        self.rest = rest;
        Ok(*taken)
    }

    /// The content of a group whose start tag has been read, up to and past its end tag.
    fn group(&mut self, number: u32) -> Result<&'a [u8], WireError> {
        let start = self.rest;
        let mut open = vec![number];
        loop {
            let content = start.len() - self.rest.len();
            if self.rest.is_empty() {
                return Err(WireError::Group);
            }
            match self.tag()? {
                (inner, 3) if open.len() < MAX_DEPTH as usize => open.push(inner),
                (_, 3) => return Err(WireError::Depth),
                (inner, 4) if open.pop() == Some(inner) => {
                    if open.is_empty() {
                        return Ok(&start[..content]);
                    }
                }
                (_, 4) => return Err(WireError::Group),
                (_, wire_type) => {
                    self.value(wire_type)?;
                }
            }
        }
    }
}

/// Writes a field with a length: a string, bytes or a message.
pub(crate) fn put_len(out: &mut Vec<u8>, number: u32, content: &[u8]) {
    put_tag(out, number, 2);
    put_varint(out, content.len() as u64);
    out.extend_from_slice(content);
}

/// Writes a field of any wire type as it was read.
pub(crate) fn put_field(out: &mut Vec<u8>, number: u32, value: Value<'_>) {
    match value {
        Value::Varint(n) => {
            put_tag(out, number, 0);
            put_varint(out, n);
        }
        Value::Fixed64(n) => {
            put_tag(out, number, 1);
            out.extend_from_slice(&n.to_le_bytes());
        }
        Value::Len(content) => put_len(out, number, content),
        Value::Group(content) => {
            put_tag(out, number, 3);
            out.extend_from_slice(content);
            put_tag(out, number, 4);
        }
        Value::Fixed32(n) => {
            put_tag(out, number, 5);
            out.extend_from_slice(&n.to_le_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read_all(bytes: &[u8]) -> Result<usize, WireError> {
        let mut reader = Reader::new(bytes);
        let mut count = 0;
        while reader.field()?.is_some() {
            count += 1;
        }
        Ok(count)
    }

    #[test]
    fn malformed_bytes_are_told_apart() {
        assert_eq!(read_all(&[0x08]), Err(WireError::Truncated));
        assert_eq!(read_all(&[0x08, 0x80]), Err(WireError::Truncated));
        assert_eq!(read_all(&[0x08, 255, 255, 255, 255, 255, 255, 255, 255, 255, 2]), Err(WireError::Varint));
        assert_eq!(read_all(&[0x08, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1]), Ok(1));
        assert_eq!(read_all(&[0x00, 0]), Err(WireError::Tag));
        assert_eq!(read_all(&[0x0e, 0]), Err(WireError::Tag));
        assert_eq!(read_all(&[0x0a, 2, 1]), Err(WireError::Truncated));
        assert_eq!(read_all(&[0x0c]), Err(WireError::Group));
        assert_eq!(read_all(&[0x0b, 0x14]), Err(WireError::Group));
        assert_eq!(read_all(&[0x0b]), Err(WireError::Group));
        assert_eq!(read_all(&[0x0b; 200]), Err(WireError::Depth));
    }

    #[test]
    fn a_group_keeps_what_is_between_its_tags() {
        let bytes = [0x0b, 0x13, 0x08, 1, 0x14, 0x10, 2, 0x0c, 0x18, 3];
        let mut reader = Reader::new(&bytes);
        assert_eq!(reader.field(), Ok(Some((1, Value::Group(&bytes[1..7])))));
        assert_eq!(reader.field(), Ok(Some((3, Value::Varint(3)))));
        assert_eq!(reader.field(), Ok(None));
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = read_all(&bytes);
        }

        #[test]
        fn what_is_written_is_read(number in 1u32..1 << 29, n: u64, m: u32, content in prop::collection::vec(any::<u8>(), 0..300)) {
            for value in [Value::Varint(n), Value::Fixed64(n), Value::Fixed32(m), Value::Len(&content)] {
                let mut out = Vec::new();
                put_field(&mut out, number, value);
                let group = out.clone();
                put_field(&mut out, number, Value::Group(&group));
                let mut reader = Reader::new(&out);
                prop_assert_eq!(reader.field(), Ok(Some((number, value))));
                prop_assert!(matches!(reader.field(), Ok(Some((_, Value::Group(_))))));
            }
        }
    }
}
