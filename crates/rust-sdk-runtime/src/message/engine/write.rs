//! Writes messages to bytes. Lists of numbers are packed unless their key says otherwise. A map is a list of messages with the key as field
//! 1 and the value as field 2.

use prost::encoding::{WireType, encoded_len_varint};

use super::scalar::Scalar;
use super::view::View;
use super::{Fields, Foreign, Key, code};
use crate::wire::put::{close_len, open_len, put_varint};

/// prost's `encoded_len`.
pub fn encoded_len(message: &dyn Fields) -> usize {
    message.table().fields().iter().map(|field| field_len(message.view(field.number), Key::of(field))).sum()
}

/// Appends the message's fields.
pub(crate) fn put(message: &dyn Fields, out: &mut Vec<u8>) {
    for field in message.table().fields() {
        put_field(message.view(field.number), Key::of(field), out);
    }
}

/// The size of a field in bytes, tags included.
fn field_len(field: View<'_>, key: Key) -> usize {
    match field {
        View::Unset => 0,
        View::Str(value) => plain_len(value, key),
        View::Bytes(value) => plain_len(value, key),
        View::Bool(value) => plain_len(value, key),
        View::I32(value) => plain_len(value, key),
        View::I64(value) => plain_len(value, key),
        View::U32(value) => plain_len(value, key),
        View::U64(value) => plain_len(value, key),
        View::F32(value) => plain_len(value, key),
        View::F64(value) => plain_len(value, key),
        View::Message(message) => match encoded_len(message) {
            0 if !key.flag() => 0,
            len => message_len(len, key),
        },
        View::Strs(list) => list_len(list.iter().map(String::as_str), key),
        View::BytesList(list) => list_len(list.iter().map(Vec::as_slice), key),
        View::Bools(list) => list_len(list.iter().copied(), key),
        View::I32s(list) => list_len(list.iter().copied(), key),
        View::I64s(list) => list_len(list.iter().copied(), key),
        View::U32s(list) => list_len(list.iter().copied(), key),
        View::U64s(list) => list_len(list.iter().copied(), key),
        View::F32s(list) => list_len(list.iter().copied(), key),
        View::F64s(list) => list_len(list.iter().copied(), key),
        View::Messages(list) => list.iter().map(|message| message_len(encoded_len(message), key)).sum(),
        View::Map(map) => map_len(map.entries(), key),
        View::Foreign(message) => match message.size() {
            0 if !key.flag() => 0,
            len => message_len(len, key),
        },
        View::Foreigns(list) => list.iter().map(|message| message_len(message.size(), key)).sum(),
        View::ForeignMap(map) => map_len(map.entries(), key),
    }
}

/// Appends a field.
pub(crate) fn put_field(field: View<'_>, key: Key, out: &mut Vec<u8>) {
    match field {
        View::Unset => {}
        View::Str(value) => put_plain(value, key, out),
        View::Bytes(value) => put_plain(value, key, out),
        View::Bool(value) => put_plain(value, key, out),
        View::I32(value) => put_plain(value, key, out),
        View::I64(value) => put_plain(value, key, out),
        View::U32(value) => put_plain(value, key, out),
        View::U64(value) => put_plain(value, key, out),
        View::F32(value) => put_plain(value, key, out),
        View::F64(value) => put_plain(value, key, out),
        View::Message(message) => {
            // As in prost, an empty value of a map takes no bytes.
            if key.flag() || encoded_len(message) > 0 {
                put_message(message, key, out);
            }
        }
        View::Strs(list) => put_list(list.iter().map(String::as_str), key, out),
        View::BytesList(list) => put_list(list.iter().map(Vec::as_slice), key, out),
        View::Bools(list) => put_list(list.iter().copied(), key, out),
        View::I32s(list) => put_list(list.iter().copied(), key, out),
        View::I64s(list) => put_list(list.iter().copied(), key, out),
        View::U32s(list) => put_list(list.iter().copied(), key, out),
        View::U64s(list) => put_list(list.iter().copied(), key, out),
        View::F32s(list) => put_list(list.iter().copied(), key, out),
        View::F64s(list) => put_list(list.iter().copied(), key, out),
        View::Messages(list) => list.iter().for_each(|message| put_message(message, key, out)),
        View::Map(map) => put_map(map.entries(), key, out),
        View::Foreign(message) => {
            if key.flag() || message.size() > 0 {
                put_foreign(message, key, out);
            }
        }
        View::Foreigns(list) => list.iter().for_each(|message| put_foreign(message, key, out)),
        View::ForeignMap(map) => put_map(map.entries(), key, out),
    }
}

