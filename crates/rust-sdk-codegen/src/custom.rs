//! Custom options as typed static data.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use rust_sdk_model::Api;
use rust_sdk_model::api::{CustomOption, OptionField, OptionType, OptionValue, Service};

use crate::tokens::{Place, docs, ident, path};

/// The types: the file of the module that [`rust_sdk_model::api::RootModules::options`] names. `None` without any.
pub(crate) fn types(api: &Api) -> Option<TokenStream> {
    let types = &api.option_types;
    if types.method.is_empty() && types.service.is_empty() {
        return None;
    }
    let method = table("MethodOptions", "The custom options of a method.", &types.method);
    let service = table("ServiceOptions", "The custom options of a service.", &types.service);
    let messages = types.messages.iter().map(|message| {
        let name = ident(&message.rust);
        let doc = docs(&described(&message.docs, &message.full_name));
        let fields = message.fields.iter().map(field);
        quote! {
            #doc
            #[derive(Clone, Copy, Debug, PartialEq)]
            pub struct #name { #(#fields)* }
        }
    });
    let enums = types.enums.iter().map(|item| {
        let name = ident(&item.rust);
        let doc = docs(&described(&item.docs, &item.full_name));
        let variants = item.variants.iter().map(|(variant, proto)| {
            let variant = ident(variant);
            let doc = format!(" `{proto}`");
            quote!(#[doc = #doc] #variant,)
        });
        let names = item.variants.iter().map(|(variant, proto)| {
            let variant = ident(variant);
            quote!(Self::#variant => #proto)
        });
        quote! {
            #doc
            #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
            pub enum #name { #(#variants)* }
            impl #name {
                /// The name as the API states it.
                pub const fn as_str_name(self) -> &'static str {
                    match self { #(#names,)* }
                }
            }
        }
    });
    Some(quote! {
        //! The API's own method and service options, as static data.
        #method
        #service
        #(#messages)*
        #(#enums)*
    })
}

fn described(lines: &[String], full_name: &str) -> Vec<String> {
    if lines.is_empty() { vec![format!("`{full_name}`")] } else { lines.to_vec() }
}

fn table(name: &str, doc: &str, fields: &[OptionField]) -> Option<TokenStream> {
    if fields.is_empty() {
        return None;
    }
    let name = ident(name);
    let members = fields.iter().map(field);
    let empty = fields.iter().map(|field| {
        let name = ident(&field.name);
        match field.ty {
            OptionType::List(_) => quote!(#name: &[]),
            _ => quote!(#name: None),
        }
    });
    let doc = format!(" {doc}");
    Some(quote! {
        #[doc = #doc]
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub struct #name { #(#members)* }
        impl #name {
            /// No option is set.
            pub const NONE: Self = Self { #(#empty),* };
        }
    })
}

fn field(field: &OptionField) -> TokenStream {
    let name = ident(&field.name);
    let doc = docs(&described(&field.docs, &field.full_name));
    let ty = ty(&field.ty, true);
    quote!(#doc pub #name: #ty,)
}

/// `boxed`: a single message is held by reference, since it may hold itself.
fn ty(option: &OptionType, boxed: bool) -> TokenStream {
    match option {
        OptionType::Scalar(text) => path(text),
        OptionType::Enum(name) => {
            let name = ident(name);
            quote!(#name)
        }
        OptionType::Message(name) => {
            let name = ident(name);
            if boxed { quote!(&'static #name) } else { quote!(#name) }
        }
        OptionType::Optional(inner) => {
            let inner = ty(inner, true);
            quote!(::core::option::Option<#inner>)
        }
        OptionType::List(inner) => {
            let inner = ty(inner, false);
            quote!(&'static [#inner])
        }
        OptionType::Map(key, value) => {
            let (key, value) = (ty(key, false), ty(value, false));
            quote!(&'static [(#key, #value)])
        }
    }
}

/// The import that [`constants`] needs, where a service has any.
pub(crate) fn import(api: &Api, service: &Service, place: &Place) -> Option<TokenStream> {
    let any = !service.custom_options.is_empty()
        || service.methods.iter().any(|method| !method.custom_options.is_empty());
    let module = place.to(std::slice::from_ref(&api.root_modules.options));
    let alias = (api.root_modules.options != "options").then(|| quote!(as options));
    any.then(|| quote!(use #module #alias;))
}

/// The constants of a service and its methods.
pub(crate) fn constants(api: &Api, service: &Service) -> TokenStream {
    let options = |name: &str, doc: String, constant: &str, set: &[CustomOption], known: usize| {
        if set.is_empty() {
            return TokenStream::new();
        }
        let name = ident(name);
        let ty = quote!(options::#name);
        let constant = ident(constant);
        let fields = set.iter().map(|option| {
            let field = ident(&option.field);
            let value = value(&option.value, true);
            quote!(#field: #value)
        });
        let rest = (set.len() < known).then(|| quote!(..#ty::NONE));
        quote! {
            #[doc = #doc]
            pub const #constant: #ty = #ty { #(#fields,)* #rest };
        }
    };
    let types = &api.option_types;
    let own = options(
        "ServiceOptions",
        " The custom options of the service.".to_owned(),
        "OPTIONS",
        &service.custom_options,
        types.service.len(),
    );
    let methods = service.methods.iter().map(|method| {
        let doc = format!(" The custom options of [`Self::{}`].", method.constant);
        options("MethodOptions", doc, &method.options_constant, &method.custom_options, types.method.len())
    });
    quote!(#own #(#methods)*)
}

fn value(option: &OptionValue, boxed: bool) -> TokenStream {
    match option {
        OptionValue::Bool(it) => quote!(#it),
        OptionValue::Int(it) => {
            let it = Literal::i64_unsuffixed(*it);
            quote!(#it)
        }
        OptionValue::Uint(it) => {
            let it = Literal::u64_unsuffixed(*it);
            quote!(#it)
        }
        OptionValue::Float(it) if it.is_finite() => {
            let it = Literal::f64_unsuffixed(*it);
            quote!(#it)
        }
        OptionValue::Float(it) if it.is_nan() => quote!((0.0 / 0.0)),
        OptionValue::Float(it) if *it > 0.0 => quote!((1.0 / 0.0)),
        OptionValue::Float(_) => quote!((-1.0 / 0.0)),
        OptionValue::Text(it) => quote!(#it),
        OptionValue::Bytes(it) => {
            let it = Literal::byte_string(it);
            quote!(#it)
        }
        OptionValue::Enum(ty, variant) => {
            let (ty, variant) = (ident(ty), ident(variant));
            quote!(options::#ty::#variant)
        }
        OptionValue::Message(ty, fields) => {
            let ty = ident(ty);
            let fields = fields.iter().map(|(name, field)| {
                let (name, field) = (ident(name), value(field, true));
                quote!(#name: #field)
            });
            let reference = boxed.then(|| quote!(&));
            quote!(#reference options::#ty { #(#fields),* })
        }
        OptionValue::Optional(None) => quote!(None),
        OptionValue::Optional(Some(inner)) => {
            let inner = value(inner, true);
            quote!(Some(#inner))
        }
        OptionValue::List(items) => {
            let items = items.iter().map(|item| value(item, false));
            quote!(&[#(#items),*])
        }
        OptionValue::Map(items) => {
            let items = items.iter().map(|(key, item)| {
                let (key, item) = (value(key, false), value(item, false));
                quote!((#key, #item))
            });
            quote!(&[#(#items),*])
        }
    }
}
