//! The documents of a generated crate: README, tables for reviewers, `access.json`, `Cargo.toml`.
//!
//! Each file makes a view of ready strings, and a template of the same name prints it.

mod access_json;
mod examples;
mod features;
mod manifest;
mod markdown;
pub(crate) mod permissions;
mod readme;
mod routes;
mod services;

pub(crate) use self::manifest::{Entry, RUST_VERSION, key, shared_dependencies, string};
pub(crate) use self::readme::{packages as crate_packages, summary};

use std::collections::BTreeSet;

use askama::Template;
use rust_sdk_model::Api;
use rust_sdk_model::api::{Method, Service};
use rust_sdk_model::options::Layout;

use crate::output::Output;

/// Makes GitHub fold generated code in a review, and show the documents.
const ATTRIBUTES: &str = "/src/** linguist-generated\n";

/// Adds the documents that the API's options ask for.
pub(crate) fn add(api: &Api, files: &mut Output) {
    let options = &api.options;
    let mut put = |name: &str, text: String| files.insert(name.to_owned(), text);
    if options.layout == Layout::Crate {
        put("Cargo.toml", render(&manifest::view(api)));
        put(".gitattributes", attributes(api));
    }
    if options.access {
        put("access.json", access_json::text(api));
    }
    if options.docs {
        if writes_services(api) {
            put("SERVICES.md", render(&services::view(api)));
        }
        if writes_permissions(api) {
            put("PERMISSIONS.md", render(&permissions::view(api)));
        }
        if writes_routes(api) {
            put("ROUTES.md", render(&routes::view(api)));
        }
        // A README describes a crate, so modules inside another crate have none.
        if options.layout == Layout::Crate {
            put("README.md", render(&readme::view(api)));
        }
    }
}

fn attributes(api: &Api) -> String {
    if !api.options.reflection {
        return ATTRIBUTES.to_owned();
    }
    // Nobody reads escaped bytes.
    format!("{ATTRIBUTES}/src/{}.rs -diff\n", api.root_modules.descriptor_set)
}

fn writes_services(api: &Api) -> bool {
    api.services().next().is_some()
}

fn writes_permissions(api: &Api) -> bool {
    api.options.access && api.states_access
}

fn writes_routes(api: &Api) -> bool {
    api.methods().any(|(_, _, method)| !method.bindings.is_empty())
}

pub(crate) fn render(view: &impl Template) -> String {
    let mut text = view.render().expect("templates print strings, and a string takes every write");
    // A template ends with a line break or not, depending on its last loop. A file ends with one line break.
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

/// The services, sorted by name.
fn sorted_services(api: &Api) -> Vec<&Service> {
    let mut services: Vec<&Service> = api.services().map(|(_, service)| service).collect();
    services.sort_by(|a, b| a.full_name.cmp(&b.full_name));
    services
}

/// Every method with its service, sorted by the method's full name.
fn sorted_methods(api: &Api) -> Vec<(&Service, &Method)> {
    let mut methods: Vec<_> = api.methods().map(|(_, service, method)| (service, method)).collect();
    methods.sort_by(|(_, a), (_, b)| a.full_name.cmp(&b.full_name));
    methods
}

/// Permissions or actors, sorted: their order means nothing, so a diff must not show it.
fn sorted_names(names: &[String]) -> Vec<&String> {
    let sorted: BTreeSet<&String> = names.iter().collect();
    sorted.into_iter().collect()
}

/// `1 method`, `2 methods`.
fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// How a method streams; `None` if it does not.
fn stream_mark(method: &Method) -> Option<&'static str> {
    match (method.client_streaming, method.server_streaming) {
        (false, false) => None,
        (true, false) => Some("request stream"),
        (false, true) => Some("response stream"),
        (true, true) => Some("streams both ways"),
    }
}
