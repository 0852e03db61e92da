//! What rustdoc says of services and methods.

use std::fmt::Write as _;

use proc_macro2::TokenStream;
use quote::quote;
use rust_sdk_model::Api;
use rust_sdk_model::api::{Access, Binding, Docs, Idempotency, Method, Service};
use rust_sdk_model::text::code;

use crate::calls::Requests;
use crate::documents::permissions::caller;
use crate::method_examples;
use crate::tokens::{Place, has_client};
use crate::words;

/// More names than these tell less.
const MOST_SETTERS: usize = 10;
/// What a paragraph about a deprecation begins with.
const DEPRECATED: &str = "Deprecated:";

/// On the service's type.
pub(crate) fn service(api: &Api, service: &Service, place: &Place) -> Vec<String> {
    let mut lines = place.docs(&service.docs);
    paragraph(&mut lines, &format!("`{}`", service.full_name));
    if let Some(version) = &service.api_version {
        lines.push(format!("version {}.", words::version(version)));
    }
    if has_client(&api.options) {
        // Not a link: the client is there with a feature only.
        lines.push(format!("Call it with `{}`.", service.client));
    }
    lines
}

/// On the client.
pub(crate) fn client(service: &Service) -> Vec<String> {
    vec![format!("Calls [`{}`], over the transport of its client.", service.marker)]
}

/// On a method's constant.
pub(crate) fn constant(method: &Method) -> Vec<String> {
    let mut lines = vec![format!("`{}`", method.full_name)];
    if let Some(binding) = method.bindings.first() {
        lines.push(format!("({})", route(binding)));
    }
    lines
}

/// On a path builder.
pub(crate) fn builder(method: &Method, binding: &Binding) -> Vec<String> {
    vec![format!("{}: calls `{}`.", route(binding), method.name)]
}

/// On a client's function.
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
    if api.states_access {
        facts.push(format!("Access: {}", access(&method.access)));
    }
    match method.idempotency {
        Idempotency::Safe => facts.push("Safe to repeat: it changes nothing.".to_owned()),
        Idempotency::Idempotent => facts.push("Safe to repeat: twice is as good as once.".to_owned()),
        Idempotency::Unknown => {}
    }
    facts.extend(setters(method, requests));
    if lines.is_empty() {
        lines.push(format!("Calls `{}`.", method.full_name));
    }
    if !facts.is_empty() {
        let bullet = bullet(&lines);
        lines.push(String::new());
        lines.extend(facts.iter().map(|fact| format!("{bullet} {fact}")));
    }
    lines.extend(method_examples::lines(api, service, method, requests));
    lines
}

/// The marker of a list that is not the comment's: Markdown begins a new list where the marker changes.
fn bullet(docs: &[String]) -> char {
    let mut markers = docs.iter().rev().map(|line| line.trim_start());
    match markers.find(|line| line.starts_with("- ") || line.starts_with("* ")) {
        Some(line) if line.starts_with('*') => '-',
        _ => '*',
    }
}

/// The call's setters of what is no parameter.
fn setters(method: &Method, requests: &Requests<'_>) -> Vec<String> {
    let Some(message) = requests.of(method).filter(|_| !method.client_streaming) else { return Vec::new() };
    let Some(request) = &message.request else { return Vec::new() };
    let scope = method.access.scope.as_ref().map(|scope| scope.text.as_str());
    let (mut required, mut optional) = (Vec::new(), Vec::new());
    for (index, (field, setter)) in message.fields.iter().zip(&request.setters).enumerate() {
        if field.deprecated || method.arguments.iter().any(|argument| argument.field == index) {
            continue;
        }
        let name = format!("`{setter}`");
        if scope == Some(field.name.as_str()) {
            optional.push(format!("{name} (or the client's)"));
        } else if field.required || in_every_path(method, &field.name) {
            required.push(name);
        } else {
            optional.push(name);
        }
    }
    [("Required", required), ("Optional", optional)]
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

/// Whether there is no call without this field. Of many such, not each is a parameter.
fn in_every_path(method: &Method, field: &str) -> bool {
    let in_path = |binding: &Binding| {
        let mut variables = binding.slots.iter().filter_map(|slot| slot.field.as_deref());
        variables.any(|variable| variable.split('.').next() == Some(field))
    };
    !method.bindings.is_empty() && method.bindings.iter().all(in_path)
}

/// `#[deprecated]`, with what the first of these comments that has a paragraph `Deprecated: …` says there.
pub(crate) fn deprecated(comments: &[&Docs]) -> TokenStream {
    match comments.iter().find_map(|docs| deprecation(&docs.plain())) {
        Some(note) => quote!(#[deprecated(note = #note)]),
        None => quote!(#[deprecated]),
    }
}

fn deprecation(docs: &[String]) -> Option<String> {
    let mut lines = docs.iter().map(|line| line.trim()).skip_while(|line| !line.starts_with(DEPRECATED));
    let mut note = lines.next()?[DEPRECATED.len()..].trim().to_owned();
    for line in lines.take_while(|line| !line.is_empty()) {
        // What else the paragraph says is no part of it.
        if note.ends_with('.') {
            break;
        }
        note.push(' ');
        note.push_str(line);
    }
    (!note.is_empty()).then_some(note)
}

fn route(binding: &Binding) -> String {
    code(&format!("{} {}", binding.verb, binding.text))
}

fn body(binding: &Binding) -> String {
    binding.body.as_str().map(|body| format!(", body {}", code(body))).unwrap_or_default()
}

/// Who may call a method, in a sentence.
fn access(access: &Access) -> String {
    let mut text = caller(access);
    if let Some(scope) = &access.scope {
        let _ = write!(text, " within {}", code(&scope.text));
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
