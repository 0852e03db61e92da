//! Request fields that a client fills with a random UUID (AIP-155, AIP-4235).

use prost_reflect::{FieldDescriptor, Kind, MethodDescriptor};

use super::field_paths;
use super::marks::Marks;
use super::service_config::Stated;
use crate::api::UuidField;
use crate::config::MethodSettings;
use crate::diagnostic::{Diagnostics, Severity};

/// `google.api.field_info` (`google/api/field_info.proto`).
const FIELD_INFO: u32 = 291_403_980;
/// `google.api.FieldInfo.Format.UUID4`.
const UUID4: i32 = 1;
/// The name that AIP-155 gives to the id of a request.
const REQUEST_ID: &str = "request_id";

/// The fields of a method's request: those that a service configuration lists, and the request's id.
pub(crate) fn describe(
    method: &MethodDescriptor,
    stated: &[Stated<'_, MethodSettings>],
    (marks, problems): (&Marks, &mut Diagnostics),
) -> Vec<UuidField> {
    let mut fields = Vec::new();
    for stated in stated {
        for (mark, name) in &stated.value.fields {
            match listed(method, name, marks) {
                Ok(field) => push(&mut fields, &field),
                Err((message, hint)) => {
                    problems.push(stated.problem(Severity::Error, *mark, &message, &hint));
                }
            }
        }
    }
    let id = method.input().get_field_by_name(REQUEST_ID);
    if let Some(id) = id.filter(|id| is_unary(method) && unfit(id, marks).is_none()) {
        push(&mut fields, &id);
    }
    fields
}

fn push(fields: &mut Vec<UuidField>, field: &FieldDescriptor) {
    let field = UuidField { name: field.name().to_owned(), number: field.number() };
    if !fields.contains(&field) {
        fields.push(field);
    }
}

fn is_unary(method: &MethodDescriptor) -> bool {
    !method.is_client_streaming() && !method.is_server_streaming()
}

/// A field that a service configuration lists; else what is wrong, and a hint.
fn listed(method: &MethodDescriptor, name: &str, marks: &Marks) -> Result<FieldDescriptor, (String, String)> {
    let input = method.input();
    let hint = || "list a string of a unary request with `(google.api.field_info).format = UUID4`".to_owned();
    let field = input.get_field_by_name(name).ok_or_else(|| {
        let message = format!("`{}` has no field `{name}`, which clients should fill in", input.full_name());
        (message, field_paths::suggest(&input, name))
    })?;
    if !is_unary(method) {
        return Err((
            format!("`{}` is not unary, so clients do not fill `{name}` in", method.full_name()),
            hint(),
        ));
    }
    match unfit(&field, marks) {
        Some(why) => Err((format!("clients cannot fill `{name}` in: {why}"), hint())),
        None => Ok(field),
    }
}

/// Why clients do not fill a field in (AIP-4235).
fn unfit(field: &FieldDescriptor, marks: &Marks) -> Option<&'static str> {
    let in_oneof = field.containing_oneof().is_some_and(|oneof| !oneof.is_synthetic());
    if field.kind() != Kind::String || field.is_list() {
        Some("it is not a string")
    } else if in_oneof {
        Some("it is in a oneof")
    } else if !is_uuid(field) {
        Some("it is not marked as a UUID")
    } else if marks.is_required(field) {
        Some("it is required")
    } else {
        None
    }
}

fn is_uuid(field: &FieldDescriptor) -> bool {
    field.field_descriptor_proto().options.is_some()
        && field.options().extensions().any(|(extension, value)| {
            let format = || value.as_message()?.get_field_by_name("format")?.as_enum_number();
            extension.number() == FIELD_INFO && format() == Some(UUID4)
        })
}
