//! The file of a package, or its part of the root file.

use std::collections::{BTreeMap, BTreeSet};

use rust_sdk_model::Api;
use rust_sdk_model::api::{Package, Service};

use super::{Tree, docs, options};
use crate::tokens::{Code, HEADER, Place, has_client};
use crate::{messages, service};

/// A package's file, or its part of the root file: documentation, modules and messages.
pub(crate) fn generate(
    api: &Api,
    package: &Package,
    tree: &Tree<'_>,
    holders: &BTreeSet<&str>,
    (extras, has_calls): (&BTreeMap<&str, String>, bool),
) -> String {
    let place = Place::new(api, &package.module);
    let mut code = Code::default();
    if !package.module.is_empty() {
        code.text(HEADER);
        code.inner_docs(&docs::package(package, &place));
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
        // The functions belong to types of other modules, so nobody needs to name this module.
        let public = if *module == package.mask_module { "pub " } else { "" };
        code.blank();
        code.line(format_args!("{public}mod {module};"));
    }
    options::items(api, package, &place, &mut code);
    code.finish() + &messages::generate(api, package, holders)
}

/// The module of a service, and the package's re-exports from it.
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
