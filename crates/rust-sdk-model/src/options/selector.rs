//! Selects an option that states access: its name, a field in it, and the meanings of its values, as in
//! `acme.auth.v1.rule#auth.mode:OPEN=public`.

use super::error::OptionError;

/// An option, or a field of its message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selector {
    /// The extension's full name.
    pub name: String,
    /// The dotted path to a field of its message; `None` for the option itself.
    pub path: Option<String>,
    /// The string option of enum values whose text is the value; `None`: the value's name.
    pub value_option: Option<String>,
    /// The texts around a value that make it a permission, for values of several kinds.
    pub affixes: Option<(String, String)>,
    /// The meanings of values, in order.
    pub meanings: Vec<(String, Meaning)>,
}

/// The meaning of a value for access.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// No authentication is required.
    Public,
    /// Authentication is enough.
    Authenticated,
    /// The listed permissions are checked.
    Permissions,
    /// The method's own code decides, after all other rules, such as listed permissions. Authentication is required in any
    /// case.
    Custom,
}

impl Meaning {
    const NAMES: [(&'static str, Self); 4] = [
        ("public", Self::Public),
        ("authenticated", Self::Authenticated),
        ("permissions", Self::Permissions),
        ("custom", Self::Custom),
    ];

    /// The word in the plugin's options.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Authenticated => "authenticated",
            Self::Permissions => "permissions",
            Self::Custom => "custom",
        }
    }
}

/// Which meanings a plugin option may give to values.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Meanings {
    /// None.
    None,
    /// `public` and `authenticated`, for values in place of a permission.
    OfPermissions,
    /// All meanings. At least one value must have a meaning.
    Needed,
}

impl Selector {
    pub(super) fn parse(key: &str, text: &str, allowed: Meanings) -> Result<Self, OptionError> {
        let wrong = |message: String, hint: &str| Err(OptionError::new(message, hint));
        let (option, values) = match text.split_once(':') {
            Some((option, values)) => (option, Some(values)),
            None => (text, None),
        };
        let (option, value_option) = match option.split_once('@') {
            Some((option, value_option)) => (option, Some(value_option)),
            None => (option, None),
        };
        let (name, path) = match option.split_once('#') {
            Some((name, path)) => (name, Some(path)),
            None => (option, None),
        };
        if !is_dotted(name) || [path, value_option].into_iter().flatten().any(|part| !is_dotted(part)) {
            let hint = "write the option's full name; for a field of a message, add `#` and the path to it: \
                        `acme.v1.rule#auth.permission`";
            return wrong(format!("option `{key}` has the invalid value `{text}`"), hint);
        }
        if value_option.is_some() && allowed != Meanings::OfPermissions {
            let hint = "only the values of `permissions_option` may have their text in an option";
            return wrong(format!("option `{key}` takes no `@`, but has `{text}`"), hint);
        }
        let mut affixes = None;
        let mut meanings: Vec<(String, Meaning)> = Vec::new();
        for item in values.into_iter().flat_map(|values| values.split(';')) {
            let Some((value, meaning)) = item.rsplit_once('=') else {
                return wrong(format!("in `{key}`, `{item}` has no meaning"), "write `VALUE=MEANING`");
            };
            if allowed == Meanings::OfPermissions && value == "*" {
                let around = meaning.split_once('*').filter(|(_, behind)| !behind.contains('*'));
                let (Some((before, behind)), None) = (around, &affixes) else {
                    let hint = "write each permission once, with `*` for the value: `*=role/*`";
                    return wrong(format!("in `{key}`, `{item}` makes no permission of a value"), hint);
                };
                affixes = Some((before.to_owned(), behind.to_owned()));
                continue;
            }
            let Some((_, meaning)) = Meaning::NAMES.into_iter().find(|(name, _)| *name == meaning) else {
                let hint = "write `public`, `authenticated`, `permissions` or `custom`";
                return wrong(format!("in `{key}`, `{meaning}` is not a meaning"), hint);
            };
            if meanings.iter().any(|(known, _)| known == value) {
                return wrong(
                    format!("in `{key}`, `{value}` has two meanings"),
                    "give each value one meaning",
                );
            }
            if allowed == Meanings::OfPermissions
                && !matches!(meaning, Meaning::Public | Meaning::Authenticated)
            {
                let hint = "in `permissions_option`, a value can mean only `public` or `authenticated`";
                return wrong(format!("in `{key}`, `{value}` cannot mean `{}`", meaning.as_str()), hint);
            }
            meanings.push((value.to_owned(), meaning));
        }
        match (allowed, values) {
            (Meanings::None, Some(values)) => {
                let hint = "only `permissions_option` and `mode_option` take meanings of values";
                wrong(format!("option `{key}` takes no meanings of values, but ends in `:{values}`"), hint)
            }
            (Meanings::Needed, None) => {
                let hint = format!("write `{key}={text}:VALUE=MEANING;…`");
                wrong(format!("option `{key}` has no meanings of values"), &hint)
            }
            _ => Ok(Self {
                name: name.to_owned(),
                path: path.map(str::to_owned),
                value_option: value_option.map(str::to_owned),
                affixes,
                meanings,
            }),
        }
    }

