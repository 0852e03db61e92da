//! Turns the model of a protobuf API into the files of a Rust crate. Pure: no file system, no clock, no environment.

use std::collections::BTreeMap;

use rust_sdk_model::options::Layout;
use rust_sdk_model::{Api, Diagnostics};

mod client;
mod documents;
mod examples;
mod messages;
mod modules;
mod output;
mod service;
mod tokens;
mod workspace;

use self::client::{Requests, calls};
use self::messages::{any_types, functions};
use self::modules::{Parts, Tree, access, descriptor_set, options, package};
use self::output::Output;
use self::tokens::has_client;
pub use self::workspace::{CrateFacts, root as workspace_root};

/// The generated files: path below the output folder → text.
pub type Files = BTreeMap<String, String>;

/// Generates everything that the API's options ask for.
///
/// # Errors
/// Two files have the same path, which is a defect of the generator.
pub fn generate(api: &Api) -> Result<Files, Diagnostics> {
    let mut files = Output::default();
    let requests = Requests::new(api);
    let holders = any_types::holders(api);
    let tree = Tree::new(api);
    let mut root_package = None;
    for package in &api.packages {
        let calls = if has_client(&api.options) { calls::generate(api, package) } else { None };
        let extras = functions::generate(api, package);
        let text = package::generate(api, package, &tree, &holders, (&extras, calls.is_some()));
        if let Some(calls) = calls {
            files.insert(module_file(api, &package.module, &package.call_module), calls);
        }
        for (module, text) in extras {
            files.insert(module_file(api, &package.module, module), text);
        }
        for service in &package.services {
            let text = service::generate(api, package, service, &requests);
            files.insert(module_file(api, &package.module, &service.module), text);
        }
        if package.module.is_empty() {
            root_package = Some(text);
        } else {
            files.insert(package_file(api, &package.module), text);
        }
    }
    root(api, &tree, root_package, &mut files);
    documents::add(api, &mut files);
    files.finish()
}

/// The root file, and those of the modules that belong to no package.
fn root(api: &Api, tree: &Tree<'_>, package: Option<String>, files: &mut Output) {
    let modules = &api.root_modules;
    let options = options::types(api);
    let access = if api.options.access { access::generate(api) } else { None };
    let parts = Parts { package, has_options: options.is_some(), has_access: access.is_some() };
    let file = match api.options.layout {
        Layout::Crate | Layout::Workspace => "src/lib.rs",
        Layout::Modules => "mod.rs",
    };
    files.insert(file, modules::generate(api, tree, &parts));
    let client = has_client(&api.options).then(|| client::generate(api));
    for package in api.siblings.iter().filter(|_| client.is_some()) {
        if let Some(calls) = calls::generate(api, package) {
            files
                .insert(module_file(api, std::slice::from_ref(&modules.client), &package.call_module), calls);
        }
    }
    let descriptor_set = api.options.reflection.then(|| descriptor_set::generate(api));
    for (module, text) in [
        (&modules.options, options),
        (&modules.access, access),
        (&modules.client, client),
        (&modules.descriptor_set, descriptor_set),
    ] {
        if let Some(text) = text {
            files.insert(module_file(api, &[], module), text);
        }
    }
}

/// The file of a package's module.
fn package_file(api: &Api, module: &[String]) -> String {
    let parts: Vec<&str> = module.iter().map(|part| part.strip_prefix("r#").unwrap_or(part)).collect();
    format!("{}{}.rs", source_root(api), parts.join("/"))
}

/// The file of a module inside a package's.
fn module_file(api: &Api, package: &[String], module: &str) -> String {
    let mut path = package.to_vec();
    path.push(module.to_owned());
    package_file(api, &path)
}

fn source_root(api: &Api) -> &'static str {
    match api.options.layout {
        Layout::Crate | Layout::Workspace => "src/",
        Layout::Modules => "",
    }
}
