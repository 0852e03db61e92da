//! Messages of other crates, of which no more is known than that they are prost's.

use std::collections::BTreeMap;
use std::fmt;

use prost::encoding::{self, DecodeContext, WireType};
use prost::{DecodeError, Message};

use super::read::{self, Inner};
use super::view::Single;
use super::write;
use super::{Fields, Input, Key, code};

/// A field's messages are to be encoded, or printed.
pub struct Op<'a> {
    pub(super) key: Key,
    pub(super) to: To<'a>,
}

pub(super) enum To<'a> {
    /// The length is added.
    Len(&'a mut usize),
    /// The bytes are appended.
    Bytes(&'a mut Vec<u8>),
    /// The field is printed by this.
    Debug(&'a mut dyn FnMut(&dyn fmt::Debug)),
}

impl Op<'_> {
    /// An optional message.
    pub fn one<M: Message + fmt::Debug>(self, message: &Option<M>) {
        match self.to {
            To::Debug(print) => print(message),
            to => Op { key: self.key, to }.each(message),
        }
    }

    /// A message that is there.
    pub fn plain<M: Message + fmt::Debug>(self, message: &M) {
        match self.to {
            To::Debug(print) => print(message),
            to => Op { key: self.key, to }.each([message]),
        }
    }

    /// A list of messages.
    pub fn list<M: Message + fmt::Debug>(self, messages: &Vec<M>) {
        match self.to {
            To::Debug(print) => print(messages),
            to => Op { key: self.key, to }.each(messages),
        }
    }

    fn each<'m, M: Message + 'm>(self, messages: impl IntoIterator<Item = &'m M>) {
        let group = self.key.flag();
        let number = self.key.number;
        match self.to {
            To::Len(len) => {
                let of = |message: &M| {
                    if group {
                        encoding::group::encoded_len(number, message)
                    } else {
                        encoding::message::encoded_len(number, message)
                    }
                };
                *len += messages.into_iter().map(of).sum::<usize>();
            }
            To::Bytes(out) => {
                for message in messages {
                    if group {
                        encoding::group::encode(number, message, out);
                    } else {
                        encoding::message::encode(number, message, out);
                    }
                }
            }
            To::Debug(_) => {}
        }
    }

    /// A map of messages.
    pub fn map<K: MapKey, M: Message + Default + PartialEq + fmt::Debug>(self, entries: &BTreeMap<K, M>) {
        let (of_key, _) = self.key.entry();
        let number = self.key.number;
        let key_len = |_: u32, key: &K| write::field_len(key.one(), of_key);
        match self.to {
            To::Len(len) => {
                *len += encoding::btree_map::encoded_len(
                    key_len,
                    encoding::message::encoded_len,
                    number,
                    entries,
                );
            }
            To::Bytes(out) => encoding::btree_map::encode(
                |_, key: &K, out: &mut Vec<u8>| write::put_field(key.one(), of_key, out),
                key_len,
                encoding::message::encode,
                encoding::message::encoded_len,
                number,
                entries,
                out,
            ),
            To::Debug(print) => print(entries),
        }
    }
}

/// The records of a field that holds messages of another crate.
pub(crate) fn records(message: &dyn Fields, number: u32) -> Vec<u8> {
    let mut out = Vec::new();
    if let Some(&(_, code, _)) = message.table().find(number) {
        message.foreign(number, Op { key: Key { number, code }, to: To::Bytes(&mut out) });
    }
    out
}

/// The key of a map.
pub trait MapKey: Single + Default + Ord + std::hash::Hash + fmt::Debug {}

impl<K: Single + Default + Ord + std::hash::Hash + fmt::Debug> MapKey for K {}

/// A field's messages are to be decoded.
#[derive(Debug)]
pub struct OpMut<'a, 'b> {
    pub(super) key: Key,
    pub(super) wire_type: WireType,
    pub(super) input: &'a mut Input<'b>,
    pub(super) context: DecodeContext,
}

impl OpMut<'_, '_> {
    /// Decodes into one message.
    ///
    /// # Errors
    /// If the bytes are no such message.
    pub fn one<M: Message>(self, message: &mut M) -> Result<(), DecodeError> {
        let Self { key, wire_type, input, context } = self;
        if key.flag() {
            return encoding::group::merge(key.number, wire_type, message, input, context);
        }
        encoding::message::merge(wire_type, message, input, context)
    }

    /// Decodes one more message of a list.
    ///
    /// # Errors
    /// If the bytes are no such message.
    pub fn list<M: Message + Default>(self, messages: &mut Vec<M>) -> Result<(), DecodeError> {
        let mut message = M::default();
        self.one(&mut message)?;
        messages.push(message);
        Ok(())
    }

    /// Decodes one more entry of a map.
    ///
    /// # Errors
    /// If the bytes are no such entry.
    pub fn map<K: MapKey, M: Message + Default>(
        self,
        entries: &mut BTreeMap<K, M>,
    ) -> Result<(), DecodeError> {
        let (mut key, mut value) = (K::default(), M::default());
        let mut entry = Entry { key: &mut key, value: &mut value, of: self.key.entry().0 };
        let of = Key { number: self.key.number, code: code::PLAIN };
        read::nested(&mut entry, of, self.wire_type, self.input, self.context)?;
        entries.insert(key, value);
        Ok(())
    }
}

struct Entry<'a, K, M> {
    key: &'a mut K,
    value: &'a mut M,
    of: Key,
}

impl<K: MapKey, M: Message> Inner for Entry<'_, K, M> {
    fn merge_inner(
        &mut self,
        number: u32,
        wire_type: WireType,
        input: &mut Input<'_>,
        context: DecodeContext,
    ) -> Result<(), DecodeError> {
        match number {
            1 => read::merge_value(self.key.one_mut(), self.of, wire_type, input, context),
            2 => encoding::message::merge(wire_type, self.value, input, context),
            _ => encoding::skip_field(wire_type, number, input, context),
        }
    }
}
