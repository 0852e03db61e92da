//! The client of the whole API: the types that its calls have, and a function for each service.

use proc_macro2::TokenStream;
use quote::quote;
use rust_sdk_model::Api;

use crate::method_docs;
use crate::tokens::{Place, docs, gate, ident};

/// The module's file.
pub(crate) fn generate(api: &Api) -> TokenStream {
    let place = Place::new(api, &[]).child(&api.root_modules.client);
    let settings = match &api.options.trace_header {
        Some(name) => quote!(|builder| builder.trace_header(#name)),
        None => TokenStream::new(),
    };
    let services = api.services().map(|(package, service)| {
        let gate = gate(&api.options, &package.gate);
        let mut path = package.module.clone();
        path.push(service.client.clone());
        let (function, client) = (ident(&service.accessor), place.to(&path));
        let doc = docs(&[format!("Calls `{}`.", service.full_name)]);
        let deprecated = service.deprecated.then(|| method_docs::deprecated(&[&service.docs]));
        quote! {
            #doc
            #deprecated
            #gate
            pub fn #function(&self) -> #client {
                #client::new(self)
            }
        }
    });
    let services = api.services().next().is_some().then(|| quote!(impl Client { #(#services)* }));
    quote! {
        #![doc = " The client of the whole API, and its calls."]
        ::rust_sdk_runtime::client_types!(#settings);
        #services
    }
}
