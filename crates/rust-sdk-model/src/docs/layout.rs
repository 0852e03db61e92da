//! The blocks of a comment, and the prefixes of their lines.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Tag, TagEnd};

use super::inline::Inline;
use super::{code, line_start};

/// The deepest nesting of quotes and list items that is shown. Deeper ones show only their text.
const MAX_DEPTH: usize = 32;

/// The lines of a comment after all escapes.
pub(super) fn lines<'t>(text: &'t str, parts: Vec<(Event<'t>, Range<usize>)>) -> Vec<String> {
    let mut layout = Layout {
        text,
        lines: Vec::new(),
        containers: Vec::new(),
        hidden: 0,
        leaf: Leaf::None,
        inline: Inline::new(text),
        end: 0,
        needs_blank: false,
        is_first_item: false,
    };
    for (event, range) in parts {
        layout.push(event, range);
    }
    while layout.lines.last().is_some_and(|line| is_blank(line)) {
        layout.lines.pop();
    }
    layout.lines
}

struct Layout<'t> {
    text: &'t str,
    lines: Vec<String>,
    containers: Vec<Container>,
    /// The number of open containers that are too deep to show.
    hidden: usize,
    leaf: Leaf<'t>,
    inline: Inline<'t>,
    /// The end of the last block in the comment.
    end: usize,
    /// Whether the next block could merge with the last one.
    needs_blank: bool,
    /// Whether the list is still in its first item.
    is_first_item: bool,
}

/// A container, which gives its lines a prefix.
enum Container {
    Quote,
    Item { marker: String, is_written: bool },
}

impl Container {
    /// An item whose marker is not written yet.
    fn is_new_item(&self) -> bool {
        matches!(self, Self::Item { is_written: false, .. })
    }
}

/// The open block with text.
enum Leaf<'t> {
    None,
    /// The text of a list item without blank lines.
    Item,
    Paragraph,
    Heading(HeadingLevel),
    Row,
    Code(CodeBlockKind<'t>, String),
}

