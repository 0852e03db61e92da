//! `From` for oneofs: from each message type that only one member holds.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rust_sdk_model::api::{Field, Kind, Message, RustType};

use crate::messages::types::unwrapped;
use crate::tokens::Place;
use crate::tokens::layout::LINE;

/// Appends the conversions into the oneofs of a message that requests contain.
pub(crate) fn push(message: &Message, place: &Place, out: &mut String) {
    if !message.uses.input {
        return;
    }
    for oneof in &message.oneofs {
        let mut members: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for field in &message.fields {
            if let (Some(step), Some(ty)) = (&field.oneof, payload(field, place))
                && step.name == oneof.name
            {
                members.entry(ty).or_default().push(&step.variant);
            }
        }
        let target = place.text(&oneof.rust);
        for (ty, variants) in members {
            let [variant] = variants.as_slice() else { continue };
            let head = format!("impl From<{ty}> for {target} {{");
            let head = if head.chars().count() <= LINE {
                head
            } else {
                format!("impl From<{ty}>\n    for {target}\n{{")
            };
            let _ = writeln!(
                out,
                "\n{head}\n    #[inline]\n    fn from(value: {ty}) -> Self {{\n        Self::{variant}(value.into())\n    }}\n}}",
            );
        }
    }
}

/// The type of a member that holds a message.
fn payload(field: &Field, place: &Place) -> Option<String> {
    match &field.kind {
        Kind::Message(ty) | Kind::Group(ty) => match &ty.rust {
            RustType::Foreign(rust) if unwrapped(rust).is_some() => None,
            rust => Some(place.text(rust)),
        },
        Kind::Scalar(_) | Kind::Enum(_) | Kind::Map(..) => None,
    }
}
