//! The client of a service: a function a method, one call each.

use proc_macro2::TokenStream;
use quote::quote;
use rust_sdk_model::Api;
use rust_sdk_model::api::{Kind, Method, Pagination, RustType, Service};

use crate::calls::Requests;
use crate::method_docs;
use crate::tokens::{Place, client_gate, docs, ident, path};
use crate::words::primitive;

/// The client, and by what its lists come page by page.
pub(super) fn generate(api: &Api, service: &Service, requests: &Requests<'_>, place: &Place) -> TokenStream {
    let name = ident(&service.client);
    let doc = docs(&method_docs::client(service));
    let gate = client_gate(&api.options);
    let types = Types::new(api, place);
    let methods = service.methods.iter().map(|method| {
        let doc = docs(&method_docs::function(api, service, method, requests, place));
        let deprecated = method.deprecated.then(|| method_docs::deprecated(&[&method.docs, &service.docs]));
        let function = function(service, method, requests, &types, place);
        quote!(#doc #deprecated #function)
    });
    let lists = service.methods.iter().filter_map(|method| {
        let pagination = method.pagination.as_ref().filter(|pagination| pagination.implements)?;
        Some(paginated(method, pagination, &gate, place))
    });
    let client = &types.client;
    quote! {
        #doc
        #gate
        #[derive(Clone, Debug)]
        pub struct #name {
            client: #client,
        }
        #gate
        impl #name {
            /// Calls the service through this client; cheap, and without I/O.
            #[inline]
            pub fn new(client: &#client) -> Self {
                Self { client: client.clone() }
            }

            /// The client that the service is called through.
            #[inline]
            pub fn client(&self) -> &#client {
                &self.client
            }
            #(#methods)*
        }
        #(#lists)*
    }
}

/// The client types of the whole API, from here.
struct Types {
    client: TokenStream,
    call: TokenStream,
    stream_call: TokenStream,
}

impl Types {
    fn new(api: &Api, place: &Place) -> Self {
        let ty = |name: &str| place.to(&[api.root_modules.client.clone(), name.to_owned()]);
        Self { client: ty("Client"), call: ty("Call"), stream_call: ty("StreamCall") }
    }
}

fn function(
    service: &Service,
    method: &Method,
    requests: &Requests<'_>,
    types: &Types,
    place: &Place,
) -> TokenStream {
    let marker = ident(&service.marker);
    let (function, constant) = (ident(&method.function), ident(&method.constant));
    let (input, output) = (place.ty(&method.input), place.ty(&method.output));
    let call = if method.server_streaming { &types.stream_call } else { &types.call };
    if method.client_streaming {
        let kind = if method.server_streaming { quote!(bidirectional) } else { quote!(client_streaming) };
        return quote! {
            #[inline]
            pub fn #function(
                &self,
                requests: impl rt::Stream<Item = #input> + Send + 'static,
            ) -> #call<(), #output> {
                self.client.#kind(&#marker::#constant, requests)
            }
        };
    }
    let kind = if method.server_streaming { quote!(server_streaming) } else { quote!(call) };
    let (parameters, setters) = requests.arguments(method, place);
    let request = match &method.input.rust {
        RustType::Foreign(empty) if empty == "()" => quote!(()),
        _ => quote!(#input::default() #(#setters)*),
    };
    quote! {
        #[inline]
        pub fn #function(&self, #(#parameters),*) -> #call<#input, #output> {
            self.client.#kind(&#marker::#constant, #request)
        }
    }
}

fn paginated(method: &Method, pagination: &Pagination, gate: &TokenStream, place: &Place) -> TokenStream {
    let (input, output) = (place.ty(&method.input), place.ty(&method.output));
    let token = ident(&pagination.page_token.rust_name);
    let next = ident(&pagination.next_page_token.rust_name);
    let items = ident(&pagination.items.rust_name);
    let item = match &pagination.item {
        // prost holds enums as numbers, so that it keeps those it does not know.
        Kind::Enum(_) => quote!(i32),
        Kind::Message(ty) | Kind::Group(ty) => place.ty(ty),
        Kind::Scalar("String") => quote!(::std::string::String),
        Kind::Scalar("Bytes") => quote!(::std::vec::Vec<u8>),
        Kind::Scalar(name) => path(primitive(name).unwrap_or(name)),
        // No list is a map.
        Kind::Map(..) => return TokenStream::new(),
    };
    quote! {
        #gate
        rt::paginated!(#input => #output { #token, #next, #items: #item });
    }
}
