//! The note of `#[deprecated]`: what a comment says behind `Deprecated:`.

use rust_sdk_model::api::Docs;

/// What a paragraph about a deprecation begins with.
const DEPRECATED: &str = "Deprecated:";

/// What the first of these comments that has a paragraph `Deprecated: …` says there.
pub(super) fn deprecation(comments: &[&Docs]) -> Option<String> {
    comments.iter().find_map(|docs| note(&docs.plain()))
}

fn note(docs: &[String]) -> Option<String> {
    let mut lines = docs.iter().map(|line| line.trim()).skip_while(|line| !line.starts_with(DEPRECATED));
    let mut note = lines.next()?[DEPRECATED.len()..].trim().to_owned();
    for line in lines.take_while(|line| !line.is_empty()) {
        // What else the paragraph says is no part of it.
        if note.ends_with('.') {
            break;
        }
        note.push(' ');
        note.push_str(line);
    }
    (!note.is_empty()).then_some(note)
}
