//! Text for people: invisible characters of foreign text are escaped, and an error is printed with its sources.

use std::error::Error;

/// Whether the character is invisible or controls how text is shown (Unicode: `Default_Ignorable_Code_Point`,
/// `Bidi_Control`, line and paragraph separators, annotations).
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Appends the text with every invisible character as `\u{…}`.
pub fn push_visible(text: &str, out: &mut String) {
    for c in text.chars() {
        if is_invisible(c) { out.extend(c.escape_unicode()) } else { out.push(c) }
    }
}

/// The text with every invisible character as `\u{…}`.
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    push_visible(text, &mut out);
    out
}

/// A Markdown code span that shows the text unchanged (section 6.1 of `CommonMark`): its fence is longer than any run of
/// backticks in the text.
pub fn code(text: &str) -> String {
    let text = visible(text);
    if text.is_empty() {
        return "(empty)".to_owned();
    }
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    // Markdown strips one space at both ends, so a text that begins or ends with a space needs another. Backticks at
    // the ends must not touch the fence.
    let pad = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// An error with its sources: `cannot read a.proto: permission denied`. A source of several lines begins on a line of its own.
pub fn error_chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        let cause = source.to_string();
        text.push_str(if cause.contains('\n') { ":\n" } else { ": " });
        text.push_str(&cause);
        next = source.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("cannot read a.proto")]
    struct Outer(#[source] Inner);

    #[derive(Debug, thiserror::Error)]
    #[error("{0}")]
    struct Inner(&'static str);

    #[test]
    fn an_error_is_printed_with_its_sources() {
        assert_eq!(error_chain(&Outer(Inner("no such file"))), "cannot read a.proto: no such file");
        let lines = "a.proto:1: error: no name\n  help: add one";
        assert_eq!(error_chain(&Outer(Inner(lines))), format!("cannot read a.proto:\n{lines}"));
    }

    #[test]
    fn a_chain_prints_each_fact_once() {
        let template = crate::template::Template::parse("v1").unwrap_err();
        assert_eq!(error_chain(&template), "the path does not start with `/`");
        let options = crate::Options::parse("grpc=maybe").unwrap_err();
        assert_eq!(
            error_chain(&options),
            "error[plugin-option]: option `grpc` has the invalid value `maybe`\n  help: write `on` or `off`"
        );
    }

    #[test]
    fn code_spans_hold_every_text() {
        assert_eq!(code("read:a"), "`read:a`");
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("``` @team"), "```` ``` @team ````");
        assert_eq!(code("``"), "``` `` ```");
        assert_eq!(code("a\n\n# b"), "`a\\u{a}\\u{a}# b`");
        assert_eq!(code(""), "(empty)");
    }

    #[test]
    fn invisible_characters_show() {
        assert_eq!(visible("a\u{1b}[2Jb\u{202e}c\u{e0041}"), "a\\u{1b}[2Jb\\u{202e}c\\u{e0041}");
        assert_eq!(visible("äöü 漢字 — 🦀"), "äöü 漢字 — 🦀");
    }
}
