//! `README.md` of the generated crate.

use askama::Template;
use rust_sdk_model::Api;
use rust_sdk_model::api::Package;

use super::examples::{Examples, examples};
use super::features::{self, Feature};
use super::markdown::{cell, code, codes};
use super::{count, writes_permissions, writes_routes, writes_services};

/// The whole document.
#[derive(Template)]
#[template(path = "README.md.jinja", escape = "none")]
pub(super) struct View {
    name: String,
    summary: String,
    dependency: String,
    selection: String,
    call: Option<String>,
    path: Option<String>,
    access: Option<String>,
    defaults: String,
    transports: Vec<Row>,
    packages: Vec<PackageRow>,
    documents: Vec<Document>,
    generator: &'static str,
}

/// One feature.
struct Row {
    feature: String,
    meaning: String,
}

/// One package.
struct PackageRow {
    feature: String,
    package: String,
    services: String,
}

/// A file beside the README.
struct Document {
    name: &'static str,
    holds: &'static str,
}

pub(super) fn view(api: &Api) -> View {
    let options = &api.options;
    let Examples { feature, call, path, access } = examples(api).unwrap_or_else(|| Examples {
        feature: api.packages.first().map(|package| package.feature.clone()).unwrap_or_default(),
        call: None,
        path: None,
        access: None,
    });
    let default = features::defaults(api).enables;
    let selection = default.iter().filter(|name| *name != "all-packages").chain([&feature]);
    let selection = selection.map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", ");
    let version = &options.crate_version;
    View {
        name: api.crate_name.clone(),
        summary: summary(api),
        dependency: format!("{} = {version:?}", api.crate_name),
        selection: format!(
            "{} = {{ version = {version:?}, default-features = false, features = [{selection}] }}",
            api.crate_name
        ),
        call,
        path,
        access,
        defaults: codes(&default),
        transports: features::transports(api).iter().map(row).collect(),
        packages: api.packages.iter().map(package_row).collect(),
        documents: documents(api),
        generator: env!("CARGO_PKG_VERSION"),
    }
}

/// The names of the packages, for a cell of a table.
pub(crate) fn packages(api: &Api) -> String {
    cell(&codes(api.packages.iter().map(|package| &package.name)))
}

/// The numbers of methods, services and packages.
pub(crate) fn summary(api: &Api) -> String {
    let packages = count(api.packages.len(), "protobuf package");
    if !writes_services(api) {
        return packages;
    }
    let (methods, services) = (api.methods().count(), api.services().count());
    format!("{} in {} of {packages}", count(methods, "method"), count(services, "service"))
}

fn row(feature: &Feature) -> Row {
    Row { feature: cell(&code(&feature.name)), meaning: cell(feature.meaning) }
}

fn package_row(package: &Package) -> PackageRow {
    PackageRow {
        feature: cell(&code(&package.feature)),
        package: if package.name.is_empty() { cell("") } else { cell(&code(&package.name)) },
        services: cell(&codes(package.services.iter().map(|service| &service.name))),
    }
}

fn documents(api: &Api) -> Vec<Document> {
    [
        (writes_services(api), "SERVICES.md", "services, their versions and methods"),
        (writes_routes(api), "ROUTES.md", "HTTP routes"),
        (writes_permissions(api), "PERMISSIONS.md", "who may call what"),
        (api.options.access, "access.json", "access and routes of every method, for tools"),
    ]
    .into_iter()
    .filter(|(written, ..)| *written)
    .map(|(_, name, holds)| Document { name, holds })
    .collect()
}
