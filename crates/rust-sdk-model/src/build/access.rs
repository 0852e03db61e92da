//! Access annotations → one of four states, and the scope within which permissions hold. Fails closed.

use prost_reflect::{Cardinality, DynamicMessage, ExtensionDescriptor, Kind, Value};

use super::context::{MethodContext, Problem};
use super::extensions::{Finder, METHOD, SERVICE, Wanted, get};
use super::fields;
use super::types::TypeIndex;
use crate::api::{Access, AccessState, FieldPath, FieldStep, Require};
use crate::diagnostic::{Code, Severity};
use crate::naming;
use crate::options::{AccessOptionNames, Unstated};

/// The extensions that state access, as far as the API defines them.
#[derive(Default)]
pub(crate) struct AccessOptions {
    permissions: Option<ExtensionDescriptor>,
    account: Option<ExtensionDescriptor>,
    authentication: Option<ExtensionDescriptor>,
    actors: Option<ExtensionDescriptor>,
    require_all: Option<ExtensionDescriptor>,
    api_version: Option<ExtensionDescriptor>,
    unstated_is_error: bool,
}

/// The field that holds the account where no expression is given.
const DEFAULT_SCOPE: &str = "account_id";

impl AccessOptions {
    pub(crate) fn find(finder: &mut Finder<'_>, names: &AccessOptionNames, unstated: Unstated) -> Self {
        let mut find = |wanted: Wanted<'_>| finder.find(&wanted);
        Self {
            permissions: find(Wanted {
                target: METHOD,
                full_name: names.permissions.as_deref(),
                short_name: "permissions",
                key: "permissions_option",
                shape: "`repeated string`",
                fits: |extension| extension.is_list() && extension.kind() == Kind::String,
                reserved: true,
            }),
            account: find(Wanted {
                target: METHOD,
                full_name: names.account.as_deref(),
                short_name: "account_id_expression",
                key: "account_option",
                shape: "`string`",
                fits: |extension| !extension.is_list() && extension.kind() == Kind::String,
                reserved: true,
            }),
            authentication: find(Wanted {
                target: METHOD,
                full_name: names.authentication.as_deref(),
                short_name: "requires_authentication",
                key: "authentication_option",
                shape: "`bool`",
                fits: |extension| !extension.is_list() && extension.kind() == Kind::Bool,
                reserved: true,
            }),
            actors: find(Wanted {
                target: METHOD,
                full_name: names.actors.as_deref(),
                short_name: "supported_actor_types",
                key: "actors_option",
                shape: "a repeated enum",
                fits: |extension| extension.is_list() && extension.kind().as_enum().is_some(),
                reserved: true,
            }),
            require_all: find(Wanted {
                target: METHOD,
                full_name: names.require_all.as_deref(),
                short_name: "requires_all_permissions",
                key: "require_all_option",
                shape: "`bool`",
                fits: |extension| !extension.is_list() && extension.kind() == Kind::Bool,
                reserved: true,
            }),
            api_version: find(Wanted {
                target: SERVICE,
                full_name: names.api_version.as_deref(),
                short_name: "api_version",
                key: "api_version_option",
                shape: "a message with major, minor and patch, or a string",
                fits: |extension| match extension.kind() {
                    Kind::String => !extension.is_list(),
                    Kind::Message(message) => {
                        !extension.is_list()
                            && ["major", "minor", "patch"]
                                .iter()
                                .all(|part| message.get_field_by_name(part).is_some())
                    }
                    _ => false,
                },
                reserved: true,
            }),
            unstated_is_error: unstated == Unstated::Error,
        }
    }

    /// Whether the API has statements about access at all.
    pub(crate) fn stated(&self) -> bool {
        self.permissions.is_some() || self.authentication.is_some()
    }

    /// Whether this extension is one of them, so that it is no other custom option.
    pub(crate) fn contains(&self, full_name: &str) -> bool {
        [
            &self.permissions,
            &self.account,
            &self.authentication,
            &self.actors,
            &self.require_all,
            &self.api_version,
        ]
        .into_iter()
        .flatten()
        .any(|extension| extension.full_name() == full_name)
    }

