//! What the fields of a request are on its calls: parameters and setters.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rust_sdk_model::Api;
use rust_sdk_model::api::{Field, Kind, Message, Method, Package, Request, TypeRef};

use crate::function_docs::FunctionDocs;
use crate::layout::Expr;
use crate::tokens::Place;
use crate::words::entry;
use crate::{format, setters};

/// The generated messages by name.
pub(crate) struct Requests<'a>(BTreeMap<&'a str, &'a Message>);

impl<'a> Requests<'a> {
    pub(crate) fn new(api: &'a Api) -> Self {
        let messages = api.packages.iter().flat_map(|package| &package.messages);
        Self(messages.map(|message| (message.full_name.as_str(), message)).collect())
    }

    /// The request message of a method, if it is a generated one.
    pub(crate) fn of(&self, method: &Method) -> Option<&'a Message> {
        self.message(&method.input)
    }

    /// The message of this type, if it is a generated one.
    pub(crate) fn message(&self, ty: &TypeRef) -> Option<&'a Message> {
        self.0.get(ty.name.as_str()).copied()
    }

    /// The fields on a path below a message, as far as the messages on it are generated ones.
    pub(crate) fn resolve(&self, message: &'a Message, path: &str) -> Option<Vec<&'a Field>> {
        let mut current = Some(message);
        path.split('.')
            .map(|name| {
                let field = current?.fields.iter().find(|field| field.name == name)?;
                current = match &field.kind {
                    Kind::Message(ty) => self.message(ty),
                    _ => None,
                };
                Some(field)
            })
            .collect()
    }

    /// The parameters of a method's function, and the setters that they are given to.
    pub(crate) fn arguments(&self, method: &Method, place: &Place) -> (Vec<String>, Vec<Expr>) {
        let Some(message) = self.of(method) else { return Default::default() };
        method
            .arguments
            .iter()
            .map(|argument| {
                let field = &message.fields[argument.field];
                let parameter = format!("{}: {}", argument.name, setters::parameter(field, place));
                (parameter, Expr::call(&field.setter, [Expr::text(&argument.name)]))
            })
            .unzip()
    }
}

/// The file of a package's setters on calls; `None` where no message of it is a request.
pub(crate) fn generate(api: &Api, package: &Package) -> Option<String> {
    let place = Place::new(api, &package.module).child(&package.call_module);
    let mut rows = String::new();
    for message in &package.messages {
        let Some(request) = message.request.as_ref().filter(|request| !request.setters.is_empty()) else {
            continue;
        };
        let setters = setters(message, request, &place);
        for (name, called) in [("Call", request.unary), ("StreamCall", request.streaming)] {
            if called {
                let call = place.local(&[api.root_modules.client.clone(), name.to_owned()]);
                let _ = writeln!(rows, "    {call}, {} {{\n{setters}    }}", place.local(&message.path));
            }
        }
    }
    (!rows.is_empty()).then(|| {
        let runtime = if rows.contains("<rt::") { "use ::rust_sdk_runtime::codegen as rt;\n\n" } else { "" };
        format!(
            "{}//! Setters of the requests of `{}`, on their calls.\n\n{runtime}::rust_sdk_runtime::call_setters! {{\n{rows}}}\n",
            format::HEADER,
            package.name,
        )
    })
}

/// An entry for each setter: its name, the message's own, and what both take.
fn setters(message: &Message, request: &Request, place: &Place) -> String {
    let path = place.local(&message.path);
    let docs = FunctionDocs::of_call(&path, place);
    let mut out = String::new();
    for (field, setter) in message.fields.iter().zip(&request.setters) {
        let what = format!("{}: {}", field.setter, setters::parameter(field, place));
        out.push_str(&entry(&docs.setter(field), setter, field.deprecated, &what));
    }
    out
}
