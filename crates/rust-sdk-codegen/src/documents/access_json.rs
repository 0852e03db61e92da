//! `access.json`: access and routes of every method, for tools and for diffs.

use std::collections::BTreeMap;

use rust_sdk_model::Api;
use rust_sdk_model::api::{Binding, Idempotency, Method, Service};
use serde_json::{Map, Value, json};

use super::permissions::masked_access;
use super::{sorted_methods, sorted_names};
use crate::tokens::json;

/// The version of the file's format. Raise it if a key is removed or changes its meaning, not if a key is added.
const FORMAT: u32 = 1;

pub(super) fn text(api: &Api) -> String {
    let methods: Map<String, Value> = sorted_methods(api)
        .into_iter()
        .map(|(service, item)| (item.full_name.clone(), method(api, service, item)))
        .collect();
    let mut by_permission: BTreeMap<&String, Vec<&String>> = BTreeMap::new();
    for (_, method) in sorted_methods(api) {
        for permission in sorted_names(&method.access.permissions) {
            by_permission.entry(permission).or_default().push(&method.full_name);
        }
    }
    let permissions: Map<String, Value> =
        by_permission.into_iter().map(|(permission, methods)| (permission.clone(), json!(methods))).collect();
    let sections = [
        ("format", json!(FORMAT), Lists::Joined),
        ("crate", json!(api.crate_name), Lists::Joined),
        ("states_access", json!(api.states_access), Lists::Joined),
        ("unread_options", unread_options(api), Lists::Spread),
        ("methods", Value::Object(methods), Lists::Joined),
        ("permissions", Value::Object(permissions), Lists::Spread),
    ];
    let mut out = String::from("{");
    for (index, (key, value, lists)) in sections.iter().filter(|(_, value, _)| !value.is_null()).enumerate() {
        out.push_str(if index == 0 { "\n" } else { ",\n" });
        out.push_str("  \"");
        out.push_str(key);
        out.push_str("\": ");
        write(value, 1, *lists, &mut out);
    }
    out.push_str("\n}\n");
    out
}

/// If the API states no access: the options that may state it. A comparison of two files must not take the methods for
/// unguarded. `null` without such options.
fn unread_options(api: &Api) -> Value {
    if api.states_access || api.unread_options.is_empty() {
        return Value::Null;
    }
    let settings: Map<String, Value> =
        api.unread_options.iter().map(|option| (option.name.clone(), json!(option.setting))).collect();
    Value::Object(settings)
}

fn method(api: &Api, service: &Service, method: &Method) -> Value {
    let access = &method.access;
    let mut value = json!({
        "state": access.state.as_str(),
        "permissions": sorted_names(&access.permissions),
        "require": access.require.as_str(),
        "scope": access.scope.as_ref().map(|scope| &scope.text),
        "actors": sorted_names(&access.actors),
        "bindings": method.bindings.iter().map(binding).collect::<Vec<_>>(),
        "request": method.input.name,
        "response": method.output.name,
        "streaming": streaming(method),
        "idempotency": idempotency(method.idempotency),
        "api_version": service.api_version,
        "deprecated": method.deprecated,
    });
    if access.custom {
        value["custom"] = json!(true);
    }
    if let Some(read) = masked_access(api, method) {
        value["with_field_mask"] = json!({
            "state": read.state.as_str(),
            "permissions": sorted_names(&read.permissions),
            "require": read.require.as_str(),
        });
    }
    if !method.unread.is_empty() {
        let unread = method.unread.iter().map(|unread| {
            json!({
                "option": unread.option,
                "value": unread.value,
                "looks_like_access": unread.looks_like_access,
            })
        });
        value["unread"] = unread.collect();
    }
    value
}

fn binding(binding: &Binding) -> Value {
    let variables: Vec<&String> = binding.slots.iter().filter_map(|slot| slot.field.as_ref()).collect();
    json!({
        "verb": binding.verb,
        "path": binding.text,
        "body": binding.body.as_str(),
        "response_body": binding.response_body,
        "path_params": variables,
        "query_params": binding.query,
    })
}

fn streaming(method: &Method) -> &'static str {
    match (method.client_streaming, method.server_streaming) {
        (false, false) => "unary",
        (true, false) => "client",
        (false, true) => "server",
        (true, true) => "bidirectional",
    }
}

fn idempotency(idempotency: Idempotency) -> &'static str {
    match idempotency {
        Idempotency::Unknown => "unknown",
        Idempotency::Idempotent => "idempotent",
        Idempotency::Safe => "safe",
    }
}

/// How a list of scalars is printed.
#[derive(Clone, Copy, PartialEq)]
enum Lists {
    /// On one line, for lists of one method, which are short.
    Joined,
    /// One item a line, for lists that grow with the API: a diff shows each addition alone.
    Spread,
}

/// Prints one key a line, so that a diff shows only changes.
fn write(value: &Value, indent: usize, lists: Lists, out: &mut String) {
    match value {
        Value::Array(items) if lists == Lists::Joined && items.iter().all(is_scalar) => {
            let items: Vec<String> = items.iter().map(json::scalar).collect();
            out.push('[');
            out.push_str(&items.join(", "));
            out.push(']');
        }
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(|item| (String::new(), item)).collect();
            write_block(&items, ('[', ']'), indent, lists, out);
        }
        Value::Object(members) => {
            let members: Vec<_> =
                members.iter().map(|(key, item)| (format!("{}: ", json::text(key)), item)).collect();
            write_block(&members, ('{', '}'), indent, lists, out);
        }
        scalar => out.push_str(&json::scalar(scalar)),
    }
}

fn is_scalar(value: &Value) -> bool {
    !value.is_array() && !value.is_object()
}

fn write_block(
    items: &[(String, &Value)],
    (open, close): (char, char),
    indent: usize,
    lists: Lists,
    out: &mut String,
) {
    out.push(open);
    for (index, (key, item)) in items.iter().enumerate() {
        out.push_str(if index == 0 { "\n" } else { ",\n" });
        out.push_str(&"  ".repeat(indent + 1));
        out.push_str(key);
        write(item, indent + 1, lists, out);
    }
    if !items.is_empty() {
        out.push('\n');
        out.push_str(&"  ".repeat(indent));
    }
    out.push(close);
}
