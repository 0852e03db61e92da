//! Bare URLs in a text.

/// A URL in a text.
pub(super) struct Url {
    /// Its end in the text.
    pub(super) end: usize,
    /// The URL, without Markdown's escapes.
    pub(super) url: String,
}

/// Whether the link target is an absolute URL. Other targets are relative to a page, or Rust paths for rustdoc.
pub(super) fn is_page(target: &str) -> bool {
    scheme(target).is_some()
}

/// Whether the link target is an absolute URL or a `mailto:` address.
pub(super) fn is_page_or_address(target: &str) -> bool {
    is_page(target) || target.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("mailto:"))
}

/// The URL that begins here, with balanced parentheses and without trailing punctuation.
pub(super) fn at(text: &str, start: usize) -> Option<Url> {
    let mut end = start + scheme(&text[start..])?.len();
    let mut url = text[start..end].to_owned();
    let mut open = 0_usize;
    let mut found = None;
    loop {
        let mut chars = text[end..].chars();
        let Some(mut c) = chars.next() else { break };
        if c == '\\' {
            match chars.next() {
                Some(escaped) if escaped.is_ascii_punctuation() => c = escaped,
                _ => break,
            }
        }
        match c {
            '(' => open += 1,
            ')' if open == 0 => break,
            ')' => open -= 1,
            _ if c.is_alphanumeric() || "-._~:/?#@!$&*+,;=%{}".contains(c) => {}
            _ => break,
        }
        url.push(c);
        end = text.len() - chars.as_str().len();
        if !"-._~:/?#@!*,;(".contains(c) || matches!(c, '-' | '/' | '#') {
            found = Some((url.len(), end));
        }
    }
    let (length, end) = found?;
    url.truncate(length);
    Some(Url { end, url })
}

fn scheme(text: &str) -> Option<&'static str> {
    let begins =
        |scheme: &&str| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    ["https://", "http://"].into_iter().find(begins)
}
