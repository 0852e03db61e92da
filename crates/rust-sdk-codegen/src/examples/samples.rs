//! What stands for the values of an example.

use rust_sdk_model::api::{Field, MaskField, TypeRef};

use crate::client::Requests;

/// A field that an update may change, with how a mask names it. What the resource is found by does not change.
pub(crate) fn mask_field<'a>(
    requests: &Requests<'a>,
    resource: &TypeRef,
) -> Option<(&'a MaskField, &'a Field)> {
    let message = requests.message(resource)?;
    let mut fields = message.mask.as_ref()?.fields.iter().zip(&message.fields);
    let first = fields.clone().next();
    fields.find(|(_, field)| !matches!(field.name.as_str(), "name" | "id" | "uid" | "etag")).or(first)
}

/// A text that says what it stands for: `account_id` gives `account-id`.
pub(crate) fn sample(name: &str) -> String {
    name.rsplit('.').next().unwrap_or(name).replace('_', "-")
}
