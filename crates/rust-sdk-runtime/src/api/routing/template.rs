//! Splits a template's parts into segments.

use std::fmt;

use super::{Part, Segment};

/// Splits a custom verb (`:cancel`) off the end of a path or of a template's last literal.
pub(super) fn split_verb(text: &str) -> Option<(&str, &str)> {
    // Only the last segment is looked at.
    let colon = text.bytes().rposition(|byte| byte == b':' || byte == b'/')?;
    let verb = &text[colon + 1..];
    (text.as_bytes()[colon] == b':' && !verb.is_empty()).then_some((&text[..colon], verb))
}

/// The template's custom verb, still escaped; `""` if it has none.
pub(super) fn custom_verb(parts: &[Part]) -> &'static str {
    match parts.last() {
        Some(Part::Literal(text)) => split_verb(text).map_or("", |(_, verb)| verb),
        _ => "",
    }
}

/// The segments of the part at this index, without the custom verb.
pub(super) fn segments(parts: &'static [Part], index: usize) -> impl Iterator<Item = Segment> {
    let (text, pattern) = split(parts, index);
    text.split('/').filter(|text| !text.is_empty()).map(Segment::Literal).chain(pattern.iter().copied())
}

/// The number of segments that the part at this index takes, if a `**` takes `rest`.
pub(super) fn width(parts: &'static [Part], index: usize, rest: usize) -> usize {
    let (text, pattern) = split(parts, index);
    let mut before = b'/';
    let is_start = |&byte: &u8| std::mem::replace(&mut before, byte) == b'/' && byte != b'/';
    let literals = text.as_bytes().iter().copied().filter(is_start).count();
    literals + pattern.iter().map(|segment| if *segment == Segment::Rest { rest } else { 1 }).sum::<usize>()
}

/// Whether there is a `**`.
pub(super) fn has_rest(parts: &'static [Part]) -> bool {
    (0..parts.len()).any(|index| split(parts, index).1.contains(&Segment::Rest))
}

/// The text of the part at this index, without the custom verb, or its sub-template.
fn split(parts: &'static [Part], index: usize) -> (&'static str, &'static [Segment]) {
    match &parts[index] {
        Part::Literal(text) if index + 1 == parts.len() => {
            (split_verb(text).map_or(*text, |(text, _)| text), &[])
        }
        Part::Literal(text) => (*text, &[]),
        Part::Variable(_, pattern) => ("", pattern),
        Part::Wildcard(segment) => ("", std::slice::from_ref(segment)),
    }
}

/// Whether no segment comes after the part at this index (a custom verb may).
pub(super) fn is_last(parts: &'static [Part], index: usize) -> bool {
    (index + 1..parts.len()).all(|after| segments(parts, after).next().is_none())
}

/// Whether this sub-template stands for exactly one segment, so that a `/` in its value is data.
pub(super) const fn is_single(pattern: &[Segment]) -> bool {
    matches!(pattern, [Segment::Any | Segment::Literal(_)])
}

/// The sub-template's segment for the value's segment at `index` of `count`. A `**` takes the segments that the others leave. `None` if
/// there are too few or too many segments.
pub(super) fn segment_at(pattern: &[Segment], index: usize, count: usize) -> Option<&Segment> {
    match pattern.iter().position(|segment| *segment == Segment::Rest) {
        Some(rest) if index >= rest => {
            let after = pattern.len() - rest - 1;
            if index + after >= count {
                pattern.get((index + pattern.len()).checked_sub(count)?)
            } else {
                pattern.get(rest)
            }
        }
        Some(_) => pattern.get(index),
        None => pattern.get(index).filter(|_| count == pattern.len()),
    }
}

/// Prints a sub-template as annotated: `shelves/*/books/**`.
pub(super) struct Pattern<'a>(pub(super) &'a [Segment]);

impl fmt::Display for Pattern<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, segment) in self.0.iter().enumerate() {
            f.write_str(if index > 0 { "/" } else { "" })?;
            f.write_str(match segment {
                Segment::Literal(text) => text,
                Segment::Any => "*",
                Segment::Rest => "**",
            })?;
        }
        Ok(())
    }
}
