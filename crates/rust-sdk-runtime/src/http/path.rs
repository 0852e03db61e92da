//! Building a path from a binding and its values.

use std::fmt::Write;

use super::encode::{Keep, decode, decode_segments, encode_into, encoded_len, is_plain};
use super::error::Excerpt;
use super::template::{is_last, segment_at};
use super::{Binding, Part, PathError, PathProblem, PathValue, Segment};

/// How the values of multi-segment variables (`{name=shelves/*}`, `{path=**}`) are escaped. Those of single-segment
/// ones always keep the unreserved characters alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PathEncoding {
    /// Everything but `A-Z a-z 0-9 - _ . ~ /`, as `google/api/http.proto` has it.
    #[default]
    Strict,
    /// `! $ & ' ( ) * + , ; = @ :` stay too, for servers that do not unescape those (Envoy's default). The one
    /// exception is a `:` in the last segment of a path without a custom verb, where it would read as one.
    Relaxed,
}

impl Binding {
    /// The path with these values, one for each variable and wildcard of the template, in its order.
    ///
    /// A trailing `**` takes an empty value, that is no segment at all, and then the slash before it goes as well:
    /// `/v1/{path=**}` with `""` is `/v1`. Every other value must not be empty.
    pub fn path(&self, values: &[PathValue<'_>]) -> Result<String, PathError> {
        self.path_with(values, PathEncoding::Strict)
    }

    /// As [`Self::path`], with a choice of how multi-segment values are escaped.
    pub fn path_with(&self, values: &[PathValue<'_>], encoding: PathEncoding) -> Result<String, PathError> {
        let parts = self.parts();
        let mut length = 0;
        let mut plain = Flags(0);
        let mut taken = 0;
        for (index, part) in parts.iter().enumerate() {
            let Some(slot) = Slot::new(parts, index, part, encoding) else {
                length += literal(part).len();
                continue;
            };
            let Some(value) = values.get(taken) else { return Err(self.wrong_count(values.len())) };
            let measured = slot.measure(value).map_err(|problem| PathError::Value {
                template: self.template(),
                field: slot.field,
                problem,
            })?;
            length += measured.length;
            plain.set(taken, measured.plain);
            taken += 1;
        }
        if taken != values.len() {
            return Err(self.wrong_count(values.len()));
        }

        let mut path = String::with_capacity(length);
        let mut values = values.iter().enumerate();
        for (index, part) in parts.iter().enumerate() {
            match Slot::new(parts, index, part, encoding) {
                None => path.push_str(literal(part)),
                Some(slot) => {
                    if let Some((taken, value)) = values.next() {
                        slot.push(&mut path, value, plain.get(taken));
                    }
                }
            }
        }
        Ok(path)
    }

    #[cold]
    fn wrong_count(&self, found: usize) -> PathError {
        let expected = self.parts().iter().filter(|part| !matches!(part, Part::Literal(_))).count();
        PathError::Count { template: self.template(), expected, found }
    }
}

const fn literal(part: &Part) -> &'static str {
    match part {
        Part::Literal(text) => text,
        _ => "",
    }
}

/// Which of the first 64 values need no escape, so that they are not scanned again. The rest are.
struct Flags(u64);

impl Flags {
    fn set(&mut self, index: usize, flag: bool) {
        if index < 64 {
            self.0 |= u64::from(flag) << index;
        }
    }

    fn get(&self, index: usize) -> bool {
        index < 64 && self.0 >> index & 1 == 1
    }
}

/// Where one value goes.
struct Slot {
    parts: &'static [Part],
    index: usize,
    field: &'static str,
    pattern: &'static [Segment],
    encoding: PathEncoding,
}

/// The outcome of looking at a value once.
struct Measured {
    /// The escaped length, or a bound of it.
    length: usize,
    /// Whether it is text that stays as it is.
    plain: bool,
}

impl Slot {
    #[inline]
    fn new(
        parts: &'static [Part],
        index: usize,
        part: &'static Part,
        encoding: PathEncoding,
    ) -> Option<Self> {
        let (field, pattern) = match part {
            Part::Literal(_) => return None,
            Part::Variable(field, pattern) => (*field, *pattern),
            Part::Wildcard(segment) => {
                (if *segment == Segment::Rest { "**" } else { "*" }, std::slice::from_ref(segment))
            }
        };
        Some(Self { parts, index, field, pattern, encoding })
    }

