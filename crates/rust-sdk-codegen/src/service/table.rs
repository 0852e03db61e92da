//! The method table, an array of rows that read like the annotations.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use rust_sdk_model::Api;
use rust_sdk_model::api::{Access, AccessState, Binding, Body, Method, Require, Service};
use rust_sdk_model::template::{PatternSegment, Segment, Wildcard};

use super::notes;
use crate::schemas;
use crate::tokens::{Place, gate, ident};

/// The static tables.
pub(super) fn generate(api: &Api, service: &Service, place: &Place) -> TokenStream {
    let name = &service.full_name;
    let version = service.api_version.as_ref().map(|version| quote!(.version(#version)));
    let rows = service.methods.iter().map(|method| {
        let (row, notes) = (row(method), notes::generate(api, service, method, place));
        quote!(#row #notes)
    });
    let count = Literal::usize_unsuffixed(service.methods.len());
    // A service without methods has none, and a `match` without arms would not compile cleanly.
    let has_schemas = api.options.json && !service.methods.is_empty();
    let schemas = has_schemas.then(|| {
        let gate = gate(&api.options, "json");
        let marker = ident(&service.marker);
        let rows = service.methods.iter().map(|method| {
            let (constant, types) = (ident(&method.constant), schemas::method_types(place, method));
            quote!(rt::MethodSchemas::of(&#marker::#constant)#types)
        });
        quote! {
            #gate
            fn schemas(index: usize) -> ::core::option::Option<rt::MethodSchemas> {
                static SCHEMAS: [rt::MethodSchemas; #count] = [#(#rows),*];
                SCHEMAS.get(index).copied()
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
        let pieces = pieces(text);
        return quote!(rt::template!(#(#pieces),*));
    }
    let parts = parts(binding);
    quote!(rt::Template::new(#text, &[#(#parts),*]))
}

/// The texts of a template, and between them its variables.
fn pieces(text: &str) -> Vec<TokenStream> {
    let mut pieces = Vec::new();
    for piece in text.split_inclusive('}') {
        let (literal, variable) = piece.split_once('{').unwrap_or((piece, ""));
        if !literal.is_empty() {
            pieces.push(quote!(#literal));
        }
        if let Some(path) = variable.strip_suffix('}') {
            let steps = path.split('.').map(ident);
            pieces.push(quote!(#(#steps).*));
        }
    }
    pieces
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
