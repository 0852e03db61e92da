//! Values for the variables of a rule: plain ones, hostile ones, and as few segments as possible.

use std::collections::BTreeSet;

use rust_sdk_model::api::{Binding, SlotKind};
use rust_sdk_model::template::{PatternSegment, Segment, Wildcard, decoded};

/// Text for one segment. A slash is left out where it would begin another segment.
const TEXTS: [&str; 7] =
    ["plain", "a!$&'()*+,;=@:b", "%2F%zz%", "a/b//c", "?a=b#c", "größe ✓ 𝄞", "a..b\\\"<>[]^`{|}~\u{7f}"];

/// A value for each variable and wildcard, in order.
pub(super) struct Sample {
    pub(super) values: Vec<String>,
    /// Whether the `**` takes no segment.
    pub(super) has_empty_rest: bool,
}

/// The samples for a rule. Some values end like the custom verbs of the API.
pub(super) fn of(rule: &Binding, verbs: &BTreeSet<&str>) -> Vec<Sample> {
    let texts =
        TEXTS.iter().map(|text| (*text).to_owned()).chain(verbs.iter().map(|verb| format!("x:{verb}")));
    let has_rest = rule.template.segments.iter().any(|segment| pattern(segment).contains(&REST));
    let mut samples: Vec<Sample> =
        texts.map(|text| Sample { values: values(rule, &text, 2), has_empty_rest: false }).collect();
    if has_rest {
        samples.push(Sample { values: values(rule, "plain", 1), has_empty_rest: false });
        samples.push(Sample { values: values(rule, "plain", 0), has_empty_rest: true });
    }
    samples
}

const REST: PatternSegment = PatternSegment::Wildcard(Wildcard::Rest);
const ONE: PatternSegment = PatternSegment::Wildcard(Wildcard::One);

/// A segment as a pattern; empty for a literal.
fn pattern(segment: &Segment) -> Vec<PatternSegment> {
    match segment {
        Segment::Literal(_) => Vec::new(),
        Segment::Wildcard(kind) => vec![PatternSegment::Wildcard(*kind)],
        Segment::Variable { pattern, .. } => pattern.clone(),
    }
}

fn values(rule: &Binding, text: &str, rest: usize) -> Vec<String> {
    let patterns = rule.template.segments.iter().map(pattern).filter(|pattern| !pattern.is_empty());
    // The number distinguishes the values of a path.
    let numbered = patterns.zip(&rule.slots).enumerate();
    numbered
        .map(|(index, (pattern, slot))| value(&pattern, &slot.kind, &format!("{index}{text}"), rest))
        .collect()
}

fn value(pattern: &[PatternSegment], kind: &SlotKind, text: &str, rest: usize) -> String {
    if pattern == [ONE] {
        return match kind {
            SlotKind::Text | SlotKind::Bytes => text.to_owned(),
            SlotKind::Bool => "true".to_owned(),
            _ => "1".to_owned(),
        };
    }
    let text = text.replace('/', "-");
    let mut segments = Vec::new();
    for segment in pattern {
        match segment {
            PatternSegment::Literal(literal) => segments.push(decoded(literal)),
            PatternSegment::Wildcard(Wildcard::One) => segments.push(text.clone()),
            PatternSegment::Wildcard(Wildcard::Rest) => segments.extend((0..rest).map(|_| text.clone())),
        }
    }
    segments.join("/")
}
