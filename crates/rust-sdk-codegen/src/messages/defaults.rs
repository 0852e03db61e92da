//! The defaults that proto2 files state.

use rust_sdk_model::api::{DefaultValue, Field, Kind, Member, Message, Package, Presence};

use crate::tokens::Code;
use crate::tokens::Place;

/// A scalar's default as a constant expression.
pub(super) fn expression(value: &DefaultValue) -> Option<String> {
    Some(match value {
        DefaultValue::Bool(value) => value.to_string(),
        DefaultValue::Int(value) => value.to_string(),
        DefaultValue::Uint(value) => value.to_string(),
        DefaultValue::Float(value) => float("f32", f64::from(*value), format!("{value:?}")),
        DefaultValue::Double(value) => float("f64", *value, format!("{value:?}")),
        DefaultValue::Text(text) => format!("{text:?}"),
        DefaultValue::Bytes(bytes) => format!("b\"{}\"", bytes.escape_ascii()),
        DefaultValue::Variant(_) => return None,
    })
}

fn float(ty: &str, value: f64, finite: String) -> String {
    match value {
        _ if value.is_nan() => format!("{ty}::NAN"),
        _ if value.is_finite() => finite,
        _ if value > 0.0 => format!("{ty}::INFINITY"),
        _ => format!("{ty}::NEG_INFINITY"),
    }
}

/// `Default` for messages with a field whose default differs from the Rust type's.
pub(super) fn generate(package: &Package, place: &Place) -> String {
    let mut code = Code::default();
    for message in package.messages.iter().filter(|message| has_own(message)) {
        code.blank();
        // A field may be deprecated, and so may the variant that is its default.
        code.line(format_args!("#[allow(deprecated)]"));
        code.open(format_args!("impl ::core::default::Default for {} {{", place.local(&message.path)));
        code.open(format_args!("fn default() -> Self {{"));
        code.open(format_args!("Self {{"));
        for member in &message.members {
            let (name, value) = match *member {
                Member::Field(at) => (&message.fields[at].rust_name, stated(&message.fields[at], place)),
                Member::Oneof(at) => (&message.oneofs[at].name, None),
            };
            let value = value.unwrap_or_else(|| "::core::default::Default::default()".to_owned());
            code.line(format_args!("{name}: {value},"));
        }
        code.close();
        code.close();
        code.close();
    }
    code.finish()
}

/// Whether a required field has another default than its Rust type: a stated default, or the first value of its enum.
pub(super) fn has_own(message: &Message) -> bool {
    message.fields.iter().any(states_default)
}

fn states_default(field: &Field) -> bool {
    match field.presence {
        Presence::Required => field.default.is_some() || matches!(field.kind, Kind::Enum(_)),
        Presence::Implicit
        | Presence::Explicit
        | Presence::Oneof(_)
        | Presence::Repeated
        | Presence::Packed => false,
    }
}

fn stated(field: &Field, place: &Place) -> Option<String> {
    if !states_default(field) {
        return None;
    }
    match (&field.kind, &field.default) {
        (Kind::Enum(ty), Some(DefaultValue::Variant(variant))) => {
            Some(format!("{}::{variant} as i32", place.text(&ty.rust)))
        }
        (Kind::Enum(ty), _) => Some(format!("{}::default() as i32", place.text(&ty.rust))),
        (_, Some(value @ DefaultValue::Text(_))) => Some(format!("{}.into()", expression(value)?)),
        (_, Some(value @ DefaultValue::Bytes(_))) => Some(format!("{}.to_vec()", expression(value)?)),
        (_, value) => expression(value.as_ref()?),
    }
}
