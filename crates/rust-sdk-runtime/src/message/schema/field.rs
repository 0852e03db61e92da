//! The fields of a message in its table.

use std::borrow::Cow;

use super::Shown;
use super::key::JsonKey;
use super::{Kind, MessageSchema, Presence};

/// One field.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The field number.
    pub number: u32,
    /// The encoding of the field, in addition to its Rust type: see [`code`](super::code).
    pub(crate) code: u8,
    pub(crate) is_redacted: bool,
    /// How often the field may occur, and whether absence differs from the default.
    pub presence: Presence,
    /// The type; for a map, the type of its values.
    pub kind: Kind,
    /// The type of a map's keys.
    pub map_key: Option<Kind>,
    /// The field of the Rust struct; for a member of a oneof, the oneof's field.
    pub(crate) rust_name: &'static str,
    /// The variant of a member of a oneof.
    pub(crate) variant: &'static str,
    /// The name in the `.proto` file.
    pub name: &'static str,
    json_name: Option<&'static str>,
}

impl Field {
    /// A field of a struct. By default it has the name of the Rust field, and the JSON name that protobuf derives from that.
    pub const fn new(number: u32, presence: Presence, kind: Kind, name: &'static str) -> Self {
        Self::coded(number, presence.code(&kind), presence, kind, name)
    }

    /// The same with a known code. The compiler evaluates this for each field of an API, so it does nothing else.
    pub(crate) const fn coded(
        number: u32,
        code: u8,
        presence: Presence,
        kind: Kind,
        name: &'static str,
    ) -> Self {
        Self {
            number,
            code,
            is_redacted: false,
            presence,
            kind,
            map_key: None,
            rust_name: name,
            variant: "",
            name,
            json_name: None,
        }
    }

    /// Makes the field a map. The other field has the kind of its keys.
    #[must_use]
    pub const fn keyed_by(mut self, key: Self) -> Self {
        self.code |= key.code << 4;
        self.map_key = Some(key.kind);
        self
    }

    /// Makes the field a member of a oneof, with this variant.
    #[must_use]
    pub const fn variant(mut self, variant: &'static str) -> Self {
        self.variant = variant;
        self
    }

    /// Sets the name in the `.proto` file, if it differs from the Rust field's.
    #[must_use]
    pub const fn named(mut self, name: &'static str) -> Self {
        self.name = name;
        self
    }

    /// Sets the JSON name, if it differs from the derived one.
    #[must_use]
    pub const fn json(mut self, name: &'static str) -> Self {
        self.json_name = Some(name);
        self
    }

    /// Keeps the value out of the output of `Debug`.
    #[must_use]
    pub const fn redacted(mut self) -> Self {
        self.is_redacted = true;
        self
    }

    /// The JSON name: the API's own, else the derived one in `lowerCamel`.
    pub fn json_name(&self) -> Cow<'static, str> {
        self.json_name.map_or_else(|| derived_name(self.name).into(), Cow::Borrowed)
    }

    /// The JSON name as a key.
    pub(super) fn key(&self) -> JsonKey {
        JsonKey::new(&self.json_name())
    }

    /// How `Debug` prints the value.
    pub(crate) const fn shown(&self) -> Shown {
        match self.kind {
            _ if self.is_redacted => Shown::Redacted,
            Kind::Enum(schema) => Shown::Enum(schema.debug),
            _ => Shown::Plain,
        }
    }

    /// The oneof of which the field is a member, by its field in the Rust struct.
    #[inline]
    pub const fn oneof(&self) -> Option<&'static str> {
        match self.presence {
            Presence::Oneof(oneof) => Some(oneof),
            _ => None,
        }
    }

    /// Whether the field is a map.
    pub const fn is_map(&self) -> bool {
        self.map_key.is_some()
    }

    /// The message type of a field with a single message. `None` for lists and maps.
    pub(crate) fn message(&self) -> Option<&'static MessageSchema> {
        if self.presence.is_repeated() { None } else { self.kind.message() }
    }

    /// Whether a list may be packed.
    pub(crate) const fn is_packable(&self) -> bool {
        self.map_key.is_none() && self.kind.is_packable()
    }

    /// The fields of a message. Sorts the last `unordered` of them into the order of the numbers.
    #[must_use]
    pub const fn list<const N: usize>(mut fields: [Self; N], unordered: usize) -> [Self; N] {
        let mut i = N - unordered;
        while i < N {
            let mut at = i;
            while at > 0 && fields[at - 1].number > fields[at].number {
                (fields[at - 1], fields[at]) = (fields[at], fields[at - 1]);
                at -= 1;
            }
            i += 1;
        }
        fields
    }
}

/// Checks a message's fields, and returns whether one is required.
pub(super) fn check(fields: &[Field]) -> bool {
    assert!(fields.is_sorted_by_key(|field| field.number), "the fields are not ordered by number");
    fields.iter().any(|field| matches!(field.presence, Presence::Required))
}

/// The JSON name that protobuf derives from a field's name: `_x` becomes `X`.
fn derived_name(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut is_upper = false;
    for char in name.chars() {
        if char != '_' {
            out.push(if is_upper { char.to_ascii_uppercase() } else { char });
        }
        is_upper = char == '_';
    }
    out
}

#[cfg(test)]
mod tests {
    use super::derived_name;

    #[test]
    fn names_are_derived_as_protobuf_does() {
        for (name, json) in [
            ("name", "name"),
            ("created_at", "createdAt"),
            ("_x", "X"),
            ("a__b_", "aB"),
            ("field_2", "field2"),
            ("FooBar", "FooBar"),
            ("foo_Bar", "fooBar"),
        ] {
            assert_eq!(derived_name(name), json);
        }
    }
}
