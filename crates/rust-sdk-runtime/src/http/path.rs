//! Building a path from a binding and its values.

use super::encode::{Keep, is_plain};
use super::slot::Slot;
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
            let Some(slot) = Slot::new(parts, index, encoding) else {
                length += literal(part).len();
                continue;
            };
            let Some(value) = values.get(taken) else { return Err(self.wrong_count(values.len())) };
            if let Some(text) = identifier(part, value) {
                length += text.len();
                plain.set(taken);
            } else {
                let measured = slot.measure(value).map_err(|problem| self.refused(slot.field(), problem))?;
                length += measured.length;
                if measured.plain {
                    plain.set(taken);
                }
            }
            taken += 1;
        }
        if taken != values.len() {
            return Err(self.wrong_count(values.len()));
        }

        let mut path = String::with_capacity(length);
        let mut values = values.iter().enumerate();
        for (index, part) in parts.iter().enumerate() {
            match Slot::new(parts, index, encoding) {
                None => path.push_str(literal(part)),
                Some(slot) => match values.next() {
                    Some((taken, PathValue::Str(text))) if plain.get(taken) => path.push_str(text),
                    Some((_, value)) => slot.push(&mut path, value),
                    None => {}
                },
            }
        }
        Ok(path)
    }

    #[cold]
    fn refused(&self, field: &'static str, problem: PathProblem) -> PathError {
        PathError::Value { template: self.template(), field, problem }
    }

    #[cold]
    fn wrong_count(&self, found: usize) -> PathError {
        let expected = self.parts().iter().filter(|part| !matches!(part, Part::Literal(_))).count();
        PathError::Count { template: self.template(), expected, found }
    }
}

/// The common case at once: text for a single-segment variable that stays as it is and is too long to be dots.
#[inline]
fn identifier<'a>(part: &Part, value: &PathValue<'a>) -> Option<&'a str> {
    match (part, value) {
        (Part::Variable(_, [Segment::Any]), PathValue::Str(text)) if text.len() > 2 => {
            is_plain(text, Keep::Unreserved).then_some(*text)
        }
        _ => None,
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
    fn set(&mut self, index: usize) {
        if index < 64 {
            self.0 |= 1 << index;
        }
    }

    fn get(&self, index: usize) -> bool {
        index < 64 && self.0 >> index & 1 == 1
    }
}
