//! Where a method's requests say which account they are for.

use proc_macro2::TokenStream;
use quote::quote;
use rust_sdk_model::api::{FieldPath, Method};

use crate::tokens::{Place, ident};

/// `rt::scope!` with the path to the field.
pub(super) fn generate(method: &Method, place: &Place) -> TokenStream {
    let Some(path) = &method.access.scope else { return quote!(rt::Scope::NONE) };
    if path.steps.iter().any(|step| step.oneof.is_some()) {
        return through_oneofs(path, place);
    }
    let steps = path.steps.iter().map(|step| {
        let (field, optional) = (ident(&step.name), step.optional.then(|| quote!(?)));
        quote!(#field #optional)
    });
    quote!(rt::scope!(#(#steps).*))
}

/// Both closures by hand: a member of a oneof is reached by matching.
fn through_oneofs(path: &FieldPath, place: &Place) -> TokenStream {
    let (get, get_mut) = (closure(path, place, false), closure(path, place, true));
    quote!(rt::Scope::new(#get, #get_mut))
}

fn closure(path: &FieldPath, place: &Place, mutable: bool) -> TokenStream {
    let reference = if mutable { quote!(&mut) } else { quote!(&) };
    let last = path.steps.len().saturating_sub(1);
    let mut before = Vec::new();
    let mut value = quote!(request);
    for (index, step) in path.steps.iter().enumerate() {
        let field = ident(&step.name);
        value = if let Some(oneof) = &step.oneof {
            let (field, variant, ty) = (ident(&oneof.name), ident(&oneof.variant), place.rust(&oneof.rust));
            before.push(quote! {
                let ::core::option::Option::Some(#ty::#variant(value)) = #reference #value.#field else {
                    return ::core::option::Option::None
                };
            });
            quote!(value)
        } else if index == last {
            match (step.optional, mutable) {
                (true, true) => quote!(#value.#field.get_or_insert_default()),
                (true, false) => quote!(#value.#field.as_deref()?),
                (false, _) => quote!(#reference #value.#field),
            }
        } else {
            match (step.optional, mutable) {
                (true, true) => quote!(#value.#field.as_mut()?),
                (true, false) => quote!(#value.#field.as_ref()?),
                (false, _) => quote!(#value.#field),
            }
        };
    }
    quote!(|request| { #(#before)* ::core::option::Option::Some(#value) })
}
