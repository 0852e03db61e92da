//! The names of resources (AIP-122): built from values, and read into them, by the patterns of `google.api.resource`.
//!
//! A pattern is a path: `projects/{project}/topics/{topic}`. A variable takes one segment, `{object=**}` takes several. Variables with a
//! separator between them share a segment: `{campaign}~{criterion}`. The pattern `*` allows every name.

use std::fmt;

use crate::error::Error;

/// The separators of variables within a segment.
const SEPARATORS: [char; 4] = ['~', '-', '_', '.'];
/// The pattern that allows every name.
const ANY: &str = "*";

/// A resource type with its patterns. Generated code holds one for each type of names.
#[doc(hidden)]
#[derive(Debug)]
pub struct ResourceType {
    /// `pubsub.googleapis.com/Topic`.
    pub name: &'static str,
    pub patterns: &'static [&'static str],
}

/// Text that is not the name of a resource, or a value that cannot be a part of one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ResourceNameError {
    /// A name cannot contain the value of a variable: it would be the name of another resource, or of none.
    #[error("name of {resource}: `{variable}` {problem}")]
    Value {
        /// The resource type.
        resource: &'static str,
        /// The variable of the pattern.
        variable: &'static str,
        /// The problem with the value.
        problem: NameValueError,
    },
    /// The values give a name that has another pattern.
    #[error("name of {resource}: {text:?} is a name of the form `{pattern}`")]
    Other {
        /// The resource type.
        resource: &'static str,
        /// The name, cut if it is long.
        text: String,
        /// The name's pattern.
        pattern: &'static str,
    },
    /// The text has none of the patterns.
    #[error("{text:?} is not a name of {resource}, which has the form {}", Patterns(patterns))]
    Form {
        /// The resource type.
        resource: &'static str,
        /// The text, cut if it is long.
        text: String,
        /// The patterns.
        patterns: &'static [&'static str],
    },
}

/// The problem with a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NameValueError {
    /// The value is empty.
    #[error("is empty; set it")]
    Empty,
    /// The value has several segments, but the variable takes one.
    #[error("is {0:?}; it must not contain `/`")]
    Slash(String),
    /// A segment of the value is `.` or `..`, which URL parsers collapse.
    #[error("is {0:?}; it must not contain a segment `.` or `..`")]
    DotSegment(String),
    /// The value contains the separator that ends it.
    #[error("is {0:?}; it must not contain `{1}`, which separates it from the next value")]
    Separator(String, char),
}

impl From<ResourceNameError> for Error {
    /// An error of the caller's own argument. Nothing was sent.
    fn from(error: ResourceNameError) -> Self {
        Self::invalid_argument(error.to_string()).with_source(error)
    }
}

struct Patterns<'a>(&'a [&'static str]);

impl fmt::Display for Patterns<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, pattern) in self.0.iter().enumerate() {
            write!(f, "{}`{pattern}`", if index == 0 { "" } else { " or " })?;
        }
        Ok(())
    }
}

impl ResourceType {
    /// The name with these values, by the pattern at this index.
    ///
    /// # Errors
    /// A value cannot be in its place.
    pub fn build(&self, pattern: usize, values: &[&str]) -> Result<String, ResourceNameError> {
        let pattern = self.patterns.get(pattern).copied().unwrap_or_default();
        let mut name =
            String::with_capacity(pattern.len() + values.iter().map(|value| value.len()).sum::<usize>());
        let mut values = values.iter();
        let mut rest = pattern;
        while let Some((literal, variable, behind)) = next_variable(rest) {
            let value = values.next().copied().unwrap_or_default();
            let separator = behind.chars().next().filter(|next| SEPARATORS.contains(next));
            let shares_segment = separator.is_some() || literal.ends_with(SEPARATORS);
            check(variable, value, separator, shares_segment).map_err(|problem| {
                ResourceNameError::Value {
                    resource: self.name,
                    variable: variable.trim_end_matches("=**"),
                    problem,
                }
            })?;
            name.push_str(literal);
            name.push_str(value);
            rest = behind;
        }
        name.push_str(rest);
        match self.pattern(&name) {
            found if found == pattern => Ok(name),
            found => {
                Err(ResourceNameError::Other { resource: self.name, text: excerpt(&name), pattern: found })
            }
        }
    }

    /// The text, if it is a name of such a resource.
    ///
    /// # Errors
    /// The text has none of the patterns.
    pub fn read(&self, text: &str) -> Result<String, ResourceNameError> {
        if self.find(text).is_some() {
            return Ok(text.to_owned());
        }
        Err(ResourceNameError::Form { resource: self.name, text: excerpt(text), patterns: self.patterns })
    }

