//! `Debug` of messages, as a derive would print them. Two differences: enums, which are numbers in Rust, are printed by name, and secrets
//! are not printed.

use std::fmt::{self, Debug, Formatter};

use super::{Fields, Key, Oneof, View};
use crate::message::schema::{Field, Shown};

/// Prints a number as the name of the enum's value, if it has one.
pub fn show<E: TryFrom<i32> + Debug>(number: i32, f: &mut Formatter<'_>) -> fmt::Result {
    match E::try_from(number) {
        Ok(value) => value.fmt(f),
        Err(_) => number.fmt(f),
    }
}

/// `Debug`.
pub fn debug(message: &dyn Fields, f: &mut Formatter<'_>) -> fmt::Result {
    let table = message.table();
    let mut out = f.debug_struct(table.rust_name());
    for field in table.fields().iter().filter(|field| table.variant(field).is_none()) {
        out.field(without_raw(field.rust_name), &Printed { message, field });
    }
    // Oneofs come last, as in prost's structs.
    let mut printed = Vec::new();
    for field in table.fields().iter().filter(|field| table.variant(field).is_some()) {
        let name = field.rust_name;
        if !printed.contains(&name) {
            printed.push(name);
            out.field(without_raw(name), &Choice { message, name });
        }
    }
    out.finish()
}

/// The name of a field without `r#`.
fn without_raw(name: &str) -> &str {
    name.strip_prefix("r#").unwrap_or(name)
}

/// A field that is not a member of a oneof.
struct Printed<'a> {
    message: &'a dyn Fields,
    field: &'static Field,
}

impl Debug for Printed<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { message, field } = self;
        let shown = message.table().shown(field);
        match message.view(field.number) {
            _ if matches!(shown, Shown::Redacted) => Value(View::Unset, shown).fmt(f),
            View::Unset => f.write_str("None"),
            view if Key::of(field).is_optional() && !view.is_repeated() => {
                f.debug_tuple("Some").field(&Value(view, shown)).finish()
            }
            view => Value(view, shown).fmt(f),
        }
    }
}

/// A oneof of a message.
struct Choice<'a> {
    message: &'a dyn Fields,
    name: &'static str,
}

impl Debug for Choice<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let table = self.message.table();
        let set = table.fields().iter().filter(|field| field.rust_name == self.name).find_map(|field| {
            match self.message.view(field.number) {
                View::Unset => None,
                value => Some((table.variant(field)?, Value(value, table.shown(field)))),
            }
        });
        match set {
            Some((name, value)) => f.debug_tuple("Some").field(&Variant { name, value }).finish(),
            None => f.write_str("None"),
        }
    }
}

struct Variant<'a> {
    name: &'a str,
    value: Value<'a>,
}

impl Debug for Variant<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_tuple(self.name).field(&self.value).finish()
    }
}

/// `Debug` of a oneof: the variant and its value. `shown` says how the value is printed; if it is empty, the value is printed as it is.
pub fn debug_member(
    oneof: &impl Oneof,
    (number, name): (u32, &str),
    shown: &[Shown],
    f: &mut Formatter<'_>,
) -> fmt::Result {
    print_member(oneof.member(number), name, shown, f)
}

fn print_member(value: View<'_>, name: &str, shown: &[Shown], f: &mut Formatter<'_>) -> fmt::Result {
    let shown = shown.last().copied().unwrap_or(Shown::Plain);
    Variant { name, value: Value(value, shown) }.fmt(f)
}

/// A field's value, and how it is printed.
struct Value<'a>(View<'a>, Shown);

impl Debug for Value<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self(view, shown) = *self;
        match (view, shown) {
            (_, Shown::Redacted) => f.write_str("<redacted>"),
            (View::I32(n), Shown::Enum(show)) => show(n, f),
            (View::I32s(list), Shown::Enum(_)) => {
                f.debug_list().entries(list.iter().map(|n| Value(View::I32(*n), shown))).finish()
            }
            (View::Messages(list), _) => f
                .debug_list()
                .entries(list.iter().map(|message| Value(View::Message(message), shown)))
                .finish(),
            (View::Map(map), _) => print_map(map.entries(), shown, f),
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
            (View::Foreign(message), _) => message.debug().fmt(f),
            (View::Foreigns(list), _) => f.debug_list().entries(list.iter().map(|m| m.debug())).finish(),
            (View::ForeignMap(map), _) => print_map(map.entries(), shown, f),
            (View::Unset, _) => f.write_str("None"),
        }
    }
}

fn print_map<'a>(
    entries: impl Iterator<Item = (View<'a>, View<'a>)>,
    shown: Shown,
    f: &mut Formatter<'_>,
) -> fmt::Result {
    // A key is never an enum.
    let entries = entries.map(|(key, value)| (Value(key, Shown::Plain), Value(value, shown)));
    f.debug_map().entries(entries).finish()
}
