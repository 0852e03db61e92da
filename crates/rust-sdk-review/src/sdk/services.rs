//! Compares services and methods: names, parameters, messages.

use rust_sdk_model::api::Kind;

use super::pairs::{self, Types};
use super::surface::{Method, Names, Package, Parameter, Service, Type};
use super::{Aspect, Effect, Element, Findings, SdkChange, arrow};
use crate::text::Text;

pub(super) fn compare(old: &Package, new: &Package, types: &Types, changes: &mut Vec<SdkChange>) {
    let services = pairs::services(old, new);
    for (_, service) in &services.removed {
        let mut findings = Findings::removed(Element::Service, &service.full_name);
        findings.add(
            Effect::Source,
            Aspect::Definition,
            Text::say("the service is removed, with its client and types"),
        );
        findings.add(Effect::Wire, Aspect::Definition, Text::say("gRPC calls to it fail with UNIMPLEMENTED"));
        findings.finish(changes);
    }
    for ((_, old), (_, new)) in &services.pairs {
        service(old, new, types, changes);
    }
    for (_, service) in &services.added {
        Findings::added(Element::Service, &service.full_name, "a new service").finish(changes);
    }
}

fn service(old: &Service, new: &Service, types: &Types, changes: &mut Vec<SdkChange>) {
    let mut findings = Findings::of(Element::Service, &old.full_name, &new.full_name);
    findings.names(&old.names, &new.names, Aspect::Definition);
    if old.full_name != new.full_name {
        let text =
            arrow("gRPC calls to its old name fail with UNIMPLEMENTED: ", &old.full_name, &new.full_name);
        findings.add(Effect::Wire, Aspect::Definition, text);
    }
    deprecation(&mut findings, old.deprecated, new.deprecated);
    notes(&old.notes, &new.notes, &mut findings);
    findings.finish(changes);

    let methods = pairs::methods(old, new);
    for (_, method) in &methods.removed {
        let mut findings = Findings::removed(Element::Method, &method.full_name);
        let text = Text::say("the function is removed: ").with(&method.function);
        findings.add(Effect::Source, Aspect::Definition, text);
        findings.add(Effect::Wire, Aspect::Definition, Text::say("gRPC calls to it fail with UNIMPLEMENTED"));
        findings.finish(changes);
    }
    for ((old_name, old), (new_name, new)) in &methods.pairs {
        let mut findings = Findings::of(Element::Method, &old.full_name, &new.full_name);
        if old_name != new_name {
            let text = arrow("gRPC calls to its old name fail with UNIMPLEMENTED: ", old_name, new_name);
            findings.add(Effect::Wire, Aspect::Definition, text);
        } else if old.full_name != new.full_name {
            // Only the service is renamed, which the change of the service reports.
            findings.new.clone_from(&findings.old);
        }
        method(old, new, types, &mut findings);
        findings.new = Some(new.full_name.clone());
        findings.finish(changes);
    }
    for (_, method) in &methods.added {
        Findings::added(Element::Method, &method.full_name, "a new method").finish(changes);
    }
}

fn method(old: &Method, new: &Method, types: &Types, findings: &mut Findings) {
    findings.name("function", &old.function, &new.function);
    findings.names(&old.names, &new.names, Aspect::Definition);
    parameters(old, new, types, findings);
    for (what, old, new) in
        [("request: ", &old.request, &new.request), ("response: ", &old.response, &new.response)]
    {
        if !types.is_same_type(old, new) {
            findings.add(Effect::Source, Aspect::Definition, arrow(what, &old.name, &new.name));
            let text = Text::say("old and new peers lose or misread each other's fields");
            findings.add(Effect::Wire, Aspect::Definition, text);
        }
    }
    let (was, is) = (streaming(old), streaming(new));
    if was != is {
        findings.add(Effect::Source, Aspect::Definition, arrow("streaming: ", was, is));
        let text = "calls between an old and a new peer fail or lose messages";
        findings.add(Effect::Wire, Aspect::Definition, Text::say(text));
    }
    match (&old.pages, &new.pages) {
        (Some(_), None) => {
            let text = Text::say("its calls no longer have ").with("items()").then(" and ").with("pages()");
            findings.add(Effect::Source, Aspect::Signature, text.then(": it is not paginated"));
        }
        (None, Some(_)) => {
            findings.add(Effect::Added, Aspect::Definition, Text::say("it lists page by page"));
        }
        _ => {}
    }
    operation(old, new, types, findings);
    builders(old, new, findings);
    deprecation(findings, old.deprecated, new.deprecated);
    notes(&old.notes, &new.notes, findings);
}

