//! Names the functions of messages. They must not collide with each other or with functions of prost and the standard
//! traits.

use crate::api::{Accessors, Field, Kind, Message, Oneof, Presence};
use crate::naming::{self, Scope};

/// Functions of the standard traits that generated types implement. An inherent function of the same name would shadow
/// them.
const STANDARD_FUNCTIONS: [&str; 20] = [
    "borrow",
    "borrow_mut",
    "clone",
    "clone_from",
    "clone_into",
    "cmp",
    "default",
    "deserialize",
    "eq",
    "fmt",
    "from",
    "hash",
    "into",
    "ne",
    "partial_cmp",
    "serialize",
    "to_owned",
    "try_from",
    "try_into",
    "type_id",
];

/// Functions of prost's trait for messages.
const MESSAGE_FUNCTIONS: [&str; 12] = [
    "clear",
    "decode",
    "decode_length_delimited",
    "encode",
    "encode_length_delimited",
    "encode_length_delimited_to_vec",
    "encode_raw",
    "encode_to_vec",
    "encoded_len",
    "merge",
    "merge_field",
    "merge_length_delimited",
];

/// Names the functions of a message.
pub(crate) fn name(fields: &mut [Field], oneofs: &mut [Oneof]) {
    for field in &mut *fields {
        field.accessors = accessors(field);
    }
    let mut scope = taken(fields);
    for field in &mut *fields {
        field.setter = scope.claim(&naming::around("with_", &field.base_name, ""));
    }
    for oneof in oneofs {
        oneof.setter = scope.claim(&naming::around("with_", &oneof.base_name, ""));
    }
    for field in fields {
        field.getter = getter(field).map(|name| scope.claim(&name));
        if is_required_message(field) {
            field.taker = Some(scope.claim(&naming::around("into_", &field.base_name, "")));
        }
    }
}

/// A field's getter. Only members of oneofs, generated enums and required messages have one.
fn getter(field: &Field) -> Option<String> {
    if field.oneof.is_some() {
        return Some(naming::snake(&field.base_name));
    }
    match &field.kind {
        Kind::Enum(ty) if ty.local().is_some() => Some(naming::around("", &field.base_name, "_open")),
        _ => is_required_message(field).then(|| naming::snake(&field.base_name)),
    }
}

/// Whether the field is an `Option` in Rust although it is required.
fn is_required_message(field: &Field) -> bool {
    let is_message = matches!(field.kind, Kind::Message(_) | Kind::Group(_));
    field.required && is_message && field.presence == Presence::Explicit
}

/// The function that starts a mask of this message.
pub(crate) fn mask_function(message: &Message) -> String {
    let mut scope = taken(&message.fields);
    for field in &message.fields {
        for name in [&field.getter, &field.taker].into_iter().flatten() {
            scope.take(name);
        }
    }
    scope.claim("mask")
}

/// The scope of a mask's functions.
pub(crate) fn mask_scope() -> Scope {
    Scope::new(STANDARD_FUNCTIONS)
}

/// The functions of prost's derive, under prost's names.
fn accessors(field: &Field) -> Option<Accessors> {
    if field.oneof.is_some() {
        return None;
    }
    let name = &field.rust_name;
    let bare = name.strip_prefix("r#").unwrap_or(name);
    let with = |verb: &str| Some(format!("{verb}_{bare}"));
    match &field.kind {
        Kind::Map(_, value) if matches!(**value, Kind::Enum(_)) => {
            Some(Accessors { get: format!("get_{bare}"), set: with("insert") })
        }
        Kind::Enum(_) => {
            let set = if field.presence.is_repeated() { with("push") } else { with("set") };
            Some(Accessors { get: name.clone(), set })
        }
        Kind::Scalar(_) if field.presence == Presence::Explicit => {
            Some(Accessors { get: name.clone(), set: None })
        }
        _ => None,
    }
}

/// The names that prost's derive and the traits take.
fn taken(fields: &[Field]) -> Scope {
    let mut scope = Scope::new(STANDARD_FUNCTIONS.into_iter().chain(MESSAGE_FUNCTIONS));
    for accessors in fields.iter().filter_map(|field| field.accessors.as_ref()) {
        scope.take(&accessors.get);
        if let Some(set) = &accessors.set {
            scope.take(set);
        }
    }
    scope
}
