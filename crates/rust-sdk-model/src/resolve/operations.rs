//! Long-running operations (AIP-151): methods that return an operation, and an option that states the types of its response and metadata.

mod follow;
mod polling;
mod types;

use prost_reflect::{DynamicMessage, ExtensionDescriptor, Kind};

pub(crate) use self::follow::link;
use self::follow::{Followers, follows, shape};
pub(crate) use self::polling::set_polling;
pub(crate) use self::types::{are_started, named};
use super::context::{AnnotationError, MethodContext};
use super::extensions::{Finder, METHOD, Wanted, get};
use super::reach::Reach;
use super::types::TypeIndex;
use crate::api::{Binding, Follow, LongRunning, TypeRef};
use crate::diagnostic::{Code, Severity};
use crate::template::Segment;

/// The service that follows Google's operations (`google/longrunning/operations.proto`).
pub(crate) const SERVICE: &str = "google.longrunning.Operations";
/// The message of Google's operations.
const MESSAGE: &str = "google.longrunning.Operation";
/// The option that states the types of an operation of Google's, by its short name.
const OPTION: &str = "operation_info";

/// Whether an option of this type states the types of an operation.
fn is_statement(kind: &Kind, list: bool) -> bool {
    let Kind::Message(message) = kind else { return false };
    let is_text = |name: &str| {
        let field = message.get_field_by_name(name);
        field.is_some_and(|field| field.kind() == Kind::String && !field.is_list())
    };
    let mut fields = message.fields();
    !list
        && NAMES.iter().any(|(response, _)| is_text(response))
        && fields
            .all(|field| NAMES.iter().any(|(a, b)| [*a, *b].contains(&field.name())) && is_text(field.name()))
}

/// The options that state the types of operations: the named one, and Google's. `-` names none.
pub(crate) fn find(finder: &mut Finder<'_>, named: Option<&str>) -> Vec<ExtensionDescriptor> {
    let mut find = |full_name| {
        finder.find(&Wanted {
            target: METHOD,
            full_name,
            short_name: OPTION,
            key: "operation_option",
            shape: "{response_type, metadata_type} or {response, metadata}",
            fits: is_statement,
            reserved: false,
        })
    };
    if named == Some("-") {
        return Vec::new();
    }
    let own = named.and_then(|name| find(Some(name)));
    own.into_iter().chain(find(None)).collect()
}

/// The names of the option's fields for the types of the response and of the metadata.
const NAMES: [(&str, &str); 2] = [("response_type", "metadata_type"), ("response", "metadata")];

/// The stated names of the response's and the metadata's type.
fn stated(option: &DynamicMessage) -> (String, String) {
    let text = |name: &str| {
        let value = option.get_field_by_name(name);
        value.and_then(|value| value.as_str().map(str::to_owned)).filter(|text| !text.is_empty())
    };
    let mut names = NAMES.iter().map(|(response, metadata)| (text(response), text(metadata)));
    let (response, metadata) =
        names.find(|(response, metadata)| response.is_some() || metadata.is_some()).unwrap_or_default();
    (response.unwrap_or_default(), metadata.unwrap_or_default())
}

/// Where types and methods are looked up.
pub(crate) struct Lookup<'a> {
    pub(crate) types: &'a TypeIndex,
    pub(crate) reach: &'a Reach<'a>,
    /// The gate of the method's package.
    pub(crate) gate: &'a str,
}

/// The operation that a method starts. A method with a problem is an ordinary one.
pub(crate) fn describe(
    context: &mut MethodContext<'_>,
    known: &[ExtensionDescriptor],
    lookup: &Lookup<'_>,
    bindings: &[Binding],
) -> Option<LongRunning> {
    let method = context.descriptor;
    let options = method.options();
    let option = known.iter().find(|option| options.has_extension(option));
    let value = get(&options, option);
    let stated = value.as_ref().and_then(|value| value.as_message()).map(stated);
    let output = method.output();
    let number = option.map_or(0, ExtensionDescriptor::number);
    let mut reader = Reader { context, number };
    let streams = method.is_server_streaming();
    let Some(fields) = shape(&output).filter(|_| !streams) else {
        if stated.is_some() {
            let message = if streams {
                "the method states the types of an operation, but it has a stream of responses".to_owned()
            } else {
                format!(
                    "the method states the types of an operation, but its response `{}` is none",
                    output.full_name()
                )
            };
            let hint = "return `google.longrunning.Operation`, or a message with a `string` `name` or `id`, a `bool` `done`, and a \
                        oneof of `google.rpc.Status` `error` and `google.protobuf.Any` `response`";
            reader.report(Code::OperationType, message, hint);
        }
        return None;
    };
    let is_google = output.full_name() == MESSAGE;
    let Some((response, metadata)) = stated else {
        if is_google && !known.is_empty() && !follows(method) {
            let message = "the method returns an operation, but does not state the type of its response";
            let hint = "add the option `google.longrunning.operation_info` with `response_type` and `metadata_type` (AIP-151)";
            let position = reader.context.position();
            let error = AnnotationError::new(Code::OperationUnstated, message, hint);
            reader.context.report(Severity::Error, position, "", error);
        }
        return None;
    };
    let response = reader.named("response", &response, lookup);
    let metadata = if metadata.is_empty() { None } else { reader.named("metadata", &metadata, lookup) };
    let response = response?;
    let follow = if is_google {
        Follow::Google { version: version(bindings), routed: false }
    } else {
        let followers = Followers { operation: &output, start: method, lookup };
        let Some(methods) = followers.find(fields) else {
            let message =
                format!("no method reads a `{}`, so nobody can follow the operation", output.full_name());
            let hint = "add a method `Get…` to this package or to one that it depends on, with the operation's name or ID as its \
                        only field, and generate that file, too";
            reader.report(Code::OperationUnknownMethod, message, hint);
            return None;
        };
        Follow::Methods(methods)
    };
    Some(LongRunning { response, metadata, follow, polling: None })
}

/// The first segment of the method's REST path. Google's services serve their operations below it.
fn version(bindings: &[Binding]) -> String {
    let first = bindings.first().and_then(|binding| binding.template.segments.first());
    match first {
        Some(Segment::Literal(text)) => text.clone(),
        _ => "v1".to_owned(),
    }
}

/// Reads the option of a method.
struct Reader<'a, 'b> {
    context: &'a mut MethodContext<'b>,
    /// The option's number.
    number: u32,
}

impl Reader<'_, '_> {
    fn report(&mut self, code: Code, message: impl Into<String>, hint: impl Into<String>) {
        let position = self.context.option_position(self.number, 0);
        self.context.report(Severity::Error, position, "", AnnotationError::new(code, message, hint));
    }

    /// The message with this name, as seen from the method.
    fn named(&mut self, what: &str, name: &str, lookup: &Lookup<'_>) -> Option<TypeRef> {
        if name.is_empty() {
            let message = format!("the type of the operation's {what} is not stated");
            let hint = "name a message; for an operation without a response, `google.protobuf.Empty`";
            self.report(Code::OperationUnknownType, message, hint);
            return None;
        }
        match types::find(self.context.descriptor, name, lookup) {
            Ok(found) => Some(found),
            Err(hint) => {
                let message =
                    format!("the type of the operation's {what}, `{name}`, is not a message in this request");
                self.report(Code::OperationUnknownType, message, hint);
                None
            }
        }
    }
}
