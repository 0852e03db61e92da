//! `SERVICES.md`: what the API offers.

use askama::Template;
use rust_sdk_model::Api;
use rust_sdk_model::api::{Method, Service};

use super::markdown::{cell, code, first_paragraph, summary};
use super::{count, sorted_services, stream_mark};
use crate::tokens::prose;

/// The whole document.
#[derive(Template)]
#[template(path = "SERVICES.md.jinja", escape = "none")]
pub(super) struct View {
    totals: String,
    services: Vec<Section>,
}

/// One service.
struct Section {
    heading: String,
    facts: String,
    description: String,
    rows: Vec<Row>,
}

/// One method.
struct Row {
    method: String,
    summary: String,
    marks: String,
}

pub(super) fn view(api: &Api) -> View {
    let services = sorted_services(api);
    let methods = services.iter().map(|service| service.methods.len()).sum();
    View {
        totals: format!("{}, {}", count(services.len(), "service"), count(methods, "method")),
        services: services.into_iter().map(section).collect(),
    }
}

fn section(service: &Service) -> Section {
    let mut facts = Vec::new();
    if service.deprecated {
        facts.push("**Deprecated.**".to_owned());
    }
    facts.extend(service.api_version.as_ref().map(|version| format!("Version {}.", prose::version(version))));
    Section {
        heading: code(&service.full_name),
        facts: facts.join(" "),
        description: first_paragraph(&service.docs.plain()),
        rows: service.methods.iter().map(row).collect(),
    }
}

fn row(method: &Method) -> Row {
    let mut marks = Vec::new();
    marks.extend(stream_mark(method));
    if method.pagination.is_some() {
        marks.push("pages");
    }
    if method.deprecated {
        marks.push("**deprecated**");
    }
    Row {
        method: cell(&code(&method.name)),
        summary: cell(&summary(&method.docs.plain())),
        marks: cell(&marks.join(", ")),
    }
}
