//! Sample values for examples.

use rust_sdk_model::api::{Field, Kind, MaskField, TypeRef};

use crate::client::Requests;

/// A field that an update may change, with its field in the mask. A text field is preferred.
pub(crate) fn mask_field<'a>(
    requests: &Requests<'a>,
    resource: &TypeRef,
) -> Option<(&'a MaskField, &'a Field)> {
    let message = requests.message(resource)?;
    let has_id = message.fields.iter().any(|field| field.name == "id");
    let fields =
        || message.mask.as_ref().into_iter().flat_map(|mask| mask.fields.iter().zip(&message.fields));
    let changes = |(_, field): &(&MaskField, &Field)| is_changeable(&field.name, has_id);
    let text = fields().filter(changes).find(|(_, field)| is_text(field));
    text.or_else(|| fields().find(changes)).or_else(|| fields().next())
}

/// Whether an update may change the field, judged by its name: it is not the identity of the resource (AIP-122), and
/// the server does not maintain it.
fn is_changeable(name: &str, has_id: bool) -> bool {
    match name {
        "id" | "uid" | "etag" => false,
        "name" => has_id,
        name => !["_id", "_at", "_by", "_time"].iter().any(|end| name.ends_with(end)),
    }
}

/// Whether the field is a single string, with or without presence.
pub(crate) fn is_text(field: &Field) -> bool {
    matches!(field.kind, Kind::Scalar("String")) && field.oneof.is_none() && !field.presence.is_repeated()
}

/// A sample text: `account_id` gives `account-id`.
pub(crate) fn sample(name: &str) -> String {
    name.rsplit('.').next().unwrap_or(name).replace('_', "-")
}
