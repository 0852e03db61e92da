//! The method options of an entry: log fields, size limit, update source and event.

use rust_sdk_model::Api;
use rust_sdk_model::api::{Event, EventKind, Method, MethodRef, PatchSource, Service};

use crate::tokens::Place;
use crate::tokens::layout::Expr;

/// The calls at the end of an entry.
pub(super) fn generate(api: &Api, service: &Service, method: &Method, place: &Place) -> Vec<Expr> {
    let logs = (!method.log_fields.is_empty()).then(|| {
        let fields =
            method.log_fields.iter().map(|field| Expr::text(format!("({:?}, {:?})", field.name, field.path)));
        Expr::call("logs", [Expr::List(fields.collect())])
    });
    let size =
        method.max_message_mb.map(|megabytes| Expr::call("limit_mb", [Expr::text(megabytes.to_string())]));
    let source = method
        .patch_source
        .as_ref()
        .map(|source| Expr::call("patches", [patch_source(api, service, source, place)]));
    let event = method.event.as_ref().map(|event| Expr::call("emits", [self::event(event)]));
    [logs, size, source, event].into_iter().flatten().collect()
}

fn patch_source(api: &Api, service: &Service, source: &PatchSource, place: &Place) -> Expr {
    let get = constant(api, service, &source.get, place).unwrap_or_default();
    let get = format!("|| {get}.method()");
    let (request, response) = (Expr::literal(&source.request_field), Expr::literal(&source.response_field));
    Expr::call("rt::PatchSource::new", [Expr::text(get), request, response, pairs(&source.mapping)])
}

/// The constant of a method of this service or of another one.
pub(super) fn constant(api: &Api, service: &Service, method: &MethodRef, place: &Place) -> Option<String> {
    let mut services = api
        .known_packages()
        .flat_map(|package| package.services.iter().map(move |service| (package, service)));
    let (package, other) = services.find(|(_, other)| other.full_name == method.service)?;
    let constant = &other.methods.get(method.index)?.constant;
    if other.full_name == service.full_name {
        return Some(format!("{}::{constant}", service.marker));
    }
    let mut marker = package.module.clone();
    marker.push(other.marker.clone());
    Some(format!("{}::{constant}", place.local(&marker)))
}

fn event(event: &Event) -> Expr {
    let (ty, id, url) = (
        Expr::literal(&event.resource_type),
        Expr::literal(&event.resource_id),
        Expr::literal(&event.resource_url),
    );
    let new = |function: &str, arguments: Vec<Expr>| Expr::call(format!("rt::Event::{function}"), arguments);
    let new = match &event.kind {
        EventKind::Created => new("created", vec![ty, id, url]),
        EventKind::Updated => new("updated", vec![ty, id, url]),
        EventKind::Deleted => new("deleted", vec![ty, id, url]),
        EventKind::Action(action) => new("action", vec![Expr::literal(action), ty, id, url]),
        EventKind::Other(kind) => {
            new("new", vec![Expr::call("rt::EventKind::Other", [Expr::literal(kind)]), ty, id, url])
        }
    };
    let context = (!event.context.is_empty()).then(|| Expr::call("context", [pairs(&event.context)]));
    let status = event.status_only.then(|| Expr::call("status_only", []));
    new.then(context.into_iter().chain(status).collect())
}

fn pairs(pairs: &[(String, String)]) -> Expr {
    Expr::List(pairs.iter().map(|(key, value)| Expr::text(format!("({key:?}, {value:?})"))).collect())
}
