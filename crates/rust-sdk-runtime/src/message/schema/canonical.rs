//! A message's bytes in canonical form: fields in the order of the schema, each once, or in one run if repeated.
//!
//! prost writes nearly every message in this form, and then nothing is copied. Any other order is valid on the wire. It is brought into
//! this form here, so that other code need not handle it.

use std::borrow::Cow;

use super::{Field, MessageSchema, Presence};
use crate::wire::reader::{Reader, Value, WireError, put_field, put_len};

/// A message's known fields, in canonical form.
#[derive(Debug)]
pub(crate) struct Canonical<'a> {
    schema: &'static MessageSchema,
    bytes: Cow<'a, [u8]>,
}

impl<'a> Canonical<'a> {
    pub(crate) fn new(schema: &'static MessageSchema, wire: &'a [u8]) -> Result<Self, WireError> {
        let bytes = if is_canonical(schema, wire)? {
            Cow::Borrowed(wire)
        } else {
            Cow::Owned(normalise(schema, wire)?)
        };
        Ok(Self { schema, bytes })
    }

    /// The bytes, in canonical form.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The fields that are set.
    pub(crate) fn fields(&self) -> Fields<'_> {
        Fields { schema: self.schema, reader: Reader::new(&self.bytes), last: 0 }
    }

    /// The field at this index of the schema, if it is set.
    pub(crate) fn get(&self, index: usize) -> Result<Option<Set<'_>>, WireError> {
        let mut fields = self.fields();
        while let Some(set) = fields.next()? {
            if set.index == index {
                return Ok(Some(set));
            }
        }
        Ok(None)
    }
}

/// A field that is set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Set<'a> {
    /// The field's index in the schema.
    pub(crate) index: usize,
    pub(crate) field: &'static Field,
    /// The only value of a singular field, or the first record of a repeated field.
    pub(crate) value: Value<'a>,
    /// Every record of the field, tags included.
    pub(crate) records: &'a [u8],
}

#[cfg(feature = "rest")]
impl<'a> Set<'a> {
    /// The elements of a repeated field.
    pub(crate) fn elements(&self) -> Elements<'a> {
        Elements { field: self.field, records: Reader::new(self.records), packed: Reader::new(&[]) }
    }
}

/// Reads the set fields, in order.
#[derive(Debug)]
pub(crate) struct Fields<'a> {
    schema: &'static MessageSchema,
    reader: Reader<'a>,
    last: usize,
}

impl<'a> Fields<'a> {
    pub(crate) fn next(&mut self) -> Result<Option<Set<'a>>, WireError> {
        loop {
            let start = self.reader.rest();
            let Some((number, value)) = self.reader.field()? else { return Ok(None) };
            let Some(index) = self.schema.index_of(number, self.last) else { continue };
            self.last = index;
            let field = &self.schema.fields()[index];
            if field.presence.is_repeated() {
                let mut ahead = self.reader;
                while let Some((next, _)) = ahead.field()? {
                    if next != number {
                        break;
                    }
                    self.reader = ahead;
                }
            }
            let records = &start[..start.len() - self.reader.rest().len()];
            return Ok(Some(Set { index, field, value, records }));
        }
    }
}

/// Reads a repeated field's elements, packed or not.
#[cfg(feature = "rest")]
#[derive(Debug)]
pub(crate) struct Elements<'a> {
    field: &'static Field,
    records: Reader<'a>,
    packed: Reader<'a>,
}

#[cfg(feature = "rest")]
impl<'a> Elements<'a> {
    pub(crate) fn next(&mut self) -> Result<Option<Value<'a>>, WireError> {
        loop {
            if !self.packed.rest().is_empty() {
                return self.packed.value(self.field.kind.wire_type()).map(Some);
            }
            match self.records.field()? {
                Some((_, Value::Len(bytes))) if self.field.is_packable() => {
                    self.packed = Reader::new(bytes);
                }
                Some((_, value)) => return Ok(Some(value)),
                None => return Ok(None),
            }
        }
    }
}

