//! The file of one service: its method table, typed constants, client, path builders and server trait.

mod calling;
pub(crate) mod docs;
mod method_options;
pub(crate) mod operations;
mod paths;
mod scope;
mod server;
pub(crate) mod stub;
mod table;

use rust_sdk_model::Api;
use rust_sdk_model::api::{Package, Service};

use crate::client;
use crate::client::Requests;
use crate::modules::options;
use crate::tokens::Code;
use crate::tokens::HEADER;
use crate::tokens::layout::{self, Expr, Spot};
use crate::tokens::{Place, has_client};

/// The service's file.
pub(crate) fn generate(api: &Api, package: &Package, service: &Service, requests: &Requests<'_>) -> String {
    let place = Place::new(api, &package.module).child(&service.module);
    let mut code = Code::default();
    code.line(format_args!("{HEADER}//! The service `{}`.", service.full_name));
    code.line(format_args!("#![allow(deprecated, reason = \"deprecated methods are still served\")]"));
    code.blank();
    code.line(format_args!("use ::rust_sdk_runtime::codegen as rt;"));
    if let Some(import) = options::import(api, service, &place) {
        code.blank();
        code.line(format_args!("{import}"));
    }
    marker(api, service, &place, &mut code);
    if has_client(&api.options) {
        client::service::generate(api, service, requests, &place, &mut code);
    }
    table::generate(api, service, &place, &mut code);
    let texts = [
        code.finish(),
        paths::generate(api, service, &place),
        server::generate(api, service, &place),
        stub::generate(api, service, &place),
    ];
    texts.concat()
}

/// The type that has a service's constants.
fn marker(api: &Api, service: &Service, place: &Place, code: &mut Code) {
    code.blank();
    code.docs(&docs::service(api, service, place));
    code.line(format_args!("#[derive(Clone, Copy, Debug)]"));
    code.line(format_args!("pub struct {};", service.marker));
    code.blank();
    code.open(format_args!("impl {} {{", service.marker));
    code.docs(&["The service's name, version and methods.".to_owned()]);
    code.line(format_args!("pub const SERVICE: &'static rt::Service = &SERVICE;"));
    if let Some(host) = &service.default_host {
        code.blank();
        code.docs(&[
            "The host that serves the API, at the port of `https` unless it names another.".to_owned()
        ]);
        let host = Expr::literal(host);
        code.line(format_args!("{}", layout::assign("pub const DEFAULT_HOST: &'static str", &host, 4)));
    }
    if !service.oauth_scopes.is_empty() {
        code.blank();
        code.docs(&["The OAuth scopes that a caller asks for.".to_owned()]);
        let scopes = Expr::literals(&service.oauth_scopes);
        let start = "pub const OAUTH_SCOPES: &'static [&'static str]";
        code.line(format_args!("{}", layout::assign(start, &scopes, 4)));
    }
    for method in &service.methods {
        let start = format!("pub const {}: ", method.constant);
        let spot = Spot { column: 4 + start.len(), ..Spot::line(4, " =".len()) };
        let types = operations::types(method, place.text(&method.input.rust), place, Spot::line(8, 1));
        let start = start + &layout::generic("rt::Rpc", &types, spot);
        let value = Expr::call(
            "rt::Rpc::named",
            [Expr::text("&SERVICE"), Expr::literal(&method.name), scope::generate(method, place)],
        );
        code.blank();
        code.docs(&docs::constant(method));
        code.line(format_args!("{}", layout::assign(&start, &value, 4)));
    }
    options::constants(api, service, code);
    code.close();
}
