//! One side of a comparison: the methods of one version of an API, with their access and routes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use rust_sdk_model::api::{self, AccessState, Require};
use rust_sdk_model::{Api, Code, Severity};

use crate::access::{Access, Guard, Scope};
use crate::sdk::Sdk;

/// One version of an API.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// By full name, `package.Service/Method`.
    pub methods: BTreeMap<String, Method>,
    /// Methods whose bindings are unknown, so their routes are not compared.
    pub unbound: BTreeSet<String>,
    /// Methods whose own code decides, too.
    pub custom: BTreeSet<String>,
    /// Unread option values that may state access; by method, then by option.
    pub unread: BTreeMap<String, BTreeMap<String, UnreadValue>>,
    /// Where the rules come from.
    pub access: AccessSource,
    /// The generated crate; `None` if it is unknown, so it is not compared.
    pub sdk: Option<Sdk>,
    /// The generator's errors, as text. The affected parts are kept as written.
    pub problems: Vec<String>,
    /// For each option that the plugin's options name but this version does not define, the problem as text.
    pub absent: Vec<String>,
    /// Whether this version has no files.
    pub has_no_files: bool,
}

/// Where the rules of a version come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum AccessSource {
    /// The API states them.
    #[default]
    Stated,
    /// The API states no rules, and has no option that may state some.
    Absent,
    /// Access is off (`access=off`).
    Off,
    /// The rules could not be read: the API has options that may state access, but none is read as access.
    Unread(Vec<UnreadOption>),
}

/// A method option that may state access, or a field of one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnreadOption {
    /// The full name and, after a `#`, the path to a field.
    pub name: String,
    /// The plugin option that would read it, as `key=value`; `None` if no plugin option can.
    pub setting: Option<String>,
}

/// A value of an unread option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadValue {
    /// The value as text.
    pub value: String,
    /// Whether the option's name is about access.
    pub looks_like_access: bool,
}

/// One method. Facts that are `None` are unknown and not compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Method {
    /// Who may call it.
    pub access: Access,
    /// Its HTTP bindings, the primary one first.
    pub bindings: Vec<Binding>,
    /// The request message.
    pub request: Option<String>,
    /// The response message.
    pub response: Option<String>,
    /// `unary`, `client`, `server` or `bidirectional`.
    pub streaming: Option<String>,
}

/// One HTTP binding, as annotated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// The verb, or the custom kind.
    pub verb: String,
    /// The path's template.
    pub path: String,
    /// `*`, a field, or nothing.
    pub body: Option<String>,
    /// The response field that is the body; empty for the whole message; `None` if it is unknown.
    pub response_body: Option<String>,
}

impl Snapshot {
    /// A version without files, before the first version.
    pub fn without_files() -> Self {
        Self { has_no_files: true, ..Self::default() }
    }

    /// Takes the compared parts of a model, which may come from a [lenient build](Api::build_lenient).
    pub fn of(api: &Api) -> Self {
        let sdk = Some(Sdk::of(api));
        let mut snapshot = Self { access: AccessSource::of(api), sdk, ..Self::default() };
        for (_, _, method) in api.methods() {
            let name = &method.full_name;
            if method.access.custom {
                snapshot.custom.insert(name.clone());
            }
            let unread = method.unread.iter().map(|unread| {
                let value = unread.value.clone();
                let looks_like_access = unread.looks_like_access;
                (unread.option.clone(), UnreadValue { value, looks_like_access })
            });
            let unread: BTreeMap<String, UnreadValue> = unread.collect();
            if !unread.is_empty() {
                snapshot.unread.insert(name.clone(), unread);
            }
            snapshot.methods.insert(name.clone(), Method::of(method));
        }
        for problem in &api.warnings {
            match (problem.severity, problem.code) {
                (Severity::Error, _) => snapshot.problems.push(problem.to_string()),
                (Severity::Warning, Code::PluginOption) => snapshot.absent.push(problem.message.clone()),
                (Severity::Warning, _) => {}
            }
        }
        snapshot
    }
}

impl AccessSource {
    fn of(api: &Api) -> Self {
        let option = |option: &api::UnreadOption| UnreadOption {
            name: option.name.clone(),
            setting: option.setting.clone(),
        };
        match api.options.access {
            false => Self::Off,
            true if api.states_access => Self::Stated,
            true if api.unread_options.is_empty() => Self::Absent,
            true => Self::Unread(api.unread_options.iter().map(option).collect()),
        }
    }
}

impl Method {
    fn of(method: &api::Method) -> Self {
        let streaming = match (method.client_streaming, method.server_streaming) {
            (false, false) => "unary",
            (true, false) => "client",
            (false, true) => "server",
            (true, true) => "bidirectional",
        };
        let accepted = method.bindings.iter().map(|binding| Binding {
            verb: binding.verb.clone(),
            path: binding.text.clone(),
            body: binding.body.as_str().map(str::to_owned),
            response_body: Some(binding.response_body.clone().unwrap_or_default()),
        });
        let rejected = method.rejected_bindings.iter().map(|binding| Binding {
            verb: binding.verb.clone(),
            path: binding.text.clone(),
            body: Some(binding.body.clone()).filter(|body| !body.is_empty()),
            response_body: Some(binding.response_body.clone()),
        });
        Self {
            access: Access::of(&method.access),
            bindings: accepted.chain(rejected).collect(),
            request: Some(method.input.name.clone()),
            response: Some(method.output.name.clone()),
            streaming: Some(streaming.to_owned()),
        }
    }
}

impl fmt::Display for Binding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.verb, self.path)
    }
}

impl Access {
    /// A method's rule in the model.
    pub fn of(access: &api::Access) -> Self {
        let permissions: BTreeSet<String> = access.permissions.iter().cloned().collect();
        Self {
            guard: match (access.state, access.require) {
                (AccessState::Unstated, _) => Guard::Unstated,
                (AccessState::Public, _) => Guard::Public,
                (AccessState::Authenticated, _) => Guard::Authenticated,
                (AccessState::Permissions, Require::All) => Guard::All(permissions),
                (AccessState::Permissions, Require::Any) => Guard::Any(permissions),
            },
            actors: access.actors.iter().cloned().collect(),
            scope: match &access.scope {
                None => Scope::None,
                Some(path) if path.steps.is_empty() => Scope::Missing(path.text.clone()),
                Some(path) => Scope::Field(path.text.clone()),
            },
        }
    }
}
