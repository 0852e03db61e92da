//! `Debug` of messages, as a derive would print them, but for enums, which are numbers in Rust and are printed by their names,
//! and for secrets, which are not printed.

use std::fmt::{self, Debug, Formatter};

use super::view::View;
use super::{Fields, Key, Op, code, foreign, label, last};

/// How a field is printed.
#[derive(Clone, Copy, Debug)]
pub enum Shown {
    /// By the names of an enum's values.
    Enum(Show),
    /// Not at all.
    Redacted,
}

/// Prints a number by the name of the enum's value, if there is one.
pub fn show<E: TryFrom<i32> + Debug>(number: i32, f: &mut Formatter<'_>) -> fmt::Result {
    match E::try_from(number) {
        Ok(value) => value.fmt(f),
        Err(_) => number.fmt(f),
    }
}

/// `Debug`.
pub fn debug(message: &dyn Fields, f: &mut Formatter<'_>) -> fmt::Result {
    let table = message.table();
    let mut out = f.debug_struct(last(table.name));
    for &(number, code, name) in table.fields.iter().filter(|field| !is_member(field.2)) {
        let is_optional = code & (code::FLAG | code::REQUIRED) == code::FLAG;
        out.field(label(name), &Printed { message, key: Key { number, code }, is_optional });
    }
    // Last in prost's structs, too.
    let mut oneofs = Vec::new();
    for &(.., name) in table.fields.iter().filter(|field| is_member(field.2)) {
        let name = label(name);
        if !oneofs.contains(&name) {
            oneofs.push(name);
            out.field(name, &Oneof { message, name });
        }
    }
    out.finish()
}

/// Whether the name is that of a oneof and its variant.
fn is_member(name: &str) -> bool {
    name.contains(' ')
}

/// A field, or a member of a oneof that is set.
struct Printed<'a> {
    message: &'a dyn Fields,
    key: Key,
    is_optional: bool,
}

impl Debug for Printed<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { message, key, is_optional } = *self;
        let by_name = match message.table().shown.iter().find(|shown| shown.0 == key.number) {
            Some((_, Shown::Redacted)) => return f.write_str("<redacted>"),
            Some((_, Shown::Enum(show))) => Some(*show),
            None => None,
        };
        match message.view(key.number) {
            View::Foreign => {
                let mut result = Ok(());
                print_foreign(message, key, &mut |field| result = field.fmt(f));
                result
            }
            View::Unset => f.write_str("None"),
            view if is_optional && !view.is_many() => {
                f.debug_tuple("Some").field(&Value(view, by_name)).finish()
            }
            view => Value(view, by_name).fmt(f),
        }
    }
}

/// Gives what a field of messages of another crate holds; nothing for a member of a oneof that is not set.
fn print_foreign(message: &dyn Fields, key: Key, print: &mut dyn FnMut(&dyn Debug)) {
    message.foreign(key.number, Op { key, to: foreign::To::Debug(print) });
}

/// A oneof.
struct Oneof<'a> {
    message: &'a dyn Fields,
    name: &'a str,
}

impl Debug for Oneof<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let members = self.message.table().fields.iter();
        let mut set = members.filter(|(number, code, name)| {
            is_member(name) && label(name) == self.name && self.is_set(Key { number: *number, code: *code })
        });
        match set.next() {
            Some(&(number, code, name)) => {
                let value = Printed { message: self.message, key: Key { number, code }, is_optional: false };
                f.debug_tuple("Some").field(&Variant { name: last(name), value }).finish()
            }
            None => f.write_str("None"),
        }
    }
}

impl Oneof<'_> {
    fn is_set(&self, key: Key) -> bool {
        match self.message.view(key.number) {
            View::Unset => false,
            View::Foreign => {
                let mut is_set = false;
                print_foreign(self.message, key, &mut |_| is_set = true);
                is_set
            }
            _ => true,
        }
    }
}

struct Variant<'a> {
    name: &'a str,
    value: Printed<'a>,
}

impl Debug for Variant<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_tuple(self.name).field(&self.value).finish()
    }
}

/// What a field holds, with its numbers printed by the names of an enum if there is one.
struct Value<'a>(View<'a>, Option<Show>);

type Show = fn(i32, &mut Formatter<'_>) -> fmt::Result;

impl Debug for Value<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self(view, by_name) = *self;
        match (view, by_name) {
            (View::I32(n), Some(show)) => show(n, f),
            (View::I32s(list), Some(_)) => {
                f.debug_list().entries(list.iter().map(|n| Value(View::I32(*n), by_name))).finish()
            }
            (View::Messages(list), _) => f
                .debug_list()
                .entries(list.iter().map(|message| Value(View::Message(message), None)))
                .finish(),
            (View::Map(map), _) => {
                let entries = map.entries().map(|(key, value)| (Value(key, None), Value(value, by_name)));
                f.debug_map().entries(entries).finish()
            }
            (View::Message(message), _) => debug(message, f),
            (View::Str(value), _) => value.fmt(f),
            (View::Bytes(value), _) => value.fmt(f),
            (View::Bool(value), _) => value.fmt(f),
            (View::I32(value), _) => value.fmt(f),
            (View::I64(value), _) => value.fmt(f),
            (View::U32(value), _) => value.fmt(f),
            (View::U64(value), _) => value.fmt(f),
            (View::F32(value), _) => value.fmt(f),
            (View::F64(value), _) => value.fmt(f),
            (View::Strs(list), _) => list.fmt(f),
            (View::BytesList(list), _) => list.fmt(f),
            (View::Bools(list), _) => list.fmt(f),
            (View::I32s(list), _) => list.fmt(f),
            (View::I64s(list), _) => list.fmt(f),
            (View::U32s(list), _) => list.fmt(f),
            (View::U64s(list), _) => list.fmt(f),
            (View::F32s(list), _) => list.fmt(f),
            (View::F64s(list), _) => list.fmt(f),
            (View::Unset | View::Foreign, _) => f.write_str("None"),
        }
    }
}
