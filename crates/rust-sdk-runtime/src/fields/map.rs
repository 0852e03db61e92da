//! Maps: lists of messages with the key as field 1 and the value as field 2.

use std::collections::BTreeMap;

use prost::DecodeError;
use prost::encoding::{DecodeContext, WireType, skip_field};

use super::message::{self, Inner};
use super::scalar::Scalar;
use super::{Field, Input, Key, code};

/// The keys of the two fields of an entry.
pub(super) const fn entry(key: Key) -> (Key, Key) {
    (Key { number: 1, code: key.code >> 4 }, Key { number: 2, code: key.code & 0xf })
}

struct Entry<'a, K, V> {
    key: &'a mut K,
    value: &'a mut V,
    of: Key,
}

impl<K: Field, V: Field> Inner for Entry<'_, K, V> {
    fn merge_inner(
        &mut self,
        number: u32,
        wire_type: WireType,
        input: &mut Input<'_>,
        context: DecodeContext,
    ) -> Result<(), DecodeError> {
        let (key, value) = entry(self.of);
        match number {
            1 => self.key.merge(key, wire_type, input, context),
            2 => self.value.merge(value, wire_type, input, context),
            _ => skip_field(wire_type, number, input, context),
        }
    }
}

impl<K: Scalar + Field + Ord, V: Field + Default> Field for BTreeMap<K, V> {
    fn len(&self, key: Key) -> usize {
        let (of_key, of_value) = entry(key);
        let len = |(k, v): (&K, &V)| message::len_of(k.len(of_key) + v.len(of_value), list(key));
        self.iter().map(len).sum()
    }

    fn put(&self, key: Key, out: &mut Vec<u8>) {
        let (of_key, of_value) = entry(key);
        for (k, v) in self {
            let start = crate::put::open_len(out, key.number);
            k.put(of_key, out);
            v.put(of_value, out);
            crate::put::close_len(out, start);
        }
    }

    fn merge(
        &mut self,
        key: Key,
        wire_type: WireType,
        input: &mut Input<'_>,
        context: DecodeContext,
    ) -> Result<(), DecodeError> {
        let (mut k, mut v) = (K::default(), V::default());
        let mut entry = Entry { key: &mut k, value: &mut v, of: key };
        message::merge(&mut entry, list(key), wire_type, input, context)?;
        self.insert(k, v);
        Ok(())
    }
}

/// The map as a list of messages.
const fn list(key: Key) -> Key {
    Key { number: key.number, code: code::PLAIN }
}
