//! `Debug` for messages with `debug_redact` fields, instead of prost's own, which prints everything.

use proc_macro2::TokenStream;
use quote::quote;
use rust_sdk_model::api::{Field, Message, OneofStep, RustType};

use crate::messages::add_attribute;
use crate::tokens::{Place, ident};

const SKIP: &str = "#[prost(skip_debug)]";

/// Takes prost's `Debug` from the message in this text, and writes another.
pub(crate) fn apply(message: &Message, depth: usize, place: &Place, text: &mut String) -> TokenStream {
    *text = add_attribute(text, &message.path[depth..], SKIP);
    let mut out = message_debug(message, place);
    let mut done: Vec<&OneofStep> = Vec::new();
    for oneof in message.fields.iter().filter(|field| field.redacted).filter_map(|field| field.oneof.as_ref())
    {
        if done.iter().any(|other| other.name == oneof.name) {
            continue;
        }
        done.push(oneof);
        if let RustType::Local(path) = &oneof.rust {
            *text = add_attribute(text, &path[depth..], SKIP);
        }
        out.extend(oneof_debug(message, oneof, place));
    }
    out
}

fn message_debug(message: &Message, place: &Place) -> TokenStream {
    let ty = place.to(&message.path);
    let name = message.path.last().map(String::as_str).unwrap_or_default();
    let mut seen: Vec<&str> = Vec::new();
    let fields = message.fields.iter().filter_map(|field| {
        if seen.contains(&field.rust_name.as_str()) {
            return None;
        }
        seen.push(&field.rust_name);
        Some(field_debug(field))
    });
    quote! {
        impl ::core::fmt::Debug for #ty {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.debug_struct(#name) #(#fields)* .finish()
            }
        }
    }
}

fn field_debug(field: &Field) -> TokenStream {
    let member = ident(&field.rust_name);
    let label = field.rust_name.strip_prefix("r#").unwrap_or(&field.rust_name);
    // A oneof prints itself, and redacts itself.
    if field.redacted && field.oneof.is_none() {
        quote!(.field(#label, &::core::format_args!("<redacted>")))
    } else {
        quote!(.field(#label, &self.#member))
    }
}

fn oneof_debug(message: &Message, oneof: &OneofStep, place: &Place) -> TokenStream {
    let ty = place.rust(&oneof.rust);
    let members = message.fields.iter().filter_map(|field| {
        let step = field.oneof.as_ref().filter(|step| step.name == oneof.name)?;
        let (variant, label) = (ident(&step.variant), step.variant.as_str());
        Some(if field.redacted {
            quote!(Self::#variant(_) => f.debug_tuple(#label).field(&::core::format_args!("<redacted>")).finish())
        } else {
            quote!(Self::#variant(value) => f.debug_tuple(#label).field(value).finish())
        })
    });
    quote! {
        impl ::core::fmt::Debug for #ty {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                match self { #(#members,)* }
            }
        }
    }
}