type Entries<'a> = Box<dyn Iterator<Item = (View<'a>, View<'a>)> + 'a>;

fn map_len(entries: Entries<'_>, key: Key) -> usize {
    let (of_key, of_value) = key.entry();
    entries.map(|(k, v)| key.len() + with_len(field_len(k, of_key) + field_len(v, of_value))).sum()
}

fn put_map(entries: Entries<'_>, key: Key, out: &mut Vec<u8>) {
    let (of_key, of_value) = key.entry();
    for (k, v) in entries {
        let start = open_len(out, key.number);
        put_field(k, of_key, out);
        put_field(v, of_value, out);
        close_len(out, start);
    }
}

/// The size of a value that is not written if it is the default, unless its key says otherwise.
#[inline]
fn plain_len(value: impl Scalar, key: Key) -> usize {
    if value.is_default() && !key.flag() { 0 } else { scalar_len(value, key) }
}

#[inline]
fn put_plain(value: impl Scalar, key: Key, out: &mut Vec<u8>) {
    if key.flag() || !value.is_default() {
        put_scalar(value, key, out);
    }
}

fn scalar_len(value: impl Scalar, key: Key) -> usize {
    key.len()
        + match key.kind() {
            code::WRAPPER => with_len(wrapped_len(value)),
            kind => value.size(kind),
        }
}

#[inline]
fn put_scalar<T: Scalar>(value: T, key: Key, out: &mut Vec<u8>) {
    if key.kind() == code::WRAPPER {
        key.put(WireType::LengthDelimited, out);
        put_varint(out, wrapped_len(value) as u64);
        return put_plain_content(value, out);
    }
    key.put(T::wire_type(key.kind()), out);
    value.put(key.kind(), out);
}

/// The size of the wrapper message's content around this value.
fn wrapped_len(value: impl Scalar) -> usize {
    if value.is_default() { 0 } else { 1 + value.size(code::PLAIN) }
}

/// The content of a wrapper message.
fn put_plain_content<T: Scalar>(value: T, out: &mut Vec<u8>) {
    if !value.is_default() {
        Key { number: 1, code: code::PLAIN }.put(T::wire_type(code::PLAIN), out);
        value.put(code::PLAIN, out);
    }
}

/// The size of a list of scalars, packed if possible.
fn list_len<T: Scalar>(list: impl Iterator<Item = T>, key: Key) -> usize {
    if !is_packed::<T>(key) {
        return list.map(|value| scalar_len(value, key)).sum();
    }
    match list.map(|value| value.size(key.kind())).sum() {
        0 => 0,
        len => key.len() + with_len(len),
    }
}

fn put_list<T: Scalar>(list: impl ExactSizeIterator<Item = T> + Clone, key: Key, out: &mut Vec<u8>) {
    if !is_packed::<T>(key) {
        list.for_each(|value| put_scalar(value, key, out));
    } else if list.len() > 0 {
        key.put(WireType::LengthDelimited, out);
        put_varint(out, list.clone().map(|value| value.size(key.kind())).sum::<usize>() as u64);
        list.for_each(|value| value.put(key.kind(), out));
    }
}

fn is_packed<T: Scalar>(key: Key) -> bool {
    let is_number = T::wire_type(key.kind()) != WireType::LengthDelimited;
    is_number && !key.flag() && key.kind() != code::WRAPPER
}

/// The size of a field that holds a message of this length.
fn message_len(len: usize, key: Key) -> usize {
    if key.kind() == code::GROUP { 2 * key.len() + len } else { key.len() + with_len(len) }
}

/// Writes a message and then its length before it, so that nothing is measured first.
fn put_message(message: &dyn Fields, key: Key, out: &mut Vec<u8>) {
    enclosed(key, out, |out| put(message, out));
}

fn put_foreign(message: &dyn Foreign, key: Key, out: &mut Vec<u8>) {
    enclosed(key, out, |out| message.put(out));
}

#[inline]
fn enclosed(key: Key, out: &mut Vec<u8>, content: impl FnOnce(&mut Vec<u8>)) {
    if key.kind() == code::GROUP {
        key.put(WireType::StartGroup, out);
        content(out);
        key.put(WireType::EndGroup, out);
        return;
    }
    let start = open_len(out, key.number);
    content(out);
    close_len(out, start);
}

const fn with_len(len: usize) -> usize {
    encoded_len_varint(len as u64) + len
}
