//! `Debug` of messages, as a derive would print them, but for enums, which are numbers in Rust and are printed by their names,
//! and for secrets, which are not printed.

use std::fmt::{self, Debug, Formatter};

use super::Fields;
use super::view::{Member, View};
use crate::message::schema::{Field, Kind, Presence};

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
    let mut out = f.debug_struct(table.rust_name());
    for field in table.fields().iter().filter(|field| field.oneof().is_none()) {
        out.field(without_raw(field.rust_name), &Printed { message, field });
    }
    // Last in prost's structs, too.
    let mut printed = Vec::new();
    for oneof in table.fields().iter().filter_map(Field::oneof) {
        if !printed.contains(&oneof) {
            printed.push(oneof);
            out.field(without_raw(oneof), &Oneof { message, name: oneof });
        }
    }
    out.finish()
}

/// The name of a field, which may be a raw identifier.
fn without_raw(name: &str) -> &str {
    name.strip_prefix("r#").unwrap_or(name)
}

/// A field, or a member of a oneof that is set.
struct Printed<'a> {
    message: &'a dyn Fields,
    field: &'static Field,
}

impl Debug for Printed<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { message, field } = self;
        if field.is_redacted {
            return f.write_str("<redacted>");
        }
        match message.view(field.number) {
            View::Unset => f.write_str("None"),
            view if field.presence == Presence::Explicit => {
                f.debug_tuple("Some").field(&Value(view, &field.kind)).finish()
            }
            view => Value(view, &field.kind).fmt(f),
        }
    }
}

/// A oneof.
struct Oneof<'a> {
    message: &'a dyn Fields,
    name: &'static str,
}

impl Debug for Oneof<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut members =
            self.message.table().fields().iter().filter(|field| field.oneof() == Some(self.name));
        match members.find(|field| !matches!(self.message.view(field.number), View::Unset)) {
            Some(field) => {
                let value = Printed { message: self.message, field };
                f.debug_tuple("Some").field(&Variant { name: field.variant, value }).finish()
            }
            None => f.write_str("None"),
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

/// `Debug` of a oneof: the variant and its value, unless that is not to be printed.
pub fn debug_member(oneof: &impl Member, variant: &str, field: &Field, f: &mut Formatter<'_>) -> fmt::Result {
    print_member(oneof.member(field.number), variant, field, f)
}

fn print_member(value: View<'_>, variant: &str, field: &Field, f: &mut Formatter<'_>) -> fmt::Result {
    let mut out = f.debug_tuple(variant);
    if field.is_redacted {
        out.field(&format_args!("<redacted>"));
    } else {
        out.field(&Value(value, &field.kind));
    }
    out.finish()
}

/// What a field of this kind holds, with the numbers of enums printed by their names.
struct Value<'a>(View<'a>, &'a Kind);

impl Debug for Value<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self(view, kind) = *self;
        match (view, kind) {
            (View::I32(n), Kind::Enum(schema)) => (schema.debug)(n, f),
            (View::I32s(list), Kind::Enum(_)) => {
                f.debug_list().entries(list.iter().map(|n| Value(View::I32(*n), kind))).finish()
            }
            (View::Messages(list), _) => f
                .debug_list()
                .entries(list.iter().map(|message| Value(View::Message(message), kind)))
                .finish(),
            (View::Map(map), _) => print_map(map.entries(), kind, f),
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
            (View::ForeignMap(map), _) => print_map(map.entries(), kind, f),
            (View::Unset, _) => f.write_str("None"),
        }
    }
}

fn print_map<'a>(
    entries: impl Iterator<Item = (View<'a>, View<'a>)>,
    kind: &'a Kind,
    f: &mut Formatter<'_>,
) -> fmt::Result {
    // A key is no enum.
    let entries = entries.map(|(key, value)| (Value(key, &Kind::String), Value(value, kind)));
    f.debug_map().entries(entries).finish()
}