    /// The meaning of a value.
    pub fn meaning(&self, value: &str) -> Option<Meaning> {
        self.meanings.iter().find(|(known, _)| known == value).map(|(_, meaning)| *meaning)
    }
}

fn is_dotted(name: &str) -> bool {
    name.split('.').all(|part| {
        part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grammar_is_strict() {
        let parse = |text: &str| Selector::parse("mode_option", text, Meanings::Needed);
        let good = parse("a.v1.rule#auth.mode:OPEN=public;OWN=custom;=authenticated").unwrap();
        assert_eq!((good.name.as_str(), good.path.as_deref()), ("a.v1.rule", Some("auth.mode")));
        assert_eq!(good.meaning("OWN"), Some(Meaning::Custom));
        assert_eq!(good.meaning(""), Some(Meaning::Authenticated));
        assert_eq!(good.meaning("open"), None);
        for (text, problem) in [
            ("a.v1.rule", "has no meanings of values"),
            ("a.v1.rule:", "`` has no meaning"),
            ("a.v1.rule:OPEN", "`OPEN` has no meaning"),
            ("a.v1.rule:OPEN=open", "`open` is not a meaning"),
            ("a.v1.rule:OPEN=public;OPEN=custom", "`OPEN` has two meanings"),
            ("a..rule:OPEN=public", "has the invalid value"),
            ("a.rule#:OPEN=public", "has the invalid value"),
            ("a.rule#b#c:OPEN=public", "has the invalid value"),
            (".a.rule:OPEN=public", "has the invalid value"),
        ] {
            let OptionError { message, .. } = parse(text).unwrap_err();
            assert!(message.contains(problem), "{text}: {message}");
        }
        let permissions = |text: &str| Selector::parse("permissions_option", text, Meanings::OfPermissions);
        let named = permissions("a.rule#caps@a.name:NONE=authenticated;*=role/*").unwrap();
        assert_eq!((named.path.as_deref(), named.value_option.as_deref()), (Some("caps"), Some("a.name")));
        assert_eq!(named.affixes, Some(("role/".to_owned(), String::new())));
        assert_eq!(named.meaning("NONE"), Some(Meaning::Authenticated));
        for wrong in ["a.b@", "a.b@c#d", "a.b:*=role", "a.b:*=**", "a.b:*=a*;*=b*"] {
            assert!(permissions(wrong).is_err(), "{wrong}");
        }
        assert!(parse("a.b@c.d:OPEN=public").is_err());
        let OptionError { message, .. } =
            Selector::parse("account_option", "a.b:C=public", Meanings::None).unwrap_err();
        assert_eq!(message, "option `account_option` takes no meanings of values, but ends in `:C=public`");
        let OptionError { message, .. } =
            Selector::parse("permissions_option", "a.b:c=custom", Meanings::OfPermissions).unwrap_err();
        assert_eq!(message, "in `permissions_option`, `c` cannot mean `custom`");
    }
}
