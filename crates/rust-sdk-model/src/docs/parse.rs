//! Parses Markdown as rustdoc does.

use std::ops::Range;

use pulldown_cmark::{BrokenLink, CowStr, Event, LinkType, Options, Parser};

/// rustdoc's extensions without footnotes and task lists, which give brackets a meaning. Brackets in proto comments are
/// text, and parsers disagree about the text after them.
const EXTENSIONS: Options = Options::ENABLE_TABLES.union(Options::ENABLE_STRIKETHROUGH);

/// A comment, parsed.
pub(super) struct Parsed<'t> {
    /// Its events, and their ranges in the text.
    pub(super) parts: Vec<(Event<'t>, Range<usize>)>,
    /// The link definitions.
    pub(super) definitions: Vec<Definition>,
}

/// `[label]: target`
pub(super) struct Definition {
    pub(super) start: usize,
    pub(super) target: String,
}

/// Returns the full name of the element that a label names.
pub type Resolve<'r> = &'r dyn Fn(&str) -> Option<String>;

pub(super) fn parse<'t>(text: &'t str, resolve: Resolve<'_>) -> Parsed<'t> {
    let references = |link: BrokenLink<'_>| {
        is_reference(text, &link, resolve)
            .then(|| (CowStr::from(link.reference.into_string()), CowStr::Borrowed("")))
    };
    let mut parser =
        Parser::new_with_broken_link_callback(text, EXTENSIONS, Some(references)).into_offset_iter();
    let parts = parser.by_ref().collect();
    let definitions = parser.reference_definitions().iter();
    let definitions =
        definitions.map(|(_, link)| Definition { start: link.span.start, target: link.dest.to_string() });
    Parsed { parts, definitions: definitions.collect() }
}

/// Whether brackets without a definition name an element of an API, as in Google's comments: `[Book][acme.v1.Book]`,
/// `[acme.v1.Book][]`, `[acme.v1.Book]`.
fn is_reference(text: &str, link: &BrokenLink<'_>, resolve: Resolve<'_>) -> bool {
    // `matrix[i][a.b]`
    let is_index = text[..link.span.start].ends_with(|c: char| c.is_alphanumeric() || c == '_');
    let label = link.reference.trim_matches('`');
    !is_index
        && match link.link_type {
            LinkType::Collapsed => is_name(label),
            _ if label.contains('.') => is_name(label),
            LinkType::Reference => resolve(label).is_some(),
            _ => false,
        }
}

/// Identifiers with dots between them.
fn is_name(label: &str) -> bool {
    let label = label.strip_prefix('.').unwrap_or(label);
    label.split('.').all(|part| {
        part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    })
}
