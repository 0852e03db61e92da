//! Sentences and words of documentation.

use rust_sdk_model::text::code;

/// A version in Markdown. An API may state any text as its version.
pub(crate) fn version(text: &str) -> String {
    let is_plain = text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+'));
    if is_plain { text.to_owned() } else { code(text) }
}

/// `The services A, B and C.`; `None` without names.
pub(crate) fn named(one: &str, many: &str, names: &[String], most: usize) -> Option<String> {
    Some(match names {
        [] => return None,
        [name] => format!("The {one} {name}."),
        names if names.len() > most => {
            format!("The {many} {} and {} more.", names[..most].join(", "), names.len() - most)
        }
        [before @ .., last] => format!("The {many} {} and {last}.", before.join(", ")),
    })
}
