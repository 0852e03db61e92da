//! Structs of messages, and enums of oneofs.

use rust_sdk_model::api::{Field, Member, Message, Oneof, RustType, Traits};

use super::defaults;
use super::types::Prelude;
use crate::tokens::Code;
use crate::tokens::Place;

/// A message's struct.
pub(super) fn message(message: &Message, place: &Place, prelude: &Prelude, code: &mut Code) {
    code.blank();
    code.docs(&place.docs(&message.docs));
    let mut traits = vec!["Clone"];
    traits.extend(message.traits.copy.then_some("Copy"));
    // A derived `Default` would ignore the defaults of proto2.
    traits.extend((!defaults::has_own(message)).then_some("Default"));
    code.line(format_args!("#[derive({})]", traits.join(", ")));
    let name = place.local(&message.path);
    if message.members.is_empty() {
        return code.line(format_args!("pub struct {name} {{}}"));
    }
    code.open(format_args!("pub struct {name} {{"));
    for member in &message.members {
        match *member {
            Member::Field(at) => {
                let field = &message.fields[at];
                code.docs(&docs(field, place));
                if field.deprecated {
                    code.deprecated(&[&field.docs]);
                }
                code.line(format_args!("pub {}: {},", field.rust_name, prelude.field(field, place)));
            }
            Member::Oneof(at) => {
                let oneof = &message.oneofs[at];
                code.docs(&place.docs(&oneof.docs));
                code.line(format_args!("pub {}: {},", oneof.name, prelude.oneof(oneof, place)));
            }
        }
    }
    code.close();
}

/// A oneof's enum.
pub(super) fn oneof(message: &Message, oneof: &Oneof, place: &Place, prelude: &Prelude, code: &mut Code) {
    code.blank();
    code.docs(&place.docs(&oneof.docs));
    let members = || oneof.members.iter().map(|at| &message.fields[*at]);
    let Traits { copy, eq } = oneof.traits;
    let mut traits = vec!["Clone"];
    traits.extend(copy.then_some("Copy"));
    traits.push("PartialEq");
    traits.extend(eq.then_some("Eq, Hash"));
    code.line(format_args!("#[derive({})]", traits.join(", ")));
    code.open(format_args!("pub enum {} {{", place.text(&oneof.rust)));
    for field in members() {
        variant(field, place, prelude, code);
    }
    code.close();
}

fn variant(field: &Field, place: &Place, prelude: &Prelude, code: &mut Code) {
    let Some(step) = &field.oneof else { return };
    code.docs(&docs(field, place));
    if field.deprecated {
        code.deprecated(&[&field.docs]);
    }
    code.line(format_args!("{}({}),", step.variant, prelude.member(field, place)));
}

/// The field's comment. A field of an enum's type is a number, so its comment names the enum. A field with the name of a resource is text,
/// so its comment names the type of the names.
fn docs(field: &Field, place: &Place) -> Vec<String> {
    let mut lines = place.docs(&field.docs);
    if let Some(name) = field.names.as_ref().and_then(|names| names.rust.as_ref()) {
        let path = place.local(name).replace("r#", "");
        let what = if field.presence.is_repeated() { "Resource names" } else { "A resource name" };
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines.push(format!("{what}: [`{}`](struct@{path}).", name.last().map_or("", String::as_str)));
    }
    if let Some(ty) = field.kind.enumeration() {
        let path = place.text(&ty.rust).replace("r#", "");
        let name = path.rsplit("::").next().unwrap_or(&path);
        let link = match &ty.rust {
            RustType::Local(_) => format!("[`{name}`](enum@{path})"),
            // The enum's crate need not be a dependency of this one.
            RustType::Foreign(_) => format!("`{name}`"),
        };
        let what = if field.presence.is_repeated() { "Values" } else { "A value" };
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines.push(format!("{what} of {link}."));
    }
    lines
}
