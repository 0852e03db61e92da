//! The documentation of packages: their own comment, else that of their services, else a list of their messages.

use rust_sdk_model::api::{Package, Service};

use crate::tokens::Place;
use crate::tokens::prose;

/// The most names in a list.
const MOST_NAMES: usize = 6;

/// The documentation of a package's module.
pub(crate) fn package(package: &Package, place: &Place) -> Vec<String> {
    let mut lines = place.docs(&package.docs);
    if lines.is_empty() {
        lines = services(package, place);
    }
    if lines.is_empty() {
        let names =
            messages(package).iter().map(|name| format!("[`{name}`](struct@{name})")).collect::<Vec<_>>();
        lines.extend(prose::named("message", "messages", &names, MOST_NAMES));
    }
    if !lines.is_empty() {
        lines.push(String::new());
    }
    lines.push(format!("Package `{}`.", package.name));
    lines
}

/// The documentation of a package's services.
fn services(package: &Package, place: &Place) -> Vec<String> {
    let link = |service: &Service| format!("[`{0}`](struct@{0})", service.marker);
    match package.services.as_slice() {
        [] => Vec::new(),
        [service] => {
            let mut lines = place.docs(&service.docs.summary());
            if lines.is_empty() {
                lines.push(format!("The service {}.", link(service)));
            }
            lines
        }
        services => {
            let names: Vec<String> = services.iter().map(link).collect();
            let mut lines =
                prose::named("service", "services", &names, MOST_NAMES).into_iter().collect::<Vec<_>>();
            lines.push(String::new());
            for service in services {
                let docs = place.docs(&service.docs.summary()).join(" ");
                let docs = if docs.is_empty() { docs } else { format!(": {docs}") };
                lines.push(format!("* {}{docs}", link(service)));
            }
            lines
        }
    }
}

/// The documentation of a module that only contains packages. It has no links, since features may switch their targets off.
pub(crate) fn summary_of_all(packages: &[&Package]) -> String {
    if let [package] = packages {
        let docs = match package.services.as_slice() {
            _ if !package.docs.is_empty() => Some(&package.docs),
            [service] => Some(&service.docs),
            _ => None,
        };
        if let Some(line) = docs.and_then(|docs| docs.summary().plain().into_iter().next()) {
            return line;
        }
    }
    let mut services: Vec<&str> = Vec::new();
    for service in packages.iter().flat_map(|package| &package.services) {
        if !services.contains(&service.name.as_str()) {
            services.push(&service.name);
        }
    }
    let quoted = |names: &[&str]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>();
    let messages: Vec<&str> = packages.iter().flat_map(|package| messages(package)).collect();
    prose::named("service", "services", &quoted(&services), MOST_NAMES)
        .or_else(|| prose::named("message", "messages", &quoted(&messages), MOST_NAMES))
        .unwrap_or_else(|| {
            let names: Vec<&str> = packages.iter().map(|package| package.name.as_str()).collect();
            prose::named("package", "packages", &quoted(&names), MOST_NAMES).unwrap_or_default()
        })
}

/// The messages of a package that are not nested.
fn messages(package: &Package) -> Vec<&str> {
    let depth = package.module.len() + 1;
    let own = package.messages.iter().filter(|message| message.path.len() == depth);
    own.filter_map(|message| message.path.last()).map(String::as_str).collect()
}