    #[inline]
    fn measure(&self, value: &PathValue<'_>) -> Result<Measured, PathProblem> {
        match value {
            PathValue::Str(text) => self.measure_text(text),
            PathValue::Bytes([]) => self.measure_text(""),
            _ if matches!(self.pattern, [Segment::Any | Segment::Rest]) => {
                Ok(Measured { length: value.max_len(), plain: false })
            }
            _ => self.measure_text(&value.to_string()),
        }
    }

    #[inline]
    fn measure_text(&self, text: &str) -> Result<Measured, PathProblem> {
        if !matches!(self.pattern, [Segment::Any]) {
            return self.measure_segments(text);
        }
        match text.as_bytes() {
            [] => Err(PathProblem::Empty),
            [b'.'] | [b'.', b'.'] => Err(PathProblem::DotSegment { value: Excerpt::new(text) }),
            _ if is_plain(text, Keep::Unreserved) => Ok(Measured { length: text.len(), plain: true }),
            _ => Ok(Measured { length: encoded_len(text, Keep::Unreserved), plain: false }),
        }
    }

    /// For every sub-template but `*`.
    fn measure_segments(&self, text: &str) -> Result<Measured, PathProblem> {
        let mismatch = || Err(PathProblem::Mismatch { value: Excerpt::new(text), expected: self.pattern });
        let may_be_none = self.pattern.last() == Some(&Segment::Rest) && is_last(self.parts, self.index);
        if text.is_empty() {
            let fits = matches!(self.pattern, [Segment::Rest]) && may_be_none;
            return if fits { Ok(Measured { length: 0, plain: true }) } else { Err(PathProblem::Empty) };
        }
        if let [Segment::Literal(wanted)] = self.pattern {
            let fits = decode(wanted).is_ok_and(|wanted| wanted == text);
            return if fits {
                Ok(Measured { length: wanted.len(), plain: *wanted == text })
            } else {
                mismatch()
            };
        }
        if text.split('/').any(|segment| matches!(segment, "." | "..")) {
            return Err(PathProblem::DotSegment { value: Excerpt::new(text) });
        }
        let count = text.split('/').count();
        let fits = count + usize::from(may_be_none) >= self.pattern.len()
            && text.split('/').enumerate().all(|(index, segment)| {
                !segment.is_empty()
                    && match segment_at(self.pattern, index, count) {
                        Some(Segment::Literal(wanted)) => {
                            decode_segments(wanted).is_ok_and(|wanted| wanted == segment)
                        }
                        Some(_) => true,
                        None => false,
                    }
            });
        if !fits {
            return mismatch();
        }
        let (keep, last) = self.keep();
        let (front, back) = text.rsplit_once('/').unwrap_or(("", text));
        let literals = self.pattern.iter().map(escaped_literal_len).sum::<usize>();
        let plain = literals == 0 && is_plain(front, keep) && is_plain(back, last);
        Ok(Measured { length: if plain { text.len() } else { encoded_len(text, last) + literals }, plain })
    }

    /// What stays as it is in a multi-segment value, and what in the last segment of it.
    fn keep(&self) -> (Keep, Keep) {
        match self.encoding {
            PathEncoding::Strict => (Keep::Slashes, Keep::Slashes),
            PathEncoding::Relaxed if self.index + 1 == self.parts.len() => {
                (Keep::PathCharacters, Keep::NoColon)
            }
            PathEncoding::Relaxed => (Keep::PathCharacters, Keep::PathCharacters),
        }
    }

    #[inline]
    fn push(&self, path: &mut String, value: &PathValue<'_>, plain: bool) {
        match value {
            PathValue::Str("") => {
                // No segment, so no slash before it; but a path is never empty.
                if path.len() > 1 && path.ends_with('/') {
                    path.pop();
                }
            }
            PathValue::Str(text) if plain => path.push_str(text),
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
        let count = text.split('/').count();
        for (index, segment) in text.split('/').enumerate() {
            if index > 0 {
                path.push('/');
            }
            match segment_at(self.pattern, index, count) {
                // Its escapes are the annotation's own: a server may compare them as they are.
                Some(Segment::Literal(literal)) => path.push_str(literal),
                _ => encode_into(path, segment, if index + 1 == count { last } else { keep }),
            }
        }
    }
}

/// The length of a literal that differs from its own text, escaped or with characters that a value would have escaped.
fn escaped_literal_len(segment: &Segment) -> usize {
    match segment {
        Segment::Literal(text) if !is_plain(text, Keep::Unreserved) => text.len(),
        _ => 0,
    }
}
