//! Turns the model of a protobuf API into the files of a Rust crate. Pure: no file system, no clock, no environment.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;
use rust_sdk_model::api::Package;
use rust_sdk_model::options::Layout;
use rust_sdk_model::{Api, Diagnostics};

mod access;
mod accessors;
mod calls;
mod client;
mod code;
mod custom;
mod documents;
mod format;
mod getters;
mod json;
mod masks;
mod messages;
mod method_docs;
mod method_examples;
mod oneofs;
mod output;
mod rest;
mod root;
mod schemas;
mod server;
mod service;
mod setters;
mod shell;
mod shell_examples;
mod tokens;
mod words;

use self::calls::Requests;
use self::output::Output;
use self::root::Tree;
use self::schemas::SchemaIndex;
use self::tokens::{Place, client_gate, gate, has_client, ident, inner_docs};

/// The generated files: path below the output folder → text.
pub type Files = BTreeMap<String, String>;

/// Generates everything that the API's options ask for.
///
/// # Errors
/// Code that does not parse, which is a defect of the generator.
pub fn generate(api: &Api) -> Result<Files, Diagnostics> {
    let mut files = Output::default();
    let index = SchemaIndex::new(api);
    let requests = Requests::new(api);
    let holders = schemas::holders(api);
    let tree = Tree::new(api);
    let mut root_package = None;
    for package in &api.packages {
        let text = messages::generate(api, package);
        let calls = if has_client(&api.options) { calls::generate(api, package) } else { None };
        let extras = accessors::generate(api, package);
        let items = package_items(api, package, &tree, (&extras, calls.is_some()));
        if let Some(calls) = calls {
            files.insert(module_file(api, &package.module, &package.call_module), calls);
        }
        for (module, text) in extras {
            files.insert(module_file(api, &package.module, module), text);
        }
        for service in &package.services {
            let (items, text) = service::generate(api, package, service, &requests);
            files.insert(module_file(api, &package.module, &service.module), format::file(items, &text)?);
        }
        if api.options.json {
            files.insert(
                module_file(api, &package.module, &package.schema_module),
                schemas::generate(api, package, &index, &holders),
            );
        }
        if package.module.is_empty() {
            root_package = Some((items, text));
        } else {
            files.insert(package_file(api, &package.module), format::file(items, &text)?);
        }
    }
    let options = custom::types(api);
    let access = if api.options.access { access::generate(api) } else { None };
    let (root_items, root_text) = root_package.unzip();
    let root = root::generate(api, root_items.as_ref(), options.is_some(), access.is_some());
    let root_file = match api.options.layout {
        Layout::Crate => "src/lib.rs",
        Layout::Modules => "mod.rs",
    };
    files.insert(root_file.to_owned(), format::file(root, root_text.as_deref().unwrap_or_default())?);
    if let Some(options) = options {
        files.insert(module_file(api, &[], &api.root_modules.options), format::file(options, "")?);
    }
    if let Some(access) = access {
        files.insert(module_file(api, &[], &api.root_modules.access), format::file(access, "")?);
    }
    if has_client(&api.options) {
        files.insert(
            module_file(api, &[], &api.root_modules.client),
            format::file(client::generate(api), "")?,
        );
    }
    documents::add(api, &mut files);
    files.finish()
}

/// What a package's file holds besides its messages: documentation and its modules.
fn package_items(
    api: &Api,
    package: &Package,
    tree: &Tree<'_>,
    (extras, has_calls): (&BTreeMap<&str, String>, bool),
) -> TokenStream {
    let place = Place::new(api, &package.module);
    let options = custom::items(api, package, &place);
    let services = package.services.iter().map(|service| {
        let (module, marker, client) =
            (ident(&service.module), ident(&service.marker), ident(&service.client));
        let client = has_client(&api.options).then(|| {
            let gate = client_gate(&api.options);
            quote! {
                #gate
                #[doc(inline)]
                pub use self::#module::#client;
            }
        });
        let stub = service::stub::exists(api, service).then(|| {
            let (gate, stub) = (gate(&api.options, "testing"), ident(&service.stub));
            quote! {
                #gate
                #[doc(inline)]
                pub use self::#module::#stub;
            }
        });
        quote! {
            pub mod #module;
            #[doc(inline)]
            pub use self::#module::#marker;
            #client
            #stub
        }
    });
    let schemas = api.options.json.then(|| {
        let gate = gate(&api.options, "json");
        let module = ident(&package.schema_module);
        quote!(#gate pub mod #module;)
    });
    let calls = has_calls.then(|| {
        let (gate, module) = (client_gate(&api.options), ident(&package.call_module));
        quote!(#gate mod #module;)
    });
    let extras = extras.keys().map(|module| {
        // Functions of types that stand elsewhere: nobody needs to name where they are written.
        let public = (*module == package.mask_module).then(|| quote!(pub));
        let module = ident(module);
        quote!(#public mod #module;)
    });
    let below = if package.module.is_empty() { TokenStream::new() } else { tree.below(api, &package.module) };
    let docs = if package.module.is_empty() {
        TokenStream::new()
    } else {
        let mut lines = place.docs(&package.docs);
        if lines.is_empty() {
            lines.push(format!("Package `{}`.", package.name));
        }
        inner_docs(&lines)
    };
    quote! {
        #docs
        #below
        #(#services)*
        #schemas
        #calls
        #(#extras)*
        #options
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
