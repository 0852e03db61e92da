//! Messages of other crates, of which only prost's `Message` is known.

use std::collections::BTreeMap;
use std::fmt::Debug;

use prost::encoding::{self, DecodeContext, WireType};
use prost::{DecodeError, Message};

use super::view::{Fill, Single, View, ViewMut};
use super::{Input, Key, code};

/// A message of another crate.
pub trait Foreign {
    /// prost's `encoded_len`.
    fn size(&self) -> usize;

    /// Appends the message's fields.
    fn put(&self, out: &mut Vec<u8>);

    /// Merges a message into this one, after its tag was read.
    ///
    /// # Errors
    /// If the bytes are not a valid message.
    fn merge(
        &mut self,
        key: Key,
        wire_type: WireType,
        input: &mut Input<'_>,
        context: DecodeContext,
    ) -> Result<(), DecodeError>;

    /// The message, for printing.
    fn debug(&self) -> &dyn Debug;
}

impl<M: Message + Debug> Foreign for M {
    fn size(&self) -> usize {
        self.encoded_len()
    }

    fn put(&self, out: &mut Vec<u8>) {
        self.encode_raw(out);
    }

    fn merge(
        &mut self,
        key: Key,
        wire_type: WireType,
        input: &mut Input<'_>,
        context: DecodeContext,
    ) -> Result<(), DecodeError> {
        if key.kind() == code::GROUP {
            return encoding::group::merge(key.number, wire_type, self, input, context);
        }
        encoding::message::merge(wire_type, self, input, context)
    }

    fn debug(&self) -> &dyn Debug {
        self
    }
}

impl dyn Foreign + '_ {
    /// The message's bytes, by which messages of other crates are compared.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.put(&mut out);
        out
    }
}

/// A list of messages of another crate.
pub trait Foreigns {
    /// The number of messages.
    fn count(&self) -> usize;

    /// The message at this index.
    fn get(&self, index: usize) -> Option<&dyn Foreign>;

    /// Adds a message and returns it, mutable.
    fn add(&mut self) -> &mut dyn Foreign;
}

impl<M: Message + Default + Debug> Foreigns for Vec<M> {
    fn count(&self) -> usize {
        self.len()
    }

    fn get(&self, index: usize) -> Option<&dyn Foreign> {
        let message: &dyn Foreign = self.as_slice().get(index)?;
        Some(message)
    }

    fn add(&mut self) -> &mut dyn Foreign {
        self.push(M::default());
        let last = self.len() - 1;
        &mut self[last]
    }
}

impl dyn Foreigns + '_ {
    /// The messages, in their order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &dyn Foreign> {
        (0..self.count()).map_while(|index| self.get(index))
    }
}

/// A map with values of another crate.
pub trait ForeignMap {
    /// How many entries there are.
    fn count(&self) -> usize;

    /// The entries, in the order of their keys.
    fn entries<'a>(&'a self) -> Box<dyn Iterator<Item = (View<'a>, View<'a>)> + 'a>;

    /// The size of an entry, without what it refers to.
    fn entry_size(&self) -> usize;

    /// Adds or replaces an entry, and returns whether the key is new. If `fill` rejects the entry, nothing is added and the result is
    /// `None`.
    fn insert(&mut self, fill: &mut Fill<'_>) -> Option<bool>;
}

impl<K: Single + Ord + Default, M: Message + Default + Debug> ForeignMap for BTreeMap<K, M> {
    fn count(&self) -> usize {
        self.len()
    }

    fn entries<'a>(&'a self) -> Box<dyn Iterator<Item = (View<'a>, View<'a>)> + 'a> {
        Box::new(self.iter().map(|(key, value)| (key.one(), View::Foreign(value))))
    }

    fn entry_size(&self) -> usize {
        size_of::<(K, M)>()
    }

    fn insert(&mut self, fill: &mut Fill<'_>) -> Option<bool> {
        let (mut key, mut value) = (K::default(), M::default());
        if !fill(key.one_mut(), ViewMut::Foreign(&mut value)) {
            return None;
        }
        Some(self.insert(key, value).is_none())
    }
}
