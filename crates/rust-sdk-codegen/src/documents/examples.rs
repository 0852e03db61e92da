//! The Rust in the README: complete programs that use real methods of the API. They are doctests of the generated crate.

use rust_sdk_model::Api;
use rust_sdk_model::api::{AccessState, Binding, Method, Package, Service, SlotKind};
use rust_sdk_model::template::Segment;

use crate::client::Requests;
use crate::examples::{self, Example, samples};
use crate::tokens::has_client;

/// The examples that the API has methods for.
pub(super) struct Examples {
    /// The feature of the package that they use.
    pub(super) feature: String,
    /// Calls a method.
    pub(super) call: Option<String>,
    /// Builds a path.
    pub(super) path: Option<String>,
    /// Looks up who may call a method.
    pub(super) access: Option<String>,
}

/// A method with its service and package.
#[derive(Clone, Copy)]
struct Chosen<'a> {
    package: &'a Package,
    service: &'a Service,
    method: &'a Method,
}

/// Writes the examples around one method; `None` for an API without unary methods.
pub(super) fn examples(api: &Api) -> Option<Examples> {
    let chosen = choose(api)?;
    let options = &api.options;
    let binding = chosen.method.bindings.first().filter(|binding| is_simple(binding));
    Some(Examples {
        feature: chosen.package.feature.clone(),
        call: has_client(options).then(|| call(api, chosen)),
        path: binding.filter(|_| options.rest).map(|binding| path(api, chosen, binding)),
        access: (options.access && api.states_access).then(|| access(api, chosen)),
    })
}

/// The unary method that shows most. In order of importance, it is of the API's own service, is not deprecated, reads, has a path with variables,
/// and requires permissions. Of equal methods, the first.
fn choose(api: &Api) -> Option<Chosen<'_>> {
    api.methods()
        .map(|(package, service, method)| Chosen { package, service, method })
        .filter(|chosen| !chosen.method.client_streaming && !chosen.method.server_streaming)
        .min_by_key(|Chosen { service, method, .. }| {
            let reads = method.name.starts_with("Get") || method.name.starts_with("List");
            let path = method.bindings.first().is_some_and(is_simple);
            let permissions = method.access.state == AccessState::Permissions;
            // A service that many APIs have says little about this one.
            let is_common = service.mixed_in || service.full_name == "google.longrunning.Operations";
            (method.deprecated, is_common, !reads, !path, !permissions)
        })
}

/// Whether the path has variables, and each takes a value that is easy to write.
fn is_simple(binding: &Binding) -> bool {
    // A template with escapes is left out: values contain decoded text, but `matching` copies the template's text.
    !binding.slots.is_empty()
        && !binding.text.contains('%')
        && binding.slots.iter().all(|slot| slot_value(&slot.kind, "").is_some())
}

fn call(api: &Api, chosen: Chosen<'_>) -> String {
    let Chosen { service, method, .. } = chosen;
    let client = examples::client(api);
    let example = Example::new(api, service, method, &Requests::new(api));
    let indented = |line: String| if line.is_empty() { "\n".to_owned() } else { format!("    {line}\n") };
    let imports: String = example.imports().into_iter().map(indented).collect();
    let statement = example.statement(4);
    let print =
        example.result().map_or_else(String::new, |result| format!("\n    println!(\"{{{result}:?}}\");"));
    let scope = method.access.scope.as_ref().map_or_else(String::new, |scope| {
        format!("\n        .account_id({:?})", samples::sample(&scope.text))
    });
    let server = match (api.default_host(), api.options.grpc) {
        (Some(host), true) => format!(".grpc(\"https://{host}\")"),
        (Some(host), false) => format!(".rest(\"https://{host}\")"),
        (None, true) => ".grpc(\"https://grpc.example.com\")".to_owned(),
        (None, false) => ".rest(\"https://api.example.com\")".to_owned(),
    };
    let credentials = if service.oauth_scopes.is_empty() {
        ".api_key(std::env::var(\"API_KEY\")?)"
    } else {
        ".bearer(std::env::var(\"ACCESS_TOKEN\")?)"
    };
    format!(
        r"use {client};

async fn example() -> Result<(), Box<dyn std::error::Error>> {{
{imports}    let client = Client::builder()
        {server}
        {credentials}{scope}
        .build()?;
    {statement}{print}
    Ok(())
}}"
    )
}

