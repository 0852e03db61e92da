//! The result of a look-up.

use std::borrow::Cow;

#[cfg(feature = "server")]
use super::Segment;
use super::percent::{decode, decode_segments};
use super::split::{count_segments, find_slash};
use super::template::{custom_verb, has_rest, is_single, split_verb, width};
#[cfg(feature = "server")]
use super::template::{segment_at, segments};
use super::{Binding, Part};
use crate::api::method::{Method, MethodSchemas, Service};

/// One binding of one method.
#[derive(Clone, Copy, Debug)]
pub(super) struct Route {
    pub(super) service: &'static Service,
    pub(super) method: &'static Method,
    pub(super) binding: &'static Binding,
}

/// The route of a path, with the values in the path.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Match<'p> {
    /// The service of the method.
    pub service: &'static Service,
    /// The method.
    pub method: &'static Method,
    /// The binding, one of the method's.
    pub binding: &'static Binding,
    path: &'p str,
}

impl<'p> Match<'p> {
    pub(super) fn new(Route { service, method, binding }: Route, path: &'p str) -> Self {
        Self { service, method, binding, path }
    }

    /// The length of the path, in bytes.
    #[cfg(feature = "direct")]
    pub(crate) const fn path_len(&self) -> usize {
        self.path.len()
    }

    /// The schemas of the method's messages, if they are compiled in.
    pub fn schemas(&self) -> Option<MethodSchemas> {
        let index = self.service.methods().iter().position(|method| std::ptr::eq(method, self.method))?;
        self.service.method_schemas(index)
    }

    /// The value of the variable with this field path, decoded as [`Self::captures`] does.
    pub fn get(&self, field: &str) -> Option<Cow<'p, str>> {
        self.captures().find_map(|(name, value)| (name == field).then_some(value))
    }

    /// Whether the path writes every literal as the template does. A literal with other escapes (`%2D` for `-`) is equal for
    /// [`Routes::find`](super::Routes::find), but not for routers that compare text: there it can match a variable.
    #[cfg(feature = "server")]
    pub(crate) fn is_literal(&self) -> bool {
        // A path without escapes was compared as text.
        !self.path.contains('%') || self.captures().all_literal(self.path)
    }

    /// Whether the variable with this field path can span several segments.
    #[cfg(feature = "server")]
    pub(crate) fn has_segments(&self, field: &str) -> bool {
        let is = |part: &Part| matches!(part, Part::Variable(name, pattern) if *name == field && !is_single(pattern));
        self.binding.parts().iter().any(is)
    }

    /// The variables in the template's order: field path and value. A single-segment value is decoded entirely. A multi-segment value keeps
    /// `%2F`, to distinguish it from a separator. Values without escapes are borrowed.
    pub fn captures(&self) -> Captures<'p> {
        let parts = self.binding.parts();
        let has_verb = !custom_verb(parts).is_empty();
        let split = if has_verb { split_verb(self.path) } else { None };
        let path = split.map_or(self.path, |(front, _)| front);
        let rest = path.strip_prefix('/').filter(|rest| !rest.is_empty());
        let left_over = if has_rest(parts) {
            let others: usize = (0..parts.len()).map(|index| width(parts, index, 0)).sum();
            rest.map_or(0, count_segments).saturating_sub(others)
        } else {
            0
        };
        Captures { parts, index: 0, rest, left_over }
    }
}

/// Iterates over the variables of a path. Made by [`Match::captures`].
#[derive(Clone, Debug)]
pub struct Captures<'p> {
    parts: &'static [Part],
    index: usize,
    rest: Option<&'p str>,
    /// How many segments the template's `**` takes.
    left_over: usize,
}

impl<'p> Captures<'p> {
    /// Skips a literal that ends with a slash, if the path has the same text.
    fn skip(&mut self, part: &Part) -> bool {
        let Part::Literal(text) = part else { return false };
        let Some(text) = text.strip_prefix('/').filter(|text| text.ends_with('/')) else { return false };
        let Some(rest) = self.rest.and_then(|rest| rest.strip_prefix(text)) else { return false };
        self.rest = Some(rest);
        self.index += 1;
        true
    }

    /// Takes this many segments off the path.
    fn take_text(&mut self, count: usize) -> &'p str {
        let Some(text) = self.rest.filter(|_| count > 0) else { return "" };
        let mut end = 0;
        for taken in 1..=count {
            match find_slash(&text.as_bytes()[end..]) {
                Some(slash) if taken == count => {
                    self.rest = Some(&text[end + slash + 1..]);
                    return &text[..end + slash];
                }
                Some(slash) => end += slash + 1,
                None => break,
            }
        }
        self.rest = None;
        text
    }
}

#[cfg(feature = "server")]
impl Captures<'_> {
    /// Whether the path writes the literals as the template does, including those in variables and the custom verb.
    fn all_literal(mut self, path: &str) -> bool {
        let verb = custom_verb(self.parts);
        if !verb.is_empty() && split_verb(path).is_none_or(|(_, written)| written != verb) {
            return false;
        }
        while self.index < self.parts.len() {
            let pattern: Vec<Segment> = segments(self.parts, self.index).collect();
            let has_rest = pattern.contains(&Segment::Rest);
            let width = if has_rest { pattern.len() - 1 + self.left_over } else { pattern.len() };
            self.index += 1;
            let text = self.take_text(width);
            let fits = |(at, written)| match segment_at(&pattern, at, width) {
                Some(Segment::Literal(literal)) => *literal == written,
                _ => true,
            };
            if width > 0 && !text.split('/').enumerate().all(fits) {
                return false;
            }
        }
        true
    }
}

impl<'p> Iterator for Captures<'p> {
    type Item = (&'static str, Cow<'p, str>);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let part = self.parts.get(self.index)?;
            if self.skip(part) {
                continue;
            }
            let width = match part {
                Part::Variable(_, pattern) if is_single(pattern) => 1,
                _ => width(self.parts, self.index, self.left_over),
            };
            self.index += 1;
            let text = self.take_text(width);
            if let Part::Variable(field, pattern) = part {
                let value = if is_single(pattern) { decode(text) } else { decode_segments(text) };
                // The look-up has checked that every segment decodes.
                return Some((field, value.unwrap_or(Cow::Borrowed(text))));
            }
        }
    }
}
