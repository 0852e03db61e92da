//! Proto comments as Markdown that rustdoc accepts without a warning.

/// Cleans a proto comment: lint directives are dropped, bare URLs become links, brackets and tags are escaped, and
/// indented blocks are fenced as text, since rustdoc would run them as tests. One string a line, no space in front.
pub fn clean(comment: &str) -> Vec<String> {
    let lines = comment
        .lines()
        .map(|line| line.strip_prefix(' ').unwrap_or(line).trim_end())
        .filter(|line| !line.trim_start().starts_with("buf:lint:ignore"));
    let mut out = Lines::default();
    for line in lines {
        out.push(line);
    }
    out.finish()
}

/// The comments before and behind an element as one.
pub fn join(leading: &str, trailing: &str) -> String {
    let separator = if leading.is_empty() || trailing.is_empty() { "" } else { "\n" };
    format!("{leading}{separator}{trailing}")
}

#[derive(Default)]
struct Lines {
    out: Vec<String>,
    block: Block,
    /// The list items around the line, outermost first.
    list: Vec<Item>,
}

/// An open list item.
struct Item {
    /// The column of its marker in the comment.
    source: usize,
    /// The column at which its text starts in the output.
    column: usize,
}

#[derive(Default, PartialEq)]
enum Block {
    #[default]
    Text,
    Indented,
    Fenced,
}

impl Lines {
    fn push(&mut self, line: &str) {
        let text = line.trim_start();
        let indent = line.len() - text.len();
        if self.block == Block::Fenced {
            self.out.push(line.to_owned());
            if text.starts_with("```") {
                self.block = Block::Text;
            }
            return;
        }
        if text.starts_with("```") {
            self.close_indented();
            // A fence without a language, or with Rust, would be compiled as a doctest.
            let language = text.trim_start_matches('`').trim();
            let language = if matches!(language, "" | "rust") { "text" } else { language };
            self.out.push(format!("```{language}"));
            self.block = Block::Fenced;
            return;
        }
        if text.is_empty() {
            self.out.push(String::new());
            return;
        }
        if indent >= 4 && self.list.is_empty() && (self.block == Block::Indented || self.after_blank()) {
            if self.block == Block::Text {
                self.out.push("```text".to_owned());
                self.block = Block::Indented;
            }
            self.out.push(line[4..].to_owned());
            return;
        }
        self.close_indented();
        self.push_text(text, indent);
    }

    fn push_text(&mut self, text: &str, indent: usize) {
        if let Some((marker, text)) = list_marker(text) {
            // One column more is a slip, not a list in the list.
            while self.list.pop_if(|item| indent < item.source + 2).is_some() {}
            let column = self.column();
            // One space behind the marker, however many there were: the text's column depends on it.
            self.out.push(format!("{}{marker} {}", " ".repeat(column), inline(text)));
            self.list.push(Item { source: indent, column: column + marker.len() + 1 });
            return;
        }
        if self.after_blank() {
            while self.list.pop_if(|item| indent <= item.source).is_some() {}
        }
        // A continuation must stand under the item's text, or clippy calls it lazy.
        self.out.push(format!("{}{}", " ".repeat(self.column()), inline(text)));
    }

    fn column(&self) -> usize {
        self.list.last().map_or(0, |item| item.column)
    }

    fn after_blank(&self) -> bool {
        self.out.last().is_none_or(String::is_empty)
    }

    fn close_indented(&mut self) {
        if self.block == Block::Indented {
            while self.after_blank() && !self.out.is_empty() {
                self.out.pop();
            }
            self.out.push("```".to_owned());
            self.out.push(String::new());
            self.block = Block::Text;
        }
    }

    fn finish(mut self) -> Vec<String> {
        if self.block == Block::Fenced {
            self.out.push("```".to_owned());
        }
        self.close_indented();
        let start = self.out.iter().take_while(|line| line.is_empty()).count();
        self.out.drain(..start);
        while self.out.last().is_some_and(String::is_empty) {
            self.out.pop();
        }
        self.out
    }
}

/// A list item's marker and its text.
fn list_marker(line: &str) -> Option<(&str, &str)> {
    let (marker, text) = line.split_once(' ')?;
    let number = marker.strip_suffix(['.', ')']).unwrap_or_default();
    let is_number = (1..=3).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
    (matches!(marker, "-" | "*" | "+") || is_number).then(|| (marker, text.trim_start()))
}

