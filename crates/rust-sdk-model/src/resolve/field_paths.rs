//! Field paths into messages, and the fields that a path or query can hold.

use prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};

use super::context::AnnotationError;
use crate::api::Body;
use crate::diagnostic::Code;

/// The fields along a dotted path; the last is the target.
pub(crate) fn resolve(
    message: &MessageDescriptor,
    path: &str,
) -> Result<Vec<FieldDescriptor>, AnnotationError> {
    let mut steps: Vec<FieldDescriptor> = Vec::new();
    let mut current = Some(message.clone());
    for name in path.split('.') {
        let Some(message) = current else { return Err(no_way(path, &steps)) };
        let Some(field) = message.get_field_by_name(name) else {
            let mut text = format!("`{}` has no field `{name}`", message.full_name());
            if path != name {
                text = format!("in `{path}`, {text}");
            }
            return Err(AnnotationError::new(Code::HttpUnknownField, text, suggest(&message, name)));
        };
        current = match field.kind() {
            Kind::Message(next) if !field.is_list() && !field.is_map() => Some(next),
            _ => None,
        };
        steps.push(field);
    }
    Ok(steps)
}

/// The error for a path that goes through a field that is not a single message.
fn no_way(path: &str, steps: &[FieldDescriptor]) -> AnnotationError {
    let so_far = steps.iter().map(FieldDescriptor::name).collect::<Vec<_>>().join(".");
    let (code, what, hint) = match steps.last() {
        Some(field) if field.is_map() => {
            (Code::HttpThroughMap, "is a map", "use a path through singular message fields".to_owned())
        }
        Some(field) if field.is_list() => (
            Code::HttpThroughRepeated,
            "is repeated",
            "use a path through singular message fields".to_owned(),
        ),
        _ => (Code::HttpThroughScalar, "is not a message", format!("end the path there: `{so_far}`")),
    };
    AnnotationError::new(code, format!("`{path}` goes through `{so_far}`, which {what}"), hint)
}

/// The nearest field's name, or all of them.
pub(crate) fn suggest(message: &MessageDescriptor, name: &str) -> String {
    let near = message
        .fields()
        .map(|field| (strsim::damerau_levenshtein(field.name(), name), field.name().to_owned()))
        .min()
        .filter(|(distance, _)| *distance < name.len().div_ceil(2));
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
    match &names[..] {
        [only] => format!("its only field is {only}"),
        names => format!("its fields are {}", names.join(", ")),
    }
}

/// How a path or query holds a message type.
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

/// The fields that may go to the query.
#[derive(Default)]
pub(crate) struct Leaves {
    /// REST names, dotted.
    pub(crate) names: Vec<String>,
    /// Paths of fields that a query cannot hold, each with the reason.
    pub(crate) inexpressible: Vec<(String, &'static str)>,
}

/// The most fields to visit. Real APIs have far fewer, but nested messages multiply, so a small file could have any number.
const MAX_FIELDS: usize = 4096;
/// The depth to which prost decodes.
const MAX_DEPTH: usize = 100;

/// The fields that neither the path nor the body holds.
pub(crate) fn query_leaves(input: &MessageDescriptor, taken: &[&str], body: &Body) -> Leaves {
    let body = match body {
        Body::All => return Leaves::default(),
        Body::Field(name) => Some(name.as_str()),
        Body::None => None,
    };
    // The body may be a field within messages.
    let taken = &[taken, body.as_slice()].concat();
    let mut walk = Walk { taken, parents: Vec::new(), visited: 0, leaves: Leaves::default() };
    walk.message(input, "", "", body);
    walk.leaves
}

struct Walk<'a> {
    taken: &'a [&'a str],
    /// The types around the current field.
    parents: Vec<String>,
    visited: usize,
    leaves: Leaves,
}

impl Walk<'_> {
    fn message(
        &mut self,
        message: &MessageDescriptor,
        proto_prefix: &str,
        json_prefix: &str,
        body: Option<&str>,
    ) {
        self.parents.push(message.full_name().to_owned());
        let mut fields: Vec<FieldDescriptor> = message.fields().collect();
        // In the file's order, as a reader expects it.
        fields.sort_by_key(|field| field.path().to_vec());
        for field in fields.iter().filter(|field| body != Some(field.name())) {
            let proto = super::package_names::join(proto_prefix, field.name());
            if !self.taken.contains(&proto.as_str()) {
                let json = super::package_names::join(json_prefix, field.json_name());
                self.field(field, proto, json);
            }
        }
        self.parents.pop();
    }

    fn field(&mut self, field: &FieldDescriptor, proto: String, json: String) {
        self.visited += 1;
        let nested = match field.kind() {
            _ if field.is_map() => return self.inexpressible(proto, "it is a map"),
            Kind::Message(_) if field.is_list() => {
                return self.inexpressible(proto, "it is a list of messages");
            }
            Kind::Message(nested) if matches!(leaf_kind(&nested), LeafKind::None) => nested,
            _ => return self.leaves.names.push(json),
        };
        if field.is_group() {
            self.inexpressible(proto, "it is a group");
        } else if nested.full_name().starts_with("google.protobuf.") {
            self.inexpressible(proto, "its type has a special JSON form");
        } else if self.parents.iter().any(|parent| parent == nested.full_name()) {
            self.inexpressible(proto, "its type contains itself");
        } else if self.parents.len() >= MAX_DEPTH {
            self.inexpressible(proto, "it is nested too deeply");
        } else if self.visited >= MAX_FIELDS {
            self.inexpressible(proto, "the request has too many fields");
        } else {
            self.message(&nested, &proto, &json, None);
        }
    }

    fn inexpressible(&mut self, field: String, reason: &'static str) {
        self.leaves.inexpressible.push((field, reason));
    }
}
