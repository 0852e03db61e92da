//! Building a path from a binding and its values.

use super::percent::is_unreserved;
use super::slot::{PathEncoding, Slot};
use super::{Binding, Part, PathError, PathValue};

impl Binding {
    /// The path with these values: one for each variable and wildcard of the template, in order.
    ///
    /// A `**` accepts an empty value, which means no segment. Then the slash before it is left out, too: `/v1/{path=**}` with `""` is `/v1`.
    /// Every other value must not be empty, and neither must this one if another route of the API may have that path.
    #[inline]
    pub fn path(&self, values: &[PathValue<'_>]) -> Result<String, PathError> {
        self.path_with(values, PathEncoding::Strict)
    }

    /// [`Self::path`] with a choice of how multi-segment values are escaped.
    pub fn path_with(&self, values: &[PathValue<'_>], encoding: PathEncoding) -> Result<String, PathError> {
        match self.plain_len(values) {
            Some(length) => Ok(self.concatenated(values, length)),
            None => self.escaped(values, encoding),
        }
    }

    /// The length of the path in the common case: all variables take a single segment, and all values are text that needs no escape and is
    /// too long for `.` or `..`.
    #[inline]
    fn plain_len(&self, values: &[PathValue<'_>]) -> Option<usize> {
        let (count, literals) = self.simple()?;
        if values.len() != count {
            return None;
        }
        values.iter().try_fold(literals, |length, value| match value {
            PathValue::Str(text) if text.len() > 2 && is_unreserved(text) => Some(length + text.len()),
            _ => None,
        })
    }

    #[inline]
    fn concatenated(&self, values: &[PathValue<'_>], length: usize) -> String {
        let mut path = String::with_capacity(length);
        let mut parts = self.parts();
        // The most common shape needs no loop. That keeps it below the 30 ns that `benches/` allow.
        if let ([PathValue::Str(a), PathValue::Str(b)], [Part::Literal(x), _, Part::Literal(y), _]) =
            (values, parts)
        {
            path.push_str(x);
            path.push_str(a);
            path.push_str(y);
            path.push_str(b);
            return path;
        }
        // Each step takes a literal and the value after it: nearly every template consists of such pairs.
        for value in values {
            if let PathValue::Str(text) = value {
                if let [Part::Literal(literal), _, rest @ ..] = parts {
                    path.push_str(literal);
                    parts = rest;
                } else if let [_, rest @ ..] = parts {
                    parts = rest;
                }
                path.push_str(text);
            }
        }
        if let [Part::Literal(literal)] = parts {
            path.push_str(literal);
        }
        path
    }

    #[inline(never)]
    fn escaped(&self, values: &[PathValue<'_>], encoding: PathEncoding) -> Result<String, PathError> {
        let parts = self.parts();
        let mut length = 0;
        let mut plain = Flags(0);
        let mut taken = 0;
        for (index, part) in parts.iter().enumerate() {
            if let Part::Literal(text) = part {
                length += text.len();
                continue;
            }
            let Some(value) = values.get(taken) else { return Err(self.wrong_count(values.len())) };
            let slot = Slot::new(self, index, encoding);
            let measured = slot.measure(value).map_err(|kind| PathError::Value {
                template: self.template(),
                field: slot.field(),
                kind,
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
            match part {
                Part::Literal(text) => path.push_str(text),
                _ => match values.next() {
                    Some((taken, PathValue::Str(text))) if plain.get(taken) => path.push_str(text),
                    Some((_, value)) => Slot::new(self, index, encoding).push(&mut path, value),
                    None => {}
                },
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

/// Marks which of the first 64 values need no escape, so that they are not scanned again. Later values are scanned again.
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