/// Escapes within one line, code spans left alone.
fn inline(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut rest = text;
    // A line that starts a table, quote or heading by accident is rare, and harmless to rustdoc.
    while let Some(character) = rest.chars().next() {
        if character == '`' {
            let ticks = rest.bytes().take_while(|byte| *byte == b'`').count();
            let fence = &rest[..ticks];
            if let Some(end) = rest[ticks..].find(fence) {
                let span = ticks + end + ticks;
                out.push_str(&rest[..span]);
                rest = &rest[span..];
            } else {
                out.push_str("\\`");
                rest = &rest[1..];
            }
            continue;
        }
        if let Some(length) = url_length(rest) {
            // `<https://…>` is a link already; its bracket was escaped a moment ago.
            if out.ends_with("\\<") {
                out.truncate(out.len() - 2);
            }
            let linked = out.ends_with("](");
            let url = &rest[..length];
            if linked {
                out.push_str(url);
            } else {
                out.push('<');
                out.push_str(url);
                out.push('>');
            }
            rest = &rest[length..];
            if !linked && rest.starts_with('>') {
                rest = &rest[1..];
            }
            continue;
        }
        match character {
            '[' | ']' | '<' | '>' => {
                if let Some(length) = markdown_link(rest) {
                    out.push_str(&rest[..length]);
                    rest = &rest[length..];
                    continue;
                }
                // Already escaped by the author.
                if !out.ends_with('\\') {
                    out.push('\\');
                }
                out.push(character);
            }
            _ => out.push(character),
        }
        rest = &rest[character.len_utf8()..];
    }
    out
}

/// The length of `[text](https://…)`, the one kind of link that means the same in both worlds.
fn markdown_link(text: &str) -> Option<usize> {
    let close = text.strip_prefix('[')?.find(']')? + 1;
    let target = text[close + 1..].strip_prefix('(')?;
    url_length(target)?;
    let end = target.find(')')?;
    (!text[1..close].contains(['[', '<', '`'])).then_some(close + 1 + 1 + end + 1)
}

/// The length of the URL at the start, without the punctuation that ends a sentence.
fn url_length(text: &str) -> Option<usize> {
    let scheme = ["https://", "http://"].into_iter().find(|scheme| text.starts_with(scheme))?;
    let end = text.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '`' | ')' | ']' | '"' | '\''));
    let url = text[..end.unwrap_or(text.len())].trim_end_matches(['.', ',', ';', ':', '!', '?']);
    (url.len() > scheme.len()).then_some(url.len())
}

#[cfg(test)]
mod tests {
    use super::clean;

    fn one(line: &str) -> String {
        clean(line).join("\n")
    }

    #[test]
    fn urls_become_links_and_stay_ones() {
        assert_eq!(one("See https://example.com/a_b."), "See <https://example.com/a_b>.");
        assert_eq!(one("See <https://example.com>."), "See <https://example.com>.");
        assert_eq!(one("See [docs](https://example.com)!"), "See [docs](https://example.com)!");
        assert_eq!(one("`https://example.com`"), "`https://example.com`");
    }

    #[test]
    fn brackets_and_tags_are_escaped_outside_of_code() {
        assert_eq!(one("a [b] <c> `Vec<[u8]>`"), "a \\[b\\] \\<c\\> `Vec<[u8]>`");
        assert_eq!(one("already \\[so\\]"), "already \\[so\\]");
        assert_eq!(one("odd ` tick"), "odd \\` tick");
    }

    #[test]
    fn indented_blocks_are_fenced() {
        assert_eq!(
            clean(" Like:\n\n     let x = 1;\n\n Done."),
            ["Like:", "", "```text", "let x = 1;", "```", "", "Done."]
        );
    }

    #[test]
    fn list_continuations_stand_under_the_text() {
        assert_eq!(clean(" - one\n more\n - two\n\n after"), ["- one", "  more", "- two", "", "after"]);
        assert_eq!(clean(" - one\n   - inner\n     more"), ["- one", "  - inner", "    more"]);
        assert_eq!(clean(" +   one\n more\n +   two"), ["+ one", "  more", "+ two"]);
        assert_eq!(clean(" 10.  one\n more"), ["10. one", "    more"]);
    }

    #[test]
    fn lists_in_lists_keep_their_levels() {
        assert_eq!(
            clean(" *   a\n     *   b\n     *   c\n         *   d\n     *   e\n *   f\n  * g"),
            ["* a", "  * b", "  * c", "    * d", "  * e", "* f", "* g"]
        );
    }

    #[test]
    fn paragraphs_belong_to_the_item_that_they_stand_under() {
        assert_eq!(clean(" - a\n   - b\n\n   of a\n\n none"), ["- a", "  - b", "", "  of a", "", "none"]);
    }

    #[test]
    fn lint_directives_go_and_open_fences_close() {
        assert_eq!(clean(" Text.\n buf:lint:ignore X"), ["Text."]);
        assert_eq!(clean(" ```\n x"), ["```text", "x", "```"]);
    }
}
