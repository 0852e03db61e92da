//! The request messages of calls, by name.

use std::collections::BTreeMap;

use rust_sdk_model::Api;
use rust_sdk_model::api::{Field, Kind, Message, Method, TypeRef};

use crate::messages::functions::parameter;
use crate::tokens::Place;
use crate::tokens::layout::Expr;

/// The messages by name, of this crate and of other crates of the workspace.
pub(crate) struct Requests<'a>(BTreeMap<&'a str, &'a Message>);

impl<'a> Requests<'a> {
    pub(crate) fn new(api: &'a Api) -> Self {
        let messages = api.known_packages().flat_map(|package| &package.messages);
        Self(messages.map(|message| (message.full_name.as_str(), message)).collect())
    }

    /// The request message of a method, if it is generated.
    pub(crate) fn of(&self, method: &Method) -> Option<&'a Message> {
        self.message(&method.input)
    }

    /// The message of this type, if it is generated.
    pub(crate) fn message(&self, ty: &TypeRef) -> Option<&'a Message> {
        self.0.get(ty.name.as_str()).copied()
    }

    /// The fields on a path into a message; `None` if a field is unknown or in a message that is not generated.
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

    /// The parameters of a method's function, and the calls of setters that take them.
    pub(crate) fn arguments(&self, method: &Method, place: &Place) -> (Vec<String>, Vec<Expr>) {
        let Some(message) = self.of(method) else { return Default::default() };
        method
            .arguments
            .iter()
            .map(|argument| {
                let field = &message.fields[argument.field];
                let parameter = format!("{}: {}", argument.name, parameter(field, place));
                (parameter, Expr::call(&field.setter, [Expr::text(&argument.name)]))
            })
            .unzip()
    }
}
