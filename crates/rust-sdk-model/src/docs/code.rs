//! Code blocks that rustdoc shows but neither compiles nor runs.

/// A block of this language. Without a language, rustdoc would assume Rust.
pub(super) fn block(language: &str, code: &str) -> Vec<String> {
    let runs = code.split(|c| c != '`').map(str::len);
    let fence = "`".repeat(runs.max().unwrap_or_default().max(2) + 1);
    let mut lines = vec![format!("{fence}{language}")];
    lines.extend(code.lines().map(|line| line.trim_end().to_owned()));
    lines.push(fence);
    lines
}

/// An indented block. If it holds a fenced block, as in some lists, the fence's language is kept.
pub(super) fn indented(code: &str) -> Vec<String> {
    match within_fences(code) {
        Some((info, code)) => block(language(info), &code),
        None => block("text", code),
    }
}

fn within_fences(code: &str) -> Option<(&str, String)> {
    let (open, rest) = code.trim_end().split_once('\n')?;
    let (inner, close) = rest.rsplit_once('\n').unwrap_or(("", rest));
    let indent = open.len() - open.trim_start().len();
    let open = open.trim();
    let mark = open.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
    let info = open.trim_start_matches(mark);
    let length = open.len() - info.len();
    let is_close = |line: &str| line.len() >= length && line.trim_matches(mark).is_empty();
    if length < 3 || !is_close(close.trim()) || inner.lines().any(|line| is_close(line.trim())) {
        return None;
    }
    let dedent = |line: &str| {
        let spaces = line.len() - line.trim_start_matches(' ').len();
        line[spaces.min(indent)..].to_owned() + "\n"
    };
    Some((info, inner.lines().map(dedent).collect()))
}

/// The language of a fence, or `text` if rustdoc gives the language a meaning.
pub(super) fn language(info: &str) -> &str {
    let token = info.split([' ', '\t', ',', '{']).next().unwrap_or_default();
    let is_token = token.starts_with(|c: char| c.is_ascii_alphabetic())
        && token.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '+' | '#'));
    if is_token && !is_for_rustdoc(token) { token } else { "text" }
}

/// Whether this token makes rustdoc compile a block, warn about a similar token, or may do so in the future.
fn is_for_rustdoc(token: &str) -> bool {
    const BEGINNINGS: [&str; 9] = [
        "allowfail",
        "compilefail",
        "custom",
        "edition",
        "ignore",
        "norun",
        "rust",
        "shouldpanic",
        "standalone",
    ];
    let plain: String =
        token.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let is_error = |code: &str| !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_digit());
    plain == "rs"
        || plain.starts_with("testharness")
        || plain.strip_prefix('e').is_some_and(is_error)
        || BEGINNINGS.iter().any(|beginning| plain.starts_with(beginning))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_one_token_that_is_not_rustdocs() {
        for harmless in ["json", "yaml", "text", "sh", "proto", "c++", "C#", "objective-c"] {
            assert_eq!(language(harmless), harmless);
        }
        assert_eq!(language("json {highlight=\"1\"}"), "json");
        assert_eq!(language("proto title=x"), "proto");
        for rust in [
            "",
            "rust",
            "Rust",
            "rs",
            "rust2018",
            "{.rust}",
            "rust,json",
            ".rust",
            "no_run",
            "no-run",
            "NoRun",
            "ignore",
            "ignore-windows",
            "should_panic",
            "compile_fail",
            "compile-fail,E0277",
            "E0277",
            "edition2021",
            "test_harness",
            "custom,{class=a}",
            "standalone_crate",
            "standalone",
            "\"rust\"",
            "(a) rust",
            "`",
            "=",
            "é",
        ] {
            assert_eq!(language(rust), "text", "{rust}");
        }
    }
}
