//! Removes tool directives and internal notes from a comment, and escapes control characters.

use std::borrow::Cow;

use crate::text::is_invisible;

/// Prefixes of lines that only a tool reads.
const DIRECTIVES: [&str; 8] = [
    "@gotags:",
    "@inject_tag:",
    "LINT.IfChange",
    "LINT.ThenChange",
    "api-linter:",
    "buf:lint:ignore",
    "protolint:disable",
    "protolint:enable",
];

/// Whole lines that only a tool reads.
const MARKERS: [&str; 8] = [
    "+enum",
    "+genclient",
    "+nullable",
    "+optional",
    "+required",
    "+union",
    "clang-format off",
    "clang-format on",
];

/// The most quotes and list items that may begin in one line. Further markers are text.
const MAX_NESTED: usize = 32;

/// The comment's text. Its lines end with `\n` and have no tabs.
pub(super) fn text(comment: &str) -> String {
    let comment = without_notes(without_star(comment));
    let lines = || comment.lines().flat_map(|line| line.split('\r'));
    let margin = usize::from(lines().all(|line| line.starts_with(' ') || line.trim_start().is_empty()));
    let mut out = String::with_capacity(comment.len() + 1);
    for line in lines() {
        if !is_directive(line.trim()) {
            push_line(line.get(margin..).unwrap_or_default(), &mut out);
            out.push('\n');
        }
    }
    out
}

/// Removes the second star of `/** … */`.
fn without_star(comment: &str) -> &str {
    match comment.strip_prefix('*') {
        Some(rest) if rest.starts_with(char::is_whitespace) && !rest.contains("\n*") => rest,
        _ => comment,
    }
}

fn is_directive(line: &str) -> bool {
    MARKERS.contains(&line)
        || is_kubernetes_marker(line)
        || DIRECTIVES.iter().any(|directive| line.starts_with(directive))
}

/// `+kubebuilder:validation:Pattern=^a b$`
fn is_kubernetes_marker(line: &str) -> bool {
    let Some(marker) = line.strip_prefix('+') else { return false };
    let name = marker.split('=').next().unwrap_or_default();
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.contains(':')
        && !name.contains(char::is_whitespace)
}

/// Removes internal comments, `(-- … --)` (<https://google.aip.dev/192>), and the lines that become empty.
fn without_notes(comment: &str) -> Cow<'_, str> {
    if !comment.contains("(--") {
        return Cow::Borrowed(comment);
    }
    let mut out = String::with_capacity(comment.len());
    let mut rest = comment;
    let mut line_is_blank = true;
    while let Some((before, note)) = rest.split_once("(--") {
        let Some((_, after)) = note.split_once("--)") else { break };
        match before.rsplit_once('\n') {
            Some((_, line)) => line_is_blank = is_blank(line),
            None => line_is_blank &= is_blank(before),
        }
        out.push_str(before);
        rest = after;
        let end = after.trim_start_matches([' ', '\t', '\r']);
        if line_is_blank && (end.is_empty() || end.starts_with('\n')) {
            rest = end.strip_prefix('\n').unwrap_or(end);
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn is_blank(text: &str) -> bool {
    text.trim_start().is_empty()
}

/// Appends a line. Tabs become spaces. Invisible characters, and a marker that nests too deeply, are escaped.
fn push_line(line: &str, out: &mut String) {
    let deep = too_deep(line);
    if deep.is_none() && line.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return out.push_str(line);
    }
    let mut column = 0;
    for (at, c) in line.char_indices() {
        if deep == Some(at) {
            out.push('\\');
        }
        column += 1;
        match c {
            '\t' => {
                out.push(' ');
                while column % 4 != 0 {
                    out.push(' ');
                    column += 1;
                }
            }
            // These join letters and emoji.
            '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' => out.push(c),
            _ if is_invisible(c) => out.extend(c.escape_unicode()),
            _ => out.push(c),
        }
    }
}

/// Where to escape a line so that its quotes and list items nest at most `MAX_NESTED` deep.
fn too_deep(line: &str) -> Option<usize> {
    let bytes = line.as_bytes();
    let (mut at, mut nested) = (0, 0);
    loop {
        at += bytes[at..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let digits = bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let marker = at + digits;
        let is_marker = match bytes.get(marker)? {
            b'>' => digits == 0,
            b'-' | b'*' | b'+' => digits == 0 && matches!(bytes.get(marker + 1), Some(b' ' | b'\t')),
            b'.' | b')' => (1..=9).contains(&digits) && matches!(bytes.get(marker + 1), Some(b' ' | b'\t')),
            _ => false,
        };
        if !is_marker {
            return None;
        }
        if nested == MAX_NESTED {
            let is_rule = |c: char| line.trim_matches([' ', '\t', c]).is_empty();
            return (!is_rule('-') && !is_rule('*')).then_some(marker);
        }
        (at, nested) = (marker + 1, nested + 1);
    }
}
