//! `ROUTES.md`: the HTTP routes.

use askama::Template;
use rust_sdk_model::Api;
use rust_sdk_model::api::{Binding, Method};

use super::markdown::{cell, code, codes};
use super::{count, sorted_methods, sorted_services, stream_mark};

/// The whole document.
#[derive(Template)]
#[template(path = "ROUTES.md.jinja", escape = "none")]
pub(super) struct View {
    routes: String,
    services: Vec<Table>,
    without: Vec<String>,
}

/// The routes of one service.
struct Table {
    heading: String,
    rows: Vec<Row>,
}

/// One binding.
struct Row {
    verb: String,
    path: String,
    body: String,
    query: String,
    method: String,
    notes: String,
}

pub(super) fn view(api: &Api) -> View {
    let services = sorted_services(api).into_iter().map(|service| Table {
        heading: code(&service.full_name),
        rows: service.methods.iter().flat_map(rows).collect(),
    });
    let services: Vec<Table> = services.filter(|service| !service.rows.is_empty()).collect();
    let without = sorted_methods(api).into_iter().filter(|(_, method)| method.bindings.is_empty());
    View {
        routes: count(services.iter().map(|service| service.rows.len()).sum(), "route"),
        services,
        without: without.map(|(_, method)| code(&method.full_name)).collect(),
    }
}

fn rows(method: &Method) -> Vec<Row> {
    let row = |(index, binding): (usize, &Binding)| Row {
        verb: cell(&code(&binding.verb)),
        path: cell(&code(&binding.text)),
        body: cell(&binding.body.as_str().map(code).unwrap_or_default()),
        query: cell(&codes(&binding.query)),
        method: cell(&code(&method.name)),
        notes: cell(&notes(method, index, binding)),
    };
    method.bindings.iter().enumerate().map(row).collect()
}

fn notes(method: &Method, index: usize, binding: &Binding) -> String {
    let mut notes = Vec::new();
    if method.bindings.len() > 1 {
        notes.push(format!("binding {} of {}", index + 1, method.bindings.len()));
    }
    if let Some(field) = &binding.response_body {
        notes.push(format!("response body: {}", code(field)));
    }
    notes.extend(stream_mark(method).map(str::to_owned));
    if method.deprecated {
        notes.push("deprecated".to_owned());
    }
    notes.join(", ")
}
