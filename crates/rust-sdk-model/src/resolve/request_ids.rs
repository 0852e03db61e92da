//! Request fields that a client fills with a random UUID (AIP-155, AIP-4235).

use prost_reflect::{FieldDescriptor, Kind, MethodDescriptor};

use super::behavior;
use crate::api::UuidField;

/// `google.api.field_info` (`google/api/field_info.proto`).
const FIELD_INFO: u32 = 291_403_980;
/// `google.api.FieldInfo.Format.UUID4`.
const UUID4: i32 = 1;
/// The name that AIP-155 gives to the id of a request.
const REQUEST_ID: &str = "request_id";

/// The fields of a method's request.
pub(crate) fn describe(method: &MethodDescriptor) -> Vec<UuidField> {
    if method.is_client_streaming() || method.is_server_streaming() {
        return Vec::new();
    }
    let field = method.input().get_field_by_name(REQUEST_ID).filter(is_fillable);
    field
        .map(|field| UuidField { name: field.name().to_owned(), number: field.number() })
        .into_iter()
        .collect()
}

/// Whether the field is an optional text that is marked as a UUID.
fn is_fillable(field: &FieldDescriptor) -> bool {
    let in_oneof = field.containing_oneof().is_some_and(|oneof| !oneof.is_synthetic());
    field.kind() == Kind::String
        && !field.is_list()
        && !in_oneof
        && is_uuid(field)
        && !behavior::is_required(field)
}

fn is_uuid(field: &FieldDescriptor) -> bool {
    field.field_descriptor_proto().options.is_some()
        && field.options().extensions().any(|(extension, value)| {
            let format = || value.as_message()?.get_field_by_name("format")?.as_enum_number();
            extension.number() == FIELD_INFO && format() == Some(UUID4)
        })
}
