//! The paths in a piece of code, read from its tokens, so that paths in macros are found, too.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};

/// A path as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Written {
    /// From the crate's root, or as written if it is plain.
    pub(crate) segments: Vec<String>,
    /// Whether it begins with a name in scope instead of `crate`, `self` or `super`.
    pub(crate) is_plain: bool,
    /// The name that an import gives it; `*` for everything in it.
    pub(crate) name: String,
    pub(crate) line: usize,
}

/// All paths of at least two segments, and all calls of macros, in these tokens of a module.
pub(crate) fn in_tokens(tokens: TokenStream, module: &[String]) -> Vec<Written> {
    let mut walk = Walk { module, found: Vec::new() };
    walk.code(&tokens.into_iter().collect::<Vec<_>>());
    walk.found
}

/// A name without `r#`.
pub(crate) fn bare(ident: &Ident) -> String {
    let name = ident.to_string();
    name.strip_prefix("r#").unwrap_or(&name).to_owned()
}

struct Walk<'a> {
    module: &'a [String],
    found: Vec<Written>,
}

impl Walk<'_> {
    fn code(&mut self, tokens: &[TokenTree]) {
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            match token {
                TokenTree::Group(group) => {
                    let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                    // `pub(in crate::sdk)` uses nothing.
                    if !matches!(inner.first(), Some(TokenTree::Ident(word)) if word == "in") {
                        self.code(&inner);
                    }
                    at += 1;
                }
                TokenTree::Ident(_) if is_separator(tokens, at + 1) && starts_path(tokens, at) => {
                    at = self.path(tokens, at, &[]);
                }
                TokenTree::Ident(name) if is_macro_call(tokens, at) => {
                    self.push(&[bare(name)], None, name.span().start().line);
                    at += 2;
                }
                _ => at += 1,
            }
        }
    }

    /// Reads the path that continues here after `prefix`, and returns the index after the path.
    fn path(&mut self, tokens: &[TokenTree], start: usize, prefix: &[String]) -> usize {
        let mut segments = prefix.to_vec();
        let (mut at, mut line) = (start, 0);
        loop {
            match tokens.get(at) {
                Some(TokenTree::Ident(ident)) => {
                    line = ident.span().start().line;
                    // `a::{self}` is `a`.
                    if segments.is_empty() || ident != "self" {
                        segments.push(bare(ident));
                    }
                    at += 1;
                }
                Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                    let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                    for tree in inner.split(|token| is_punct(token, ',')).filter(|tree| !tree.is_empty()) {
                        self.path(tree, 0, &segments);
                    }
                    return at + 1;
                }
                Some(token) if is_punct(token, '*') => {
                    let line = token.span().start().line;
                    self.push(&segments, Some("*".to_owned()), line);
                    return at + 1;
                }
                // Generic arguments.
                _ => break,
            }
            if !is_separator(tokens, at) {
                break;
            }
            at += 2;
        }
        let renamed = match (tokens.get(at), tokens.get(at + 1)) {
            (Some(TokenTree::Ident(word)), Some(TokenTree::Ident(name))) if word == "as" => Some(bare(name)),
            _ => None,
        };
        self.push(&segments, renamed, line);
        at
    }

    fn push(&mut self, segments: &[String], name: Option<String>, line: usize) {
        let mut start = Vec::new();
        let mut rest = segments;
        match segments.first().map(String::as_str) {
            Some("crate") => rest = &segments[1..],
            Some("self" | "super") => {
                start = self.module.to_vec();
                while let Some((word @ ("self" | "super"), behind)) =
                    rest.split_first().map(|(word, behind)| (word.as_str(), behind))
                {
                    if word == "super" {
                        start.pop();
                    }
                    rest = behind;
                }
            }
            _ => {}
        }
        let is_plain = rest.len() == segments.len();
        start.extend_from_slice(rest);
        let name = name.or_else(|| segments.last().cloned()).unwrap_or_default();
        self.found.push(Written { segments: start, is_plain, name, line });
    }
}

/// Whether a path begins here. A name after `::` or `.` belongs to something else.
fn starts_path(tokens: &[TokenTree], at: usize) -> bool {
    match at.checked_sub(1).and_then(|before| tokens.get(before)) {
        Some(before) if is_punct(before, '.') => false,
        _ => !at.checked_sub(2).is_some_and(|before| is_separator(tokens, before)),
    }
}

fn is_macro_call(tokens: &[TokenTree], at: usize) -> bool {
    let bang = tokens.get(at + 1).is_some_and(|token| is_punct(token, '!'));
    bang && starts_path(tokens, at) && matches!(tokens.get(at + 2), Some(TokenTree::Group(_)))
}

fn is_separator(tokens: &[TokenTree], at: usize) -> bool {
    let colon = |at: usize| tokens.get(at).is_some_and(|token| is_punct(token, ':'));
    colon(at) && colon(at + 1)
}

fn is_punct(token: &TokenTree, punct: char) -> bool {
    matches!(token, TokenTree::Punct(found) if found.as_char() == punct)
}
