//! Custom options as typed static data.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use rust_sdk_model::Api;
use rust_sdk_model::api::{CustomOption, OptionField, OptionType, OptionValue, Package, Service};

use crate::tokens::{Place, docs, ident, path};

/// The types: the file of the module that [`rust_sdk_model::api::RootModules::options`] names. `None` without any.
pub(crate) fn types(api: &Api) -> Option<TokenStream> {
    let types = &api.option_types;
    let tables = [
        table("MethodOptions", "The custom options of a method.", &types.method),
        table("ServiceOptions", "The custom options of a service.", &types.service),
        table("MessageOptions", "The custom options of a message.", &types.message),
        table("FieldOptions", "The custom options of a field.", &types.field),
        table("EnumValueOptions", "The custom options of an enum's value.", &types.enum_value),
    ];
    if tables.iter().all(Option::is_none) {
        return None;
    }
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
        //! The API's own options, as static data.
        #(#tables)*
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
    let module = quote!(options);
    let types = &api.option_types;
    let own = (!service.custom_options.is_empty()).then(|| {
        let set =
            Set { table: "ServiceOptions", known: types.service.len(), options: &service.custom_options };
        constant("OPTIONS", " The custom options of the service.", &set, &module)
    });
    let methods = service.methods.iter().filter(|method| !method.custom_options.is_empty()).map(|method| {
        let doc = format!(" The custom options of [`Self::{}`].", method.constant);
        let set = Set { table: "MethodOptions", known: types.method.len(), options: &method.custom_options };
        constant(&method.options_constant, &doc, &set, &module)
    });
    quote!(#own #(#methods)*)
}

/// The constants of a package's messages and their fields, and what tells the options of an enum's values.
pub(crate) fn items(api: &Api, package: &Package, place: &Place) -> TokenStream {
    let module = place.to(std::slice::from_ref(&api.root_modules.options));
    let types = &api.option_types;
    let impls = package.item_options.iter().map(|item| {
        let ty = place.to(&item.path);
        let own = (!item.own.is_empty()).then(|| {
            let set = Set { table: "MessageOptions", known: types.message.len(), options: &item.own };
            constant("OPTIONS", " The custom options of the message.", &set, &module)
        });
        let fields = item.fields.iter().map(|(name, field, options)| {
            let doc = format!(" The custom options of `{field}`.");
            let set = Set { table: "FieldOptions", known: types.field.len(), options };
            constant(name, &doc, &set, &module)
        });
        let values = (!item.values.is_empty()).then(|| {
            let arms = item.values.iter().map(|(variant, options)| {
                let variant = ident(variant);
                let set = Set { table: "EnumValueOptions", known: types.enum_value.len(), options };
                let set = literal(&set, &module);
                quote!(Self::#variant => #set,)
            });
            quote! {
                /// The custom options of the value.
                #[must_use]
                pub const fn options(self) -> #module::EnumValueOptions {
                    #[allow(deprecated, unreachable_patterns, clippy::match_same_arms, reason = "a row for each value that has options")]
                    match self {
                        #(#arms)*
                        _ => #module::EnumValueOptions::NONE,
                    }
                }
            }
        });
        quote!(impl #ty { #own #(#fields)* #values })
    });
    quote!(#(#impls)*)
}

/// Options that are set, and the table that they are in.
struct Set<'a> {
    table: &'a str,
    /// How many options the table has.
    known: usize,
    options: &'a [CustomOption],
}

fn constant(name: &str, doc: &str, set: &Set<'_>, module: &TokenStream) -> TokenStream {
    let (name, table, literal) = (ident(name), ident(set.table), literal(set, module));
    quote! {
        #[doc = #doc]
        pub const #name: #module::#table = #literal;
    }
}

fn literal(set: &Set<'_>, module: &TokenStream) -> TokenStream {
    let table = ident(set.table);
    let fields = set.options.iter().map(|option| {
        let field = ident(&option.field);
        let value = value(&option.value, true, module);
        quote!(#field: #value)
    });
    let rest = (set.options.len() < set.known).then(|| quote!(..#module::#table::NONE));
    quote!(#module::#table { #(#fields,)* #rest })
}

fn value(option: &OptionValue, boxed: bool, module: &TokenStream) -> TokenStream {
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
            quote!(#module::#ty::#variant)
        }
        OptionValue::Message(ty, fields) => {
            let ty = ident(ty);
            let fields = fields.iter().map(|(name, field)| {
                let (name, field) = (ident(name), value(field, true, module));
                quote!(#name: #field)
            });
            let reference = boxed.then(|| quote!(&));
            quote!(#reference #module::#ty { #(#fields),* })
        }
        OptionValue::Optional(None) => quote!(None),
        OptionValue::Optional(Some(inner)) => {
            let inner = value(inner, true, module);
            quote!(Some(#inner))
        }
        OptionValue::List(items) => {
            let items = items.iter().map(|item| value(item, false, module));
            quote!(&[#(#items),*])
        }
        OptionValue::Map(items) => {
            let items = items.iter().map(|(key, item)| {
                let (key, item) = (value(key, false, module), value(item, false, module));
                quote!((#key, #item))
            });
            quote!(&[#(#items),*])
        }
    }
}
