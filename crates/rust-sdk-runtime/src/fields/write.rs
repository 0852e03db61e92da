//! Messages to bytes. Numbers in a list are packed unless its key says otherwise. A map is a list of messages with the key
//! as field 1 and the value as field 2.

use prost::encoding::{WireType, encoded_len_varint};

use super::view::{List, Value, View};
use super::{Fields, Key, Op, code, foreign};
use crate::put::{close_len, open_len, put_varint};

/// prost's `encoded_len`.
pub fn encoded_len(message: &dyn Fields) -> usize {
    let mut len = 0;
    for &(number, code, _) in message.table().fields {
        let key = Key { number, code };
        if key.kind() == code::FOREIGN {
            message.foreign(number, Op { key, to: foreign::To::Len(&mut len) });
        } else if let Some(field) = message.field(number) {
            len += field_len(field.view(), key);
        }
    }
    len
}

/// Appends the message's fields.
pub(crate) fn put(message: &dyn Fields, out: &mut Vec<u8>) {
    for &(number, code, _) in message.table().fields {
        let key = Key { number, code };
        if key.kind() == code::FOREIGN {
            message.foreign(number, Op { key, to: foreign::To::Bytes(out) });
        } else if let Some(field) = message.field(number) {
            put_field(field.view(), key, out);
        }
    }
}

/// Does this with each element of a list, as a value.
macro_rules! each {
    ($list:expr, |$value:ident| $do:expr) => {
        match $list {
            List::Str(list) => list.iter().for_each(|item| {
                let $value = Value::Str(item);
                $do
            }),
            List::Bytes(list) => list.iter().for_each(|item| {
                let $value = Value::Bytes(item);
                $do
            }),
            List::Messages(list) => list.iter().for_each(|item| {
                let $value = Value::Message(item);
                $do
            }),
            List::Bool(list) => list.iter().for_each(|item| {
                let $value = Value::Bool(*item);
                $do
            }),
            List::I32(list) => list.iter().for_each(|item| {
                let $value = Value::I32(*item);
                $do
            }),
            List::I64(list) => list.iter().for_each(|item| {
                let $value = Value::I64(*item);
                $do
            }),
            List::U32(list) => list.iter().for_each(|item| {
                let $value = Value::U32(*item);
                $do
            }),
            List::U64(list) => list.iter().for_each(|item| {
                let $value = Value::U64(*item);
                $do
            }),
            List::F32(list) => list.iter().for_each(|item| {
                let $value = Value::F32(*item);
                $do
            }),
            List::F64(list) => list.iter().for_each(|item| {
                let $value = Value::F64(*item);
                $do
            }),
        }
    };
}

fn field_len(field: View<'_>, key: Key) -> usize {
    match field {
        View::Plain(value) => plain_len(value, key),
        View::Set(value) => value_len(value, key),
        View::Unset => 0,
        View::List(list) if is_packed(list, key) => match packed_len(list, key.kind()) {
            0 => 0,
            len => key.len() + encoded_len_varint(len as u64) + len,
        },
        View::List(list) => {
            let mut len = 0;
            each!(list, |value| len += value_len(value, key));
            len
        }
        View::Map(map) => {
            let (of_key, of_value) = key.entry();
            let entries = map.entries();
            entries
                .map(|(k, v)| {
                    let len = plain_len(k, of_key) + plain_len(v, of_value);
                    key.len() + encoded_len_varint(len as u64) + len
                })
                .sum()
        }
    }
}

fn put_field(field: View<'_>, key: Key, out: &mut Vec<u8>) {
    match field {
        View::Plain(value) => put_plain(value, key, out),
        View::Set(value) => put_value(value, key, out),
        View::Unset => {}
        View::List(list) if is_packed(list, key) => {
            let start = open_len(out, key.number);
            each!(list, |value| put_content(value, key.kind(), out));
            if out.len() == start {
                out.truncate(start - 1 - key.len());
            } else {
                close_len(out, start);
            }
        }
        View::List(list) => each!(list, |value| put_value(value, key, out)),
        View::Map(map) => {
            let (of_key, of_value) = key.entry();
            for (k, v) in map.entries() {
                let start = open_len(out, key.number);
                put_plain(k, of_key, out);
                put_plain(v, of_value, out);
                close_len(out, start);
            }
        }
    }
}

/// Whether the elements follow each other under one tag.
fn is_packed(list: List<'_>, key: Key) -> bool {
    let is_number = !matches!(list, List::Str(_) | List::Bytes(_) | List::Messages(_));
    is_number && !key.flag() && key.kind() != code::WRAPPER
}

fn packed_len(list: List<'_>, kind: u8) -> usize {
    let mut len = 0;
    each!(list, |value| len += content_len(value, kind));
    len
}

/// How many bytes a value takes that is not written where it is the default.
#[inline]
pub(super) fn plain_len(value: Value<'_>, key: Key) -> usize {
    if !key.flag() && is_default(value) { 0 } else { value_len(value, key) }
}

#[inline]
pub(super) fn put_plain(value: Value<'_>, key: Key, out: &mut Vec<u8>) {
    if key.flag() || !is_default(value) {
        put_value(value, key, out);
    }
}

