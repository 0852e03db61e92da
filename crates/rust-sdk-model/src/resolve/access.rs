//! Access annotations → one of four states, and the scope within which permissions hold. Fails closed.

mod mark;
mod statements;
mod suggest;
mod unread;

use std::collections::BTreeSet;

use prost_reflect::{Cardinality, Kind, Value};

pub(crate) use self::statements::AccessOptions;
pub(crate) use self::unread::UnreadOptions;

use super::context::{AnnotationError, MethodContext};
use super::extensions::{OptionSets, Statement};
use super::field_paths;
use super::types::TypeIndex;
use crate::api::{Access, AccessState, FieldPath, FieldStep, Require};
use crate::diagnostic::{Code, Severity};
use crate::naming;
use crate::options::{Meaning, Unstated};

/// Describes who may call the method.
pub(crate) fn describe(
    context: &mut MethodContext<'_>,
    options: &AccessOptions,
    types: &TypeIndex,
    may_say_more: bool,
) -> Access {
    let set = OptionSets::new(context.descriptor);
    let mut access = Access {
        state: AccessState::Unstated,
        permissions: Vec::new(),
        require: Require::All,
        actors: Vec::new(),
        scope: None,
        custom: false,
    };
    if !options.stated() {
        return access;
    }
    let bool_of = |statement: &Option<Statement>| {
        statement.as_ref().and_then(|statement| statement.get(&set)).and_then(|value| value.as_bool())
    };
    let require_all = bool_of(&options.require_all).unwrap_or(true);
    if !require_all {
        access.require = Require::Any;
    }
    let mut said = Said { may_say_more, ..Said::default() };
    said.permissions(context, options, (&set, require_all));
    if bool_of(&options.authentication) == Some(false) {
        said.meanings.extend(options.authentication.iter().map(|by| (Meaning::Public, by)));
    }
    for mode in &options.modes {
        said.mode(context, mode, &set);
    }
    let decided = said.state(context, options);
    access.state = decided.unwrap_or(AccessState::Unstated);
    access.custom = said.meanings.iter().any(|(meaning, _)| *meaning == Meaning::Custom);
    if access.state == AccessState::Permissions {
        access.permissions = said.listed.into_iter().map(|(permission, _)| permission).collect();
    }
    if decided.is_some() {
        check(context, options, &access, said.has_empty, require_all);
    }
    access.actors = actors(context, options, &set);
    access.scope = scope(context, options, &set, access.state, types);
    access
}

