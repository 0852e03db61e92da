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

/// The number of methods in one state.
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
            "The caller must be authenticated. No permission is checked before the method's own logic.",
        ),
    ];
    let unstated = group(
        &methods,
        AccessState::Unstated,
        "Methods without a statement",
        "The API states no rule for these methods, so nobody may call them.",
    );
    // Left out if it is empty. The two groups above are shown even if they are empty.
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
        permissions: api.permissions.iter().map(|named| index(api, &methods, &named.value)).collect(),
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

/// What an update with a field mask needs, too, as text.
pub(crate) fn masked(api: &Api, method: &Method) -> String {
    masked_access(api, method)
        .map_or_else(String::new, |access| format!("; with a field mask also {}", caller(access)))
}

/// The access of the method that reads the resource: the response to an update with a field mask has the fields that
/// the update does not change. `None` if the read requires nothing more than the update itself.
pub(super) fn masked_access<'a>(api: &'a Api, method: &Method) -> Option<&'a Access> {
    let source = method.patch_source.as_ref()?;
    let mut services = api.known_packages().flat_map(|package| &package.services);
    let service = services.find(|service| service.full_name == source.get.service)?;
    let read = &service.methods.get(source.get.index)?.access;
    let is_more = matches!(read.state, AccessState::Permissions | AccessState::Unstated)
        && (&read.permissions, read.require) != (&method.access.permissions, method.access.require);
    is_more.then_some(read)
}

fn actors(access: &Access) -> String {
    match access.state {
        AccessState::Public | AccessState::Unstated => NONE.to_owned(),
        _ if access.actors.is_empty() => "every kind".to_owned(),
        _ => codes(sorted_names(&access.actors)),
    }
}

/// The methods that require the permission, each with its other requirements.
fn index(api: &Api, methods: &[(&Service, &Method)], permission: &String) -> Group {
    let items = methods.iter().filter_map(|(_, method)| {
        let item = code(&method.full_name);
        let access = &method.access;
        if !access.permissions.contains(permission) {
            let read = masked_access(api, method).filter(|read| read.permissions.contains(permission));
            return read.map(|_| format!("{item} (only with a field mask)"));
        }
        let others =
            codes(sorted_names(&access.permissions).into_iter().filter(|other| *other != permission));
        Some(match access.require {
            _ if others.is_empty() => item,
            Require::All => format!("{item} (also needs {others})"),
            Require::Any => format!("{item} (or {others} instead)"),
        })
    });
    Group { heading: code(permission), text: "", items: items.collect() }
}
