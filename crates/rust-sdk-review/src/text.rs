//! Sentences with names in them. Names come from the files under review and may be hostile, so each printer quotes them in
//! its own way.

use std::fmt;

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
    /// Our own words.
    pub(crate) fn say(words: impl Into<String>) -> Self {
        Self(vec![Piece::Words(words.into())])
    }

    /// A name of theirs.
    pub(crate) fn name(name: impl Into<String>) -> Self {
        Self(vec![Piece::Name(name.into())])
    }

    /// Goes on with our own words.
    #[must_use]
    pub(crate) fn then(mut self, words: impl Into<String>) -> Self {
        self.0.push(Piece::Words(words.into()));
        self
    }

    /// Goes on with a name of theirs.
    #[must_use]
    pub(crate) fn with(mut self, name: impl Into<String>) -> Self {
        self.0.push(Piece::Name(name.into()));
        self
    }

    /// Goes on with another text.
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

    /// As Markdown: names are code, in which nothing is markup, a mention or a link.
    pub(crate) fn markdown(&self) -> String {
        let piece = |piece: &Piece| match piece {
            Piece::Words(words) => words.clone(),
            Piece::Name(name) => code(name),
        };
        self.0.iter().map(piece).collect()
    }
}

/// For a terminal and for JSON: names between backticks, with what a terminal would act on escaped.
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

/// No name of a real API is as long.
const MAX_NAME: usize = 300;

/// A name without anything that a terminal or a browser would act on or hide.
pub(crate) fn plain(name: &str) -> String {
    let mut out = String::new();
    for (index, c) in name.chars().enumerate() {
        if index == MAX_NAME {
            out.push('…');
            break;
        }
        if c.is_control() || is_invisible(c) { out.extend(c.escape_unicode()) } else { out.push(c) }
    }
    out
}

/// Characters that change the direction of text, or that have no width.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

/// A code span: fenced by more backticks than the name has in a row (section 6.1 of `CommonMark`).
pub(crate) fn code(name: &str) -> String {
    let name = plain(name);
    if name.is_empty() {
        return "(empty)".to_owned();
    }
    let longest = name.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    // A space of its own at both ends is stripped by readers; a name that begins or ends so keeps what it has.
    let pad = if name.starts_with(['`', ' ']) || name.ends_with(['`', ' ']) { " " } else { "" };
    format!("{fence}{pad}{name}{pad}{fence}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_leave_their_code_span() {
        assert_eq!(code("read:a"), "`read:a`");
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("``` @team"), "```` ``` @team ````");
        assert_eq!(code("a\n\n# b"), "`a\\u{a}\\u{a}# b`");
        assert_eq!(code(""), "(empty)");
    }

    #[test]
    fn nothing_reaches_a_terminal_that_it_acts_on() {
        assert_eq!(Text::name("a\u{1b}[2Jb\u{202e}c").to_string(), "`a\\u{1b}[2Jb\\u{202e}c`");
        assert_eq!(plain(&"x".repeat(1000)).chars().count(), MAX_NAME + 1);
    }
}
