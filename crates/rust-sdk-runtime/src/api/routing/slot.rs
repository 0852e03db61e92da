//! One variable or wildcard of a template, and its value.

use std::fmt::Write;

use super::error::Excerpt;
use super::percent::{Keep, decode, decode_segments, encode_into, encoded_len, is_plain};
use super::split::{count_segments, segments};
use super::template::{is_last, segment_at};
use super::{Binding, Part, PathErrorKind, PathValue, Segment};

/// How the values of multi-segment variables (`{name=shelves/*}`, `{path=**}`) are escaped. In values of single-segment variables only the
/// unreserved characters stay unescaped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PathEncoding {
    /// Escapes everything except `A-Z a-z 0-9 - _ . ~ /`, as `google/api/http.proto` specifies.
    #[default]
    Strict,
    /// Keeps `! $ & ' ( ) * + , ; = @ :`, too, for servers that do not unescape them (Envoy's default). But a `:` in the last segment of a
    /// path without a custom verb is escaped, since it would read as a custom verb.
    Relaxed,
}

/// The place of one value: the variable or wildcard at an index.
pub(super) struct Slot {
    parts: &'static [Part],
    index: usize,
    pattern: &'static [Segment],
    encoding: PathEncoding,
    needs_rest: bool,
}

/// The result of checking a value.
pub(super) struct Measured {
    /// The escaped length, or an upper bound of it.
    pub(super) length: usize,
    /// Whether the value is text that needs no escape.
    pub(super) plain: bool,
}

impl Slot {
    pub(super) fn new(binding: &Binding, index: usize, encoding: PathEncoding) -> Self {
        let parts = binding.parts();
        let pattern = match &parts[index] {
            Part::Variable(_, pattern) => pattern,
            Part::Wildcard(segment) => std::slice::from_ref(segment),
            Part::Literal(_) => &[],
        };
        Self { parts, index, pattern, encoding, needs_rest: binding.is_rest_needed() }
    }

    /// The field path of the variable, or the wildcard itself.
    pub(super) fn field(&self) -> &'static str {
        match self.parts[self.index] {
            Part::Variable(field, _) => field,
            Part::Wildcard(Segment::Any) => "*",
            Part::Wildcard(Segment::Rest) => "**",
            Part::Wildcard(Segment::Literal(text)) | Part::Literal(text) => text,
        }
    }

    /// Checks a value.
    pub(super) fn measure(&self, value: &PathValue<'_>) -> Result<Measured, PathErrorKind> {
        match value {
            PathValue::Str(text) => self.measure_text(text),
            PathValue::Bytes([]) => self.measure_text(""),
            _ if matches!(self.pattern, [Segment::Any | Segment::Rest]) => {
                Ok(Measured { length: value.max_len(), plain: false })
            }
            _ => self.measure_text(&value.to_string()),
        }
    }

    fn measure_text(&self, text: &str) -> Result<Measured, PathErrorKind> {
        if !matches!(self.pattern, [Segment::Any]) {
            return self.measure_segments(text);
        }
        match text.as_bytes() {
            [] => Err(PathErrorKind::Empty),
            [b'.'] | [b'.', b'.'] => Err(PathErrorKind::DotSegment { value: Excerpt::new(text) }),
            _ if is_plain(text, Keep::Unreserved) => Ok(Measured { length: text.len(), plain: true }),
            _ => Ok(Measured { length: encoded_len(text, Keep::Unreserved), plain: false }),
        }
    }

    /// For every sub-template except `*`.
    fn measure_segments(&self, text: &str) -> Result<Measured, PathErrorKind> {
        let mismatch = || Err(PathErrorKind::Mismatch { value: Excerpt::new(text), expected: self.pattern });
        let may_be_none = self.pattern.contains(&Segment::Rest) && !self.needs_rest;
        if text.is_empty() {
            let fits = matches!(self.pattern, [Segment::Rest]) && may_be_none;
            return if fits { Ok(Measured { length: 0, plain: false }) } else { Err(PathErrorKind::Empty) };
        }
        if let [Segment::Literal(wanted)] = self.pattern {
            let fits = decode(wanted).is_ok_and(|wanted| wanted == text);
            return if fits {
                Ok(Measured { length: wanted.len(), plain: *wanted == text })
            } else {
                mismatch()
            };
        }
        let count = count_segments(text);
        let mut fits = count + usize::from(may_be_none) >= self.pattern.len();
        for (index, segment) in segments(text).enumerate() {
            if matches!(segment, "." | "..") {
                return Err(PathErrorKind::DotSegment { value: Excerpt::new(text) });
            }
            fits &= !segment.is_empty()
                && match segment_at(self.pattern, index, count) {
                    Some(Segment::Literal(wanted)) => {
                        decode_segments(wanted).is_ok_and(|wanted| wanted == segment)
                    }
                    Some(_) => true,
                    None => false,
                };
        }
        if !fits {
            return mismatch();
        }
        let (keep, last) = self.keep();
        let (front, back) = text.rsplit_once('/').unwrap_or(("", text));
        let literals = self.pattern.iter().map(escaped_literal_len).sum::<usize>();
        let plain = literals == 0 && is_plain(front, keep) && is_plain(back, last);
        Ok(Measured { length: if plain { text.len() } else { encoded_len(text, last) + literals }, plain })
    }

    /// The characters that stay unescaped in a multi-segment value, and those in its last segment.
    fn keep(&self) -> (Keep, Keep) {
        match self.encoding {
            PathEncoding::Strict => (Keep::Slashes, Keep::Slashes),
            PathEncoding::Relaxed if self.index + 1 == self.parts.len() => {
                (Keep::PathCharacters, Keep::NoColon)
            }
            PathEncoding::Relaxed => (Keep::PathCharacters, Keep::PathCharacters),
        }
    }

    /// Appends a checked value, escaped.
    pub(super) fn push(&self, path: &mut String, value: &PathValue<'_>) {
        match value {
            PathValue::Str("") | PathValue::Bytes([]) => {
                // No segment, so no slash before it. The path `/` stays, since a path is never empty: a custom verb may follow.
                let is_end = is_last(self.parts, self.index);
                if path.ends_with('/') && (path.len() > 1 || !is_end) {
                    path.pop();
                }
            }
            PathValue::Str(text) => self.push_text(path, text),
            PathValue::Bytes(_) => self.push_text(path, &value.to_string()),
            // Digits, letters, `-` and `.`: nothing to escape. Writing to a string cannot fail.
            _ => {
                let _ = write!(path, "{value}");
            }
        }
    }

    fn push_text(&self, path: &mut String, text: &str) {
        match self.pattern {
            [Segment::Any] => return encode_into(path, text, Keep::Unreserved),
            [Segment::Literal(literal)] => return path.push_str(literal),
            _ => {}
        }
        let (keep, last) = self.keep();
        let count = count_segments(text);
        for (index, segment) in segments(text).enumerate() {
            if index > 0 {
                path.push('/');
            }
            match segment_at(self.pattern, index, count) {
                // Literals stay as annotated: a server may compare them without decoding.
                Some(Segment::Literal(literal)) => path.push_str(literal),
                _ => encode_into(path, segment, if index + 1 == count { last } else { keep }),
            }
        }
    }
}

/// The length of a literal whose annotated text may differ from the value's; 0 for other literals.
fn escaped_literal_len(segment: &Segment) -> usize {
    match segment {
        Segment::Literal(text) if !is_plain(text, Keep::Unreserved) => text.len(),
        _ => 0,
    }
}