    /// The version that a service states.
    pub(crate) fn version(&self, options: &DynamicMessage) -> Option<String> {
        let value = get(options, self.api_version.as_ref())?;
        if let Some(text) = value.as_str() {
            return (!text.is_empty()).then(|| text.to_owned());
        }
        let message = value.as_message()?;
        let part = |name| match message.get_field_by_name(name).as_deref() {
            Some(Value::U32(n)) => u64::from(*n),
            Some(Value::U64(n)) => *n,
            Some(Value::I32(n)) => u64::try_from(*n).unwrap_or(0),
            Some(Value::I64(n)) => u64::try_from(*n).unwrap_or(0),
            _ => 0,
        };
        Some(format!("{}.{}.{}", part("major"), part("minor"), part("patch")))
    }
}

/// Describes who may call the method.
pub(crate) fn describe(
    context: &mut MethodContext<'_>,
    options: &AccessOptions,
    types: &TypeIndex,
) -> Access {
    let set = context.descriptor.options();
    let mut access = Access {
        state: AccessState::Unstated,
        permissions: Vec::new(),
        require: Require::All,
        actors: Vec::new(),
        scope: None,
    };
    if !options.stated() {
        return access;
    }
    let stated: Vec<String> = get(&set, options.permissions.as_ref())
        .and_then(|value| {
            value
                .as_list()
                .map(|list| list.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect())
        })
        .unwrap_or_default();
    let authentication =
        get(&set, options.authentication.as_ref()).and_then(|value| value.as_bool()).unwrap_or(true);
    let require_all =
        get(&set, options.require_all.as_ref()).and_then(|value| value.as_bool()).unwrap_or(true);
    let real: Vec<String> = stated.iter().filter(|permission| !permission.is_empty()).cloned().collect();
    if !require_all {
        access.require = Require::Any;
    }
    access.state = if !authentication {
        if !real.is_empty() {
            let message = format!("the method needs no authentication, but lists {}", quoted(&real));
            report(
                context,
                Severity::Error,
                options.permissions.as_ref(),
                Problem::new(
                    Code::AccessPublicWithPermissions,
                    message,
                    "remove the permissions, or the option that switches authentication off",
                ),
            );
        }
        AccessState::Public
    } else if stated.is_empty() {
        AccessState::Unstated
    } else if real.is_empty() {
        AccessState::Authenticated
    } else {
        access.permissions = real;
        AccessState::Permissions
    };
    check(context, options, &access, stated.iter().any(String::is_empty), require_all);
    access.actors = actors(context, options, &set);
    access.scope = scope(context, options, &set, access.state, types);
    access
}

/// What contradicts itself.
fn check(
    context: &mut MethodContext<'_>,
    options: &AccessOptions,
    access: &Access,
    has_empty: bool,
    require_all: bool,
) {
    if access.state == AccessState::Unstated && options.unstated_is_error {
        let message = "the method does not say who may call it";
        let hint = "list its permissions (`\"\"` where authentication is enough) or switch authentication off; \
                    with `unstated=deny`, nobody may call such a method";
        let position = context.position();
        context.report(Severity::Error, position, "", Problem::new(Code::AccessUnstated, message, hint));
    }
    if access.state == AccessState::Permissions && has_empty {
        let message = format!("an empty permission is listed together with {}", quoted(&access.permissions));
        let hint = "an empty permission says that none is needed: remove it, or the others";
        report(
            context,
            Severity::Error,
            options.permissions.as_ref(),
            Problem::new(Code::AccessMixedEmpty, message, hint),
        );
    }
    if access.state == AccessState::Permissions && !require_all && access.permissions.len() < 2 {
        let message = format!(
            "any one of the permissions is enough, but {} is the only one",
            quoted(&access.permissions)
        );
        let hint = "list the other permissions, or remove this option";
        report(
            context,
            Severity::Warning,
            options.require_all.as_ref(),
            Problem::new(Code::AccessAnyOfOne, message, hint),
        );
    }
}

