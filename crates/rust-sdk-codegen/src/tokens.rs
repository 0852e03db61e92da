//! Small pieces of Rust: identifiers, paths, attributes.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens as _, quote};
use rust_sdk_model::api::{Docs, RustType, TypeRef};
use rust_sdk_model::options::Layout;
use rust_sdk_model::{Api, Options};

/// An identifier that the model decided, raw or not.
pub(crate) fn ident(name: &str) -> Ident {
    match name.strip_prefix("r#") {
        Some(raw) => Ident::new_raw(raw, Span::call_site()),
        None => Ident::new(name, Span::call_site()),
    }
}

/// A Rust path as written; text that is no path comes out as it is.
pub(crate) fn path(text: &str) -> TokenStream {
    text.parse().unwrap_or_else(|_| Literal::string(text).into_token_stream())
}

/// A list of doc lines as attributes.
pub(crate) fn docs(lines: &[String]) -> TokenStream {
    lines
        .iter()
        .map(|line| {
            let line = if line.is_empty() { String::new() } else { format!(" {line}") };
            quote!(#[doc = #line])
        })
        .collect()
}

/// The same as inner attributes.
pub(crate) fn inner_docs(lines: &[String]) -> TokenStream {
    lines
        .iter()
        .map(|line| {
            let line = if line.is_empty() { String::new() } else { format!(" {line}") };
            quote!(#![doc = #line])
        })
        .collect()
}

/// `#[cfg(feature = …)]`, where the output is a crate that has features.
pub(crate) fn gate(options: &Options, feature: &str) -> TokenStream {
    match options.layout {
        Layout::Crate => quote!(#[cfg(feature = #feature)]),
        Layout::Modules => TokenStream::new(),
    }
}

/// Whether there are clients: REST has them where messages have a JSON form.
pub(crate) fn has_client(options: &Options) -> bool {
    options.grpc || (options.rest && options.json)
}

/// The gate of clients, which any transport opens.
pub(crate) fn client_gate(options: &Options) -> TokenStream {
    match (options.layout, options.grpc, options.rest && options.json) {
        (Layout::Crate, true, true) => quote!(#[cfg(any(feature = "grpc", feature = "rest"))]),
        (Layout::Crate, true, false) => quote!(#[cfg(feature = "grpc")]),
        (Layout::Crate, false, true) => quote!(#[cfg(feature = "rest")]),
        _ => TokenStream::new(),
    }
}

/// A module of the generated tree, from which others are named relatively: the tree may hang anywhere.
#[derive(Clone)]
pub(crate) struct Place {
    module: Vec<String>,
    /// Whether the root is a crate's, so that `crate::` may be written.
    absolute: bool,
}

impl Place {
    pub(crate) fn new(api: &Api, module: &[String]) -> Self {
        Self { module: module.to_vec(), absolute: api.options.layout == Layout::Crate }
    }

    /// A module below this one.
    pub(crate) fn child(&self, name: &str) -> Self {
        let mut module = self.module.clone();
        module.push(name.to_owned());
        Self { module, absolute: self.absolute }
    }

    /// The path from here to an item, given as its path below the root.
    pub(crate) fn to(&self, item: &[String]) -> TokenStream {
        let common = self.module.iter().zip(item).take_while(|(a, b)| a == b).count();
        let ups = self.module.len() - common;
        let rest: Vec<Ident> = item[common..].iter().map(|part| ident(part)).collect();
        if self.absolute && common == 0 && ups > 0 {
            return quote!(crate::#(#rest)::*);
        }
        if ups == 0 {
            return quote!(#(#rest)::*);
        }
        let ups = std::iter::repeat_n(quote!(super::), ups).collect::<TokenStream>();
        quote!(#ups #(#rest)::*)
    }

    /// The path from here to a Rust type as text, which is much faster than tokens.
    pub(crate) fn text(&self, ty: &RustType) -> String {
        match ty {
            RustType::Local(item) => self.local(item),
            RustType::Foreign(text) => text.clone(),
        }
    }

    /// The path from here to an item as text.
    pub(crate) fn local(&self, item: &[String]) -> String {
        let common = self.module.iter().zip(item).take_while(|(a, b)| a == b).count();
        let ups = self.module.len() - common;
        let rest = item[common..].join("::");
        if self.absolute && common == 0 && ups > 0 {
            return format!("crate::{rest}");
        }
        format!("{}{rest}", "super::".repeat(ups))
    }

    /// The lines of a comment that stands here.
    pub(crate) fn docs(&self, docs: &Docs) -> Vec<String> {
        docs.linked(|target| {
            // rustdoc takes what is behind a `#` for a place on the page.
            let path = self.local(&target.path).replace("r#", "");
            format!("{}@{path}", target.kind.as_str())
        })
    }

    /// The path from here to a type.
    pub(crate) fn ty(&self, ty: &TypeRef) -> TokenStream {
        self.rust(&ty.rust)
    }

    /// The path from here to a Rust type.
    pub(crate) fn rust(&self, ty: &RustType) -> TokenStream {
        match ty {
            RustType::Local(item) => self.to(item),
            RustType::Foreign(text) => path(text),
        }
    }
}
