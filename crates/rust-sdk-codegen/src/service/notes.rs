//! What a method's row says of logs, sizes, updates and events.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use rust_sdk_model::Api;
use rust_sdk_model::api::{Event, EventKind, Method, MethodRef, PatchSource, Service};

use crate::tokens::Place;

/// The end of the row.
pub(super) fn generate(api: &Api, service: &Service, method: &Method, place: &Place) -> TokenStream {
    let logs = (!method.log_fields.is_empty()).then(|| {
        let fields = method.log_fields.iter().map(|field| {
            let (name, path) = (&field.name, &field.path);
            quote!((#name, #path))
        });
        quote!(.logs(&[#(#fields),*]))
    });
    let size = method.max_message_mb.map(|megabytes| {
        let megabytes = Literal::u32_unsuffixed(megabytes);
        quote!(.limit_mb(#megabytes))
    });
    let source = method.patch_source.as_ref().map(|source| {
        let source = patch_source(api, service, source, place);
        quote!(.patches(#source))
    });
    let event = method.event.as_ref().map(|event| {
        let event = self::event(event);
        quote!(.emits(#event))
    });
    quote!(#logs #size #source #event)
}

fn patch_source(api: &Api, service: &Service, source: &PatchSource, place: &Place) -> TokenStream {
    let get = row(api, service, &source.get, place);
    let (request, response) = (&source.request_field, &source.response_field);
    let mapping = pairs(&source.mapping);
    quote!(rt::PatchSource::new(#get, #request, #response, #mapping))
}

/// Another method's row: of this table, or by the service that has it.
fn row(api: &Api, service: &Service, method: &MethodRef, place: &Place) -> TokenStream {
    let index = Literal::usize_unsuffixed(method.index);
    let other = api.services().find(|(_, other)| other.full_name == method.service);
    match other {
        Some((package, other)) if other.full_name != service.full_name => {
            let mut marker = package.module.clone();
            marker.push(other.marker.clone());
            let marker = place.to(&marker);
            quote!(&#marker::SERVICE.methods()[#index])
        }
        _ => quote!(&METHODS[#index]),
    }
}

fn event(event: &Event) -> TokenStream {
    let (ty, id, url) = (&event.resource_type, &event.resource_id, &event.resource_url);
    let new = match &event.kind {
        EventKind::Created => quote!(created(#ty, #id, #url)),
        EventKind::Updated => quote!(updated(#ty, #id, #url)),
        EventKind::Deleted => quote!(deleted(#ty, #id, #url)),
        EventKind::Action(action) => quote!(action(#action, #ty, #id, #url)),
        EventKind::Other(kind) => quote!(new(rt::EventKind::Other(#kind), #ty, #id, #url)),
    };
    let context = (!event.context.is_empty()).then(|| {
        let context = pairs(&event.context);
        quote!(.context(#context))
    });
    let status = event.status_only.then(|| quote!(.status_only()));
    quote!(rt::Event::#new #context #status)
}

fn pairs(pairs: &[(String, String)]) -> TokenStream {
    let pairs = pairs.iter().map(|(key, value)| quote!((#key, #value)));
    quote!(&[#(#pairs),*])
}
