//! The client of the whole API, with a function for each service, and the types of its calls.

pub(crate) mod calls;
mod requests;
pub(crate) mod service;

use rust_sdk_model::Api;

pub(crate) use self::requests::Requests;
use crate::tokens::layout::LINE;
use crate::tokens::{Code, Place};

/// The module's file.
pub(crate) fn generate(api: &Api) -> String {
    let place = Place::new(api, &[]).child(&api.root_modules.client);
    let mut code = Code::file("The client of the whole API, and its calls.");
    code.blank();
    match &api.options.trace_header {
        Some(name) => {
            code.line(format_args!(
                "::rust_sdk_runtime::client_types!(|builder| builder.trace_header({name:?}));"
            ));
        }
        None => code.line(format_args!("::rust_sdk_runtime::client_types!();")),
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
        code.gate(&api.options, &package.gate);
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

fn docs(service: &rust_sdk_model::api::Service, place: &Place) -> Vec<String> {
    let mut lines = place.docs(&service.docs.summary());
    if !lines.is_empty() {
        lines.push(String::new());
    }
    lines.push(format!("Calls `{}`.", service.full_name));
    lines
}
