//! Equality and hashing of messages, as a derive would do it.

use std::hash::{Hash, Hasher};

use super::view::{List, Value, View};
use super::{Fields, Key, Op, code, foreign};

/// `PartialEq`. Messages of other crates are compared by their bytes.
pub fn eq(a: &dyn Fields, b: &dyn Fields) -> bool {
    a.table().fields.iter().all(|&(number, code, _)| {
        let key = Key { number, code };
        if key.kind() == code::FOREIGN {
            return bytes(a, key) == bytes(b, key);
        }
        match (a.field(number), b.field(number)) {
            (Some(a), Some(b)) => a.view() == b.view(),
            (None, None) => true,
            _ => false,
        }
    })
}

/// `Hash`.
pub fn hash(message: &dyn Fields, mut state: &mut dyn Hasher) {
    for &(number, code, _) in message.table().fields {
        let key = Key { number, code };
        if key.kind() == code::FOREIGN {
            bytes(message, key).hash(&mut state);
        } else if let Some(field) = message.field(number) {
            number.hash(&mut state);
            hash_view(field.view(), state);
        }
    }
}

/// The records of a field of messages of another crate.
fn bytes(message: &dyn Fields, key: Key) -> Vec<u8> {
    let mut out = Vec::new();
    message.foreign(key.number, Op { key, to: foreign::To::Bytes(&mut out) });
    out
}

impl PartialEq for View<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Plain(a), Self::Plain(b)) | (Self::Set(a), Self::Set(b)) => a == b,
            (Self::Unset, Self::Unset) => true,
            (Self::List(a), Self::List(b)) => a == b,
            (Self::Map(a), Self::Map(b)) => a.count() == b.count() && a.entries().eq(b.entries()),
            _ => false,
        }
    }
}

impl PartialEq for Value<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
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
            _ => false,
        }
    }
}

impl PartialEq for List<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Str(a), Self::Str(b)) => a == b,
            (Self::Bytes(a), Self::Bytes(b)) => a == b,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::I32(a), Self::I32(b)) => a == b,
            (Self::I64(a), Self::I64(b)) => a == b,
            (Self::U32(a), Self::U32(b)) => a == b,
            (Self::U64(a), Self::U64(b)) => a == b,
            (Self::F32(a), Self::F32(b)) => a == b,
            (Self::F64(a), Self::F64(b)) => a == b,
            (Self::Messages(a), Self::Messages(b)) => {
                a.count() == b.count() && a.iter().zip(b.iter()).all(|(a, b)| eq(a, b))
            }
            _ => false,
        }
    }
}

fn hash_view(view: View<'_>, mut state: &mut dyn Hasher) {
    match view {
        View::Plain(value) => hash_value(value, state),
        View::Set(value) => {
            true.hash(&mut state);
            hash_value(value, state);
        }
        View::Unset => false.hash(&mut state),
        View::List(list) => hash_list(list, state),
        View::Map(map) => {
            map.count().hash(&mut state);
            for (key, value) in map.entries() {
                hash_value(key, state);
                hash_value(value, state);
            }
        }
    }
}

fn hash_value(value: Value<'_>, mut state: &mut dyn Hasher) {
    match value {
        Value::Str(value) => value.hash(&mut state),
        Value::Bytes(value) => value.hash(&mut state),
        Value::Bool(value) => value.hash(&mut state),
        Value::I32(value) => value.hash(&mut state),
        Value::I64(value) => value.hash(&mut state),
        Value::U32(value) => value.hash(&mut state),
        Value::U64(value) => value.hash(&mut state),
        Value::Message(message) => hash(message, state),
        // Messages with floats are not `Eq`, but ones that hold these messages might be hashed all the same. The zeros are equal.
        Value::F32(value) => f64::from(value + 0.0).to_bits().hash(&mut state),
        Value::F64(value) => (value + 0.0).to_bits().hash(&mut state),
    }
}

fn hash_list(list: List<'_>, mut state: &mut dyn Hasher) {
    match list {
        List::Str(list) => list.hash(&mut state),
        List::Bytes(list) => list.hash(&mut state),
        List::Bool(list) => list.hash(&mut state),
        List::I32(list) => list.hash(&mut state),
        List::I64(list) => list.hash(&mut state),
        List::U32(list) => list.hash(&mut state),
        List::U64(list) => list.hash(&mut state),
        List::F32(list) => list.iter().for_each(|value| hash_value(Value::F32(*value), state)),
        List::F64(list) => list.iter().for_each(|value| hash_value(Value::F64(*value), state)),
        List::Messages(list) => {
            list.count().hash(&mut state);
            list.iter().for_each(|message| hash(message, state));
        }
    }
}
