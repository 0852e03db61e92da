//! Message schemas as static tables, for ProtoJSON, queries and REST bodies.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;
use rust_sdk_model::api::{Field, Kind, Package, Presence, TypeRef};
use rust_sdk_model::{Api, naming};

use crate::tokens::{Place, ident};

/// Where the schema of each local type stands: its path below the root.
pub(crate) struct SchemaIndex(BTreeMap<String, Vec<String>>);

impl SchemaIndex {
    pub(crate) fn new(api: &Api) -> Self {
        let mut index = BTreeMap::new();
        for package in &api.packages {
            let names = package.messages.iter().map(|message| (&message.full_name, &message.schema));
            for (full_name, schema) in
                names.chain(package.enums.iter().map(|item| (&item.full_name, &item.schema)))
            {
                let mut item = package.module.clone();
                item.extend([package.schema_module.clone(), schema.clone()]);
                index.insert(full_name.clone(), item);
            }
        }
        Self(index)
    }

    /// A reference to the schema of a message or enum.
    fn reference(&self, ty: &TypeRef, place: &Place) -> TokenStream {
        if let Some(item) = self.0.get(&ty.name) {
            let item = place.to(item);
            return quote!(&#item);
        }
        if let Some(name) = ty.name.strip_prefix("google.protobuf.") {
            let constant = ident(&naming::shouty(&name.replace("UInt", "Uint")));
            return quote!(&::rust_sdk_runtime::schema::wkt::#constant);
        }
        let ty = place.ty(ty);
        quote!(<#ty as ::rust_sdk_runtime::schema::HasSchema>::SCHEMA)
    }
}

/// The schema file of a package.
pub(crate) fn generate(api: &Api, package: &Package, index: &SchemaIndex) -> TokenStream {
    let package_place = Place::new(api, &package.module);
    let place = package_place.child(&package.schema_module);
    let enums = package.enums.iter().map(|item| {
        let (schema, name) = (ident(&item.schema), &item.full_name);
        let values = item.values.iter().map(|(number, name)| {
            let number = proc_macro2::Literal::i32_unsuffixed(*number);
            quote!((#number, #name))
        });
        quote!(pub static #schema: rt::EnumSchema = rt::EnumSchema::new(#name, &[#(#values),*]);)
    });
    let messages = package.messages.iter().map(|message| {
        let (schema, name) = (ident(&message.schema), &message.full_name);
        let fields = message.fields.iter().map(|field| describe(field, index, &place));
        quote!(pub static #schema: rt::MessageSchema = rt::MessageSchema::new(#name, &[#(#fields),*]);)
    });
    let pairs = package.messages.iter().map(|message| {
        let (ty, schema) = (place.to(&message.path), ident(&message.schema));
        quote!(#ty => #schema)
    });
    let doc = format!(" The schemas of `{}`.", package.name);
    let implement =
        (!package.messages.is_empty()).then(|| quote!(::rust_sdk_runtime::messages! { #(#pairs),* }));
    quote! {
        #![doc = #doc]
        #![allow(missing_docs, deprecated, reason = "one static a type, named as it is")]
        use ::rust_sdk_runtime::schema as rt;
        #[allow(unused_imports, reason = "a package may have no fields")]
        use ::rust_sdk_runtime::schema::{Field as F, Kind as K, Presence as P};
        #(#enums)*
        #(#messages)*
        #implement
    }
}

fn describe(field: &Field, index: &SchemaIndex, place: &Place) -> TokenStream {
    let number = proc_macro2::Literal::u32_unsuffixed(field.number);
    let (name, json_name) = (&field.name, &field.json_name);
    let presence = match field.presence {
        Presence::Implicit => quote!(P::Implicit),
        Presence::Explicit => quote!(P::Explicit),
        Presence::Required => quote!(P::Required),
        Presence::Oneof(at) => {
            let at = proc_macro2::Literal::u32_unsuffixed(at);
            quote!(P::Oneof(#at))
        }
        Presence::Repeated => quote!(P::Repeated),
        Presence::Packed => quote!(P::Packed),
    };
    let kind = kind(&field.kind, index, place);
    quote!(F::new(#number, #name, #json_name, #presence, #kind))
}

fn kind(kind_: &Kind, index: &SchemaIndex, place: &Place) -> TokenStream {
    match kind_ {
        Kind::Scalar(name) => {
            let name = ident(name);
            quote!(K::#name)
        }
        Kind::Enum(ty) => {
            let schema = index.reference(ty, place);
            quote!(K::Enum(#schema))
        }
        Kind::Message(ty) => {
            let schema = index.reference(ty, place);
            quote!(K::Message(#schema))
        }
        Kind::Group(ty) => {
            let schema = index.reference(ty, place);
            quote!(K::Group(#schema))
        }
        Kind::Map(key, value) => {
            let (key, value) = (kind(key, index, place), kind(value, index, place));
            quote!(K::Map(&(#key, #value)))
        }
    }
}
