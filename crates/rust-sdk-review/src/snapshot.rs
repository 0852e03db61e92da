//! What is compared: the methods of one version of an API, with access and routes.

use std::collections::{BTreeMap, BTreeSet};

use rust_sdk_model::api::{self, AccessState, Require};
use rust_sdk_model::{Api, Code, Severity};

use crate::access::{Access, Guard, Scope};

/// One version of an API.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// By full name, `package.Service/Method`.
    pub methods: BTreeMap<String, Method>,
    /// Those of them whose bindings are not known, so that their routes are not compared.
    pub unbound: BTreeSet<String>,
    /// What the generator would refuse, in words. What it is about was read as it stands.
    pub problems: Vec<String>,
}

/// One method. `None` is for what a snapshot does not say, which is not compared.
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
    /// The response's field that is the body; empty where the whole message is. `None` where that is not known.
    pub response_body: Option<String>,
}

impl Snapshot {
    /// Takes what matters here from a model, which may be a [survey](Api::survey).
    pub fn of(api: &Api) -> Self {
        let methods = api.methods().map(|(_, _, method)| (method.full_name.clone(), Method::of(method)));
        // Unstated access is a rule here, and no problem.
        let problems = api
            .warnings
            .iter()
            .filter(|problem| problem.severity == Severity::Error && problem.code != Code::AccessUnstated)
            .map(ToString::to_string);
        Self { methods: methods.collect(), unbound: BTreeSet::new(), problems: problems.collect() }
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
