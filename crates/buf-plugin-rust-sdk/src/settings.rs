//! `options` in buf.yaml. An unknown key or a value of the wrong kind is an error.

use std::fmt::Write as _;

use rust_sdk_model::options::{KEYS, expand};
use rust_sdk_model::{Diagnostic, Options};

use crate::error::CallError;
use crate::messages::{Kind, Setting, Value};

/// The options of the rules of the Qdrant Cloud API. All other options are the generator's.
const OWN: [&str; 3] = ["required_method_options", "required_entity_fields", "required_request_fields"];

/// The options that buf.yaml sets.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// The generator's options.
    pub(crate) generator: Options,
    /// The full names of the options that every method must set.
    pub(crate) method_options: Vec<String>,
    pub(crate) entity_fields: Vec<String>,
    pub(crate) request_fields: Vec<String>,
    /// The generator's options as `key=value`.
    texts: Vec<String>,
}

impl Settings {
    pub(crate) fn parse(settings: &[Setting]) -> Result<Self, CallError> {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let mut parsed = Self {
            generator: Options::default(),
            method_options: names(&["qdrant.cloud.common.v1.permissions", "google.api.http"]),
            entity_fields: names(&["id", "name", "account_id", "created_at"]),
            request_fields: names(&["account_id"]),
            texts: Vec::new(),
        };
        let mut problems = String::new();
        for (index, Setting { key, value }) in settings.iter().enumerate() {
            let kind = value.as_ref().and_then(|value| value.kind.as_ref());
            let result = match key.as_str() {
                _ if settings[..index].iter().any(|earlier| earlier.key == *key) => {
                    Err(format!("option `{key}` is set twice"))
                }
                "required_method_options" => {
                    list(key, kind).map(|names| set(&mut parsed.method_options, names))
                }
                "required_entity_fields" => {
                    list(key, kind).map(|names| set(&mut parsed.entity_fields, names))
                }
                "required_request_fields" => {
                    list(key, kind).map(|names| set(&mut parsed.request_fields, names))
                }
                _ if KEYS.iter().any(|known| known.name == key) => {
                    texts(key, kind).map(|texts| parsed.texts.extend(texts))
                }
                _ => Err(unknown(key)),
            };
            if let Err(problem) = result {
                let _ = writeln!(problems, "{problem}");
            }
        }
        let texts = parsed.texts.iter().map(String::as_str);
        let options = expand(texts, |file| std::fs::read_to_string(file)).and_then(|mut texts| {
            // A check is for the authors of the API.
            if !texts.iter().any(|text| text.starts_with("lint=")) {
                texts.push("lint=strict".to_owned());
            }
            let mut options = Options::from_pairs(texts.iter().map(String::as_str))?;
            options.read_files(|file| std::fs::read_to_string(file))?;
            Ok((options, texts))
        });
        match options {
            Ok((options, texts)) => (parsed.generator, parsed.texts) = (options, texts),
            Err(found) => {
                let _ = writeln!(problems, "{found}");
            }
        }
        if problems.is_empty() {
            return Ok(parsed);
        }
        Err(CallError::invalid(format!("the plugin's `options` in buf.yaml: {}", problems.trim_end())))
    }

    /// The generator's options without the `*_option`s, for files that do not declare the named options. Access is off.
    pub(crate) fn without_names(&self) -> Options {
        let is_name = |text: &str| text.split_once('=').is_some_and(|(key, _)| key.ends_with("_option"));
        let others = self.texts.iter().map(String::as_str).filter(|text| !is_name(text));
        // All options together were valid, so these are valid, too.
        let options = Options::from_pairs(others).unwrap_or_else(|_| self.generator.clone());
        let Options { grpc_service_configs, service_configs, .. } = self.generator.clone();
        Options { access: false, grpc_service_configs, service_configs, ..options }
    }

    /// Whether a problem is in a file that the generator's options name.
    pub(crate) fn is_config_file(&self, problem: &Diagnostic) -> bool {
        let file = problem.position.as_ref().map(|position| &position.file);
        let generator = &self.generator;
        let files = generator.grpc_service_configs.iter().chain(&generator.service_configs);
        files.into_iter().any(|config| Some(&config.path) == file)
    }

    /// The value of one of the generator's options.
    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        self.texts.iter().find_map(|text| text.strip_prefix(key)?.strip_prefix('='))
    }
}

/// An empty list keeps the default.
fn set(into: &mut Vec<String>, names: Vec<String>) {
    if !names.is_empty() {
        *into = names;
    }
}

fn list(key: &str, kind: Option<&Kind>) -> Result<Vec<String>, String> {
    let Some(Kind::List(list)) = kind else {
        return Err(format!("option `{key}` has {}, but takes a list of names", found(kind)));
    };
    let name = |value: &Value| match &value.kind {
        Some(Kind::String(name)) if !name.is_empty() => Ok(name.clone()),
        other => Err(format!("option `{key}` lists {}, but takes names", found(other.as_ref()))),
    };
    list.values.iter().map(name).collect()
}

