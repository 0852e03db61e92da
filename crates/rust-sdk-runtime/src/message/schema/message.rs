//! The table of a message, with JSON.

use std::borrow::Cow;
use std::sync::OnceLock;

use super::Shown;
use super::WellKnown;
use super::field::{self, Field};
use super::key::JsonKey;
use crate::message::digest::digest;

/// The table of one message.
#[derive(Debug)]
pub struct MessageSchema {
    name: &'static str,
    rust_name: &'static str,
    fields: &'static [Field],
    well_known: Option<WellKnown>,
    derived: OnceLock<Derived>,
}

/// What follows from a table. It is computed at the first use: computing it in constants took 8 % of the time to check a large API's crate.
#[derive(Debug)]
struct Derived {
    has_required: bool,
    /// The key of each field.
    keys: Box<[JsonKey]>,
    /// The digest of each field's JSON name.
    digests: Box<[u64]>,
}

impl MessageSchema {
    /// A table from the full name, `package.Message`, the path of the Rust type, and the fields, ordered by number.
    ///
    /// # Panics
    /// When the table is used first, if the fields are not ordered by number.
    pub const fn new(name: &'static str, rust_name: &'static str, fields: &'static [Field]) -> Self {
        Self { name, rust_name, fields, well_known: WellKnown::from_name(name), derived: OnceLock::new() }
    }

    #[inline]
    fn derived(&self) -> &Derived {
        self.derived.get_or_init(|| Derived {
            has_required: field::check(self.fields),
            keys: self.fields.iter().map(Field::key).collect(),
            digests: self.fields.iter().map(|field| digest(field.json_name().as_bytes())).collect(),
        })
    }

    /// The keys of the fields in JSON, in the order of the fields.
    #[inline]
    pub(crate) fn keys(&self) -> &[JsonKey] {
        &self.derived().keys
    }

    /// The JSON name of the field with this index.
    #[inline]
    pub(crate) fn json_name(&self, index: usize) -> Cow<'_, str> {
        self.keys()[index].name().map_or_else(|| self.fields[index].json_name(), Cow::Borrowed)
    }

    /// The full name, `package.Message`.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The path of the Rust type.
    pub(crate) const fn rust_path(&self) -> &'static str {
        self.rust_name
    }

    /// The fields in order of their numbers.
    pub const fn fields(&self) -> &'static [Field] {
        self.fields
    }

    /// The well-known type with a JSON form of its own that the message is, if any.
    pub const fn well_known(&self) -> Option<WellKnown> {
        self.well_known
    }

    /// Whether a field is required (proto2), so that reading must check.
    pub fn has_required(&self) -> bool {
        self.derived().has_required
    }

    /// The field with this name in the `.proto` file.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The variant of a member of a oneof.
    #[allow(clippy::unused_self)] // Where JSON is not compiled in, it is the table that knows.
    pub(crate) fn variant(&self, field: &Field) -> Option<&'static str> {
        field.oneof().map(|_| field.variant)
    }

    /// How `Debug` prints the field.
    #[allow(clippy::unused_self)] // As above.
    pub(crate) fn shown(&self, field: &Field) -> Shown {
        field.shown()
    }

    /// The field with this number, and its index. `last` is the index found before: most likely the field is the same or one of the next.
    #[inline]
    pub(crate) fn find(&self, number: u32, last: usize) -> Option<(usize, &'static Field)> {
        for index in last..last + 4 {
            match self.fields.get(index) {
                Some(field) if field.number == number => return Some((index, field)),
                Some(field) if field.number < number => {}
                _ => break,
            }
        }
        self.search(number).map(|index| (index, &self.fields[index]))
    }

    /// The index of the field with this number.
    #[inline]
    pub(crate) fn index_of(&self, number: u32, last: usize) -> Option<usize> {
        self.find(number, last).map(|found| found.0)
    }

    /// The index of the field for a JSON key, by either of its names. If a field's JSON name is another field's name, the JSON name wins.
    /// `next` is the likely index.
    #[inline]
    pub(crate) fn index_of_key(&self, key: &str, next: usize) -> Option<usize> {
        match self.keys().get(next) {
            Some(likely) if likely.is(key) => Some(next),
            _ => self.search_key(key, next),
        }
    }

    /// The index of a oneof's first member, which identifies the oneof.
    pub(crate) fn first_member(&self, oneof: &str) -> usize {
        self.fields.iter().position(|field| field.oneof() == Some(oneof)).unwrap_or(self.fields.len())
    }

    #[inline(never)]
    fn search_key(&self, key: &str, next: usize) -> Option<usize> {
        let Derived { keys, digests, .. } = self.derived();
        let digest = digest(key.as_bytes());
        if let Some(index) = digests.iter().position(|known| *known == digest)
            && keys[index].is(key)
        {
            return Some(index);
        }
        // Most likely the field is one of the next.
        let count = self.fields.len();
        let by =
            |is: &dyn Fn(usize) -> bool| (next..count).chain(0..next.min(count)).find(|index| is(*index));
        by(&|index| keys[index].is(key) || keys[index].is_none() && self.fields[index].json_name() == key)
            .or_else(|| by(&|index| self.fields[index].name == key))
    }
}
