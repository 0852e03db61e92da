//! Field paths into messages, and which leaves of a message have a place in a path or a query.

use prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};

use super::context::Problem;
use crate::api::Body;
use crate::diagnostic::Code;

/// Follows a dotted path; the fields on the way, the last being the target.
pub(crate) fn resolve(message: &MessageDescriptor, path: &str) -> Result<Vec<FieldDescriptor>, Problem> {
    let mut steps: Vec<FieldDescriptor> = Vec::new();
    let mut current = Some(message.clone());
    for name in path.split('.') {
        let Some(message) = current else {
            let through = steps.last().map(|field| field.name().to_owned()).unwrap_or_default();
            let at = format!("`{path}` goes through `{through}`, which is");
            let last = steps.last();
            return Err(if last.is_some_and(FieldDescriptor::is_map) {
                Problem::new(
                    Code::HttpThroughMap,
                    format!("{at} a map"),
                    "a path holds singular messages only",
                )
            } else if last.is_some_and(FieldDescriptor::is_list) {
                Problem::new(
                    Code::HttpThroughRepeated,
                    format!("{at} repeated"),
                    "a path holds singular messages only",
                )
            } else {
                Problem::new(
                    Code::HttpThroughScalar,
                    format!("{at} no message"),
                    format!("write `{through}`"),
                )
            });
        };
        let Some(field) = message.get_field_by_name(name) else {
            let text = format!("`{path}`: `{}` has no field `{name}`", message.full_name());
            return Err(Problem::new(Code::HttpUnknownField, text, suggest(&message, name)));
        };
        current = match field.kind() {
            Kind::Message(next) if !field.is_list() && !field.is_map() => Some(next),
            _ => None,
        };
        steps.push(field);
    }
    Ok(steps)
}

/// The nearest field's name, or all of them.
pub(crate) fn suggest(message: &MessageDescriptor, name: &str) -> String {
    let near = message
        .fields()
        .map(|field| (strsim::damerau_levenshtein(field.name(), name), field.name().to_owned()))
        .min()
        .filter(|(distance, field)| *distance <= field.len().div_ceil(2));
    if let Some((_, field)) = near {
        return format!("did you mean `{field}`?");
    }
    let mut names: Vec<String> =
        message.fields().map(|field| format!("`{}`", field.name())).take(8).collect();
    if names.is_empty() {
        return format!("`{}` has no fields", message.name());
    }
    if message.fields().len() > names.len() {
        names.push("…".to_owned());
    }
    format!("its fields are {}", names.join(", "))
}

/// What a message type is to a path or query.
pub(crate) enum LeafKind {
    /// A wrapper of this scalar.
    Wrapper(Kind),
    /// A well-known type whose JSON form is a string.
    Text,
    /// Not a leaf.
    None,
}

pub(crate) fn leaf_kind(message: &MessageDescriptor) -> LeafKind {
    match message.full_name() {
        "google.protobuf.Timestamp" | "google.protobuf.Duration" | "google.protobuf.FieldMask" => {
            LeafKind::Text
        }
        "google.protobuf.DoubleValue"
        | "google.protobuf.FloatValue"
        | "google.protobuf.Int64Value"
        | "google.protobuf.UInt64Value"
        | "google.protobuf.Int32Value"
        | "google.protobuf.UInt32Value"
        | "google.protobuf.BoolValue"
        | "google.protobuf.StringValue"
        | "google.protobuf.BytesValue" => {
            message.get_field(1).map_or(LeafKind::None, |field| LeafKind::Wrapper(field.kind()))
        }
        _ => LeafKind::None,
    }
}

/// The leaves that may go to the query.
#[derive(Default)]
pub(crate) struct Leaves {
    /// REST names, dotted.
    pub(crate) names: Vec<String>,
    /// Proto paths of fields that a query cannot hold.
    pub(crate) inexpressible: Vec<String>,
}

/// Every leaf that neither the path nor the body takes.
pub(crate) fn query_leaves(input: &MessageDescriptor, taken: &[&str], body: &Body) -> Leaves {
    let mut leaves = Leaves::default();
    let body = match body {
        Body::All => return leaves,
        Body::Field(name) => Some(name.as_str()),
        Body::None => None,
    };
    collect(input, ("", ""), &mut Vec::new(), (taken, body), &mut leaves);
    leaves
}

fn collect(
    message: &MessageDescriptor,
    (proto_prefix, json_prefix): (&str, &str),
    parents: &mut Vec<String>,
    (taken, body): (&[&str], Option<&str>),
    leaves: &mut Leaves,
) {
    parents.push(message.full_name().to_owned());
    let mut fields: Vec<FieldDescriptor> = message.fields().collect();
    // In the file's order, as a reader expects them.
    fields.sort_by_key(|field| field.path().to_vec());
    for field in fields {
        let proto = super::packages::join(proto_prefix, field.name());
        let json = super::packages::join(json_prefix, field.json_name());
        if taken.contains(&proto.as_str()) || (proto_prefix.is_empty() && body == Some(field.name())) {
            continue;
        }
        match field.kind() {
            _ if field.is_map() => leaves.inexpressible.push(proto),
            Kind::Message(nested) => {
                let leaf = !matches!(leaf_kind(&nested), LeafKind::None);
                let opaque = nested.full_name().starts_with("google.protobuf.") || field.is_group();
                if field.is_list()
                    || (opaque && !leaf)
                    || parents.iter().any(|parent| parent == nested.full_name())
                {
                    leaves.inexpressible.push(proto);
                } else if leaf {
                    leaves.names.push(json);
                } else {
                    collect(&nested, (&proto, &json), parents, (taken, body), leaves);
                }
            }
            _ => leaves.names.push(json),
        }
    }
    parents.pop();
}