fn path(api: &Api, chosen: Chosen<'_>, binding: &Binding) -> String {
    let Chosen { package, service, method } = chosen;
    let module = module(api, &package.module);
    let values: Vec<(&str, String)> = binding
        .slots
        .iter()
        .zip(slot_texts(binding, method, &Requests::new(api)))
        .filter_map(|(slot, (_, text))| Some((slot.name.as_str(), slot_value(&slot.kind, &text)?)))
        .collect();
    let fields: Vec<String> = values.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    let expected = expected_path(binding, &values);
    format!(
        r"use {module}::{}::rest;

fn main() -> Result<(), Box<dyn std::error::Error>> {{
    let path = rest::{} {{ {} }}.path()?;
    assert_eq!(path, {expected:?});
    Ok(())
}}",
        service.module,
        binding.builder,
        fields.join(", "),
    )
}

/// The field of each slot, and a text that fits its place in the template.
fn slot_texts<'b>(binding: &'b Binding, method: &Method, requests: &Requests<'_>) -> Vec<(&'b str, String)> {
    let message = requests.of(method);
    let patterns = binding.template.segments.iter().filter_map(|segment| match segment {
        Segment::Literal(_) => None,
        Segment::Wildcard(_) => Some([].as_slice()),
        Segment::Variable { pattern, .. } => Some(pattern.as_slice()),
    });
    let fields = binding.slots.iter().map(|slot| slot.field.as_deref().unwrap_or(&slot.name));
    fields
        .zip(patterns)
        .map(|(path, pattern)| {
            let field = message.and_then(|message| requests.resolve(message, path)?.pop());
            let text = match field {
                Some(field) => samples::text(field, path, Some(binding)),
                None => samples::matching(pattern, &samples::sample(path)),
            };
            (path, text)
        })
        .collect()
}

/// The path that is built from these values, none of which needs an escape.
fn expected_path(binding: &Binding, values: &[(&str, String)]) -> String {
    let mut values = values.iter();
    let mut path = String::new();
    for segment in &binding.template.segments {
        path.push('/');
        match segment {
            Segment::Literal(text) => path.push_str(text),
            Segment::Wildcard(_) | Segment::Variable { .. } => {
                path.push_str(values.next().map_or("", |(_, value)| value.trim_matches('"')));
            }
        }
    }
    if let Some(verb) = &binding.template.verb {
        path.push(':');
        path.push_str(verb);
    }
    path
}

/// A literal for the slot, if one is easy to write.
fn slot_value(kind: &SlotKind, text: &str) -> Option<String> {
    match kind {
        SlotKind::Text => Some(format!("{text:?}")),
        SlotKind::Bool => Some("true".to_owned()),
        SlotKind::Int32 | SlotKind::Int64 | SlotKind::Uint32 | SlotKind::Uint64 => Some("7".to_owned()),
        SlotKind::Float | SlotKind::Double | SlotKind::Bytes | SlotKind::Enum(_) => None,
    }
}

fn access(api: &Api, chosen: Chosen<'_>) -> String {
    let Chosen { package, service, method } = chosen;
    let module = module(api, &package.module);
    let marker = &service.marker;
    let permissions = &method.access.permissions;
    let scope = method.access.scope.as_ref().map(|scope| &scope.text);
    let check = if permissions.is_empty() {
        "    assert!(access.permissions().is_empty());".to_owned()
    } else {
        format!("    assert_eq!(access.permissions(), {permissions:?});")
    };
    format!(
        r"use {module}::{marker};

fn main() {{
    let access = {marker}::{}.access();
{check}
    assert_eq!(access.scope(), {scope:?});
}}",
        method.constant,
    )
}

/// The module's path from outside of the crate.
fn module(api: &Api, path: &[String]) -> String {
    let mut module = api.crate_name.replace('-', "_");
    for part in path {
        module.push_str("::");
        module.push_str(part);
    }
    module
}
