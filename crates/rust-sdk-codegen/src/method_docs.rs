//! What rustdoc says of services and methods.

use std::fmt::Write as _;

use rust_sdk_model::Api;
use rust_sdk_model::api::{Access, Binding, Idempotency, Method, Service};

use crate::calls::Requests;
use crate::documents::permissions::caller;
use crate::method_examples;
use crate::tokens::has_client;

/// On the service's type.
pub(crate) fn service(api: &Api, service: &Service) -> Vec<String> {
    let mut lines = service.docs.clone();
    paragraph(&mut lines, &format!("`{}`", service.full_name));
    if let Some(version) = &service.api_version {
        lines.push(format!("version {version}."));
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
        lines.push(format!("(`{} {}`)", binding.verb, binding.text));
    }
    lines
}

/// On a path builder.
pub(crate) fn builder(method: &Method, binding: &Binding) -> Vec<String> {
    vec![format!("`{} {}`: calls `{}`.", binding.verb, binding.text, method.name)]
}

/// On a client's function.
pub(crate) fn function(
    api: &Api,
    service: &Service,
    method: &Method,
    requests: &Requests<'_>,
) -> Vec<String> {
    let mut lines = method.docs.clone();
    let mut facts = Vec::new();
    for binding in &method.bindings {
        facts.push(format!("- REST: `{} {}`{}", binding.verb, binding.text, body(binding)));
    }
    if api.states_access {
        facts.push(format!("- Access: {}", access(&method.access)));
    }
    match method.idempotency {
        Idempotency::Safe => facts.push("- Safe to repeat: it changes nothing.".to_owned()),
        Idempotency::Idempotent => facts.push("- Safe to repeat: twice is as good as once.".to_owned()),
        Idempotency::Unknown => {}
    }
    if lines.is_empty() {
        lines.push(format!("Calls `{}`.", method.full_name));
    }
    if !facts.is_empty() {
        lines.push(String::new());
        lines.extend(facts);
    }
    lines.extend(method_examples::lines(api, service, method, requests));
    lines
}

fn body(binding: &Binding) -> String {
    binding.body.as_str().map(|body| format!(", body `{body}`")).unwrap_or_default()
}

/// Who may call a method, in a sentence.
fn access(access: &Access) -> String {
    let mut text = caller(access);
    if let Some(scope) = &access.scope {
        let _ = write!(text, " within `{}`", scope.text);
    }
    if !access.actors.is_empty() {
        let actors = access.actors.iter().map(|actor| format!("`{actor}`")).collect::<Vec<_>>().join(", ");
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
