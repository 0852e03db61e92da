//! Stubs of services for tests: a trait with a function for each method. It is a table, which the runtime's macro expands.

use rust_sdk_model::Api;
use rust_sdk_model::api::Service;
use rust_sdk_model::options::Layout;

use crate::tokens::Code;
use crate::tokens::{Place, has_client};

/// Whether the service has a stub. A module tree has none, since it has no feature that could keep stubs out of releases.
pub(crate) fn exists(api: &Api, service: &Service) -> bool {
    has_client(&api.options) && api.options.layout == Layout::Crate && !service.methods.is_empty()
}

/// The trait.
pub(super) fn generate(api: &Api, service: &Service, place: &Place) -> String {
    let mut code = Code::default();
    if !exists(api, service) {
        return code.finish();
    }
    let (name, marker) = (&service.stub, &service.marker);
    let amount = |many: bool| if many { "many" } else { "one" };
    code.blank();
    code.gate(&api.options, "testing");
    code.open(format_args!("rt::stub! {{"));
    code.line(format_args!(
        "/// Replaces [`{marker}`] in tests: one function for each method. A method that is not overridden fails with `UNIMPLEMENTED`."
    ));
    code.open(format_args!("{name} for {marker} {{"));
    for method in &service.methods {
        code.line(format_args!(
            "{}({} {}) -> {} {}: {};",
            method.function,
            amount(method.client_streaming),
            place.text(&method.input.rust),
            amount(method.server_streaming),
            place.text(&method.output.rust),
            method.constant
        ));
    }
    code.close();
    code.close();
    code.finish()
}
