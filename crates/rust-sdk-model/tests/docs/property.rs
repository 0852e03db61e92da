//! For every comment, the result has nothing that rustdoc runs, warns about or takes for something else.

use proptest::prelude::*;
use pulldown_cmark::{BrokenLink, CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};
use rust_sdk_model::docs::clean;

use crate::{corpus, links, random};

/// As rustdoc parses documentation.
const DOCUMENTATION: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_SMART_PUNCTUATION);

/// Panics if the text has something that it must not have.
fn check(text: &str, options: Options) {
    let mut unresolved = Vec::new();
    let links = |link: BrokenLink<'_>| {
        unresolved.push(link.reference.into_string());
        None
    };
    let mut parser = Parser::new_with_broken_link_callback(text, options, Some(links)).into_offset_iter();
    let (mut in_code, mut in_link) = (false, 0);
    for (event, range) in parser.by_ref() {
        match event {
            Event::Html(_)
            | Event::InlineHtml(_)
            | Event::FootnoteReference(_)
            | Event::Start(Tag::FootnoteDefinition(_) | Tag::CodeBlock(CodeBlockKind::Indented)) => {
                panic!("{event:?}: {:?}", &text[range]);
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) => {
                assert!(is_harmless(&language), "{language:?}");
                in_code = true;
            }
            Event::End(TagEnd::CodeBlock) => in_code = false,
            Event::Start(Tag::Link { link_type, dest_url, .. }) => {
                let is_absolute =
                    dest_url.to_ascii_lowercase().starts_with("http") || links::is_target(&dest_url);
                let is_auto = matches!(link_type, LinkType::Email | LinkType::Autolink);
                assert!(
                    is_absolute && link_type == LinkType::Inline || is_auto,
                    "{link_type:?} to {dest_url}"
                );
                in_link += 1;
            }
            Event::End(TagEnd::Link) => in_link -= 1,
            Event::Text(text) if !in_code && in_link == 0 => assert!(!has_url(&text), "{text:?}"),
            _ => {}
        }
    }
    assert_eq!(parser.reference_definitions().iter().count(), 0);
    drop(parser);
    assert_eq!(unresolved, [""; 0]);
}

/// One word that rustdoc does not know.
fn is_harmless(language: &str) -> bool {
    let is_word = language.starts_with(|c: char| c.is_ascii_alphabetic())
        && language.chars().all(|c| c.is_ascii_alphanumeric() || "-_+#".contains(c));
    let known = [
        "rust",
        "ignore",
        "no_run",
        "should_panic",
        "compile_fail",
        "edition",
        "test_harness",
        "E0",
        "custom",
    ];
    is_word && !known.iter().any(|known| language.starts_with(known))
}

/// Text that rustdoc warns about: a scheme, a host with dots.
fn has_url(text: &str) -> bool {
    let hosts = text.split("https://").skip(1).chain(text.split("http://").skip(1));
    hosts.into_iter().any(|rest| {
        let host =
            rest.split(|c: char| !(c.is_ascii_alphanumeric() || "-@:%._+~#=".contains(c))).next().unwrap();
        let mut labels = host.split('.');
        labels.next().is_some_and(|label| label.len() > 1)
            && labels.any(|label| label.len() > 1 && label.as_bytes()[0].is_ascii_alphabetic())
    })
}

fn check_all(comment: &str) {
    check_lines(&clean(comment));
    for lines in links::lines(comment) {
        check_lines(&lines);
    }
}

fn check_lines(lines: &[String]) {
    for line in lines {
        assert!(!line.contains(['\n', '\r', '\t', '\0', '\u{202e}', '\u{2066}', '\u{feff}']), "{line:?}");
        assert!(!line.ends_with(' '), "{line:?}");
    }
    let is_empty = |line: Option<&String>| line.is_some_and(|line| line.is_empty() || line.starts_with(' '));
    assert!(!is_empty(lines.first()) && lines.last().is_none_or(|line| !line.is_empty()), "{lines:?}");
    let text = lines.join("\n");
    check(&text, DOCUMENTATION);
    // Finds tests as rustdoc does.
    check(&text, Options::empty());
}

#[test]
fn comments_of_the_corpus() {
    for comment in corpus::comments("std::process::abort();") {
        check_all(&comment);
    }
}

#[test]
fn comments_of_pieces() {
    for comment in random::comments(1, 5_000) {
        check_all(&comment);
    }
}

proptest! {
    #[test]
    fn comments_of_characters(comment in "(?s)[\\x00-\\x7f\u{202e}é]{0,80}") {
        check_all(&comment);
    }

    #[test]
    fn comments_of_markup(comment in "[\\[\\]()<>`~*_|#=\\-+>!&:;/.\\\\ \n\t1ab]{0,60}") {
        check_all(&comment);
    }

    /// No text of the author gets lost, if no part of it is the name of a link or of a language.
    #[test]
    fn words_stay_in_order(comment in "(?s)([a-z0-9]{1,4}|[ \n]|[*_|#=+>.<`\\\\-]|    |\n- |\n> |\n1\\. ){0,40}") {
        let words = |text: &str| -> String { text.chars().filter(char::is_ascii_alphanumeric).collect() };
        prop_assume!(!comment.contains("```"));
        let text = clean(&comment).join("\n").replace("```text", "");
        // A code span of nothing but blanks says that it is empty.
        let text = text.replace("(empty)", "");
        prop_assert_eq!(words(&text), words(&comment), "{:?}", text);
    }
}
