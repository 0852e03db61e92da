//! The functions of messages, named so that they meet neither each other nor what prost and the standard traits give.

use prost_reflect::MessageDescriptor;

use super::types::TypeIndex;
use crate::api::{Field, Kind, Message, Oneof, Presence};
use crate::naming::{self, Scope};

/// Functions of the standard traits that generated types implement. One of the same name would be called in their place.
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

/// The oneofs of a message that are fields in Rust; they are named later.
pub(crate) fn oneofs(message: &MessageDescriptor, index: &TypeIndex) -> Vec<Oneof> {
    let real = message.oneofs().filter(|oneof| !oneof.is_synthetic());
    real.filter_map(|oneof| {
        let step = index.oneof(&oneof.fields().next()?)?;
        Some(Oneof { name: step.name, rust: step.rust, setter: oneof.name().to_owned() })
    })
    .collect()
}

/// Names the functions of a message.
pub(crate) fn name(fields: &mut [Field], oneofs: &mut [Oneof]) {
    let mut scope = taken(fields);
    for field in &mut *fields {
        field.setter = scope.claim(&naming::around("with_", &field.name, ""));
    }
    for oneof in oneofs {
        oneof.setter = scope.claim(&naming::around("with_", &oneof.setter, ""));
    }
    for field in fields {
        field.getter = getter(field).map(|name| scope.claim(&name));
        if is_required_message(field) {
            field.taker = Some(scope.claim(&naming::around("into_", &field.name, "")));
        }
    }
}

/// A field's getter, where one says more than the field itself.
fn getter(field: &Field) -> Option<String> {
    if field.oneof.is_some() {
        return Some(naming::snake(&field.name));
    }
    match &field.kind {
        Kind::Enum(ty) if ty.local().is_some() => Some(naming::around("", &field.name, "_open")),
        _ => is_required_message(field).then(|| naming::snake(&field.name)),
    }
}

/// What is an `Option` in Rust although it must be there.
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

/// A scope for the functions of a mask.
pub(crate) fn mask_scope() -> Scope {
    Scope::new(STANDARD_FUNCTIONS)
}

/// What prost's derive and the traits have taken.
fn taken(fields: &[Field]) -> Scope {
    let mut scope = Scope::new(STANDARD_FUNCTIONS.into_iter().chain(MESSAGE_FUNCTIONS));
    for field in fields.iter().filter(|field| field.oneof.is_none()) {
        let repeated = matches!(field.presence, Presence::Repeated | Presence::Packed);
        let name = &field.rust_name;
        match &field.kind {
            Kind::Enum(_) => {
                scope.take(name);
                let verb = if repeated { "push_" } else { "set_" };
                scope.take(&format!("{verb}{}", name.strip_prefix("r#").unwrap_or(name)));
            }
            Kind::Scalar(_) if field.presence == Presence::Explicit => {
                scope.take(name);
            }
            Kind::Map(_, value) if matches!(**value, Kind::Enum(_)) => {
                scope.take(&format!("get_{name}"));
                scope.take(&format!("insert_{name}"));
            }
            _ => {}
        }
    }
    scope
}
