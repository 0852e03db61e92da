//! The documentation of services and methods.

use std::fmt::Write as _;
use std::time::Duration;

use rust_sdk_model::Api;
use rust_sdk_model::api::{
    Binding, Idempotency, LongRunning, Method, Polling, Retry, RustType, Service, TypeRef,
};
use rust_sdk_model::text::code;

use crate::client::Requests;
use crate::documents::permissions::{caller, masked};
use crate::examples;
use crate::tokens::prose;
use crate::tokens::{Place, has_client};

/// The most setters in a list.
const MOST_SETTERS: usize = 10;

/// Documents the service's type.
pub(crate) fn service(api: &Api, service: &Service, place: &Place) -> Vec<String> {
    let mut lines = place.docs(&service.docs);
    let version =
        service.api_version.as_ref().map(|version| format!(", version {}", prose::version(version)));
    // Not a link: the client exists only with a feature.
    let client = has_client(&api.options).then(|| format!(" `{}` calls the service.", service.client));
    let (version, client) = (version.unwrap_or_default(), client.unwrap_or_default());
    let text = format!("The methods of the service `{}`{version}, as constants.{client}", service.full_name);
    paragraph(&mut lines, &text);
    lines
}

/// Documents the client.
pub(crate) fn client(api: &Api, service: &Service, place: &Place) -> Vec<String> {
    let client = place.local(&[api.root_modules.client.clone(), "Client".to_owned()]);
    vec![
        format!("The client of [`{}`], with a function for each method.", service.marker),
        format!("[`Client::{0}`]({client}::{0}) returns this client.", service.accessor),
    ]
}

/// Documents a method's constant.
pub(crate) fn constant(method: &Method) -> Vec<String> {
    let mut lines = vec![format!("`{}`", method.full_name)];
    if let Some(binding) = method.bindings.first() {
        lines.push(format!("({})", route(binding)));
    }
    lines
}

/// Documents a path builder.
pub(crate) fn builder(method: &Method, binding: &Binding) -> Vec<String> {
    vec![format!("The path of `{}`: {}", method.name, route(binding))]
}

/// Documents a client's function.
pub(crate) fn function(
    api: &Api,
    service: &Service,
    method: &Method,
    requests: &Requests<'_>,
    place: &Place,
) -> Vec<String> {
    let mut lines = place.docs(&method.docs);
    let mut facts = Vec::new();
    for binding in &method.bindings {
        facts.push(format!("REST: {}{}", route(binding), body(binding)));
    }
    facts.extend(method.long_running.as_ref().map(|operation| long_running(operation, place)));
    facts.extend(method.long_running.as_ref().and_then(|operation| polling(operation.polling.as_ref()?)));
    if api.states_access {
        facts.push(format!("Access: {}", access(api, method)));
    }
    facts.extend(method.timeout.map(|timeout| {
        let other =
            if method.client_streaming || method.server_streaming { "call" } else { "client or the call" };
        format!("Timeout: {timeout:?} with all retries, unless the {other} has another.")
    }));
    match method.idempotency {
        // A stream of requests cannot be sent again.
        _ if method.client_streaming && method.retry.is_some() => {}
        _ if method.retry.is_some() => facts.extend(method.retry.as_ref().map(retries)),
        Idempotency::Safe => {
            facts.push("Retries: after transient failures, since the call changes nothing.".to_owned());
        }
        Idempotency::Idempotent => {
            facts.push("Retries: after transient failures, since the call is idempotent.".to_owned());
        }
        // A stream of requests cannot be sent again.
        Idempotency::Unknown if method.client_streaming => {}
        Idempotency::Unknown => facts
            .push("Retries: only if nothing was sent, unless the call has an `idempotency_key`.".to_owned()),
    }
    facts.extend(resource_names(method, requests, place));
    facts.extend(setters(method, requests));
    if lines.is_empty() {
        lines.push(format!("Calls `{}`.", method.full_name));
    }
    if !facts.is_empty() {
        let bullet = bullet(&lines);
        lines.push(String::new());
        lines.extend(facts.iter().map(|fact| format!("{bullet} {fact}")));
    }
    lines.extend(examples::lines(api, service, method, requests));
    lines
}

/// What the operation gives that the method starts.
fn long_running(operation: &LongRunning, place: &Place) -> String {
    let link = |ty: &TypeRef| {
        let name = code(ty.name.rsplit('.').next().unwrap_or(&ty.name));
        match &ty.rust {
            RustType::Local(_) => format!("[{name}]({})", place.text(&ty.rust)),
            RustType::Foreign(text) if text == "()" => "nothing".to_owned(),
            RustType::Foreign(_) => name,
        }
    };
    let metadata = operation.metadata.as_ref().map(|ty| format!(", progress: {}", link(ty)));
    let (response, metadata) = (link(&operation.response), metadata.unwrap_or_default());
    format!("Long-running: `.poller()` follows the operation. Response: {response}{metadata}")
}

