//! The values of options, read from text.

use super::selector::Meanings;
use super::{Runtime, Selector};
use crate::naming;

/// A value, or what is wrong with it and what would be right.
pub(super) type Parsed<T> = Result<T, (String, String)>;

pub(super) fn choice<T: Copy>(key: &str, value: &str, choices: &[(&str, T)]) -> Parsed<T> {
    choices.iter().find(|(name, _)| *name == value).map(|(_, choice)| *choice).ok_or_else(|| {
        let names = choices.iter().map(|(name, _)| format!("`{name}`")).collect::<Vec<_>>().join(" or ");
        (format!("option `{key}` has the value `{value}`"), format!("write {names}"))
    })
}

pub(super) fn switch(key: &str, value: &str) -> Parsed<bool> {
    choice(key, value, &[("on", true), ("off", false), ("true", true), ("false", false)])
        .map_err(|(message, _)| (message, "write `on` or `off`".to_owned()))
}

pub(super) fn non_empty(key: &str, value: &str) -> Parsed<String> {
    if value.is_empty() {
        return Err((format!("option `{key}` is empty"), format!("write `{key}=…`, or leave it out")));
    }
    Ok(value.to_owned())
}

pub(super) fn selector(key: &str, value: &str) -> Parsed<Selector> {
    Selector::parse(key, value, Meanings::None)
}

pub(super) fn crate_name(value: &str) -> Parsed<String> {
    let good = value.starts_with(|c: char| c.is_ascii_alphabetic())
        && value.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    if naming::is_reserved_crate(value) {
        let hint = format!("choose another, such as `{value}-sdk`");
        return Err((format!("`{value}` cannot be the crate's name: Rust or generated code uses it"), hint));
    }
    if good {
        return Ok(value.to_owned());
    }
    let hint = "a crate's name starts with a letter and holds letters, digits, `-` and `_`";
    Err((format!("`{value}` is not a crate name"), hint.to_owned()))
}

/// `.acme.v1` or `.acme.v1.Shelf`.
fn is_proto_path(text: &str) -> bool {
    text.strip_prefix('.').is_some_and(|names| names.split('.').all(naming::is_identifier))
}

/// `::acme_types::v1` or `crate::types`, of identifiers, raw or not.
fn is_rust_path(text: &str) -> bool {
    let names = text.strip_prefix("::").or_else(|| text.strip_prefix("crate::"));
    names.is_some_and(|names| {
        names.split("::").all(|name| naming::is_identifier(name.strip_prefix("r#").unwrap_or(name)))
    })
}

pub(super) fn runtime(value: &str) -> Parsed<Runtime> {
    if let Some(path) = value.strip_prefix("path:").filter(|path| !path.is_empty()) {
        return Ok(Runtime::Path(path.to_owned()));
    }
    if let Some(git) = value.strip_prefix("git:").filter(|git| !git.is_empty()) {
        return Ok(match git.split_once('#') {
            Some((url, revision)) => Runtime::Git(url.to_owned(), Some(revision.to_owned())),
            None => Runtime::Git(git.to_owned(), None),
        });
    }
    if value.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '=' | '^' | '~')) {
        return Ok(Runtime::Version(value.to_owned()));
    }
    let hint = "write a version (`0.1`), `path:DIR` or `git:URL#REV`";
    Err((format!("option `runtime` has the value `{value}`"), hint.to_owned()))
}

pub(super) fn extern_path(value: &str) -> Parsed<(String, String)> {
    match value.split_once('=') {
        Some((proto, rust)) if is_proto_path(proto) && is_rust_path(rust) => {
            Ok((proto.to_owned(), rust.to_owned()))
        }
        _ => {
            let hint = "write `extern_path=.proto.package=::rust::path`";
            Err((format!("option `extern_path` has the value `{value}`"), hint.to_owned()))
        }
    }
}

/// A header's name (RFC 9110 §5.6.2), as HTTP/2 has it: in lower case.
pub(super) fn header(key: &str, value: &str) -> Result<String, (String, String)> {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if value.is_empty() || !value.bytes().all(is_token) {
        return Err((
            format!("`{key}={value}` is not a header's name"),
            "give one such as x-request-id".to_owned(),
        ));
    }
    Ok(value.to_ascii_lowercase())
}
