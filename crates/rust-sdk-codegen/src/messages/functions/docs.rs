//! The documentation of the functions of messages: what each does, a link to its field, and the field's own comment.

use rust_sdk_model::api::{Behavior, Docs, Field, Oneof};
use rust_sdk_model::text::code;

use super::variant;
use crate::tokens::Place;

/// Documents the functions of one type.
pub(crate) struct FunctionDocs<'a> {
    /// The path of the message, from the module that declares the functions.
    message: &'a str,
    place: &'a Place,
}

impl<'a> FunctionDocs<'a> {
    /// Documents functions of the message itself.
    pub(crate) fn of_message(place: &'a Place) -> Self {
        Self { message: "Self", place }
    }

    /// Documents functions of a call whose request has this path.
    pub(crate) fn of_call(request: &'a str, place: &'a Place) -> Self {
        Self { message: request, place }
    }

    pub(crate) fn setter(&self, field: &Field) -> String {
        let mut what = match self.variant(field) {
            Some(variant) => format!("Sets {} to {variant}.", self.field(field)),
            None => format!("Sets {}.", self.field(field)),
        };
        for behavior in behaviors(field) {
            what.push(' ');
            what.push_str(behavior);
        }
        self.sentence(field, &what)
    }

    pub(crate) fn oneof_setter(&self, oneof: &Oneof) -> String {
        self.with(&oneof.docs, &format!("Sets {}.", self.link(&oneof.name)))
    }

    pub(crate) fn required(&self, field: &Field) -> String {
        self.sentence(field, &format!("Returns {}, or an error if it is missing.", self.field(field)))
    }

    pub(crate) fn take(&self, field: &Field) -> String {
        self.sentence(
            field,
            &format!("Returns {} by value, or an error if it is missing.", self.field(field)),
        )
    }

    pub(crate) fn open(&self, field: &Field) -> String {
        let what = if field.presence.is_repeated() { "the values of " } else { "" };
        self.sentence(field, &format!("Returns {what}{}. Unknown values are kept.", self.field(field)))
    }

    pub(crate) fn member(&self, field: &Field) -> String {
        let variant = self.variant(field).unwrap_or_default();
        self.sentence(field, &format!("Returns {} if it is {variant}.", self.field(field)))
    }

    /// Documents the function of an optional scalar, which returns `default` if the field is unset.
    pub(crate) fn or_default(&self, field: &Field, default: &str) -> String {
        self.sentence(field, &format!("Returns {}, or `{default}` if it is unset.", self.field(field)))
    }

    /// Documents the function of an enum, which returns `default` for an unknown value.
    pub(crate) fn known(&self, field: &Field, unset: bool, default: &str) -> String {
        let unset = if unset { "unset or unknown" } else { "unknown" };
        self.sentence(field, &format!("Returns {}, or `{default}` if it is {unset}.", self.field(field)))
    }

    pub(crate) fn list(&self, field: &Field) -> String {
        self.sentence(
            field,
            &format!("Returns the values of {}. Unknown values are left out.", self.field(field)),
        )
    }

    pub(crate) fn push(&self, field: &Field) -> String {
        self.sentence(field, &format!("Appends a value to {}.", self.field(field)))
    }

    pub(crate) fn map_get(&self, field: &Field) -> String {
        self.sentence(field, &format!("Returns the value of a key in {}, if it is known.", self.field(field)))
    }

    pub(crate) fn map_insert(&self, field: &Field) -> String {
        let what = format!(
            "Inserts a value into {}. Returns the previous value, if it is known.",
            self.field(field)
        );
        self.sentence(field, &what)
    }

    fn sentence(&self, field: &Field, what: &str) -> String {
        self.with(&field.docs, what)
    }

    /// One line, since each attribute costs compile time.
    fn with(&self, docs: &Docs, what: &str) -> String {
        match self.place.docs(&docs.summary()).as_slice() {
            [] => what.to_owned(),
            lines => format!("{what} {}", lines.join(" ")),
        }
    }

    fn field(&self, field: &Field) -> String {
        self.link(&field.rust_name)
    }

    fn link(&self, name: &str) -> String {
        let name = name.trim_start_matches("r#");
        format!("[`{name}`](field@{}::{name})", self.message.replace("r#", ""))
    }

    fn variant(&self, field: &Field) -> Option<String> {
        let path = variant(field, self.place)?.replace("r#", "");
        let name = path.rsplit("::").next()?;
        Some(format!("[{}](variant@{path})", code(name)))
    }
}

/// What the API states about who sets the field and when (AIP-203), unless the field's comment says it.
fn behaviors(field: &Field) -> impl Iterator<Item = &'static str> {
    let comment = field.docs.summary().lines.join(" ").to_lowercase().replace('-', " ");
    let sentences = field.behavior.iter().map(|behavior| match behavior {
        Behavior::OutputOnly => ("output only", "Output only: the server sets it."),
        Behavior::InputOnly => ("input only", "Input only: responses do not contain it."),
        Behavior::Immutable => ("immutable", "Immutable: it can be set only when the resource is created."),
        Behavior::Identifier => ("identifier", "Identifier: it is the name of the resource."),
    });
    sentences
        .filter(|(words, _)| !comment.contains(words))
        .map(|(_, sentence)| sentence)
        .collect::<Vec<_>>()
        .into_iter()
}
