//! The file of one service: its method table, typed constants, client, path builders and server trait.

mod client;
mod notes;
mod scope;
pub(crate) mod stub;
mod table;

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use rust_sdk_model::Api;
use rust_sdk_model::api::{Package, Service};

use crate::calls::Requests;
use crate::tokens::{Place, docs, has_client, ident};
use crate::{custom, method_docs, rest, server};

/// The service's file: its items, and text behind them.
pub(crate) fn generate(
    api: &Api,
    package: &Package,
    service: &Service,
    requests: &Requests<'_>,
) -> (TokenStream, String) {
    let place = Place::new(api, &package.module).child(&service.module);
    let client = has_client(&api.options).then(|| client::generate(api, service, requests, &place));
    let texts = [
        rest::generate(api, service, &place),
        server::generate(api, service, &place),
        stub::generate(api, service, &place),
    ];
    let table = table::generate(api, service, &place);
    let options = custom::import(api, service, &place);
    let marker = marker(api, service, &place);
    let title = format!(" `{}`.", service.full_name);
    let items = quote! {
        #![doc = #title]
        #![allow(deprecated, reason = "what the API deprecates is still served")]
        use ::rust_sdk_runtime as rt;
        #options
        #marker
        #client
        #table
    };
    (items, texts.concat())
}

/// The type that a service's constants hang on.
fn marker(api: &Api, service: &Service, place: &Place) -> TokenStream {
    let name = ident(&service.marker);
    let doc = docs(&method_docs::service(api, service, place));
    let rpcs = service.methods.iter().enumerate().map(|(index, method)| {
        let constant = ident(&method.constant);
        let (input, output) = (place.ty(&method.input), place.ty(&method.output));
        let index = Literal::usize_unsuffixed(index);
        let scope = scope::generate(method, place);
        let doc = docs(&method_docs::constant(method));
        quote! {
            #doc
            pub const #constant: rt::Rpc<#input, #output> = rt::Rpc::new(&SERVICE, #index, #scope);
        }
    });
    let options = custom::constants(api, service);
    quote! {
        #doc
        #[derive(Clone, Copy, Debug)]
        pub struct #name;
        impl #name {
            /// The service's name, version and method table.
            pub const SERVICE: &'static rt::Service = &SERVICE;
            #(#rpcs)*
            #options
        }
    }
}
