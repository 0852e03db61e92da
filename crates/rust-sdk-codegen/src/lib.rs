//! Turns the model of a protobuf API into the files of a Rust crate. Pure: no file system, no clock, no environment.

use std::collections::{BTreeMap, BTreeSet};

use rust_sdk_model::api::{Package, Service};
use rust_sdk_model::options::Layout;
use rust_sdk_model::{Api, Diagnostics};

mod access;
mod accessors;
mod any_types;
mod calls;
mod client;
mod code;
mod custom;
mod descriptor_set;
mod documents;
mod format;
mod function_docs;
mod getters;
mod json;
mod layout;
mod masks;
mod messages;
mod method_docs;
mod method_examples;
mod oneofs;
mod output;
mod package_docs;
mod rest;
mod root;
mod samples;
mod server;
mod service;
mod setters;
mod shell;
mod shell_examples;
mod tokens;
mod tree;
mod words;

use self::calls::Requests;
use self::code::Code;
use self::output::Output;
use self::root::Parts;
use self::tokens::{Place, has_client};
use self::tree::Tree;

/// The generated files: path below the output folder → text.
pub type Files = BTreeMap<String, String>;

/// Generates everything that the API's options ask for.
///
/// # Errors
/// Two files of one path, which is a defect of the generator.
pub fn generate(api: &Api) -> Result<Files, Diagnostics> {
    let mut files = Output::default();
    let requests = Requests::new(api);
    let holders = any_types::holders(api);
    let tree = Tree::new(api);
    let mut root_package = None;
    for package in &api.packages {
        let calls = if has_client(&api.options) { calls::generate(api, package) } else { None };
        let extras = accessors::generate(api, package);
        let text = package_text(api, package, &tree, &holders, (&extras, calls.is_some()));
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
    let options = custom::types(api);
    let access = if api.options.access { access::generate(api) } else { None };
    let parts = Parts { package, has_options: options.is_some(), has_access: access.is_some() };
    let file = match api.options.layout {
        Layout::Crate => "src/lib.rs",
        Layout::Modules => "mod.rs",
    };
    files.insert(file, root::generate(api, tree, &parts));
    let client = has_client(&api.options).then(|| client::generate(api));
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

/// A package's file, or its part of the root file: documentation, modules and messages.
fn package_text(
    api: &Api,
    package: &Package,
    tree: &Tree<'_>,
    holders: &BTreeSet<&str>,
    (extras, has_calls): (&BTreeMap<&str, String>, bool),
) -> String {
    let place = Place::new(api, &package.module);
    let mut code = Code::default();
    if !package.module.is_empty() {
        code.text(format::HEADER);
        code.inner_docs(&package_docs::package(package, &place));
        tree.below(api, &package.module, &mut code);
    }
    for service in &package.services {
        service_modules(api, service, &mut code);
    }
    if has_calls {
        code.blank();
        code.client_gate(&api.options);
        code.line(format_args!("mod {};", package.call_module));
    }
    for module in extras.keys() {
        // Functions of types that stand elsewhere: nobody needs to name where they are written.
        let public = if *module == package.mask_module { "pub " } else { "" };
        code.blank();
        code.line(format_args!("{public}mod {module};"));
    }
    custom::items(api, package, &place, &mut code);
    code.finish() + &messages::generate(api, package, holders)
}

/// The module of a service, and what of it stands in the package, too.
fn service_modules(api: &Api, service: &Service, code: &mut Code) {
    let module = &service.module;
    code.blank();
    code.line(format_args!("pub mod {module};"));
    code.blank();
    code.line(format_args!("#[doc(inline)]"));
    code.line(format_args!("pub use self::{module}::{};", service.marker));
    if has_client(&api.options) {
        code.blank();
        code.client_gate(&api.options);
        code.line(format_args!("#[doc(inline)]"));
        code.line(format_args!("pub use self::{module}::{};", service.client));
    }
    if service::stub::exists(api, service) {
        code.blank();
        code.gate(&api.options, "testing");
        code.line(format_args!("#[doc(inline)]"));
        code.line(format_args!("pub use self::{module}::{};", service.stub));
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
        Layout::Crate => "src/",
        Layout::Modules => "",
    }
}