fn is_canonical(schema: &'static MessageSchema, wire: &[u8]) -> Result<bool, WireError> {
    let mut reader = Reader::new(wire);
    let mut last = None;
    let mut oneofs = BitSets::<1>::new();
    let mut unknown_since_last = false;
    while let Some((number, value)) = reader.field()? {
        let Some(index) = schema.index_of(number, last.unwrap_or(0)) else {
            unknown_since_last = true;
            continue;
        };
        let field = &schema.fields()[index];
        if is_nothing(field, value) || last.is_some_and(|last| index < last) {
            return Ok(false);
        }
        if last == Some(index) {
            if !field.presence.is_repeated() || unknown_since_last {
                return Ok(false);
            }
            continue;
        }
        if let Presence::Oneof(oneof) = field.presence
            && oneofs.insert(0, schema.first_member(oneof))
        {
            return Ok(false);
        }
        last = Some(index);
        unknown_since_last = false;
    }
    Ok(true)
}

/// Whether a record means the same as no record: an implicit default, or an empty packed list.
pub(crate) fn is_nothing(field: &Field, value: Value<'_>) -> bool {
    match field.presence {
        Presence::Implicit => value.is_default(),
        Presence::Repeated | Presence::Packed => {
            field.is_packable() && matches!(value, Value::Len(bytes) if bytes.is_empty())
        }
        Presence::Explicit | Presence::Required | Presence::Oneof(_) => false,
    }
}

/// The last value of a scalar wins, messages are merged, and the last member of a oneof clears the others.
fn normalise(schema: &'static MessageSchema, wire: &[u8]) -> Result<Vec<u8>, WireError> {
    let mut records = Vec::new();
    let mut reader = Reader::new(wire);
    let mut last = 0;
    while let Some((number, value)) = reader.field()? {
        if let Some(index) = schema.index_of(number, last) {
            records.push((index, value));
            last = index;
        }
    }
    keep_last_members(schema, &mut records);
    records.sort_by_key(|record| record.0);

    let mut out = Vec::with_capacity(wire.len());
    for run in records.chunk_by(|a, b| a.0 == b.0) {
        let (index, value) = run[run.len() - 1];
        let field = &schema.fields()[index];
        if field.presence.is_repeated() {
            for (_, value) in run.iter().filter(|record| !is_nothing(field, record.1)) {
                put_field(&mut out, field.number, *value);
            }
        } else if run.len() > 1 && field.kind.message().is_some() {
            // Concatenation is how the wire format merges messages.
            let parts = run.iter().map(|record| record.1.message()).collect::<Result<Vec<_>, _>>()?;
            put_len(&mut out, field.number, &parts.concat());
        } else if !is_nothing(field, value) {
            put_field(&mut out, field.number, value);
        }
    }
    Ok(out)
}

/// Drops the members of a oneof that a later member cleared.
fn keep_last_members(schema: &'static MessageSchema, records: &mut Vec<(usize, Value<'_>)>) {
    // For each oneof: the member that is set at the end, and whether another member came before it.
    let mut winners: Vec<(&str, usize, bool)> = Vec::new();
    records.reverse();
    records.retain(|&(index, _)| {
        let Presence::Oneof(oneof) = schema.fields()[index].presence else { return true };
        let Some(winner) = winners.iter_mut().find(|winner| winner.0 == oneof) else {
            winners.push((oneof, index, false));
            return true;
        };
        winner.2 |= winner.1 != index;
        !winner.2
    });
    records.reverse();
}

/// Sets of small numbers. Numbers below 64 need no allocation.
#[derive(Debug)]
pub(crate) struct BitSets<const N: usize> {
    low: [u64; N],
    high: Vec<[u64; N]>,
}

impl<const N: usize> BitSets<N> {
    pub(crate) const fn new() -> Self {
        Self { low: [0; N], high: Vec::new() }
    }

    /// Adds the number to a set, and returns whether it was there before.
    #[inline]
    pub(crate) fn insert(&mut self, set: usize, number: usize) -> bool {
        let words = if number < 64 { &mut self.low } else { self.words(number / 64 - 1) };
        let before = words[set];
        words[set] |= 1 << (number % 64);
        words[set] == before
    }

    #[cold]
    fn words(&mut self, index: usize) -> &mut [u64; N] {
        if self.high.len() <= index {
            self.high.resize(index + 1, [0; N]);
        }
        &mut self.high[index]
    }
}