/// How often the poller asks, as the API states it.
fn polling(polling: &Polling) -> Option<String> {
    let parts = [
        polling.first_delay.map(|delay| format!("first after {delay:?}")),
        polling.multiplier.map(|factor| format!("each pause {factor} times as long as the one before")),
        polling.longest_delay.map(|delay| format!("at the latest after {delay:?}")),
        polling.limit.map(|limit| match limit {
            Duration::ZERO => "without a limit of the whole wait".to_owned(),
            limit => format!("for at most {limit:?}"),
        }),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty())
        .then(|| format!("Polls: {}, unless the client or the poller has another policy", parts.join(", ")))
}

/// The retries that the API states.
fn retries(retry: &Retry) -> String {
    let codes: Vec<String> = retry.codes.iter().map(|code| format!("`{code}`")).collect();
    let codes = match codes.as_slice() {
        [codes @ .., last] if !codes.is_empty() => format!("{} and {last}", codes.join(", ")),
        codes => codes.join(", "),
    };
    format!("Retries: after {codes}, in up to {} attempts.", retry.attempts)
}

/// A list marker that the comment does not use: Markdown begins a new list where the marker changes.
fn bullet(docs: &[String]) -> char {
    let mut markers = docs.iter().rev().map(|line| line.trim_start());
    match markers.find(|line| line.starts_with("- ") || line.starts_with("* ")) {
        Some(line) if line.starts_with('*') => '-',
        _ => '*',
    }
}

/// The parameters that are names of resources, with their types.
fn resource_names(method: &Method, requests: &Requests<'_>, place: &Place) -> Option<String> {
    let message = requests.of(method)?;
    let names: Vec<String> = method
        .arguments
        .iter()
        .filter_map(|argument| {
            let rust = message.fields[argument.field].names.as_ref()?.rust.as_ref()?;
            let name = rust.last()?;
            Some(format!("`{}` ([`{name}`]({}))", argument.name.trim_start_matches("r#"), place.local(rust)))
        })
        .collect();
    (!names.is_empty()).then(|| format!("Resource names: {}", names.join(", ")))
}

/// The call's setters of the fields that are not parameters.
fn setters(method: &Method, requests: &Requests<'_>) -> Vec<String> {
    let Some(message) = requests.of(method).filter(|_| !method.client_streaming) else { return Vec::new() };
    let Some(request) = &message.request else { return Vec::new() };
    let scope = method.access.scope.as_ref().map(|scope| scope.text.as_str());
    let (mut required, mut optional) = (Vec::new(), Vec::new());
    for (index, (field, setter)) in message.fields.iter().zip(&request.setters).enumerate() {
        let Some(setter) = setter else { continue };
        if field.deprecated || method.arguments.iter().any(|argument| argument.field == index) {
            continue;
        }
        let name = format!("`{setter}`");
        if scope == Some(field.name.as_str()) {
            optional.push(format!("{name} (default: the client's)"));
        } else if field.required || in_every_path(method, &field.name) {
            required.push(name);
        } else {
            optional.push(name);
        }
    }
    [("Required setters", required), ("Optional setters", optional)]
        .into_iter()
        .filter(|(_, names)| !names.is_empty())
        .map(|(what, mut names)| {
            if names.len() > MOST_SETTERS {
                names.truncate(MOST_SETTERS);
                names.push("…".to_owned());
            }
            format!("{what}: {}", names.join(", "))
        })
        .collect()
}

/// Whether every binding has the field in its path. With many such fields, not all are parameters.
fn in_every_path(method: &Method, field: &str) -> bool {
    let in_path = |binding: &Binding| {
        let mut variables = binding.slots.iter().filter_map(|slot| slot.field.as_deref());
        variables.any(|variable| variable.split('.').next() == Some(field))
    };
    !method.bindings.is_empty() && method.bindings.iter().all(in_path)
}

fn route(binding: &Binding) -> String {
    code(&format!("{} {}", binding.verb, binding.text))
}

fn body(binding: &Binding) -> String {
    match binding.body.as_str() {
        None => String::new(),
        Some("*") => ", with all other fields in the body".to_owned(),
        Some(field) => format!(", with {} as the body", code(field)),
    }
}

/// Who may call a method, in a sentence.
fn access(api: &Api, method: &Method) -> String {
    let access = &method.access;
    let mut text = caller(access) + &masked(api, method);
    if let Some(scope) = &access.scope {
        let _ = write!(text, "; scope: {}", code(&scope.text));
        if has_client(&api.options) && !method.client_streaming {
            text.push_str(" (default: the client's)");
        }
    }
    if !access.actors.is_empty() {
        let actors = access.actors.iter().map(|actor| code(actor)).collect::<Vec<_>>().join(", ");
        let _ = write!(text, "; only {actors}");
    }
    text
}

fn paragraph(lines: &mut Vec<String>, text: &str) {
    if !lines.is_empty() {
        lines.push(String::new());
    }
    lines.push(text.to_owned());
}
