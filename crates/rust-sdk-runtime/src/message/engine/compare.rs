//! Equality and hashing of messages, as a derive would do it.

use std::hash::{Hash, Hasher};

use super::Fields;
use super::view::View;

/// `PartialEq`. Messages of other crates are compared by their bytes.
pub fn eq(a: &dyn Fields, b: &dyn Fields) -> bool {
    a.table().fields().iter().all(|field| a.view(field.number) == b.view(field.number))
}

/// `Hash`.
pub fn hash(message: &dyn Fields, state: &mut dyn Hasher) {
    for field in message.table().fields() {
        hash_view(message.view(field.number), state);
    }
}

impl PartialEq for View<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Unset, Self::Unset) => true,
            (Self::Str(a), Self::Str(b)) => a == b,
            (Self::Bytes(a), Self::Bytes(b)) => a == b,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::I32(a), Self::I32(b)) => a == b,
            (Self::I64(a), Self::I64(b)) => a == b,
            (Self::U32(a), Self::U32(b)) => a == b,
            (Self::U64(a), Self::U64(b)) => a == b,
            (Self::F32(a), Self::F32(b)) => a == b,
            (Self::F64(a), Self::F64(b)) => a == b,
            (Self::Message(a), Self::Message(b)) => eq(*a, *b),
            (Self::Strs(a), Self::Strs(b)) => a == b,
            (Self::BytesList(a), Self::BytesList(b)) => a == b,
            (Self::Bools(a), Self::Bools(b)) => a == b,
            (Self::I32s(a), Self::I32s(b)) => a == b,
            (Self::I64s(a), Self::I64s(b)) => a == b,
            (Self::U32s(a), Self::U32s(b)) => a == b,
            (Self::U64s(a), Self::U64s(b)) => a == b,
            (Self::F32s(a), Self::F32s(b)) => a == b,
            (Self::F64s(a), Self::F64s(b)) => a == b,
            (Self::Messages(a), Self::Messages(b)) => {
                a.count() == b.count() && a.iter().zip(b.iter()).all(|(a, b)| eq(a, b))
            }
            (Self::Map(a), Self::Map(b)) => a.count() == b.count() && a.entries().eq(b.entries()),
            (Self::Foreign(a), Self::Foreign(b)) => a.bytes() == b.bytes(),
            (Self::Foreigns(a), Self::Foreigns(b)) => {
                a.count() == b.count() && a.iter().zip(b.iter()).all(|(a, b)| a.bytes() == b.bytes())
            }
            (Self::ForeignMap(a), Self::ForeignMap(b)) => {
                a.count() == b.count() && a.entries().eq(b.entries())
            }
            _ => false,
        }
    }
}

fn hash_view(view: View<'_>, mut state: &mut dyn Hasher) {
    match view {
        View::Unset => false.hash(&mut state),
        View::Str(value) => value.hash(&mut state),
        View::Bytes(value) => value.hash(&mut state),
        View::Bool(value) => value.hash(&mut state),
        View::I32(value) => value.hash(&mut state),
        View::I64(value) => value.hash(&mut state),
        View::U32(value) => value.hash(&mut state),
        View::U64(value) => value.hash(&mut state),
        View::Message(message) => hash(message, state),
        View::Strs(list) => list.hash(&mut state),
        View::BytesList(list) => list.hash(&mut state),
        View::Bools(list) => list.hash(&mut state),
        View::I32s(list) => list.hash(&mut state),
        View::I64s(list) => list.hash(&mut state),
        View::U32s(list) => list.hash(&mut state),
        View::U64s(list) => list.hash(&mut state),
        View::Messages(list) => {
            list.count().hash(&mut state);
            list.iter().for_each(|message| hash(message, state));
        }
        View::Map(map) => hash_map(map.count(), map.entries(), state),
        View::Foreign(message) => message.bytes().hash(&mut state),
        View::Foreigns(list) => {
            list.count().hash(&mut state);
            list.iter().for_each(|message| message.bytes().hash(&mut state));
        }
        View::ForeignMap(map) => hash_map(map.count(), map.entries(), state),
        // A message with floats does not implement `Eq`, so it is never hashed.
        View::F32(_) | View::F64(_) | View::F32s(_) | View::F64s(_) => {}
    }
}

fn hash_map<'a>(
    count: usize,
    entries: impl Iterator<Item = (View<'a>, View<'a>)>,
    mut state: &mut dyn Hasher,
) {
    count.hash(&mut state);
    for (key, value) in entries {
        hash_view(key, state);
        hash_view(value, state);
    }
}
