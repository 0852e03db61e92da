//! The permissions and kinds of callers that the API names, as constants.

use proc_macro2::TokenStream;
use quote::quote;
use rust_sdk_model::Api;
use rust_sdk_model::api::NamedConst;
use rust_sdk_model::text::code;

use crate::tokens::ident;

/// The file of the module that [`rust_sdk_model::api::RootModules::access`] names. `None` where the API states none.
pub(crate) fn generate(api: &Api) -> Option<TokenStream> {
    if api.permissions.is_empty() && api.actors.is_empty() {
        return None;
    }
    let permissions =
        module("permissions", "Permission", "Every permission that a method asks for.", &api.permissions);
    let actors = module("actors", "Actor", "Every kind of caller that a method names.", &api.actors);
    Some(quote! {
        //! The permissions and the kinds of callers that the API names.
        #permissions
        #actors
    })
}

fn module(name: &str, ty: &str, doc: &str, names: &[NamedConst]) -> Option<TokenStream> {
    if names.is_empty() {
        return None;
    }
    let (module, ty) = (ident(name), ident(ty));
    let constants = names.iter().map(|name| {
        let (constant, value) = (ident(&name.constant), &name.value);
        let doc = format!(" {}", code(value));
        quote! {
            #[doc = #doc]
            pub const #constant: #ty = #ty::new(#value);
        }
    });
    let values = names.iter().map(|name| {
        let constant = ident(&name.constant);
        quote!(self::#constant)
    });
    let doc = format!(" {doc}");
    Some(quote! {
        #[doc = #doc]
        pub mod #module {
            use ::rust_sdk_runtime::access::#ty;
            #(#constants)*
            /// All of them, sorted.
            pub static ALL: &[#ty] = &[#(#values),*];
        }
    })
}