impl<'t> Layout<'t> {
    fn push(&mut self, event: Event<'t>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.finish(tag, range),
            Event::Rule => {
                self.begin(range.start, Leaf::None);
                // After a text, `---` would make it a heading.
                self.line("___");
                self.end_at(range);
            }
            Event::Text(text) => match &mut self.leaf {
                Leaf::Code(_, code) => code.push_str(&text),
                _ => self.inline(Event::Text(text), range),
            },
            event => self.inline(event, range),
        }
    }

    fn start(&mut self, tag: Tag<'t>, range: Range<usize>) {
        match tag {
            Tag::Paragraph => self.begin(range.start, Leaf::Paragraph),
            Tag::Heading { level, .. } => self.begin(range.start, Leaf::Heading(level)),
            Tag::CodeBlock(kind) => self.begin(range.start, Leaf::Code(kind, String::new())),
            Tag::Table(_) => self.begin(range.start, Leaf::None),
            Tag::List(_) => {
                self.begin(range.start, Leaf::None);
                self.is_first_item = true;
            }
            Tag::BlockQuote(_) => {
                self.begin(range.start, Leaf::None);
                self.enter(Container::Quote);
            }
            Tag::Item => {
                self.needs_blank = false;
                self.begin(range.start, Leaf::None);
                let marker = self.text[range].split_whitespace().next().unwrap_or("-").to_owned();
                self.enter(Container::Item { marker, is_written: false });
            }
            Tag::TableHead | Tag::TableRow => {
                self.leaf = Leaf::Row;
                self.inline.copy(range.start, range.start);
            }
            Tag::TableCell => {}
            tag => self.inline(Event::Start(tag), range),
        }
    }

    fn finish(&mut self, tag: TagEnd, range: Range<usize>) {
        match tag {
            TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::CodeBlock => {
                self.write();
                self.end_at(range);
            }
            TagEnd::Item | TagEnd::BlockQuote(_) => {
                self.write();
                self.leave();
                self.needs_blank |= tag != TagEnd::Item;
            }
            TagEnd::List(_) => self.needs_blank = true,
            TagEnd::TableHead | TagEnd::TableRow => {
                self.inline.copy(range.start, range.start + self.text[range.clone()].trim_end().len());
                self.write();
                if tag == TagEnd::TableHead {
                    let delimiters = self.text[range.end..].lines().next().unwrap_or_default();
                    self.row(delimiters.trim_matches([' ', '>']));
                }
            }
            TagEnd::Table => {
                self.end_at(range);
                self.needs_blank = true;
            }
            TagEnd::TableCell => {}
            tag => self.inline(Event::End(tag), range),
        }
    }

    fn inline(&mut self, event: Event<'t>, range: Range<usize>) {
        if matches!(self.leaf, Leaf::None) {
            self.begin(range.start, Leaf::Item);
        }
        self.inline.push(event, range);
    }

    /// Begins a block, after a blank line if the comment has one there.
    fn begin(&mut self, start: usize, leaf: Leaf<'t>) {
        self.write();
        let is_apart =
            self.text[self.end..start.max(self.end)].bytes().filter(|byte| *byte == b'\n').count() > 1;
        let is_first = self.lines.last().is_none_or(|line| is_blank(line))
            || self.containers.iter().any(Container::is_new_item);
        if (is_apart || self.needs_blank) && !is_first {
            self.line("");
        }
        self.needs_blank = false;
        self.end = start.max(self.end);
        self.leaf = leaf;
    }

    /// Writes the open block.
    fn write(&mut self) {
        match std::mem::replace(&mut self.leaf, Leaf::None) {
            Leaf::None => {}
            Leaf::Item | Leaf::Paragraph => {
                self.end = self.inline.end().max(self.end);
                for line in self.inline.take().lines() {
                    self.line(&line_start::escape(line.trim()));
                }
            }
            Leaf::Heading(level) => {
                let text = self.inline.take().replace("\\\n", " ").replace('\n', " ");
                self.line(&format!("{} {}", "#".repeat(level as usize), closed(text.trim())));
            }
            Leaf::Row => {
                let row = self.inline.take();
                self.row(&row);
            }
            Leaf::Code(kind, code) => {
                let lines = match kind {
                    CodeBlockKind::Indented => code::indented(&code),
                    CodeBlockKind::Fenced(info) => code::block(code::language(&info), &code),
                };
                for line in lines {
                    self.line(&line);
                }
            }
        }
    }

    /// A table row. The leading bar keeps it from being read as another block.
    fn row(&mut self, row: &str) {
        let bar = if row.starts_with('|') { "" } else { "| " };
        self.line(&format!("{bar}{row}"));
    }

    /// Writes a line after the prefixes of its containers.
    fn line(&mut self, text: &str) {
        let mut line = String::new();
        for container in &mut self.containers {
            match container {
                Container::Quote => line.push_str("> "),
                Container::Item { marker, is_written: true } => {
                    line.extend(std::iter::repeat_n(' ', marker.len() + 1));
                }
                Container::Item { marker, is_written } => {
                    *is_written = true;
                    line.push_str(marker);
                    line.push(' ');
                }
            }
        }
        line.push_str(text);
        line.truncate(line.trim_end().len());
        self.lines.push(line);
    }

    fn end_at(&mut self, range: Range<usize>) {
        self.end = range.start + self.text[range].trim_end().len();
    }

    fn enter(&mut self, container: Container) {
        if self.containers.len() < MAX_DEPTH {
            self.containers.push(container);
        } else {
            self.hidden += 1;
        }
    }

    fn leave(&mut self) {
        if self.hidden > 0 {
            self.hidden -= 1;
            return;
        }
        if let Some(Container::Item { marker, is_written: false }) = self.containers.last() {
            let is_bullet = marker.len() == 1;
            let item = self.containers.pop();
            let is_nested = self.containers.last().is_some_and(Container::is_new_item);
            // The item held only a link definition. An empty item cannot interrupt a paragraph, hence the blank line.
            if self.is_first_item && !is_nested && !self.lines.last().is_none_or(|line| is_blank(line)) {
                self.line("");
            }
            self.containers.extend(item);
            // `- - -` would be a rule.
            if !is_bullet || !is_nested {
                self.line("");
            }
        }
        self.is_first_item = false;
        self.containers.pop();
    }
}

/// Whether the line has nothing but quote markers.
fn is_blank(line: &str) -> bool {
    line.trim_matches(['>', ' ']).is_empty()
}

/// A heading's text. A trailing `#` that would close the heading is escaped.
fn closed(text: &str) -> String {
    let before = text.trim_end_matches('#');
    if before.len() < text.len() && (before.is_empty() || before.ends_with(' ')) {
        let last = text.len() - 1;
        return format!("{}\\#", &text[..last]);
    }
    text.to_owned()
}
