//! The note of `#[deprecated]`: the text after `Deprecated:` in a comment.

use rust_sdk_model::api::Docs;

/// The beginning of a paragraph about a deprecation.
const DEPRECATED: &str = "Deprecated:";

/// The note of the first of these comments that has a paragraph `Deprecated: …`.
pub(super) fn deprecation(comments: &[&Docs]) -> Option<String> {
    comments.iter().find_map(|docs| note(&docs.plain()))
}

fn note(docs: &[String]) -> Option<String> {
    let mut lines = docs.iter().map(|line| line.trim()).skip_while(|line| !line.starts_with(DEPRECATED));
    let mut note = lines.next()?[DEPRECATED.len()..].trim().to_owned();
    for line in lines.take_while(|line| !line.is_empty()) {
        // The note ends with the first line that ends a sentence.
        if note.ends_with('.') {
            break;
        }
        note.push(' ');
        note.push_str(line);
    }
    (!note.is_empty()).then_some(note)
}
