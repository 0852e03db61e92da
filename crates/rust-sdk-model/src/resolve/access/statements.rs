//! The options that state access.

use prost_reflect::{DynamicMessage, ExtensionDescriptor, FieldDescriptor, Kind, Value};

use crate::options::{AccessOptionNames, Selector, Unstated};
use crate::resolve::extensions::{FIELD, Finder, MESSAGE, METHOD, SERVICE, Statement, Wanted, cover, get};

/// The options that state access, as far as the API defines them.
#[derive(Default)]
pub(crate) struct AccessOptions {
    /// The permissions of all of them add up.
    pub(super) permissions: Vec<Statement>,
    pub(super) account: Option<Statement>,
    /// The option that marks the request field with the account.
    pub(super) account_mark: Option<Statement>,
    pub(super) authentication: Option<Statement>,
    pub(super) actors: Option<Statement>,
    pub(super) require_all: Option<Statement>,
    /// Options whose values mean a state.
    pub(super) modes: Vec<Statement>,
    /// The request field that holds the account if no expression names one.
    pub(super) default_account: Option<String>,
    api_version: Option<ExtensionDescriptor>,
    pub(super) unstated: Unstated,
    /// Whether access is read at all (`access=on`).
    pub(super) is_wanted: bool,
}

/// The request field that holds the account if no expression names one.
const DEFAULT_SCOPE: &str = "account_id";

impl AccessOptions {
    pub(crate) fn find(finder: &mut Finder<'_>, names: &AccessOptionNames, unstated: Unstated) -> Self {
        let wanted = |short_name, key, shape, fits| Wanted {
            target: METHOD,
            full_name: None,
            short_name,
            key,
            shape,
            fits,
            reserved: true,
        };
        let switch: fn(&Kind, bool) -> bool = |kind, list| !list && *kind == Kind::Bool;
        // A configured option may also be a single value or an enum.
        let by_name = wanted("permissions", "permissions_option", "`repeated string`", |kind, list| {
            list && *kind == Kind::String
        });
        let configured =
            wanted("", "permissions_option", "`string`, an enum, or a list of them", |kind, _| {
                matches!(kind, Kind::String | Kind::Enum(_))
            });
        let permissions = if names.permissions.is_empty() {
            finder.statement(&by_name, None).into_iter().collect()
        } else {
            let all = names.permissions.iter().map(Some);
            all.filter_map(|named| {
                let target = finder.target(named, &[METHOD, SERVICE, MESSAGE]);
                finder.statement(&Wanted { target, ..configured }, named)
            })
            .collect()
        };
        let (account, account_mark) = account(finder, names.account.as_ref());
        let authentication = wanted("requires_authentication", "authentication_option", "`bool`", switch);
        let actors = wanted("supported_actor_types", "actors_option", "a repeated enum", |kind, list| {
            list && kind.as_enum().is_some()
        });
        let require_all = wanted("requires_all_permissions", "require_all_option", "`bool`", switch);
        let mode = wanted("", "mode_option", "an enum, `bool`, `string` or a message", |kind, list| {
            !list && matches!(kind, Kind::Enum(_) | Kind::Bool | Kind::String | Kind::Message(_))
        });
        Self {
            permissions,
            account,
            account_mark,
            authentication: finder.statement(&authentication, names.authentication.as_ref()),
            actors: finder.statement(&actors, names.actors.as_ref()),
            require_all: finder.statement(&require_all, names.require_all.as_ref()),
            modes: names.modes.iter().filter_map(|named| finder.statement(&mode, Some(named))).collect(),
            default_account: match names.account_field.as_deref() {
                None => Some(DEFAULT_SCOPE.to_owned()),
                Some("-") => None,
                Some(field) => Some(field.to_owned()),
            },
            api_version: finder.find(&Wanted {
                target: SERVICE,
                full_name: names.api_version.as_deref(),
                short_name: "api_version",
                key: "api_version_option",
                shape: "a message with major, minor and patch, or a string",
                fits: |kind, list| match kind {
                    Kind::String => !list,
                    Kind::Message(message) => {
                        let has = |part| message.get_field_by_name(part).is_some();
                        !list && has("major") && has("minor") && has("patch")
                    }
                    _ => false,
                },
                reserved: true,
            }),
            unstated,
            is_wanted: true,
        }
    }

    /// Whether the API states access at all.
    pub(crate) fn stated(&self) -> bool {
        !self.permissions.is_empty() || self.authentication.is_some() || !self.modes.is_empty()
    }

    fn statements(&self) -> impl Iterator<Item = &Statement> {
        let single = [&self.account, &self.authentication, &self.actors, &self.require_all];
        single.into_iter().flatten().chain(&self.permissions).chain(&self.modes)
    }

    /// Whether everything that this option states is read as access. If so, it is not a custom option.
    pub(crate) fn contains(&self, extension: &ExtensionDescriptor, value: &Value) -> bool {
        let statements: Vec<&Statement> = self.statements().collect();
        cover(&statements, extension, value) || self.api_version.as_ref() == Some(extension)
    }

    /// The paths into this option's message that are read; an empty path is the whole option.
    pub(super) fn paths(&self, extension: &ExtensionDescriptor) -> Vec<&[FieldDescriptor]> {
        self.statements().filter(|known| known.extension == *extension).map(Statement::path).collect()
    }

    /// Whether any part of this option is read.
    pub(super) fn reads(&self, extension: &ExtensionDescriptor) -> bool {
        self.statements().any(|known| known.extension == *extension)
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

/// The option that names the request field with the account, or the one that marks the field.
fn account(finder: &mut Finder<'_>, named: Option<&Selector>) -> (Option<Statement>, Option<Statement>) {
    let expression = Wanted {
        target: METHOD,
        full_name: None,
        short_name: "account_id_expression",
        key: "account_option",
        shape: "`string`",
        fits: |kind, list| !list && *kind == Kind::String,
        reserved: true,
    };
    if finder.target(named, &[METHOD, FIELD]) == METHOD {
        return (finder.statement(&expression, named), None);
    }
    let mark = Wanted {
        target: FIELD,
        shape: "`bool`, `string`, an enum or a message",
        fits: |kind, list| {
            !list && matches!(kind, Kind::Bool | Kind::String | Kind::Enum(_) | Kind::Message(_))
        },
        ..expression
    };
    (None, finder.statement(&mark, named))
}
