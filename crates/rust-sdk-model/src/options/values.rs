//! The values of options, read from text.

use super::error::OptionError;
use super::selector::Meanings;
use super::{CrateSource, ExternPath, Selector};
use crate::naming;

pub(super) type Parsed<T> = Result<T, OptionError>;

pub(super) fn choice<T: Copy>(key: &str, value: &str, choices: &[(&str, T)]) -> Parsed<T> {
    choices.iter().find(|(name, _)| *name == value).map(|(_, choice)| *choice).ok_or_else(|| {
        let names = choices.iter().map(|(name, _)| format!("`{name}`")).collect::<Vec<_>>().join(" or ");
        OptionError::new(format!("option `{key}` has the invalid value `{value}`"), format!("write {names}"))
    })
}

pub(super) fn switch(key: &str, value: &str) -> Parsed<bool> {
    choice(key, value, &[("on", true), ("off", false), ("true", true), ("false", false)])
        .map_err(|error| OptionError::new(error.message, "write `on` or `off`"))
}

pub(super) fn non_empty(key: &str, value: &str) -> Parsed<String> {
    if value.is_empty() {
        return Err(OptionError::new(
            format!("option `{key}` is empty"),
            format!("write `{key}=…`, or leave it out"),
        ));
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
        let message = format!("`{value}` cannot be the crate's name: Rust or generated code uses it");
        return Err(OptionError::new(message, hint));
    }
    if good {
        return Ok(value.to_owned());
    }
    let hint = "a crate's name starts with a letter and holds letters, digits, `-` and `_`";
    Err(OptionError::new(format!("`{value}` is not a crate name"), hint))
}

/// `.acme.v1` or `.acme.v1.Shelf`.
fn is_proto_path(text: &str) -> bool {
    text.strip_prefix('.').is_some_and(|names| names.split('.').all(naming::is_identifier))
}

/// `::acme_types::v1` or `crate::types`, with plain or raw identifiers.
fn is_rust_path(text: &str) -> bool {
    let names = text.strip_prefix("::").or_else(|| text.strip_prefix("crate::"));
    names.is_some_and(|names| {
        names.split("::").all(|name| naming::is_identifier(name.strip_prefix("r#").unwrap_or(name)))
    })
}

/// `NAME=SOURCE`
pub(super) fn dependency(value: &str) -> Parsed<(String, CrateSource)> {
    let Some((name, source)) = value.split_once('=') else {
        let hint = "write `dependency=NAME=VERSION`, `…=path:DIR` or `…=git:URL#REV`";
        return Err(OptionError::new(format!("`dependency={value}` has no source"), hint));
    };
    Ok((crate_name(name)?, crate_source("dependency", source)?))
}

pub(super) fn crate_source(key: &str, value: &str) -> Parsed<CrateSource> {
    if let Some(path) = value.strip_prefix("path:").filter(|path| !path.is_empty()) {
        return Ok(CrateSource::Path(path.to_owned()));
    }
    if let Some(git) = value.strip_prefix("git:").filter(|git| !git.is_empty()) {
        return Ok(match git.split_once('#') {
            Some((url, revision)) => CrateSource::Git(url.to_owned(), Some(revision.to_owned())),
            None => CrateSource::Git(git.to_owned(), None),
        });
    }
    if value.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '=' | '^' | '~')) {
        return Ok(CrateSource::Version(value.to_owned()));
    }
    let hint = "write a version (`0.1`), `path:DIR` or `git:URL#REV`";
    Err(OptionError::new(format!("option `{key}` has the invalid value `{value}`"), hint))
}

pub(super) fn extern_path(value: &str) -> Parsed<ExternPath> {
    match value.split_once('=') {
        Some((proto, rust)) if is_proto_path(proto) && is_rust_path(rust) => {
            Ok(ExternPath { proto: proto.to_owned(), rust: rust.to_owned() })
        }
        _ => {
            let hint = "write `extern_path=.proto.package=::rust::path`";
            Err(OptionError::new(format!("option `extern_path` has the invalid value `{value}`"), hint))
        }
    }
}

/// A header's name (RFC 9110, section 5.6.2), in lower case as in HTTP/2.
pub(super) fn header(key: &str, value: &str) -> Parsed<String> {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if value.is_empty() || !value.bytes().all(is_token) {
        let message = format!("`{key}={value}` is not a header's name");
        return Err(OptionError::new(message, "write a header name, such as `x-request-id`"));
    }
    Ok(value.to_ascii_lowercase())
}