/// What a method's options say about access.
#[derive(Default)]
struct Said<'a> {
    /// The permissions, each with the option that lists it.
    listed: Vec<(String, &'a Statement)>,
    /// Whether an empty permission is listed.
    has_empty: bool,
    /// The meanings of values, each with the option that states it.
    meanings: Vec<(Meaning, &'a Statement)>,
    /// Whether a value has no meaning, or the permissions contradict each other.
    unknown: bool,
    /// Whether the method has an unread option that looks like access.
    may_say_more: bool,
}

impl<'a> Said<'a> {
    /// Reads the permissions of all options, which add up.
    fn permissions(
        &mut self,
        context: &mut MethodContext<'_>,
        options: &'a AccessOptions,
        (set, require_all): (&OptionSets<'_>, bool),
    ) {
        for statement in &options.permissions {
            self.listed_by(statement, set);
        }
        let listed_by: BTreeSet<String> = self.listed.iter().map(|(_, by)| by.name()).collect();
        if listed_by.len() < 2 {
            return;
        }
        let by = self.listed[0].1;
        if !require_all {
            self.unknown = true;
            let names: Vec<String> = listed_by.into_iter().collect();
            let message = format!(
                "any one of the permissions is enough, but they are of several options, {}",
                quoted(&names)
            );
            contradiction(
                context,
                by,
                message,
                "permissions of several options add up: state that all are required",
            );
        }
        // A scope and a role of one name would be one permission, so either would do.
        let is_ambiguous = |(text, by): &(String, &Statement)| {
            let others =
                self.listed.iter().filter(|(other, other_by)| other == text && other_by.name() != by.name());
            !by.has_affixes() && others.clone().any(|(_, other_by)| !other_by.has_affixes())
        };
        if let Some((text, by)) = self.listed.iter().find(|listed| is_ambiguous(listed)) {
            let message = format!("`{text}` is listed by several options, of which `{}` is one", by.name());
            let hint = format!(
                "if the options list different kinds of permissions, give one a prefix: `permissions_option={}:*=PREFIX*`; if \
                 they mean the same, write `:*=*`",
                by.name()
            );
            contradiction(context, by, message, &hint);
            self.unknown = true;
        }
        let mut seen = BTreeSet::new();
        self.listed.retain(|(text, _)| seen.insert(text.clone()));
    }

    fn listed_by(&mut self, statement: &'a Statement, set: &OptionSets<'_>) {
        let stated: Vec<String> = match statement.get(set) {
            Some(Value::List(items)) => items.iter().filter_map(|item| statement.text(item)).collect(),
            Some(value) => statement.text(&value).into_iter().collect(),
            None => Vec::new(),
        };
        let is_list = statement.ty().1;
        for text in stated {
            match statement.meaning(&text) {
                Some(meaning) => self.meanings.push((meaning, statement)),
                // A single empty text is an unset field.
                None if text.is_empty() => self.has_empty |= is_list,
                None => self.listed.push((statement.permission(text), statement)),
            }
        }
    }

    fn mode(&mut self, context: &mut MethodContext<'_>, mode: &'a Statement, set: &OptionSets<'_>) {
        let Some(value) = mode.get(set).and_then(|value| mode.text(&value)) else { return };
        if let Some(meaning) = mode.meaning(&value) {
            self.meanings.push((meaning, mode));
        } else if !matches!(mode.ty().0, Kind::Bool) {
            // The other value of a switch states nothing.
            self.unknown = true;
            let message = format!("`{value}` of `{}` has no meaning for access", mode.name());
            let hint = format!("add `;{value}=MEANING` to `mode_option={}:…`", mode.name());
            let problem = AnnotationError::new(Code::AccessUnknownValue, message, hint);
            report(context, Severity::Error, Some(mode), problem);
        }
    }

    /// The state; `None` if a value has no meaning, or if the statements contradict each other, which is reported here.
    fn state(&self, context: &mut MethodContext<'_>, options: &AccessOptions) -> Option<AccessState> {
        if self.unknown {
            return None;
        }
        // `custom` is combined with other meanings and contradicts none of them.
        let firm = |(meaning, _): &&(Meaning, &'a Statement)| *meaning != Meaning::Custom;
        let Some((meaning, by)) = self.meanings.iter().find(firm).or(self.meanings.first()) else {
            return Some(match (self.listed.is_empty(), self.has_empty) {
                (false, _) => AccessState::Permissions,
                (true, true) => AccessState::Authenticated,
                // A rule that is not read must not become a weaker one.
                (true, false) if options.unstated == Unstated::Authenticated && !self.may_say_more => {
                    AccessState::Authenticated
                }
                (true, false) => AccessState::Unstated,
            });
        };
        if let Some((other, other_by)) = self.meanings.iter().filter(firm).find(|(other, _)| other != meaning)
        {
            let message = format!(
                "`{}` says `{}`, but `{}` says `{}`",
                by.name(),
                meaning.as_str(),
                other_by.name(),
                other.as_str()
            );
            contradiction(context, by, message, "make the options agree");
            return None;
        }
        let lists = !self.listed.is_empty();
        match meaning {
            Meaning::Public if lists => {
                let message =
                    format!("the method needs no authentication, but lists {}", quoted(&self.texts()));
                let hint = "remove the permissions, or the option that switches authentication off";
                let problem = AnnotationError::new(Code::AccessPublicWithPermissions, message, hint);
                report(context, Severity::Error, options.permissions.first(), problem);
                None
            }
            Meaning::Authenticated if lists => {
                let (statement, by) = (by, by.name());
                let message = format!(
                    "`{by}` requires only authentication, but the method lists {}",
                    quoted(&self.texts())
                );
                let hint = "remove the permissions, or give the option another value";
                contradiction(context, statement, message, hint);
                None
            }
            Meaning::Permissions if !lists => {
                let message = format!("`{}` requires permissions, but the method lists none", by.name());
                contradiction(context, by, message, "list the permissions");
                None
            }
            Meaning::Public => Some(AccessState::Public),
            Meaning::Permissions => Some(AccessState::Permissions),
            Meaning::Custom if lists => Some(AccessState::Permissions),
            Meaning::Authenticated | Meaning::Custom => Some(AccessState::Authenticated),
        }
    }
}

impl Said<'_> {
    fn texts(&self) -> Vec<String> {
        self.listed.iter().map(|(text, _)| text.clone()).collect()
    }
}

fn contradiction(context: &mut MethodContext<'_>, by: &Statement, message: String, hint: &str) {
    report(context, Severity::Error, Some(by), AnnotationError::new(Code::AccessConflict, message, hint));
}

/// Reports a missing rule, and permissions that do not fit together.
fn check(
    context: &mut MethodContext<'_>,
    options: &AccessOptions,
    access: &Access,
    has_empty: bool,
    require_all: bool,
) {
    if access.state == AccessState::Unstated && options.unstated == Unstated::Error {
        let message = "the method has no access rule";
        let hint = "list its permissions (`\"\"` if authentication is enough), or switch authentication off; \
                    `unstated=deny` and `unstated=authenticated` give such methods a rule";
        let position = context.position();
        context.report(
            Severity::Error,
            position,
            "",
            AnnotationError::new(Code::AccessUnstated, message, hint),
        );
    }
    if access.state == AccessState::Permissions && has_empty {
        let message = format!("an empty permission is listed together with {}", quoted(&access.permissions));
        let hint = "an empty permission means that authentication is enough: remove it or the others";
        report(
            context,
            Severity::Error,
            options.permissions.first(),
            AnnotationError::new(Code::AccessMixedEmpty, message, hint),
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
            AnnotationError::new(Code::AccessAnyOfOne, message, hint),
        );
    }
}

fn report(
    context: &mut MethodContext<'_>,
    severity: Severity,
    statement: Option<&Statement>,
    problem: AnnotationError,
) {
    let position = statement
        .map_or_else(|| context.position(), |statement| context.option_position(statement.number(), 0));
    context.report(severity, position, "", problem);
}

fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn actors(context: &mut MethodContext<'_>, options: &AccessOptions, set: &OptionSets<'_>) -> Vec<String> {
    let Some(statement) = &options.actors else { return Vec::new() };
    let Some(value) = statement.get(set) else { return Vec::new() };
    let kind = statement.ty().0;
    let Some(descriptor) = kind.as_enum() else { return Vec::new() };
    let mut actors = Vec::new();
    for number in value.as_list().unwrap_or_default().iter().filter_map(Value::as_enum_number) {
        match descriptor.get_value(number) {
            Some(actor) if number != 0 => actors.push(actor.name().to_owned()),
            other => {
                let name = other.map_or_else(|| number.to_string(), |actor| actor.name().to_owned());
                // Kept, since an empty list would allow every kind of caller.
                actors.push(name.clone());
                let message = format!("`{name}` is not a kind of caller");
                let hint = format!("use another value of `{}`", descriptor.full_name());
                report(
                    context,
                    Severity::Error,
                    Some(statement),
                    AnnotationError::new(Code::AccessUnspecifiedActor, message, hint),
                );
            }
        }
    }
    actors
}

fn scope(
    context: &mut MethodContext<'_>,
    options: &AccessOptions,
    set: &OptionSets<'_>,
    state: AccessState,
    types: &TypeIndex,
) -> Option<FieldPath> {
    let stated = options.account.as_ref().and_then(|statement| statement.get(set));
    let named = stated.and_then(|value| value.as_str().map(str::to_owned));
    let explicit = named.or_else(|| marked_account(context, options, state));
    let path = match explicit.as_deref() {
        Some("") => {
            if state == AccessState::Permissions && options.default_account.is_some() {
                let message = "permissions are listed, but the account expression is empty";
                let hint =
                    "name the request field that holds the account's ID: permissions hold within an account";
                let problem = AnnotationError::new(Code::AccessPermissionsWithoutScope, message, hint);
                report(context, Severity::Error, options.account.as_ref(), problem);
            }
            return None;
        }
        Some(path) => path,
        // A public method has no account unless it names one.
        None if state == AccessState::Public => return None,
        None => match &options.default_account {
            Some(field) => field,
            None => return None,
        },
    };
    match resolve(context, path, types) {
        Ok(scope) => Some(scope),
        // A method that nobody may call needs no account.
        Err(_) if state == AccessState::Unstated && explicit.is_none() => None,
        Err(mut problem) => {
            if explicit.is_none() {
                let absent = "no account expression is set, and the default";
                problem.message = problem.message.replacen("the account expression", absent, 1);
            }
            if state != AccessState::Permissions {
                problem
                    .hint
                    .push_str("; an empty account expression states that the method belongs to no account");
            }
            let extension = explicit.as_ref().and(options.account.as_ref());
            report(context, Severity::Error, extension, problem);
            // Kept, since without a scope no account would be checked.
            Some(FieldPath { text: path.to_owned(), steps: Vec::new() })
        }
    }
}

/// The path of the field that an option marks as the account.
fn marked_account(
    context: &mut MethodContext<'_>,
    options: &AccessOptions,
    state: AccessState,
) -> Option<String> {
    let mark = options.account_mark.as_ref().filter(|_| state != AccessState::Public)?;
    let mut paths = mark::marked(&context.descriptor.input(), mark);
    if paths.len() > 1 {
        let message = format!("`{}` marks several fields as the account: {}", mark.name(), quoted(&paths));
        let hint = "mark one field of the request";
        let problem = AnnotationError::new(Code::AccessConflict, message, hint);
        report(context, Severity::Error, None, problem);
    }
    (!paths.is_empty()).then(|| paths.swap_remove(0))
}

fn resolve(context: &MethodContext<'_>, path: &str, types: &TypeIndex) -> Result<FieldPath, AnnotationError> {
    let input = context.descriptor.input();
    let steps = field_paths::resolve(&input, path).map_err(|problem| {
        let message = format!("the account expression does not resolve: {}", problem.message);
        AnnotationError::new(Code::AccessUnknownScope, message, problem.hint)
    })?;
    let last = steps.last();
    if !last.is_some_and(|field| field.kind() == Kind::String && !field.is_list() && !field.is_map()) {
        let message = format!("the account expression names `{path}`, which is not a singular string");
        let hint = "name the string field that holds the account's ID";
        return Err(AnnotationError::new(Code::AccessScopeType, message, hint));
    }
    let steps = steps
        .iter()
        .map(|field| FieldStep {
            name: naming::snake(types.field_name(field)),
            optional: field.supports_presence() && field.cardinality() != Cardinality::Required,
            oneof: types.oneof(field),
        })
        .collect();
    Ok(FieldPath { text: path.to_owned(), steps })
}
