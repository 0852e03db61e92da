//! The client of the whole API, with a function for each service, and the types of its calls.

pub(crate) mod calls;
mod requests;
pub(crate) mod service;

use std::fmt::Write as _;

use rust_sdk_model::Api;

pub(crate) use self::requests::Requests;
use crate::tokens::layout::LINE;
use crate::tokens::{Code, Place};

/// The module's file.
pub(crate) fn generate(api: &Api) -> String {
    let place = Place::new(api, &[]).child(&api.root_modules.client);
    let mut code = Code::file("The client of the whole API, and its calls.");
    code.blank();
    code.line(format_args!("::rust_sdk_runtime::client_types!({});", settings(api)));
    for (package, home) in api.siblings.iter().filter_map(|package| Some((package, package.home.as_ref()?))) {
        if calls::generate(api, package).is_some() {
            code.blank();
            code.any_gate(&api.options, &home.users);
            code.line(format_args!("mod {};", package.call_module));
        }
    }
    if api.services().next().is_none() {
        return code.finish();
    }
    code.blank();
    code.open(format_args!("impl Client {{"));
    for (package, service) in api.services() {
        let mut path = package.module.clone();
        path.push(service.client.clone());
        let client = place.local(&path);
        code.blank();
        code.docs(&docs(service, &place));
        if service.deprecated {
            code.deprecated(&[&service.docs]);
        }
        code.package_gate(&api.options, package);
        let line = format!("pub fn {}(&self) -> {client} {{", service.accessor);
        if 4 + line.chars().count() <= LINE {
            code.open(format_args!("{line}"));
        } else {
            code.line(format_args!("pub fn {}(", service.accessor));
            code.line(format_args!("    &self,"));
            code.open(format_args!(") -> {client} {{"));
        }
        code.line(format_args!("{client}::new(self)"));
        code.close();
    }
    code.close();
    code.finish()
}

/// The first settings of every client, as a function; empty if there are none.
fn settings(api: &Api) -> String {
    let mut settings = String::new();
    if let Some(host) = api.default_host() {
        let _ = write!(settings, ".__default_host({host:?})");
    }
    if let Some(name) = &api.options.trace_header {
        let _ = write!(settings, ".trace_header({name:?})");
    }
    if settings.is_empty() { settings } else { format!("|builder| builder{settings}") }
}

fn docs(service: &rust_sdk_model::api::Service, place: &Place) -> Vec<String> {
    let mut lines = place.docs(&service.docs.summary());
    if !lines.is_empty() {
        lines.push(String::new());
    }
    lines.push(format!("Calls `{}`.", service.full_name));
    lines
}
