//! `PERMISSIONS.md`: who may call what, made for reviewers.

use askama::Template;
use rust_sdk_model::Api;
use rust_sdk_model::api::{Access, AccessState, Method, Require, Service};

use super::markdown::{NONE, cell, code, codes};
use super::{sorted_methods, sorted_names, sorted_services};

/// The whole document.
#[derive(Template)]
#[template(path = "PERMISSIONS.md.jinja", escape = "none")]
pub(super) struct View {
    counts: Vec<Count>,
    first: Vec<Group>,
    services: Vec<Table>,
    permissions: Vec<Group>,
}

/// How many methods are in one state.
struct Count {
    state: &'static str,
    methods: usize,
}

/// Methods listed under a heading.
struct Group {
    heading: String,
    text: &'static str,
    items: Vec<String>,
}

/// The methods of one service.
struct Table {
    heading: String,
    rows: Vec<Row>,
}

/// One method.
struct Row {
    method: String,
    caller: String,
    actors: String,
    scope: String,
}

const STATES: [(AccessState, &str); 4] = [
    (AccessState::Public, "public: no authentication"),
    (AccessState::Authenticated, "any authenticated caller"),
    (AccessState::Permissions, "permissions"),
    (AccessState::Unstated, "unstated: nobody"),
];

pub(super) fn view(api: &Api) -> View {
    let methods = sorted_methods(api);
    let counts = STATES.iter().map(|(state, name)| Count {
        state: name,
        methods: methods.iter().filter(|(_, method)| method.access.state == *state).count(),
    });
    let mut first = vec![
        group(
            &methods,
            AccessState::Public,
            "Public methods",
            "Anybody may call these, without credentials.",
        ),
        group(
            &methods,
            AccessState::Authenticated,
            "Methods for any authenticated caller",
            "A caller is needed; no permission is checked before the method's own logic.",
        ),
    ];
    let unstated = group(
        &methods,
        AccessState::Unstated,
        "Methods without a statement",
        "The API does not say who may call these, so nobody may.",
    );
    // An API without such methods need not speak of them; the two above are worth an empty list.
    if !unstated.items.is_empty() {
        first.push(unstated);
    }
    let services = sorted_services(api);
    let services = services.into_iter().filter(|service| !service.methods.is_empty());
    let services = services.map(|service| table(api, service));
    View {
        counts: counts.collect(),
        first,
        services: services.collect(),
        permissions: api.permissions.iter().map(|named| index(&methods, &named.value)).collect(),
    }
}

fn group(methods: &[(&Service, &Method)], state: AccessState, heading: &str, text: &'static str) -> Group {
    let items = methods.iter().filter(|(_, method)| method.access.state == state).map(|(_, method)| {
        let mut item = code(&method.full_name);
        if let Some(binding) = method.bindings.first() {
            item.push_str(": ");
            item.push_str(&code(&format!("{} {}", binding.verb, binding.text)));
        }
        if state == AccessState::Authenticated && !method.access.actors.is_empty() {
            item.push_str(", only ");
            item.push_str(&codes(sorted_names(&method.access.actors)));
        }
        item
    });
    Group { heading: heading.to_owned(), text, items: items.collect() }
}

fn table(api: &Api, service: &Service) -> Table {
    let mut methods: Vec<&Method> = service.methods.iter().collect();
    methods.sort_by(|a, b| a.name.cmp(&b.name));
    let rows = methods.into_iter().map(|method| Row {
        method: cell(&code(&method.name)),
        caller: cell(&(caller(&method.access) + &masked(api, method))),
        actors: cell(&actors(&method.access)),
        scope: cell(&method.access.scope.as_ref().map(|scope| code(&scope.text)).unwrap_or_default()),
    });
    Table { heading: code(&service.full_name), rows: rows.collect() }
}

/// Who may call a method, in a few words.
pub(crate) fn caller(access: &Access) -> String {
    match (access.state, access.require, sorted_names(&access.permissions).as_slice()) {
        (AccessState::Public, ..) => "public, no authentication".to_owned(),
        (AccessState::Authenticated, ..) => "any authenticated caller".to_owned(),
        (AccessState::Unstated, ..) => "nobody (unstated)".to_owned(),
        // All of one and any of one are the same.
        (AccessState::Permissions, _, [one]) => code(one),
        (AccessState::Permissions, Require::All, all) => format!("all of {}", codes(all.iter().copied())),
        (AccessState::Permissions, Require::Any, any) => format!("any of {}", codes(any.iter().copied())),
    }
}

/// What an update with a field mask needs besides, since it reads what it leaves alone.
fn masked(api: &Api, method: &Method) -> String {
    let read = method.patch_source.as_ref().and_then(|source| {
        let (_, service) = api.services().find(|(_, service)| service.full_name == source.get.service)?;
        service.methods.get(source.get.index)
    });
    match read {
        Some(read)
            if matches!(read.access.state, AccessState::Permissions | AccessState::Unstated)
                && (&read.access.permissions, read.access.require)
                    != (&method.access.permissions, method.access.require) =>
        {
            format!("; with a field mask also {}", caller(&read.access))
        }
        _ => String::new(),
    }
}

fn actors(access: &Access) -> String {
    match access.state {
        AccessState::Public | AccessState::Unstated => NONE.to_owned(),
        _ if access.actors.is_empty() => "every kind".to_owned(),
        _ => codes(sorted_names(&access.actors)),
    }
}

/// The methods that ask for the permission, with what else each asks for.
fn index(methods: &[(&Service, &Method)], permission: &String) -> Group {
    let asking = methods.iter().filter(|(_, method)| method.access.permissions.contains(permission));
    let items = asking.map(|(_, method)| {
        let item = code(&method.full_name);
        let access = &method.access;
        let others =
            codes(sorted_names(&access.permissions).into_iter().filter(|other| *other != permission));
        match access.require {
            _ if others.is_empty() => item,
            Require::All => format!("{item}, together with {others}"),
            Require::Any => format!("{item}, or instead of it {others}"),
        }
    });
    Group { heading: code(permission), text: "", items: items.collect() }
}
