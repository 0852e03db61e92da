//! Path builders: one struct a binding, its open places as fields.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use rust_sdk_model::Api;
use rust_sdk_model::api::{Binding, Service, Slot, SlotKind};

use crate::method_docs;
use crate::tokens::{Place, docs, gate, ident};

/// The module `rest` of a service.
pub(crate) fn generate(api: &Api, service: &Service, place: &Place) -> TokenStream {
    let gate = gate(&api.options, "rest");
    let place = place.child("rest");
    let marker = ident(&service.marker);
    let builders = service.methods.iter().flat_map(|method| {
        let place = &place;
        let marker = &marker;
        method.bindings.iter().enumerate().map(move |(index, binding)| {
            let constant = ident(&method.constant);
            let index = Literal::usize_unsuffixed(index);
            let doc = docs(&method_docs::builder(method, binding));
            builder(binding, place, &doc, &quote!(super::#marker::#constant.path_of), &index)
        })
    });
    let title = format!(" Path builders of `{}`: they need no client and no network.", service.full_name);
    let builders: TokenStream = builders.collect();
    if builders.is_empty() {
        return TokenStream::new();
    }
    quote! {
        #[doc = #title]
        #gate
        pub mod rest {
            use ::rust_sdk_runtime as rt;
            #builders
        }
    }
}

fn builder(
    binding: &Binding,
    place: &Place,
    doc: &TokenStream,
    path_of: &TokenStream,
    index: &Literal,
) -> TokenStream {
    let name = ident(&binding.builder);
    let borrows = binding.slots.iter().any(|slot| matches!(slot.kind, SlotKind::Text | SlotKind::Bytes));
    let (lifetime, elided) = if borrows { (quote!(<'a>), quote!(<'_>)) } else { (quote!(), quote!()) };
    let fields = binding.slots.iter().map(|slot| {
        let (field, ty) = (ident(&slot.name), slot_type(slot, place));
        let doc = match &slot.field {
            Some(field) => format!(" `{field}`"),
            None => " An unnamed part of the path.".to_owned(),
        };
        quote! {
            #[doc = #doc]
            pub #field: #ty,
        }
    });
    let values = binding.slots.iter().map(slot_value);
    let body = if binding.slots.is_empty() { quote!() } else { quote!({ #(#fields)* }) };
    let semicolon = binding.slots.is_empty().then(|| quote!(;));
    quote! {
        #doc
        #[derive(Clone, Copy, Debug)]
        pub struct #name #lifetime #body #semicolon
        impl #name #elided {
            /// The escaped path.
            ///
            /// # Errors
            /// When a value has no place in the path.
            pub fn path(&self) -> rt::PathResult {
                #path_of(#index, &[#(#values),*])
            }
        }
    }
}

fn slot_type(slot: &Slot, place: &Place) -> TokenStream {
    match &slot.kind {
        SlotKind::Text => quote!(&'a str),
        SlotKind::Bytes => quote!(&'a [u8]),
        SlotKind::Bool => quote!(bool),
        SlotKind::Int32 => quote!(i32),
        SlotKind::Int64 => quote!(i64),
        SlotKind::Uint32 => quote!(u32),
        SlotKind::Uint64 => quote!(u64),
        SlotKind::Float => quote!(f32),
        SlotKind::Double => quote!(f64),
        SlotKind::Enum(ty) => place.ty(ty),
    }
}

fn slot_value(slot: &Slot) -> TokenStream {
    let field = ident(&slot.name);
    match slot.kind {
        SlotKind::Enum(_) => quote!(self.#field.as_str_name().into()),
        _ => quote!(self.#field.into()),
    }
}
