//! `SERVICES.md`: what the API offers.

use std::fmt::Write as _;

use askama::Template;
use rust_sdk_model::Api;
use rust_sdk_model::api::{Method, Package, Service, TypeRef};
use rust_sdk_model::options::Layout;

use super::markdown::{cell, code, first_paragraph, summary};
use super::{count, stream_mark};
use crate::tokens::{has_client, prose};

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
    let mut services: Vec<_> = api.services().collect();
    services.sort_by(|(_, a), (_, b)| a.full_name.cmp(&b.full_name));
    let methods = services.iter().map(|(_, service)| service.methods.len()).sum();
    View {
        totals: format!("{}, {}", count(services.len(), "service"), count(methods, "method")),
        services: services.into_iter().map(|(package, service)| section(api, package, service)).collect(),
    }
}

fn section(api: &Api, package: &Package, service: &Service) -> Section {
    let mut facts = Vec::new();
    if has_client(&api.options) {
        let mut fact = format!("In Rust: `client.{}()`", service.accessor);
        if api.options.layout == Layout::Crate {
            let _ = write!(fact, ", feature {}", code(&package.feature));
        }
        facts.push(fact + ".");
    }
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
        marks.push("paginated");
    }
    let operation = method.long_running.as_ref().map(|operation| {
        let name = |ty: &TypeRef| code(ty.name.rsplit('.').next().unwrap_or(&ty.name));
        format!("long-running: {}", name(&operation.response))
    });
    marks.extend(operation.as_deref());
    if method.deprecated {
        marks.push("deprecated");
    }
    Row {
        method: cell(&code(&method.name)),
        summary: cell(&summary(&method.docs.plain())),
        marks: cell(&marks.join(", ")),
    }
}
