//! What the fields of a request are on its calls: parameters and setters.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use proc_macro2::TokenStream;
use quote::quote;
use rust_sdk_model::Api;
use rust_sdk_model::api::{Field, Kind, Message, Method, Package, Request};

use crate::format;
use crate::tokens::{Place, ident};

/// The generated messages by name.
pub(crate) struct Requests<'a>(BTreeMap<&'a str, &'a Message>);

impl<'a> Requests<'a> {
    pub(crate) fn new(api: &'a Api) -> Self {
        let messages = api.packages.iter().flat_map(|package| &package.messages);
        Self(messages.map(|message| (message.full_name.as_str(), message)).collect())
    }

    /// The request message of a method, if it is a generated one.
    pub(crate) fn of(&self, method: &Method) -> Option<&'a Message> {
        self.0.get(method.input.name.as_str()).copied()
    }

    /// The parameters of a method's function, and the setters that they are given to.
    pub(crate) fn arguments(&self, method: &Method, place: &Place) -> (Vec<TokenStream>, Vec<TokenStream>) {
        let Some(message) = self.of(method) else { return Default::default() };
        method
            .arguments
            .iter()
            .map(|argument| {
                let field = &message.fields[argument.field];
                let (name, ty, setter) = (ident(&argument.name), value(field, place), ident(&field.setter));
                (quote!(#name: #ty), quote!(.#setter(#name)))
            })
            .unzip()
    }
}

/// The file of a package's setters on calls; `None` where no message of it is a request.
pub(crate) fn generate(api: &Api, package: &Package) -> Option<String> {
    let place = Place::new(api, &package.module).child(&package.call_module);
    let mut out = String::new();
    for message in &package.messages {
        let Some(request) = message.request.as_ref().filter(|request| !request.setters.is_empty()) else {
            continue;
        };
        let setters = setters(message, request, &place);
        for (name, called) in [("Call", request.unary), ("StreamCall", request.streaming)] {
            if called {
                let call = text(&place.to(&[api.root_modules.client.clone(), name.to_owned()]));
                let ty = text(&place.to(&message.path));
                let _ = write!(out, "\nimpl<O> {call}<{ty}, O> {{\n{setters}}}\n");
            }
        }
    }
    if out.is_empty() {
        return None;
    }
    let header = format!(
        "{}//! Setters of the requests of `{}`, on their calls.\n#![allow(deprecated, reason = \"what the API deprecates can still be set\")]\n",
        format::HEADER,
        package.name,
    );
    Some(header + &out)
}

fn setters(message: &Message, request: &Request, place: &Place) -> String {
    let mut out = String::new();
    for (field, setter) in message.fields.iter().zip(&request.setters) {
        let _ = writeln!(out, "    /// {}", summary(field));
        if field.deprecated {
            out.push_str("    #[deprecated]\n");
        }
        let (ty, with) = (text(&value(field, place)), &field.setter);
        let _ = write!(
            out,
            "    pub fn {setter}(self, value: {ty}) -> Self {{\n        self.with(|request| request.{with}(value))\n    }}\n",
        );
    }
    out
}
