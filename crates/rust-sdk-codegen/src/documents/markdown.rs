//! Pieces of Markdown (GitHub Flavored Markdown, <https://github.github.com/gfm/>).

pub(super) use rust_sdk_model::text::code;

/// What an empty cell shows.
pub(super) const NONE: &str = "—";

/// Code spans with commas between them.
pub(super) fn codes<'a>(texts: impl IntoIterator<Item = &'a String>) -> String {
    texts.into_iter().map(|text| code(text)).collect::<Vec<_>>().join(", ")
}

/// Markdown as one cell of a table. Each `|` is escaped: it would start the next cell, even in a code span.
pub(super) fn cell(markdown: &str) -> String {
    if markdown.is_empty() { NONE.to_owned() } else { markdown.replace('|', "\\|") }
}

/// The first paragraph of a cleaned comment on one line; empty if the comment starts with a code block.
pub(super) fn first_paragraph(docs: &[String]) -> String {
    let mut lines = docs.iter().map(|line| line.trim());
    let first = lines.next().unwrap_or_default();
    if first.starts_with("```") {
        return String::new();
    }
    let heading = first.trim_start_matches('#');
    if heading.len() < first.len() {
        return heading.trim().to_owned();
    }
    let mut paragraph = vec![first];
    for line in lines.take_while(|line| !line.is_empty()) {
        if starts_block(line) {
            // A line such as `Required permissions:` only introduces the list, even without a blank line before it.
            paragraph
                .pop_if(|last| last.ends_with(':') && last.starts_with(char::is_uppercase) && *last != first);
            break;
        }
        paragraph.push(line);
    }
    paragraph.join(" ")
}

fn starts_block(line: &str) -> bool {
    let digits = line.trim_start_matches(|c: char| c.is_ascii_digit());
    ["```", "#", "- ", "* ", "+ "].iter().any(|start| line.starts_with(start))
        || (digits.len() < line.len() && (digits.starts_with(". ") || digits.starts_with(") ")))
}

/// The first sentence of a cleaned comment.
pub(super) fn summary(docs: &[String]) -> String {
    let paragraph = first_paragraph(docs);
    let end = paragraph.match_indices(". ").find(|(at, _)| ends_sentence(&paragraph, *at));
    end.map_or(paragraph.as_str(), |(at, _)| &paragraph[..=at]).to_owned()
}

/// Whether the full stop here ends a sentence: it is outside of code, after no abbreviation such as `e.g`, and before a
/// capital letter or code.
fn ends_sentence(text: &str, at: usize) -> bool {
    let before = &text[..at];
    let abbreviation = ["e.g", "i.e", "etc", "vs", "cf"].iter().any(|word| before.ends_with(word));
    let capital = text[at + 1..].trim_start().starts_with(|c: char| c.is_uppercase() || c == '`');
    capital && !abbreviation && before.matches('`').count().is_multiple_of(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn cells_keep_their_bars() {
        assert_eq!(cell(&code("a|b")), "`a\\|b`");
        assert_eq!(cell(""), "—");
    }

    #[test]
    fn paragraphs_end_at_blanks_and_blocks() {
        assert_eq!(first_paragraph(&lines("One\ntwo.\n\nThree.")), "One two.");
        assert_eq!(first_paragraph(&lines("One:\n- a\n- b")), "One:");
        assert_eq!(first_paragraph(&lines("One:\n1. a")), "One:");
        assert_eq!(first_paragraph(&lines("One has\ntwo:\n- a")), "One has two:");
        assert_eq!(first_paragraph(&lines("One\nRequired:\n- a")), "One");
        assert_eq!(first_paragraph(&lines("# Title\nText.")), "Title");
        assert_eq!(first_paragraph(&lines("```text\nx\n```")), "");
        assert_eq!(first_paragraph(&[]), "");
    }

    #[test]
    fn summaries_are_one_sentence() {
        assert_eq!(summary(&lines("Gets it. Then more.")), "Gets it.");
        assert_eq!(
            summary(&lines("Gets v1.2 of it, e.g. Alpha. Then more.")),
            "Gets v1.2 of it, e.g. Alpha."
        );
        assert_eq!(summary(&lines("Gets `a. B` of it.\nMore.")), "Gets `a. B` of it.");
        assert_eq!(summary(&lines("No full stop")), "No full stop");
    }
}