/// The generator's form of an option, `key=value`; one for each value of a list.
fn texts(key: &str, kind: Option<&Kind>) -> Result<Vec<String>, String> {
    match kind {
        Some(Kind::List(_)) => Ok(list(key, kind)?.iter().map(|value| format!("{key}={value}")).collect()),
        Some(Kind::String(value)) => Ok(vec![format!("{key}={value}")]),
        // Some YAML parsers take `on` for `true`.
        Some(Kind::Bool(value)) => Ok(vec![format!("{key}={value}")]),
        Some(Kind::Double(_) | Kind::Int64(_) | Kind::Bytes(_)) | None => {
            Err(format!("option `{key}` has {}, but takes a text: write it in quotes", found(kind)))
        }
    }
}

fn found(kind: Option<&Kind>) -> &'static str {
    match kind {
        Some(Kind::Bool(_)) => "a boolean",
        Some(Kind::Int64(_) | Kind::Double(_)) => "a number",
        Some(Kind::String(text)) if text.is_empty() => "an empty text",
        Some(Kind::String(_)) => "a text",
        Some(Kind::Bytes(_)) => "bytes",
        Some(Kind::List(_)) => "a list",
        None => "no value",
    }
}

fn unknown(key: &str) -> String {
    let known = OWN.into_iter().chain(KEYS.iter().map(|key| key.name));
    let nearest = known.min_by_key(|known| strsim::damerau_levenshtein(key, known));
    let near = nearest.filter(|near| strsim::damerau_levenshtein(key, near) <= near.len().div_ceil(3));
    match near {
        Some(near) => format!("unknown option `{key}`; did you mean `{near}`?"),
        None => format!(
            "unknown option `{key}`; known are {} and the options of protoc-gen-rust-sdk",
            OWN.map(|own| format!("`{own}`")).join(", ")
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::messages::List;

    fn parse(settings: &[(&str, Kind)]) -> Result<Settings, String> {
        let settings: Vec<Setting> = settings
            .iter()
            .map(|(key, kind)| Setting {
                key: (*key).to_owned(),
                value: Some(Value { kind: Some(kind.clone()) }),
            })
            .collect();
        Settings::parse(&settings).map_err(|error| error.message)
    }

    fn text(text: &str) -> Kind {
        Kind::String(text.to_owned())
    }

    fn list(items: &[&str]) -> Kind {
        Kind::List(List { values: items.iter().map(|item| Value { kind: Some(text(item)) }).collect() })
    }

    #[test]
    fn values_are_read() {
        let settings = parse(&[
            ("permissions_option", text("acme.may")),
            ("access", Kind::Bool(false)),
            ("package", list(&["acme", "beta"])),
            ("required_entity_fields", list(&["uid"])),
            ("required_request_fields", list(&[])),
        ])
        .unwrap();
        assert_eq!(settings.generator.access_options.permissions[0].name, "acme.may");
        assert!(!settings.generator.access);
        assert_eq!(settings.generator.packages, ["acme", "beta"]);
        assert_eq!((settings.entity_fields, settings.request_fields.len()), (vec!["uid".to_owned()], 1));
    }

    #[test]
    fn options_come_from_a_file() {
        let folder = tempfile::TempDir::new().unwrap();
        let file = folder.path().join("sdk.options");
        std::fs::write(&file, "# Names\npermissions_option=acme.may\n").unwrap();
        let file = |path: &std::path::Path| ("options_file", text(path.to_str().unwrap()));
        let settings =
            parse(&[file(&folder.path().join("sdk.options")), ("unstated", text("deny"))]).unwrap();
        assert_eq!(settings.text("permissions_option"), Some("acme.may"));
        assert_eq!(settings.generator.access_options.permissions[0].name, "acme.may");
        let problem = parse(&[file(&folder.path().join("none"))]).unwrap_err();
        assert!(problem.contains("of `options_file` cannot be read"), "{problem}");
    }

    #[test]
    fn all_mistakes_are_reported_together() {
        let problems = parse(&[
            ("permission_option", text("a")),
            ("frobnicate", text("a")),
            ("required_method_options", text("a")),
            ("required_entity_fields", list(&[""])),
            ("account_option", Kind::Int64(1)),
            ("unstated", text("maybe")),
            ("unstated", text("deny")),
        ])
        .unwrap_err();
        for part in [
            "unknown option `permission_option`; did you mean `permissions_option`?",
            "unknown option `frobnicate`; known are `required_method_options`",
            "option `required_method_options` has a text, but takes a list of names",
            "option `required_entity_fields` lists an empty text",
            "option `account_option` has a number",
            "option `unstated` has the invalid value `maybe`",
            "option `unstated` is set twice",
        ] {
            assert!(problems.contains(part), "{part} in\n{problems}");
        }
    }
}
