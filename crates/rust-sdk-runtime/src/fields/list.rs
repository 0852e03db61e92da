//! Lists of scalars. Numbers are written packed unless the key says otherwise, and read in both forms.

use prost::DecodeError;
use prost::encoding::{DecodeContext, WireType, encoded_len_varint, merge_loop};

use super::scalar::{self, Scalar};
use super::{Input, Key, code};

fn is_packable<T: Scalar>(key: Key) -> bool {
    key.kind() != code::WRAPPER && T::wire_type(key.kind()) != WireType::LengthDelimited
}

fn packed_len<T: Scalar>(values: &[T], key: Key) -> usize {
    values.iter().map(|value| value.value_len(key.kind())).sum()
}

pub(super) fn len<T: Scalar>(values: &[T], key: Key) -> usize {
    if values.is_empty() {
        return 0;
    }
    if is_packable::<T>(key) && !key.flag() {
        let len = packed_len(values, key);
        return key.len() + encoded_len_varint(len as u64) + len;
    }
    values.iter().map(|value| scalar::len(value, key)).sum()
}

pub(super) fn put<T: Scalar>(values: &[T], key: Key, out: &mut Vec<u8>) {
    if values.is_empty() {
        return;
    }
    if is_packable::<T>(key) && !key.flag() {
        key.put(WireType::LengthDelimited, out);
        crate::put::put_varint(out, packed_len(values, key) as u64);
        for value in values {
            value.put_value(key.kind(), out);
        }
        return;
    }
    for value in values {
        scalar::put(value, key, out);
    }
}

pub(super) fn merge<T: Scalar>(
    values: &mut Vec<T>,
    key: Key,
    wire_type: WireType,
    input: &mut Input<'_>,
    context: DecodeContext,
) -> Result<(), DecodeError> {
    if is_packable::<T>(key) && wire_type == WireType::LengthDelimited {
        return merge_loop(values, input, context, |values, input, _| {
            let mut value = T::default();
            value.read(key.kind(), input)?;
            values.push(value);
            Ok(())
        });
    }
    let mut value = T::default();
    scalar::merge(&mut value, key, wire_type, input, context)?;
    values.push(value);
    Ok(())
}
