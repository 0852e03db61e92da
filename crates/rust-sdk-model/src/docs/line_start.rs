//! Escapes lines of a paragraph that would begin another block.

/// The line, escaped if it would begin another kind of block. In the comment, its indentation prevented that.
pub(super) fn escape(line: &str) -> String {
    match marker(line) {
        Some(at) => format!("{}\\{}", &line[..at], &line[at..]),
        None => line.to_owned(),
    }
}

/// Where to escape a line.
fn marker(line: &str) -> Option<usize> {
    let first = line.chars().next()?;
    let rest = line.trim_start_matches(first);
    let run = line.len() - rest.len();
    let ends = |rest: &str| rest.is_empty() || rest.starts_with(' ');
    let consists_of = |marks: &[char]| line.trim_matches(marks).is_empty();
    match first {
        '#' if run <= 6 && ends(rest) => Some(0),
        '-' | '+' | '*' if ends(&line[1..]) => Some(0),
        '*' | '_' if consists_of(&[first, ' ']) => Some(0),
        '=' if rest.is_empty() => Some(0),
        // The line after a table's head, or after a heading.
        '-' | '|' | ':' if consists_of(&['-', '|', ':', ' ']) => Some(0),
        '~' if run >= 3 => Some(0),
        '0'..='9' => {
            let digits = line.bytes().take_while(u8::is_ascii_digit).count();
            let is_item = line[digits..].starts_with(['.', ')']) && ends(&line[digits + 1..]);
            is_item.then_some(digits)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_a_block_is_escaped() {
        for (line, escaped) in [
            ("# a", "\\# a"),
            ("#", "\\#"),
            ("- a", "\\- a"),
            ("+", "\\+"),
            ("* a", "\\* a"),
            ("***", "\\***"),
            ("_ _ _", "\\_ _ _"),
            ("===", "\\==="),
            ("---", "\\---"),
            ("--|:-:", "\\--|:-:"),
            ("| - |", "\\| - |"),
            ("~~~ a", "\\~~~ a"),
            ("12. a", "12\\. a"),
            ("1)", "1\\)"),
        ] {
            assert_eq!(escape(line), escaped);
        }
        for line in
            ["", "#a", "-a", "*a*", "**a** b", "1.5", "= a", "| a | b |", "~~a~~", "a # b", "1984 was"]
        {
            assert_eq!(escape(line), line);
        }
    }
}
