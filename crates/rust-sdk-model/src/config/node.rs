//! YAML as a tree whose nodes know their positions.

use std::borrow::Cow;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle};

/// The depth of real files is below ten.
const MAX_DEPTH: usize = 64;

/// A position. Lines and columns start at 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) line: u32,
    pub(crate) column: u32,
}

impl From<Marker> for Mark {
    fn from(marker: Marker) -> Self {
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self { line: number(marker.line()), column: number(marker.col() + 1) }
    }
}

/// A value and its position.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) mark: Mark,
    pub(crate) value: Value,
}

#[derive(Debug)]
pub(crate) enum Value {
    Null,
    /// A text, or a number or truth value as written.
    Text(String),
    List(Vec<Node>),
    Map(Vec<Entry>),
}

/// A key with its value.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) mark: Mark,
    pub(crate) key: String,
    pub(crate) value: Node,
}

impl Node {
    /// The kind of the value, for errors.
    pub(crate) const fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "nothing",
            Value::Text(_) => "a single value",
            Value::List(_) => "a list",
            Value::Map(_) => "a mapping",
        }
    }
}

/// A list or mapping that has not ended.
struct Open {
    mark: Mark,
    contents: Contents,
}

enum Contents {
    List(Vec<Node>),
    /// The entries, and the key whose value follows.
    Map(Vec<Entry>, Option<(Mark, String)>),
}

/// The parser's error for a quoted text whose later lines are indented less than YAML wants.
const SHALLOW: &str = "invalid indentation in quoted scalar";
/// The most lines that are indented.
const MAX_SHALLOW: usize = 100;

/// The only document of a file; the error has a position.
///
/// Other parsers accept quoted texts whose later lines are not indented, and files have them. These lines are indented here, which changes
/// nothing in the text.
pub(crate) fn parse(text: &str) -> Result<Node, (Mark, String)> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut text = Cow::Borrowed(text);
    // The start of a quoted text, and its last line that was indented.
    let (mut start, mut last) = (0, 0);
    for _ in 0..MAX_SHALLOW {
        match parse_strict(&text) {
            Err((mark, message)) if message == SHALLOW => {
                last = if mark.line == start { last + 1 } else { mark.line + 1 };
                start = mark.line;
                text = Cow::Owned(indented(&text, last));
            }
            parsed => return parsed,
        }
    }
    parse_strict(&text)
}

/// The text with this line, from 1 on, indented deeper than any other.
fn indented(text: &str, line: u32) -> String {
    let mut out = String::with_capacity(text.len() + 2 * MAX_DEPTH);
    for (content, number) in text.split_inclusive('\n').zip(1..) {
        if number == line {
            out.push_str(&" ".repeat(2 * MAX_DEPTH));
        }
        out.push_str(content);
    }
    out
}

fn parse_strict(text: &str) -> Result<Node, (Mark, String)> {
    let mut open: Vec<Open> = Vec::new();
    let mut root: Option<Node> = None;
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| ((*error.marker()).into(), error.info().to_owned()))?;
        let mark: Mark = span.start.into();
        let done = match event {
            Event::Scalar(text, style, ..) => {
                let is_null = style == ScalarStyle::Plain && matches!(&*text, "" | "~" | "null");
                Node { mark, value: if is_null { Value::Null } else { Value::Text(text.into_owned()) } }
            }
            Event::SequenceStart(..) | Event::MappingStart(..) => {
                if open.len() >= MAX_DEPTH {
                    return Err((mark, "the values are nested too deeply".to_owned()));
                }
                let contents = match event {
                    Event::SequenceStart(..) => Contents::List(Vec::new()),
                    _ => Contents::Map(Vec::new(), None),
                };
                open.push(Open { mark, contents });
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => match open.pop() {
                Some(Open { mark, contents: Contents::List(items) }) => {
                    Node { mark, value: Value::List(items) }
                }
                Some(Open { mark, contents: Contents::Map(entries, _) }) => {
                    Node { mark, value: Value::Map(entries) }
                }
                None => continue,
            },
            // An alias could make a small file as large as it likes.
            Event::Alias(_) => return Err((mark, "aliases are not supported: repeat the value".to_owned())),
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => continue,
        };
        match open.last_mut().map(|open| &mut open.contents) {
            Some(Contents::List(items)) => items.push(done),
            Some(Contents::Map(entries, key)) => match (key.take(), done.value) {
                (Some((mark, key)), value) => {
                    let value = Node { mark: done.mark, value };
                    entries.push(Entry { mark, key, value });
                }
                (None, Value::Text(text)) => {
                    if entries.iter().any(|entry| entry.key == text) {
                        return Err((done.mark, format!("the key `{text}` occurs twice")));
                    }
                    *key = Some((done.mark, text));
                }
                (None, _) => return Err((done.mark, "a key must be a text".to_owned())),
            },
            None if root.is_none() => root = Some(done),
            None => return Err((done.mark, "the file has more than one document".to_owned())),
        }
    }
    Ok(root.unwrap_or(Node { mark: Mark { line: 1, column: 1 }, value: Value::Null }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(node: &Node) -> String {
        match &node.value {
            Value::Null => "~".to_owned(),
            Value::Text(text) => text.clone(),
            Value::List(items) => format!("[{}]", items.iter().map(text).collect::<Vec<_>>().join(",")),
            Value::Map(entries) => {
                let entry = |entry: &Entry| format!("{}={}", entry.key, text(&entry.value));
                format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(","))
            }
        }
    }

    #[test]
    fn yaml_and_json_are_read() {
        for (source, expected) in [
            ("", "~"),
            ("# nothing", "~"),
            ("a: 1\nb:\n- 'x: y'\n- c: ~\n  d: [e, 1.5]\n", "{a=1,b=[x: y,{c=~,d=[e,1.5]}]}"),
            (
                "{\"a\": [1, {\"b\": \"2s\"}], \"c\": true, \"d\": null, \"e\": \"null\"}",
                "{a=[1,{b=2s}],c=true,d=~,e=null}",
            ),
            ("\u{feff}a: |-\n  two\n  lines\n", "{a=two\nlines}"),
            ("a:\n  b: 'one\ntwo\n\n three'\n  c: \"x\ny\"\n", "{a={b=one two\nthree,c=x y}}"),
            ("a:\n  b: 'one\ntwo\n", "error"),
            ("a:\n\tb", "error"),
            ("a: *x", "error"),
            ("a: &x 1\nb: *x", "error"),
            ("a: 1\na: 2", "error"),
            ("[a]: 1", "error"),
            ("a\n---\nb", "error"),
            ("a: [1", "error"),
        ] {
            let told = parse(source).map_or_else(|_| "error".to_owned(), |node| text(&node));
            assert_eq!(told, expected, "{source}");
        }
        assert!(parse(&"[".repeat(100_000)).is_err());
        assert!(parse(&"- ".repeat(100_000)).is_err());
    }

    #[test]
    fn positions_are_those_of_an_editor() {
        let root = parse("a: 1\nb:\n  - c: x\n").unwrap();
        let Value::Map(entries) = root.value else { panic!() };
        assert_eq!(entries[1].mark, Mark { line: 2, column: 1 });
        let Value::List(items) = &entries[1].value.value else { panic!() };
        let Value::Map(inner) = &items[0].value else { panic!() };
        assert_eq!(inner[0].mark, Mark { line: 3, column: 5 });
        assert_eq!(inner[0].value.mark, Mark { line: 3, column: 8 });
    }
}