fn report(
    context: &mut MethodContext<'_>,
    severity: Severity,
    extension: Option<&ExtensionDescriptor>,
    problem: Problem,
) {
    let position = extension
        .map_or_else(|| context.position(), |extension| context.option_position(extension.number(), 0));
    context.report(severity, position, "", problem);
}

fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn actors(context: &mut MethodContext<'_>, options: &AccessOptions, set: &DynamicMessage) -> Vec<String> {
    let Some(extension) = &options.actors else { return Vec::new() };
    let Some(value) = get(set, Some(extension)) else { return Vec::new() };
    let kind = extension.kind();
    let Some(descriptor) = kind.as_enum() else { return Vec::new() };
    let mut actors = Vec::new();
    for number in value.as_list().unwrap_or_default().iter().filter_map(Value::as_enum_number) {
        match descriptor.get_value(number) {
            Some(actor) if number != 0 => actors.push(actor.name().to_owned()),
            other => {
                let name = other.map_or_else(|| number.to_string(), |actor| actor.name().to_owned());
                // Kept, since no kinds at all would mean every kind.
                actors.push(name.clone());
                let message = format!("`{name}` is not a kind of caller");
                let hint = format!("use other values of `{}`", descriptor.full_name());
                report(
                    context,
                    Severity::Error,
                    Some(extension),
                    Problem::new(Code::AccessUnspecifiedActor, message, hint),
                );
            }
        }
    }
    actors
}

fn scope(
    context: &mut MethodContext<'_>,
    options: &AccessOptions,
    set: &DynamicMessage,
    state: AccessState,
    types: &TypeIndex,
) -> Option<FieldPath> {
    let explicit = get(set, options.account.as_ref()).and_then(|value| value.as_str().map(str::to_owned));
    let path = match explicit.as_deref() {
        Some("") => {
            if state == AccessState::Permissions {
                let message = "permissions are listed, but the account expression is empty";
                let hint = "permissions hold within an account: name the request field that holds its ID";
                let problem = Problem::new(Code::AccessPermissionsWithoutScope, message, hint);
                report(context, Severity::Error, options.account.as_ref(), problem);
            }
            return None;
        }
        Some(path) => path,
        // A public method has no account, unless it names one.
        None if state == AccessState::Public => return None,
        None => DEFAULT_SCOPE,
    };
    match resolve(context, path, types) {
        Ok(scope) => Some(scope),
        // A method that nobody may call needs none.
        Err(_) if state == AccessState::Unstated && explicit.is_none() => None,
        Err(mut problem) => {
            if explicit.is_none() {
                let absent = "no account expression is set, and the default";
                problem.message = problem.message.replacen("the account expression", absent, 1);
            }
            if state != AccessState::Permissions {
                problem
                    .hint
                    .push_str("; an empty account expression says that the method belongs to no account");
            }
            let extension = explicit.as_ref().and(options.account.as_ref());
            report(context, Severity::Error, extension, problem);
            // Kept, since no scope at all would mean that no account is looked at.
            Some(FieldPath { text: path.to_owned(), steps: Vec::new() })
        }
    }
}

fn resolve(context: &MethodContext<'_>, path: &str, types: &TypeIndex) -> Result<FieldPath, Problem> {
    let input = context.descriptor.input();
    let steps = fields::resolve(&input, path).map_err(|problem| {
        let message = format!("the account expression does not resolve: {}", problem.message);
        Problem::new(Code::AccessUnknownScope, message, problem.hint)
    })?;
    let last = steps.last();
    if !last.is_some_and(|field| field.kind() == Kind::String && !field.is_list() && !field.is_map()) {
        let message = format!("the account expression names `{path}`, which is not a singular string");
        let hint = "name the string field that holds the account's ID";
        return Err(Problem::new(Code::AccessScopeType, message, hint));
    }
    let steps = steps
        .iter()
        .map(|field| FieldStep {
            name: naming::snake(field.name()),
            optional: field.supports_presence() && field.cardinality() != Cardinality::Required,
            oneof: types.oneof(field),
        })
        .collect();
    Ok(FieldPath { text: path.to_owned(), steps })
}
