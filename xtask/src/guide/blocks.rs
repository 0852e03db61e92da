//! The code blocks of a page, each with the comment before it.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

/// One fenced block.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Block {
    /// Where it begins, in bytes.
    pub(crate) offset: usize,
    /// The HTML comment directly before it: `file: src/main.rs`.
    pub(crate) comment: Option<String>,
    /// The text after the opening fence: `rust,no_run`.
    pub(crate) info: String,
    pub(crate) text: String,
}

impl Block {
    /// The text after `key: ` in the comment.
    pub(crate) fn marked(&self, key: &str) -> Option<&str> {
        self.comment.as_deref()?.strip_prefix(key)?.strip_prefix(':').map(str::trim)
    }

    /// Whether it is Rust.
    pub(crate) fn is_rust(&self) -> bool {
        self.info.split(',').any(|word| word == "rust")
    }

    /// Whether rustdoc ignores it.
    pub(crate) fn is_ignored(&self) -> bool {
        self.info.split(',').any(|word| word == "ignore")
    }
}

/// All fenced blocks, in order.
pub(crate) fn blocks(text: &str) -> Vec<Block> {
    let mut found: Vec<Block> = Vec::new();
    let mut comment = None;
    let mut inside = false;
    for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        match event {
            Event::Html(html) => {
                let inner = html.trim().strip_prefix("<!--").and_then(|rest| rest.strip_suffix("-->"));
                comment = inner.map(|inner| inner.trim().to_owned());
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                let (info, text) = (info.to_string(), String::new());
                found.push(Block { offset: range.start, comment: comment.take(), info, text });
                inside = true;
            }
            Event::End(TagEnd::CodeBlock) => inside = false,
            Event::Text(text) if inside => {
                if let Some(block) = found.last_mut() {
                    block.text.push_str(&text);
                }
            }
            Event::Start(Tag::HtmlBlock) | Event::End(TagEnd::HtmlBlock) => {}
            _ => comment = None,
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_belongs_to_the_block_behind_it() {
        let text = "<!-- file: a/b -->\n```rust,ignore\nfn a() {}\n```\n\n<!-- other -->\n\nText.\n\n```sh\nb\nc\n```\n";
        let found = blocks(text);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].marked("file"), Some("a/b"));
        assert!(found[0].is_rust() && found[0].is_ignored());
        assert_eq!((found[1].comment.as_deref(), found[1].text.as_str()), (None, "b\nc\n"));
    }
}