fn operation(old: &Method, new: &Method, types: &Types, findings: &mut Findings) {
    match (&old.operation, &new.operation) {
        (Some(_), None) => {
            let text = Text::say("its calls no longer have ").with("poller()");
            let text = text.then(": it starts no long-running operation");
            findings.add(Effect::Source, Aspect::Signature, text);
        }
        (None, Some(_)) => {
            let text = Text::say("it starts a long-running operation");
            findings.add(Effect::Added, Aspect::Definition, text);
        }
        (Some(old), Some(new)) => {
            let changes = ["response", "metadata"].iter().zip(old.iter().zip(new));
            for (what, (old, new)) in changes.filter(|(_, (old, new))| !types.is_same_type(old, new)) {
                let text = arrow(format!("the {what} of its operation: "), &old.name, &new.name);
                findings.add(Effect::Source, Aspect::Signature, text);
                let text = format!("an old client rejects the {what} of the operation");
                findings.add(Effect::Wire, Aspect::Definition, Text::say(text));
            }
        }
        (None, None) => {}
    }
}

/// Compatible changes. Only short values are shown.
fn notes(old: &Names, new: &Names, findings: &mut Findings) {
    for ((what, was), (_, is)) in old.iter().zip(new).filter(|(old, new)| old != new) {
        let text = match *what {
            "idempotency" | "version" => arrow(format!("its {what}: "), was, is),
            _ => Text::say(format!("its {what} changed")),
        };
        findings.add(Effect::Added, Aspect::Definition, text);
    }
}

fn streaming(method: &Method) -> &'static str {
    match (method.client_streaming, method.server_streaming) {
        (false, false) => "unary",
        (true, false) => "client",
        (false, true) => "server",
        (true, true) => "bidirectional",
    }
}

/// Old code passes parameters by position, so names do not matter.
fn parameters(old: &Method, new: &Method, types: &Types, findings: &mut Findings) {
    let is_same = |old: &Parameter, new: &Parameter| types.is_same(&old.ty, &new.ty);
    let fits = old.parameters.len() == new.parameters.len()
        && old.parameters.iter().zip(&new.parameters).all(|(old, new)| is_same(old, new));
    // A parameter that moved under its own name was not merely renamed.
    let has_moved = old.parameters.iter().enumerate().any(|(at, parameter)| {
        new.parameters.iter().position(|other| other.field == parameter.field).is_some_and(|now| now != at)
    });
    if fits && !has_moved {
        return;
    }
    let text = arrow("parameters: ", &signature(old), &signature(new));
    let text =
        if fits { text.then("; old code compiles, but passes values in the wrong positions") } else { text };
    findings.add(Effect::Source, Aspect::Signature, text);
}

fn signature(method: &Method) -> String {
    let parameter = |parameter: &Parameter| format!("{}: {}", parameter.name, shown(&parameter.ty));
    let parameters: Vec<String> = method.parameters.iter().map(parameter).collect();
    format!("{}({})", method.function, parameters.join(", "))
}

/// A type as in the file.
pub(super) fn shown(ty: &Type) -> String {
    let kind = kind(&ty.kind);
    if ty.is_list && !matches!(ty.kind, Kind::Map(..)) { format!("repeated {kind}") } else { kind }
}

fn kind(kind: &Kind) -> String {
    match kind {
        Kind::Scalar(name) => name.to_lowercase(),
        Kind::Enum(ty) | Kind::Message(ty) => ty.name.clone(),
        Kind::Group(ty) => format!("group {}", ty.name),
        Kind::Map(key, value) => format!("map<{}, {}>", self::kind(key), self::kind(value)),
    }
}

fn builders(old: &Method, new: &Method, findings: &mut Findings) {
    let shown = |name: &String, method: &Method| {
        let fields: Vec<&String> = method.builders[name].keys().collect();
        let fields = fields.iter().map(|field| field.as_str()).collect::<Vec<_>>().join(", ");
        format!("rest::{name} {{ {fields} }}")
    };
    for (name, fields) in &old.builders {
        match new.builders.get(name) {
            None => {
                let text = Text::say("its path builder is removed: ").with(shown(name, old));
                findings.add(Effect::Source, Aspect::Signature, text);
            }
            Some(others) if fields != others => {
                let text = arrow("its path builder: ", &shown(name, old), &shown(name, new));
                findings.add(Effect::Source, Aspect::Signature, text);
            }
            Some(_) => {}
        }
    }
}

pub(super) fn deprecation(findings: &mut Findings, old: bool, new: bool) {
    if old != new {
        let text = if new { "it is deprecated" } else { "it is no longer deprecated" };
        findings.add(Effect::Added, Aspect::Definition, Text::say(text));
    }
}
