//! The root file: the module tree, the whole API's table and, on request, its descriptor set.

use std::collections::BTreeMap;

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use rust_sdk_model::Api;
use rust_sdk_model::api::Package;
use rust_sdk_model::options::Layout;

use crate::schemas;
use crate::tokens::{Place, client_gate, gate, has_client, ident};

/// The root file's items. `root_package` is the content of the package that stands at the root itself.
pub(crate) fn generate(
    api: &Api,
    root_package: Option<&TokenStream>,
    has_options: bool,
    has_access: bool,
) -> TokenStream {
    let tree = Tree::new(api);
    let modules = tree.declare(api, &mut Vec::new());
    let place = Place::new(api, &[]);
    let services = api.services().map(|(package, service)| {
        let gate = gate(&api.options, &package.gate);
        let mut item = package.module.clone();
        item.extend([service.module.clone(), service.marker.clone()]);
        let path = place.to(&item);
        quote!(#gate #path::SERVICE)
    });
    let options = has_options.then(|| {
        let name = ident(&api.root_modules.options);
        quote!(pub mod #name;)
    });
    let access = has_access.then(|| {
        let name = ident(&api.root_modules.access);
        quote!(pub mod #name;)
    });
    let descriptor = api.options.reflection.then(|| {
        let bytes = Literal::byte_string(&api.descriptor_set);
        quote! {
            /// The encoded `google.protobuf.FileDescriptorSet` of the API and its imports, for gRPC reflection.
            pub static FILE_DESCRIPTOR_SET: &[u8] = #bytes;
        }
    });
    let docs = match api.options.layout {
        Layout::Crate if api.options.docs => {
            // Its examples are doctests, so they are there with everything that they use.
            let mut needs = vec!["all-packages"];
            needs.extend(api.options.grpc.then_some("grpc"));
            needs.extend(api.options.rest.then_some("rest"));
            let doc = format!(" The API of `{}`.", api.crate_name);
            quote! {
                #![cfg_attr(all(#(feature = #needs),*), doc = include_str!("../README.md"))]
                #![cfg_attr(not(all(#(feature = #needs),*)), doc = #doc)]
            }
        }
        Layout::Crate | Layout::Modules => {
            let doc = format!(" The API of `{}`.", api.crate_name);
            quote!(#![doc = #doc])
        }
    };
    let client = has_client(&api.options).then(|| {
        let (gate, name) = (client_gate(&api.options), ident(&api.root_modules.client));
        let reexport = root_package.is_none().then(|| {
            quote! {
                #gate
                #[doc(inline)]
                pub use self::#name::{Call, Client, StreamCall};
            }
        });
        quote!(#gate pub mod #name; #reexport)
    });
    let reexports = root_package.is_none().then(|| {
        quote! {
            #[doc(inline)]
            pub use ::rust_sdk_runtime::Error;
        }
    });
    let types = schemas::types(api);
    let runtime = ident(&api.root_modules.runtime);
    quote! {
        #docs
        #![allow(
            clippy::doc_link_with_quotes,
            clippy::doc_markdown,
            clippy::enum_variant_names,
            clippy::large_enum_variant,
            clippy::module_inception,
            clippy::must_use_candidate,
            clippy::struct_excessive_bools,
            clippy::struct_field_names,
            clippy::unreadable_literal,
            reason = "names, shapes and comments of messages are the API's own"
        )]
        #[doc(inline)]
        pub use ::rust_sdk_runtime as #runtime;
        #access
        #client
        #options
        #modules
        #root_package
        #reexports
        /// Every service that is compiled in, with look-ups by gRPC path, by name and by HTTP route.
        pub static API: ::rust_sdk_runtime::Api = ::rust_sdk_runtime::Api::new(&[#(#services),*]);
        #types
        #descriptor
    }
}

/// The packages as a tree of modules.
pub(crate) struct Tree<'a> {
    package: Option<&'a Package>,
    children: BTreeMap<&'a str, Tree<'a>>,
}

impl<'a> Tree<'a> {
    pub(crate) fn new(api: &'a Api) -> Self {
        let mut root = Self { package: None, children: BTreeMap::new() };
        for package in &api.packages {
            let mut node = &mut root;
            for part in &package.module {
                node = node
                    .children
                    .entry(part)
                    .or_insert_with(|| Self { package: None, children: BTreeMap::new() });
            }
            node.package = Some(package);
        }
        root
    }

    /// The declarations of this module's children: packages are files, what only leads to them is written out.
    fn declare(&self, api: &Api, path: &mut Vec<&'a str>) -> TokenStream {
        self.children
            .iter()
            .map(|(name, child)| {
                let module = ident(name);
                if let Some(package) = child.package {
                    let gate = gate(&api.options, &package.gate);
                    return quote!(#gate pub mod #module;);
                }
                path.push(name);
                let inner = child.declare(api, path);
                path.pop();
                let mut gates: Vec<&str> = Vec::new();
                child.gates(&mut gates);
                gates.sort_unstable();
                gates.dedup();
                let cfg = match api.options.layout {
                    Layout::Crate if gates.len() == 1 => gate(&api.options, gates[0]),
                    Layout::Crate => quote!(#[cfg(any(#(feature = #gates),*))]),
                    Layout::Modules => quote!(),
                };
                let doc = " Packages below this name.";
                quote!(#[doc = #doc] #cfg pub mod #module { #inner })
            })
            .collect()
    }

    fn gates(&self, out: &mut Vec<&'a str>) {
        out.extend(self.package.map(|package| package.gate.as_str()));
        for child in self.children.values() {
            child.gates(out);
        }
    }

    /// The declarations that a package's own file needs for the packages below it.
    pub(crate) fn below(&self, api: &Api, module: &[String]) -> TokenStream {
        let mut node = self;
        for part in module {
            match node.children.get(part.as_str()) {
                Some(child) => node = child,
                None => return TokenStream::new(),
            }
        }
        node.declare(api, &mut Vec::new())
    }
}
