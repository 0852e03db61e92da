//! Sentences with names in them. Names come from the files under review and may be hostile, so each printer quotes them in
//! its own way.

use std::fmt;

use rust_sdk_model::text;

/// A part of a sentence.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Piece {
    Words(String),
    Name(String),
}

/// A sentence, or a part of one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Text(Vec<Piece>);

impl Text {
    /// Starts with our own words.
    pub(crate) fn say(words: impl Into<String>) -> Self {
        Self(vec![Piece::Words(words.into())])
    }

    /// Starts with a foreign name.
    pub(crate) fn name(name: impl Into<String>) -> Self {
        Self(vec![Piece::Name(name.into())])
    }

    /// Appends our own words.
    #[must_use]
    pub(crate) fn then(mut self, words: impl Into<String>) -> Self {
        self.0.push(Piece::Words(words.into()));
        self
    }

    /// Appends a foreign name.
    #[must_use]
    pub(crate) fn with(mut self, name: impl Into<String>) -> Self {
        self.0.push(Piece::Name(name.into()));
        self
    }

    /// Appends another text.
    #[must_use]
    pub(crate) fn join(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// Names, separated by commas.
    pub(crate) fn names<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let mut text = Self::default();
        for name in names {
            if !text.0.is_empty() {
                text = text.then(", ");
            }
            text = text.with(name);
        }
        text
    }

    /// The text as Markdown. Names are code spans, so nothing in them is markup, a mention or a link.
    pub(crate) fn markdown(&self) -> String {
        let piece = |piece: &Piece| match piece {
            Piece::Words(words) => words.clone(),
            Piece::Name(name) => code(name),
        };
        self.0.iter().map(piece).collect()
    }
}

/// The text for a terminal and for JSON: names in backticks, with control characters escaped.
impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for piece in &self.0 {
            match piece {
                Piece::Words(words) => f.write_str(words)?,
                Piece::Name(name) => write!(f, "`{}`", plain(name))?,
            }
        }
        Ok(())
    }
}

/// The longest name to print. No name of a real API is longer.
const MAX_NAME: usize = 300;

/// A name without characters that a terminal or browser hides or interprets.
pub(crate) fn plain(name: &str) -> String {
    match name.char_indices().nth(MAX_NAME) {
        Some((end, _)) => text::visible(&name[..end]) + "…",
        None => text::visible(name),
    }
}

/// A name as a code span.
pub(crate) fn code(name: &str) -> String {
    text::code(&plain(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_reaches_a_terminal_that_it_acts_on() {
        assert_eq!(Text::name("a\u{1b}[2Jb\u{202e}c").to_string(), "`a\\u{1b}[2Jb\\u{202e}c`");
        assert_eq!(plain(&"x".repeat(1000)).chars().count(), MAX_NAME + 1);
    }
}
