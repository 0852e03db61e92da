//! The file of one service: its method table, typed constants, client, path builders and server trait.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use rust_sdk_model::Api;
use rust_sdk_model::api::{Access, AccessState, Binding, Body, Method, Package, Require, RustType, Service};
use rust_sdk_model::template::{PatternSegment, Segment, Wildcard};

use crate::tokens::{Place, docs, gate, ident};
use crate::{custom, method_docs, rest, schemas, server};

/// The service's file.
pub(crate) fn generate(api: &Api, package: &Package, service: &Service) -> TokenStream {
    let place = Place::new(api, &package.module).child(&service.module);
    let client = api.options.grpc.then(|| client(api, service, &place));
    let rest = api.options.rest.then(|| rest::generate(api, service, &place));
    // Without methods tonic writes code that clippy refuses, and nobody needs it.
    let has_server = api.options.server && !service.methods.is_empty();
    let server = has_server.then(|| server::generate(api, package, service, &place));
    let table = table(api, service, &place);
    let options = custom::import(api, service, &place);
    let marker = marker(api, service, &place);
    let title = format!(" `{}`: its method table, client and path builders.", service.full_name);
    quote! {
        #![doc = #title]
        #![allow(deprecated, reason = "what the API deprecates is still served")]
        use ::rust_sdk_runtime as rt;
        #options
        #marker
        #client
        #rest
        #server
        #table
    }
}