/// As in prost, negative zero is a zero, and an empty message one that is not there.
#[inline]
fn is_default(value: Value<'_>) -> bool {
    match value {
        Value::Str(text) => text.is_empty(),
        Value::Bytes(bytes) => bytes.is_empty(),
        Value::Bool(value) => !value,
        Value::I32(n) => n == 0,
        Value::I64(n) => n == 0,
        Value::U32(n) => n == 0,
        Value::U64(n) => n == 0,
        Value::F32(n) => n == 0.0,
        Value::F64(n) => n == 0.0,
        Value::Message(message) => encoded_len(message) == 0,
    }
}

/// How many bytes a value takes with its tag.
#[inline]
fn value_len(value: Value<'_>, key: Key) -> usize {
    match (key.kind(), value) {
        (code::GROUP, Value::Message(message)) => 2 * key.len() + encoded_len(message),
        (code::WRAPPER, _) => {
            let len = wrapped_len(value);
            key.len() + encoded_len_varint(len as u64) + len
        }
        (kind, value) => key.len() + content_len(value, kind),
    }
}

/// Writes a value with its tag. A message is written before its length, so that nothing has to be measured first.
#[inline]
fn put_value(value: Value<'_>, key: Key, out: &mut Vec<u8>) {
    match (key.kind(), value) {
        (code::GROUP, Value::Message(message)) => {
            key.put(WireType::StartGroup, out);
            put(message, out);
            key.put(WireType::EndGroup, out);
        }
        (_, Value::Message(message)) => {
            let start = open_len(out, key.number);
            put(message, out);
            close_len(out, start);
        }
        (code::WRAPPER, _) => {
            key.put(WireType::LengthDelimited, out);
            put_varint(out, wrapped_len(value) as u64);
            put_plain(value, Key { number: 1, code: code::PLAIN }, out);
        }
        (kind, value) => {
            key.put(wire_type(value, kind), out);
            put_content(value, kind, out);
        }
    }
}

/// How many bytes the wrapper message around this value holds.
fn wrapped_len(value: Value<'_>) -> usize {
    if is_default(value) { 0 } else { 1 + content_len(value, code::PLAIN) }
}

/// The wire type of a value of this kind.
#[inline]
fn wire_type(value: Value<'_>, kind: u8) -> WireType {
    match (value, kind) {
        (Value::Str(_) | Value::Bytes(_) | Value::Message(_), _) => WireType::LengthDelimited,
        (Value::F32(_), _) | (Value::I32(_) | Value::U32(_), code::FIXED) => WireType::ThirtyTwoBit,
        (Value::F64(_), _) | (Value::I64(_) | Value::U64(_), code::FIXED) => WireType::SixtyFourBit,
        _ => WireType::Varint,
    }
}

/// How many bytes a value takes without its tag.
#[inline]
fn content_len(value: Value<'_>, kind: u8) -> usize {
    let with_len = |len: usize| encoded_len_varint(len as u64) + len;
    match (value, kind) {
        (Value::Str(text), _) => with_len(text.len()),
        (Value::Bytes(bytes), _) => with_len(bytes.len()),
        (Value::Message(message), _) => with_len(encoded_len(message)),
        (Value::F32(_), _) | (Value::I32(_) | Value::U32(_), code::FIXED) => 4,
        (Value::F64(_), _) | (Value::I64(_) | Value::U64(_), code::FIXED) => 8,
        _ => encoded_len_varint(varint(value, kind)),
    }
}

/// Writes a value without its tag.
#[inline]
fn put_content(value: Value<'_>, kind: u8, out: &mut Vec<u8>) {
    match (value, kind) {
        (Value::Str(text), _) => {
            put_varint(out, text.len() as u64);
            out.extend_from_slice(text.as_bytes());
        }
        (Value::Bytes(bytes), _) => {
            put_varint(out, bytes.len() as u64);
            out.extend_from_slice(bytes);
        }
        (Value::Message(message), _) => put(message, out),
        (Value::F32(n), _) => out.extend_from_slice(&n.to_le_bytes()),
        (Value::F64(n), _) => out.extend_from_slice(&n.to_le_bytes()),
        (Value::I32(n), code::FIXED) => out.extend_from_slice(&n.to_le_bytes()),
        (Value::I64(n), code::FIXED) => out.extend_from_slice(&n.to_le_bytes()),
        (Value::U32(n), code::FIXED) => out.extend_from_slice(&n.to_le_bytes()),
        (Value::U64(n), code::FIXED) => out.extend_from_slice(&n.to_le_bytes()),
        _ => put_varint(out, varint(value, kind)),
    }
}

/// An integer as it is in a varint: negative ones have 64 bits, or their sign is the lowest bit.
#[inline]
fn varint(value: Value<'_>, kind: u8) -> u64 {
    match (value, kind) {
        (Value::I32(n), code::ZIGZAG) => u64::from(((n << 1) ^ (n >> 31)).cast_unsigned()),
        (Value::I64(n), code::ZIGZAG) => ((n << 1) ^ (n >> 63)).cast_unsigned(),
        (Value::I32(n), _) => i64::from(n).cast_unsigned(),
        (Value::I64(n), _) => n.cast_unsigned(),
        (Value::U32(n), _) => n.into(),
        (Value::U64(n), _) => n,
        (Value::Bool(value), _) => value.into(),
        // These are no varints.
        (Value::Str(_) | Value::Bytes(_) | Value::Message(_) | Value::F32(_) | Value::F64(_), _) => 0,
    }
}
