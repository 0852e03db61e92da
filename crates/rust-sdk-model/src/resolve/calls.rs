//! How methods are called: the parameters of functions and the setters of calls.

use std::collections::{BTreeMap, BTreeSet};

use crate::api::{Argument, Body, Message, Method, Package, Request};
use crate::naming::{self, Scope};

/// Functions that every call has. Setters must not shadow them.
const CALL_FUNCTIONS: [&str; 19] = [
    "attempt_timeout",
    "clone",
    "fmt",
    "from",
    "header",
    "idempotency_key",
    "idempotent",
    "into",
    "into_future",
    "items",
    "pages",
    "poller",
    "retry",
    "timeout",
    "try_into",
    "wait_until",
    "with",
    "with_response",
    "within",
];
/// The most parameters of a function; with more fields, setters are better.
const MOST_ARGUMENTS: usize = 6;

pub(crate) fn describe(packages: &mut [Package]) {
    let messages: BTreeMap<String, (usize, usize)> = packages
        .iter()
        .enumerate()
        .flat_map(|(package, described)| {
            let messages = described.messages.iter().enumerate();
            messages.map(move |(index, message)| (message.full_name.clone(), (package, index)))
        })
        .collect();
    let mut requests: BTreeMap<(usize, usize), [bool; 2]> = BTreeMap::new();
    let mut lists = BTreeSet::new();
    for package in 0..packages.len() {
        // The clients of another crate have the calls of its services.
        if packages[package].home.is_some() {
            continue;
        }
        for service in 0..packages[package].services.len() {
            for index in 0..packages[package].services[service].methods.len() {
                let method = &packages[package].services[service].methods[index];
                let request = messages.get(&method.input.name).filter(|_| !method.client_streaming);
                let arguments = request
                    .map(|(package, index)| arguments(method, &packages[*package].messages[*index]))
                    .unwrap_or_default();
                if let Some(request) = request {
                    requests.entry(*request).or_default()[usize::from(method.server_streaming)] = true;
                }
                let is_first = method.pagination.is_some()
                    && request.is_some_and(|(package, _)| packages[*package].home.is_none())
                    && lists.insert((method.input.name.clone(), method.output.name.clone()));
                let method = &mut packages[package].services[service].methods[index];
                method.arguments = arguments;
                if let Some(pagination) = &mut method.pagination {
                    pagination.implements = is_first;
                }
            }
        }
    }
    for ((package, index), [unary, streaming]) in requests {
        let message = &mut packages[package].messages[index];
        let mut names = Scope::new(CALL_FUNCTIONS);
        let setters = message.fields.iter().map(|field| {
            // The name stays taken, so that other setters keep theirs if the field's behavior changes.
            let name = names.claim(&naming::snake(&field.base_name));
            (!field.is_output_only()).then_some(name)
        });
        let setters = setters.collect();
        message.request = Some(Request { setters, unary, streaming });
    }
}

/// The fields that every binding has in its path or as its body, and the fields that are marked as required. The account's
/// field is left out, since the client may know the account.
fn arguments(method: &Method, message: &Message) -> Vec<Argument> {
    let scope = method.access.scope.as_ref().map(|scope| scope.text.as_str());
    let mut fields: Vec<usize> = Vec::new();
    if let Some((first, rest)) = method.bindings.split_first() {
        let of_first = bound(first);
        fields.extend(
            of_first
                .iter()
                .filter(|name| rest.iter().all(|binding| bound(binding).contains(name)))
                .filter_map(|name| message.fields.iter().position(|field| field.name == **name)),
        );
    }
    let bound = fields.len();
    for (index, field) in message.fields.iter().enumerate() {
        if field.required && !fields.contains(&index) {
            fields.push(index);
        }
    }
    let is_argument = |index: &usize| {
        let field = &message.fields[*index];
        field.oneof.is_none() && scope != Some(field.name.as_str())
    };
    if fields.iter().filter(|index| is_argument(index)).count() > MOST_ARGUMENTS {
        fields.truncate(bound);
    }
    fields.retain(is_argument);
    if fields.len() > MOST_ARGUMENTS {
        fields.clear();
    }
    in_order_of_signature(method, message, &mut fields);
    fields
        .into_iter()
        .map(|field| Argument { field, name: naming::snake(&message.fields[field].base_name) })
        .collect()
}

/// Sorts parameters in the order of the first signature that names them all (AIP-4232). A signature may name more fields: these are not
/// required, so they stay setters.
fn in_order_of_signature(method: &Method, message: &Message, fields: &mut [usize]) {
    let at = |signature: &[String], field: usize| {
        signature.iter().position(|name| *name == message.fields[field].name)
    };
    let names_all = |signature: &&Vec<String>| fields.iter().all(|field| at(signature, *field).is_some());
    if let Some(signature) = method.signatures.iter().find(names_all) {
        fields.sort_by_key(|field| at(signature, *field));
    }
}

/// The top-level fields that a binding needs: those of its path, then its body.
fn bound(binding: &crate::api::Binding) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    let variables = binding.slots.iter().filter_map(|slot| slot.field.as_deref());
    let body = match &binding.body {
        Body::Field(name) => Some(name.as_str()),
        Body::None | Body::All => None,
    };
    for path in variables.chain(body) {
        let name = path.split('.').next().unwrap_or(path);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}
