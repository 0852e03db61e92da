//! The types that a `google.protobuf.Any` may hold, and the messages that may contain an `Any`.

use std::collections::{BTreeMap, BTreeSet};

use rust_sdk_model::Api;
use rust_sdk_model::api::{Method, TypeRef};

use crate::tokens::Place;
use crate::tokens::layout::Expr;

/// The root's constant. Names of types and modules are never in upper case, so none collides.
const TYPES: &str = "TYPES";

/// A package's constant, which lists its messages.
pub(crate) const MESSAGES: &str = "MESSAGES";

/// The types of `google.protobuf` with an `Any` inside.
const HOLDERS: [&str; 8] = ["Any", "Api", "Enum", "EnumValue", "Field", "Method", "Option", "Type"];

/// The messages that may hold an `Any` at some depth; none without JSON. Types of foreign crates are unknown, so they may hold one.
pub(crate) fn holders(api: &Api) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    if !api.options.json {
        return found;
    }
    let messages = || api.known_packages().flat_map(|package| &package.messages);
    let local: BTreeSet<&str> = messages().map(|message| message.full_name.as_str()).collect();
    let mut users: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for message in messages() {
        for name in message.fields.iter().filter_map(|field| field.kind.message()).map(|ty| ty.name.as_str())
        {
            let is_foreign = !local.contains(name) && !name.starts_with("google.protobuf.");
            if is_foreign || is_holder(name) {
                found.insert(message.full_name.as_str());
            }
            users.entry(name).or_default().push(&message.full_name);
        }
    }
    let mut open: Vec<&str> = found.iter().copied().collect();
    while let Some(name) = open.pop() {
        for user in users.remove(name).unwrap_or_default() {
            if found.insert(user) {
                open.push(user);
            }
        }
    }
    found
}

/// Whether this is a type of `google.protobuf` with an `Any` inside.
fn is_holder(name: &str) -> bool {
    name.strip_prefix("google.protobuf.").is_some_and(|name| HOLDERS.contains(&name))
}

/// The path of the constant that lists all messages.
pub(crate) fn path(place: &Place) -> String {
    place.local(&[TYPES.to_owned()])
}

/// The call that gives all types to a method whose request or response is a type with an `Any` that no message of this crate lists: one of
/// `google.protobuf`, or of another crate, whose list lacks the types of this one.
pub(crate) fn method_types(place: &Place, method: &Method) -> Vec<Expr> {
    let is_elsewhere = |ty: &TypeRef| is_holder(&ty.name) || ty.is_of_sibling();
    if !is_elsewhere(&method.input) && !is_elsewhere(&method.output) {
        return Vec::new();
    }
    vec![Expr::call("with_types", [Expr::text(path(place))])]
}
