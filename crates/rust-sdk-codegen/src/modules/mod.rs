//! The root file: the module tree, the whole API's table and, on request, its descriptor set.

pub(crate) mod access;
pub(crate) mod descriptor_set;
mod docs;
pub(crate) mod options;
pub(crate) mod package;
mod tree;

use rust_sdk_model::Api;
use rust_sdk_model::options::Layout;

pub(crate) use self::tree::Tree;
use crate::messages::any_types;
use crate::tokens::layout::{Expr, assign};
use crate::tokens::{Code, HEADER, Place, has_client};

/// The other parts of the root file.
pub(crate) struct Parts {
    /// The items of the package that has no module of its own.
    pub(crate) package: Option<String>,
    pub(crate) has_options: bool,
    pub(crate) has_access: bool,
}

/// The root file.
pub(crate) fn generate(api: &Api, tree: &Tree<'_>, parts: &Parts) -> String {
    let modules = &api.root_modules;
    let mut code = Code::default();
    head(api, &mut code);
    // A package at the root may have items of these names.
    let is_free = parts.package.is_none();
    code.blank();
    code.line(format_args!("#[doc(inline)]"));
    code.line(format_args!("pub use ::rust_sdk_runtime as {};", modules.runtime));
    for (name, exists) in [(&modules.access, parts.has_access), (&modules.options, parts.has_options)] {
        if exists {
            code.blank();
            code.line(format_args!("pub mod {name};"));
        }
    }
    if has_client(&api.options) {
        code.blank();
        code.client_gate(&api.options);
        code.line(format_args!("pub mod {};", modules.client));
        if is_free {
            code.blank();
            code.client_gate(&api.options);
            code.line(format_args!("#[doc(inline)]"));
            code.line(format_args!("pub use self::{}::{{Call, Client, StreamCall}};", modules.client));
        }
    }
    tree.declare(api, &mut code);
    code.text(parts.package.as_deref().unwrap_or_default());
    if is_free {
        code.blank();
        code.line(format_args!("#[doc(inline)]"));
        code.line(format_args!("pub use ::rust_sdk_runtime::Error;"));
    }
    tables(api, &mut code);
    if api.options.reflection {
        code.blank();
        code.line(format_args!("mod {};", modules.descriptor_set));
        code.blank();
        code.line(format_args!("#[doc(inline)]"));
        code.line(format_args!("pub use self::{}::FILE_DESCRIPTOR_SET;", modules.descriptor_set));
    }
    code.finish()
}

/// The crate's documentation, and the lints that it allows.
fn head(api: &Api, code: &mut Code) {
    let doc = format!("The API of `{}`.", api.crate_name);
    if api.options.layout == Layout::Crate && api.options.docs {
        // The README's examples are doctests, so it is included only with the features that they use.
        let mut needs = vec!["feature = \"all-packages\""];
        needs.extend(api.options.grpc.then_some("feature = \"grpc\""));
        needs.extend(api.options.rest.then_some("feature = \"rest\""));
        let needs = format!("all({})", needs.join(", "));
        code.text(HEADER);
        let readme = "doc = include_str!(\"../README.md\")".to_owned();
        code.attribute("#![cfg_attr(", &[needs.clone(), readme], ")]");
        code.attribute(
            "#![cfg_attr(",
            &[format!("not({needs})"), format!("doc = {:?}", format!(" {doc}"))],
            ")]",
        );
    } else {
        code.line(format_args!("{HEADER}//! {doc}"));
    }
    let lints = [
        "doc_link_with_quotes",
        "doc_markdown",
        "enum_variant_names",
        "large_enum_variant",
        "module_inception",
        "must_use_candidate",
        "struct_excessive_bools",
        "struct_field_names",
        "unreadable_literal",
    ];
    let mut allowed: Vec<String> = lints.iter().map(|lint| format!("clippy::{lint}")).collect();
    allowed.push("reason = \"names, shapes and comments of messages come from the API\"".to_owned());
    code.attribute("#![allow(", &allowed, ")]");
}

/// The constants that list all services and messages that are compiled in.
fn tables(api: &Api, code: &mut Code) {
    let place = Place::new(api, &[]);
    code.blank();
    code.docs(&["Every service that is compiled in, with look-ups by gRPC path, by name and by HTTP route."
        .to_owned()]);
    let services = api.services().map(|(package, service)| {
        let mut item = package.module.clone();
        item.extend([service.module.clone(), service.marker.clone()]);
        (package.gate.as_slice(), format!("{}::SERVICE", place.local(&item)))
    });
    let start = "pub static API: ::rust_sdk_runtime::Api";
    list(api, code, (start, Some("::rust_sdk_runtime::Api::new")), &services.collect::<Vec<_>>());
    if !api.options.json {
        return;
    }
    code.blank();
    let doc =
        "Every message that is compiled in. A `google.protobuf.Any` may hold these and the well-known types.";
    code.docs(&[doc.to_owned()]);
    let packages = api.known_packages().filter(|package| !package.messages.is_empty()).map(|package| {
        let mut item = package.module.clone();
        item.push(any_types::MESSAGES.to_owned());
        let gates = package.home.as_ref().map_or(package.gate.as_slice(), |home| &home.users);
        (gates, place.local(&item))
    });
    let start = "pub const TYPES: ::rust_sdk_runtime::schema::Types";
    list(api, code, (start, None), &packages.collect::<Vec<_>>());
}

/// Appends a constant: a list, or a function's call with it. Each item has the features of which it needs one. An item with a `cfg` is on
/// lines of its own.
fn list(api: &Api, code: &mut Code, (start, function): (&str, Option<&str>), items: &[(&[String], String)]) {
    let has_gates = api.options.layout == Layout::Crate && items.iter().any(|(gates, _)| !gates.is_empty());
    if !has_gates {
        let items = Expr::List(items.iter().map(|(_, item)| Expr::text(item)).collect());
        let value = match function {
            Some(function) => Expr::call(function, [items]),
            None => items,
        };
        return code.line(format_args!("{}", assign(start, &value, 0)));
    }
    let (before, after) = function.map_or((String::new(), ""), |function| (format!("{function}("), ")"));
    code.open(format_args!("{start} = {before}&["));
    for (gates, item) in items {
        code.any_gate(&api.options, gates);
        code.line(format_args!("{item},"));
    }
    code.close_with(&format!("]{after};"));
}
