//! Servers: the trait of a service, and the tonic service around it. They are a table, which the runtime's macro expands.

use rust_sdk_model::Api;
use rust_sdk_model::api::Service;

use crate::tokens::Code;
use crate::tokens::Place;

/// The module `server` of a service; empty if the service has no methods.
pub(crate) fn generate(api: &Api, service: &Service, place: &Place) -> String {
    let mut code = Code::default();
    if !api.options.server || service.methods.is_empty() {
        return code.finish();
    }
    let place = place.child("server");
    let many = |many: bool| if many { "many" } else { "one" };
    code.blank();
    code.line(format_args!(
        "/// The trait that servers of `{}` implement, and the tonic service around it.",
        service.full_name
    ));
    code.gate(&api.options, "server");
    code.open(format_args!("pub mod server {{"));
    code.open(format_args!("::rust_sdk_runtime::tonic_service! {{"));
    // As the feature `server` has the gateway.
    if api.options.json && api.options.grpc && api.options.rest {
        code.line(format_args!("direct;"));
    }
    if !api.options.server_stubs {
        code.line(format_args!("required;"));
    }
    code.docs(&place.docs(&service.docs));
    code.open(format_args!("{}, {} = {:?} {{", service.marker, service.server, service.full_name));
    for (index, method) in service.methods.iter().enumerate() {
        if index > 0 {
            code.blank();
        }
        code.docs(&place.docs(&method.docs));
        code.line(format_args!(
            "{}({} {}) -> {} {}: {:?};",
            method.function,
            many(method.client_streaming),
            place.text(&method.input.rust),
            many(method.server_streaming),
            place.text(&method.output.rust),
            format!("/{}", method.full_name),
        ));
    }
    code.close();
    code.close();
    code.close();
    code.finish()
}