/// The static tables.
fn table(api: &Api, service: &Service, place: &Place) -> TokenStream {
    let name = &service.full_name;
    let version = service.api_version.as_ref().map(|version| quote!(.version(#version)));
    let rows = service.methods.iter().map(row);
    let count = Literal::usize_unsuffixed(service.methods.len());
    // A service without methods has none, and a `match` without arms would not compile cleanly.
    let has_schemas = api.options.json && !service.methods.is_empty();
    let schemas = has_schemas.then(|| {
        let gate = gate(&api.options, "json");
        let marker = ident(&service.marker);
        let rows = service.methods.iter().enumerate().map(|(index, method)| {
            let (index, constant) = (Literal::usize_unsuffixed(index), ident(&method.constant));
            let types = schemas::method_types(place, method);
            quote!(#index => rt::MethodSchemas::of(&#marker::#constant)#types)
        });
        quote! {
            #gate
            fn schemas(index: usize) -> ::core::option::Option<rt::MethodSchemas> {
                ::core::option::Option::Some(match index {
                    #(#rows,)*
                    _ => return ::core::option::Option::None,
                })
            }
        }
    });
    let with_schemas = has_schemas.then(|| quote!(.schemas(schemas)));
    let (on, off) = match (has_schemas, api.options.layout) {
        (true, rust_sdk_model::options::Layout::Crate) => (
            quote!(#[cfg(feature = "json")]),
            Some(quote! {
                #[cfg(not(feature = "json"))]
                static SERVICE: rt::Service = rt::Service::new(#name, &METHODS)#version;
            }),
        ),
        _ => (TokenStream::new(), None),
    };
    quote! {
        #on
        static SERVICE: rt::Service = rt::Service::new(#name, &METHODS)#version #with_schemas;
        #off
        static METHODS: [rt::Method; #count] = [#(#rows),*];
        #schemas
    }
}

/// One row of the method table.
fn row(method: &Method) -> TokenStream {
    let path = format!("/{}", method.full_name);
    let new = match (method.client_streaming, method.server_streaming) {
        (false, false) => quote!(rt::Method::unary(#path)),
        (true, false) => quote!(rt::Method::client_streaming(#path)),
        (false, true) => quote!(rt::Method::server_streaming(#path)),
        (true, true) => quote!(rt::Method::bidirectional(#path)),
    };
    let access = access(&method.access).map(|access| quote!(.requires(#access)));
    let idempotency = method.stated_idempotency.map(|level| match level {
        rust_sdk_model::api::Idempotency::Safe => quote!(.idempotency(rt::Idempotency::Safe)),
        rust_sdk_model::api::Idempotency::Idempotent => quote!(.idempotency(rt::Idempotency::Idempotent)),
        rust_sdk_model::api::Idempotency::Unknown => quote!(.idempotency(rt::Idempotency::Unknown)),
    });
    let deprecated = method.deprecated.then(|| quote!(.deprecated()));
    let http = method.bindings.split_first().map(|(first, rest)| {
        let first = binding(first);
        let additional = (!rest.is_empty()).then(|| {
            let rest = rest.iter().map(|rule| {
                let rule = binding(rule);
                quote!(rt::Binding::#rule)
            });
            quote!(.additional(&[#(#rest),*]))
        });
        quote!(.#first #additional)
    });
    quote!(#new #access #idempotency #deprecated #http)
}

/// `get(template)` and what follows it; the same words build a method's first binding and another one.
fn binding(binding: &Binding) -> TokenStream {
    let template = template(binding);
    let new = match binding.verb.as_str() {
        "GET" => quote!(get(#template)),
        "PUT" => quote!(put(#template)),
        "POST" => quote!(post(#template)),
        "DELETE" => quote!(delete(#template)),
        "PATCH" => quote!(patch(#template)),
        custom => quote!(custom(#custom, #template)),
    };
    let body = match &binding.body {
        Body::None => None,
        Body::All => Some(quote!(.body("*"))),
        Body::Field(name) => Some(quote!(.body(#name))),
    };
    let response = binding.response_body.as_ref().map(|name| quote!(.response_body(#name)));
    quote!(#new #body #response)
}

/// The template by its text alone where the compiler can take it apart, else with its pieces.
fn template(binding: &Binding) -> TokenStream {
    let text = &binding.text;
    let plain = binding.template.segments.iter().all(|segment| match segment {
        Segment::Literal(_) => true,
        Segment::Wildcard(_) => false,
        Segment::Variable { path, .. } => text.contains(&format!("{{{path}}}")),
    });
    if plain {
        return quote!(rt::template!(#text));
    }
    let parts = parts(binding);
    quote!(rt::Template::new(#text, &[#(#parts),*]))
}

/// The template's pieces, literals joined as far as they go.
fn parts(binding: &Binding) -> Vec<TokenStream> {
    let mut parts = Vec::new();
    let mut literal = String::new();
    for segment in &binding.template.segments {
        literal.push('/');
        match segment {
            Segment::Literal(text) => literal.push_str(text),
            Segment::Wildcard(wildcard) => {
                flush(&mut literal, &mut parts);
                let segment = wildcard_segment(*wildcard);
                parts.push(quote!(rt::Part::Wildcard(#segment)));
            }
            Segment::Variable { path, pattern } => {
                flush(&mut literal, &mut parts);
                parts.push(match pattern.as_slice() {
                    [PatternSegment::Wildcard(Wildcard::One)] => quote!(rt::Part::var(#path)),
                    pattern => {
                        let pattern = pattern.iter().map(|segment| match segment {
                            PatternSegment::Literal(text) => quote!(rt::Segment::Literal(#text)),
                            PatternSegment::Wildcard(wildcard) => wildcard_segment(*wildcard),
                        });
                        quote!(rt::Part::Variable(#path, &[#(#pattern),*]))
                    }
                });
            }
        }
    }
    if let Some(verb) = &binding.template.verb {
        literal.push(':');
        literal.push_str(verb);
    }
    flush(&mut literal, &mut parts);
    parts
}

fn flush(literal: &mut String, parts: &mut Vec<TokenStream>) {
    if !literal.is_empty() {
        let text = std::mem::take(literal);
        parts.push(quote!(rt::Part::Literal(#text)));
    }
}

fn wildcard_segment(wildcard: Wildcard) -> TokenStream {
    match wildcard {
        Wildcard::One => quote!(rt::Segment::Any),
        Wildcard::Rest => quote!(rt::Segment::Rest),
    }
}

/// The access rule; nothing for a method that nobody may call, which is what a row starts as.
fn access(access: &Access) -> Option<TokenStream> {
    let permissions = &access.permissions;
    let rule = match (access.state, access.require) {
        (AccessState::Unstated, _) => return None,
        (AccessState::Public, _) => quote!(rt::Access::public()),
        (AccessState::Authenticated, _) => quote!(rt::Access::authenticated()),
        (AccessState::Permissions, Require::All) => quote!(rt::Access::all(&[#(#permissions),*])),
        (AccessState::Permissions, Require::Any) => quote!(rt::Access::any(&[#(#permissions),*])),
    };
    let actors = &access.actors;
    let actors = (!actors.is_empty()).then(|| quote!(.only(&[#(#actors),*])));
    let scope = access.scope.as_ref().map(|scope| {
        let text = &scope.text;
        quote!(.within(#text))
    });
    Some(quote!(#rule #actors #scope))
}

/// The type that a service's constants hang on.
fn marker(api: &Api, service: &Service, place: &Place) -> TokenStream {
    let name = ident(&service.marker);
    let doc = docs(&method_docs::service(api, service));
    let rpcs = service.methods.iter().enumerate().map(|(index, method)| {
        let constant = ident(&method.constant);
        let (input, output) = (place.ty(&method.input), place.ty(&method.output));
        let index = Literal::usize_unsuffixed(index);
        let scope = scope(method, place);
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

/// The function that reads the scope from a request.
fn scope(method: &Method, place: &Place) -> TokenStream {
    let Some(path) = &method.access.scope else {
        // Clippy wants the unit type's only value named.
        return if method.input.rust == RustType::Foreign("()".to_owned()) {
            quote!(|()| None)
        } else {
            quote!(|_| None)
        };
    };
    let mut value = quote!(request);
    let mut wrap: Vec<TokenStream> = Vec::new();
    let last = path.steps.len().saturating_sub(1);
    for (index, step) in path.steps.iter().enumerate() {
        if let Some(oneof) = &step.oneof {
            let (field, variant, ty) = (ident(&oneof.name), ident(&oneof.variant), place.rust(&oneof.rust));
            wrap.push(quote!(let ::core::option::Option::Some(#ty::#variant(value)) = &#value.#field else { return ::core::option::Option::None };));
            value = if index == last { quote!(value.as_str()) } else { quote!(value) };
            continue;
        }
        let field = ident(&step.name);
        value = match (index == last, step.optional) {
            (true, true) => return scope_function(&wrap, &quote!(#value.#field.as_deref())),
            (true, false) => quote!(#value.#field.as_str()),
            (false, true) => quote!(#value.#field.as_ref()?),
            (false, false) => quote!(#value.#field),
        };
    }
    scope_function(&wrap, &quote!(Some(#value)))
}

fn scope_function(before: &[TokenStream], value: &TokenStream) -> TokenStream {
    if before.is_empty() {
        return quote!(|request| #value);
    }
    quote!(|request| { #(#before)* #value })
}

/// The client.
fn client(api: &Api, service: &Service, place: &Place) -> TokenStream {
    let name = ident(&service.client);
    let marker = ident(&service.marker);
    let doc = docs(&method_docs::client(service));
    let gate = gate(&api.options, "grpc");
    let methods = service.methods.iter().map(|method| {
        let doc = docs(&method_docs::function(api, method));
        let deprecated = method.deprecated.then(|| quote!(#[deprecated]));
        let (function, constant) = (ident(&method.function), ident(&method.constant));
        let (input, output) = (place.ty(&method.input), place.ty(&method.output));
        let (argument, result, call) = match (method.client_streaming, method.server_streaming) {
            (false, false) => (quote!(request: &#input), quote!(rt::Call<#output>), quote!(unary)),
            (false, true) => {
                (quote!(request: &#input), quote!(rt::StreamCall<#output>), quote!(server_streaming))
            }
            (true, false) => (
                quote!(request: impl rt::Stream<Item = #input> + Send + 'static),
                quote!(rt::Call<#output>),
                quote!(client_streaming),
            ),
            (true, true) => (
                quote!(request: impl rt::Stream<Item = #input> + Send + 'static),
                quote!(rt::StreamCall<#output>),
                quote!(bidirectional),
            ),
        };
        quote! {
            #doc
            #deprecated
            pub fn #function(&self, #argument) -> #result {
                self.client.#call(&#marker::#constant, request)
            }
        }
    });
    quote! {
        #doc
        #gate
        #[derive(Clone, Debug)]
        pub struct #name {
            client: rt::Client,
        }
        #gate
        impl #name {
            /// Calls the service through this client; cheap, and without I/O.
            pub fn new(client: &rt::Client) -> Self {
                Self { client: client.clone() }
            }

            /// The client that the service is called through.
            pub fn client(&self) -> &rt::Client {
                &self.client
            }
            #(#methods)*
        }
    }
}