    /// The pattern of a name; empty if it has none.
    pub fn pattern(&self, name: &str) -> &'static str {
        self.find(name).map_or("", |(pattern, _)| pattern)
    }

    /// The value of a variable in a name; `None` if the name's pattern does not have the variable.
    pub fn value<'n>(&self, name: &'n str, variable: &str) -> Option<&'n str> {
        let (_, values) = self.find(name)?;
        values.into_iter().find(|(known, _)| *known == variable).map(|(_, value)| value)
    }

    /// The pattern of a name and the values of its variables. Of several patterns that match, the one with the most literal text.
    fn find<'n>(&self, name: &'n str) -> Option<(&'static str, Values<'n>)> {
        let matching = self.patterns.iter().filter_map(|pattern| Some((*pattern, split(pattern, name)?)));
        // Of equal ones, the first: `max_by_key` returns the last.
        matching.rev().max_by_key(|(pattern, _)| literal_length(pattern))
    }
}

/// The values of a name by the variables of its pattern.
type Values<'n> = Vec<(&'static str, &'n str)>;

/// The values of a name, if it has this pattern.
fn split<'n>(pattern: &'static str, name: &'n str) -> Option<Values<'n>> {
    let mut values = Vec::new();
    if pattern == ANY {
        return (!name.is_empty()).then_some(values);
    }
    let (before, behind) = match pattern.split_once("=**}") {
        Some((before, behind)) => (before, behind.strip_prefix('/')),
        None => return segments(pattern, name, &mut values).then_some(values),
    };
    // A variable of several segments: the others have one segment each.
    let (ahead, variable) = before.rsplit_once('{')?;
    let skip = |text: &'n str, count: usize| {
        let mut rest = text;
        for _ in 0..count {
            rest = rest.split_once('/')?.1;
        }
        Some(rest)
    };
    let tail = skip(name, ahead.matches('/').count())?;
    let mut value = tail;
    for _ in 0..behind.map_or(0, |behind| behind.split('/').count()) {
        value = value.rsplit_once('/')?.0;
    }
    if !segments(ahead, &name[..name.len() - tail.len()], &mut values) || !is_value(value) {
        return None;
    }
    values.push((variable, value));
    let end = &tail[value.len()..];
    match (behind, end.strip_prefix('/')) {
        (None, _) => {}
        (Some(behind), Some(end)) if segments(behind, end, &mut values) => {}
        (Some(_), _) => return None,
    }
    Some(values)
}

/// Whether the segments of a text are those of a pattern without `**`. Both may end with `/`.
fn segments<'n>(pattern: &'static str, text: &'n str, values: &mut Values<'n>) -> bool {
    let (mut wanted, mut found) = (pattern.split('/'), text.split('/'));
    loop {
        match (wanted.next(), found.next()) {
            (None, None) => return true,
            (Some(wanted), Some(found)) if segment(wanted, found, values) => {}
            _ => return false,
        }
    }
}

fn segment<'n>(pattern: &'static str, text: &'n str, values: &mut Values<'n>) -> bool {
    let (mut pattern, mut text) = (pattern, text);
    while let Some((literal, variable, behind)) = next_variable(pattern) {
        let Some(rest) = text.strip_prefix(literal) else { return false };
        let end = match behind.chars().next() {
            Some(separator) => rest.find(separator),
            None => Some(rest.len()),
        };
        let Some(end) = end.filter(|end| *end > 0) else { return false };
        let is_whole = literal.is_empty() && behind.is_empty();
        if is_whole && !is_value(rest) {
            return false;
        }
        values.push((variable, &rest[..end]));
        (pattern, text) = (behind, &rest[end..]);
    }
    pattern == text
}

/// The text before the next variable of a pattern, the variable, and the text behind it.
fn next_variable(pattern: &'static str) -> Option<(&'static str, &'static str, &'static str)> {
    let (literal, rest) = pattern.split_once('{')?;
    let (variable, behind) = rest.split_once('}')?;
    Some((literal, variable, behind))
}

/// Whether a variable that has its segments for itself may have this value.
fn is_value(value: &str) -> bool {
    !value.is_empty() && value.split('/').all(|segment| !matches!(segment, "." | ".."))
}

fn check(
    variable: &str,
    value: &str,
    separator: Option<char>,
    shares_segment: bool,
) -> Result<(), NameValueError> {
    if value.is_empty() {
        Err(NameValueError::Empty)
    } else if value.contains('/') && !variable.ends_with("=**") {
        Err(NameValueError::Slash(excerpt(value)))
    } else if !shares_segment && !is_value(value) {
        Err(NameValueError::DotSegment(excerpt(value)))
    } else if let Some(separator) = separator.filter(|separator| value.contains(*separator)) {
        Err(NameValueError::Separator(excerpt(value), separator))
    } else {
        Ok(())
    }
}

/// How many bytes of a pattern are literal.
fn literal_length(pattern: &'static str) -> usize {
    let (mut length, mut rest) = (0, pattern);
    while let Some((literal, _, behind)) = next_variable(rest) {
        length += literal.len();
        rest = behind;
    }
    if pattern == ANY { 0 } else { length + rest.len() }
}

/// The first 64 characters.
fn excerpt(text: &str) -> String {
    text.chars().take(64).collect()
}
