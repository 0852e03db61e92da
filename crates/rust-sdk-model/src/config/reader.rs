//! Reads nodes as what a file must have at their place. All mistakes are reported, with their positions.

use std::time::Duration;

use super::node::{Entry, Mark, Node, Value};
use super::problem;
use crate::diagnostic::{Code, Diagnostics, Severity};

pub(super) struct Reader<'a> {
    pub(super) path: &'a str,
    pub(super) problems: &'a mut Diagnostics,
}

impl Reader<'_> {
    pub(super) fn error(&mut self, mark: Mark, message: impl Into<String>, hint: impl Into<String>) {
        self.problems.push(problem(self.path, Severity::Error, Code::ConfigFile, mark, message, hint));
    }

    pub(super) fn warning(&mut self, mark: Mark, message: impl Into<String>, hint: impl Into<String>) {
        self.problems.push(problem(self.path, Severity::Warning, Code::ConfigFile, mark, message, hint));
    }

    /// The entries of a mapping. Keys that are not among the known ones are errors, since they would have no effect.
    pub(super) fn entries<'n>(&mut self, what: &str, node: &'n Node, known: &[&str]) -> &'n [Entry] {
        let Value::Map(entries) = &node.value else {
            if !matches!(node.value, Value::Null) {
                self.error(node.mark, format!("{what} is {}, not a mapping", node.kind()), "");
            }
            return &[];
        };
        for entry in entries.iter().filter(|entry| !known.contains(&entry.key.as_str())) {
            let distance = |name: &&&str| strsim::damerau_levenshtein(name, &entry.key);
            let near = known.iter().min_by_key(distance).filter(|name| distance(name) <= 2);
            let hint = near.map_or_else(
                || format!("its fields are {}", quoted(known)),
                |near| format!("did you mean `{near}`?"),
            );
            self.error(entry.mark, format!("{what} has no field `{}`", entry.key), hint);
        }
        entries
    }

    pub(super) fn list<'n>(&mut self, what: &str, node: &'n Node) -> &'n [Node] {
        match &node.value {
            Value::List(items) => items,
            Value::Null => &[],
            _ => {
                self.error(node.mark, format!("{what} is {}, not a list", node.kind()), "");
                &[]
            }
        }
    }

    pub(super) fn text<'n>(&mut self, what: &str, node: &'n Node) -> Option<&'n str> {
        if let Value::Text(text) = &node.value {
            return Some(text);
        }
        self.error(node.mark, format!("{what} is {}, not a text", node.kind()), "");
        None
    }

    /// A value of a type that is written as text.
    pub(super) fn value<T>(
        &mut self,
        what: &str,
        node: &Node,
        hint: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.text(what, node)?;
        let value = read(text);
        if value.is_none() {
            self.error(node.mark, format!("{what} has the invalid value `{text}`"), hint);
        }
        value
    }

    /// A duration in the form of JSON: seconds with up to nine decimals, and `s`.
    pub(super) fn duration(&mut self, what: &str, node: &Node) -> Option<Duration> {
        self.value(what, node, "write seconds, such as `0.250s`", duration)
    }
}

fn quoted(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn duration(text: &str) -> Option<Duration> {
    let number = text.strip_suffix('s')?;
    let (seconds, decimals) = number.split_once('.').unwrap_or((number, "0"));
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_digits(seconds) || !is_digits(decimals) || decimals.len() > 9 {
        return None;
    }
    let nanos = format!("{decimals:0<9}").parse().ok()?;
    // The limit of google.protobuf.Duration: ten thousand years.
    let seconds = seconds.parse().ok().filter(|seconds| *seconds <= 315_576_000_000_u64)?;
    Some(Duration::new(seconds, nanos))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_those_of_json() {
        for (text, expected) in [
            ("60s", Some(Duration::from_secs(60))),
            ("0.250s", Some(Duration::from_millis(250))),
            ("1.000000001s", Some(Duration::new(1, 1))),
            ("0s", Some(Duration::ZERO)),
            ("60", None),
            ("s", None),
            (".5s", None),
            ("5.s", None),
            ("-1s", None),
            ("1m", None),
            ("1e3s", None),
            ("1.0000000001s", None),
            ("999999999999s", None),
            ("99999999999999999999s", None),
        ] {
            assert_eq!(duration(text), expected, "{text}");
        }
    }
}
