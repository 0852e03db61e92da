//! The routing header `x-goog-request-params` (AIP-4222): Google's front ends read the resource of a call from it, since they do not decode
//! the request.
//!
//! The values come from the encoded request, so this works without schemas. The table has the numbers of the fields.

use super::Method;
use crate::api::routing::Part;
#[cfg(feature = "_client")]
use crate::api::routing::percent;
#[cfg(feature = "_client")]
use crate::wire::reader::Reader;

/// The field numbers on the way to a field, the outermost message's first.
type Numbers = &'static [u32];

/// Where the parameters of the header come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RequestParams {
    /// Calls have no such header.
    None,
    /// The variables of the primary binding, in order. A variable without numbers is left out.
    Variables(&'static [Numbers]),
    /// The parameters of `google.api.routing`: path templates, each with its field.
    Templates(&'static [(&'static str, Numbers)]),
}

impl Method {
    /// Makes calls send a routing header with the variables of the primary binding.
    #[doc(hidden)]
    #[must_use]
    pub const fn routed(mut self, fields: &'static [Numbers]) -> Self {
        self.options.request_params = RequestParams::Variables(fields);
        self
    }

    /// Makes calls send a routing header with these parameters: a path template, and the field that it matches. The last match of a key
    /// wins.
    #[doc(hidden)]
    #[must_use]
    pub const fn routed_by(mut self, parameters: &'static [(&'static str, Numbers)]) -> Self {
        self.options.request_params = RequestParams::Templates(parameters);
        self
    }

    /// The names of the parameters in the routing header `x-goog-request-params` (AIP-4222), in order and without duplicates. A call sends
    /// those that its request sets. Empty for a method without such a header.
    pub fn request_params(&self) -> Vec<&'static str> {
        let mut names = Vec::new();
        match self.options.request_params {
            RequestParams::None => {}
            RequestParams::Variables(fields) => names.extend(
                self.variables().zip(fields).filter(|(_, numbers)| !numbers.is_empty()).map(|(name, _)| name),
            ),
            RequestParams::Templates(parameters) => {
                for (template, _) in parameters {
                    let key = Template::new(template).key;
                    if !names.contains(&key) {
                        names.push(key);
                    }
                }
            }
        }
        names
    }

    /// The variables of the primary binding.
    fn variables(&self) -> impl Iterator<Item = &'static str> {
        let parts = self.binding_at(0).map_or(&[][..], crate::api::routing::Binding::parts);
        parts.iter().filter_map(|part| if let Part::Variable(name, _) = part { Some(*name) } else { None })
    }

    /// The value of the routing header for an encoded request; `None` if it has no parameter.
    #[cfg(feature = "_client")]
    pub(crate) fn request_params_of(&self, wire: &[u8]) -> Option<String> {
        let mut header = String::new();
        match self.options.request_params {
            RequestParams::None => {}
            RequestParams::Variables(fields) => {
                for (name, numbers) in self.variables().zip(fields) {
                    if let Some(value) = text(wire, numbers) {
                        push(&mut header, name, value);
                    }
                }
            }
            RequestParams::Templates(parameters) => {
                let find = |(template, numbers): &(&'static str, Numbers)| {
                    let template = Template::new(template);
                    Some((template.key, template.value_of(text(wire, numbers)?)?))
                };
                for (index, parameter) in parameters.iter().enumerate() {
                    let Some((key, value)) = find(parameter) else { continue };
                    let is_last = !parameters[index + 1..]
                        .iter()
                        .any(|later| find(later).is_some_and(|(other, _)| other == key));
                    if is_last {
                        push(&mut header, key, value);
                    }
                }
            }
        }
        (!header.is_empty()).then_some(header)
    }
}

#[cfg(feature = "_client")]
fn push(header: &mut String, key: &str, value: &str) {
    if !header.is_empty() {
        header.push('&');
    }
    // RFC 6570, section 3.2.2: everything except unreserved characters is escaped.
    percent::encode_into(header, key, percent::Keep::Unreserved);
    header.push('=');
    percent::encode_into(header, value, percent::Keep::Unreserved);
}

/// The text of a field; `None` if it is not set or empty.
#[cfg(feature = "_client")]
fn text<'a>(wire: &'a [u8], numbers: &[u32]) -> Option<&'a str> {
    let (number, rest) = numbers.split_first()?;
    let (mut reader, mut found) = (Reader::new(wire), None);
    // The client encoded these bytes, so they can be read, and no field occurs twice.
    while let Ok(Some((other, value))) = reader.field() {
        if other == *number {
            found = Some(value);
        }
    }
    if rest.is_empty() {
        found?.text().ok().filter(|text| !text.is_empty())
    } else {
        text(found?.message().ok()?, rest)
    }
}

/// A path template with one variable: `projects/*/{table=instances/*}/**`. The generator has checked it.
#[derive(Clone, Copy)]
struct Template {
    #[cfg_attr(not(feature = "_client"), allow(dead_code, reason = "only clients read values"))]
    before: &'static str,
    key: &'static str,
    #[cfg_attr(not(feature = "_client"), allow(dead_code, reason = "only clients read values"))]
    pattern: &'static str,
    #[cfg_attr(not(feature = "_client"), allow(dead_code, reason = "only clients read values"))]
    after: &'static str,
}

impl Template {
    fn new(text: &'static str) -> Self {
        let (before, rest) = text.split_once('{').unwrap_or(("", text));
        let (variable, after) = rest.split_once('}').unwrap_or((rest, ""));
        let (key, pattern) = variable.split_once('=').unwrap_or((variable, "*"));
        Self { before, key, pattern, after }
    }
}

#[cfg(feature = "_client")]
impl Template {
    /// The part of the value that the variable matches, if the whole value matches the template.
    fn value_of<'v>(&self, value: &'v str) -> Option<&'v str> {
        let segments = |text: &'static str| text.split('/').filter(|segment| !segment.is_empty());
        let before = segments(self.before).count();
        let within = segments(self.pattern).count();
        let all: Vec<&str> =
            segments(self.before).chain(segments(self.pattern)).chain(segments(self.after)).collect();
        // The start of each segment of the value, and one after its end.
        let starts: Vec<usize> = std::iter::once(0)
            .chain(value.match_indices('/').map(|(slash, _)| slash + 1))
            .chain([value.len() + 1])
            .collect();
        let ends = matches(&all, value, &starts)?;
        let at = |segment: usize| if segment == 0 { 0 } else { ends[segment - 1] };
        let (start, end) = (at(before), at(before + within));
        value.get(start..end.checked_sub(1)?).filter(|found| !found.is_empty())
    }
}

/// For each segment of a pattern, the start of what comes after its match; `None` if the value does not match. A `**` takes as many segments
/// as it can.
#[cfg(feature = "_client")]
fn matches(pattern: &[&str], value: &str, starts: &[usize]) -> Option<Vec<usize>> {
    let Some((first, rest)) = pattern.split_first() else {
        // All segments of the value must be matched.
        return (starts.len() == 1).then(Vec::new);
    };
    let taken = match *first {
        "**" => 0..=starts.len() - 1,
        _ if starts.len() < 2 => return None,
        literal => {
            let segment = &value[starts[0]..starts[1] - 1];
            let fits = if literal == "*" { !segment.is_empty() } else { segment == literal };
            if !fits {
                return None;
            }
            1..=1
        }
    };
    taken.rev().find_map(|count| {
        let mut ends = matches(rest, value, &starts[count..])?;
        ends.insert(0, starts[count]);
        Some(ends)
    })
}

#[cfg(all(test, feature = "_client"))]
mod tests {
    use super::*;

    #[test]
    fn a_template_takes_a_part_of_the_value() {
        for (template, value, expected) in [
            ("{name=**}", "a/b/c", Some("a/b/c")),
            ("{name}", "a", Some("a")),
            ("{name}", "a/b", None),
            ("{zone=docks/*}/**", "docks/d 1/cranes/c", Some("docks/d 1")),
            // `**` also stands for no segment.
            ("{zone=docks/*}/**", "docks/d", Some("docks/d")),
            ("{zone=docks/*}/**", "docks", None),
            ("{zone=docks/*}/**", "docks/", None),
            ("{zone=docks/*}/**", "decks/d/cranes/c", None),
            ("ports/*/{dock=docks/*}/cranes/*", "ports/p/docks/d/cranes/c", Some("docks/d")),
            ("ports/*/{dock=docks/*}/cranes/*", "ports/p/docks/d/cranes", None),
            ("ports/*/{dock=docks/*}/cranes/*", "ports/p/docks/d/cranes/c/d", None),
            ("ports/*/{dock=docks/*}/**", "ports/p/docks/d/x/y/z", Some("docks/d")),
            ("{all=ports/**}", "ports/p/docks/d", Some("ports/p/docks/d")),
            ("{all=ports/**}", "ports", Some("ports")),
            ("**/{dock=docks/*}/**", "ports/p/docks/d/x", Some("docks/d")),
            ("**/{dock=docks/*}/**", "docks/d", Some("docks/d")),
            ("ports/*/{rest=**}", "ports/p", None),
            ("ports/*/{rest=**}", "ports/p/x/y", Some("x/y")),
        ] {
            assert_eq!(Template::new(template).value_of(value), expected, "{template} {value}");
        }
    }

    #[test]
    fn the_last_match_of_a_key_wins_and_values_are_escaped() {
        const METHOD: Method = Method::unary("/a.B/C").routed_by(&[
            ("{id=**}", &[1]),
            ("{id=docks/*}/**", &[1]),
            ("{size}", &[2, 1]),
            ("ports/*/{id=docks/*}", &[1]),
        ]);
        assert_eq!(METHOD.request_params(), ["id", "size"]);
        let header = |first: &str, second: &str| {
            let mut wire = Vec::new();
            crate::wire::reader::put_len(&mut wire, 1, first.as_bytes());
            let mut inner = Vec::new();
            crate::wire::reader::put_len(&mut inner, 1, second.as_bytes());
            crate::wire::reader::put_len(&mut wire, 2, &inner);
            METHOD.request_params_of(&wire)
        };
        assert_eq!(header("docks/d é", "").as_deref(), Some("id=docks%2Fd%20%C3%A9"));
        assert_eq!(header("docks/d/x", "a&b=c").as_deref(), Some("id=docks%2Fd&size=a%26b%3Dc"));
        assert_eq!(header("ports/p/docks/d", "~").as_deref(), Some("size=~&id=docks%2Fd"));
        assert_eq!(header("x", "").as_deref(), Some("id=x"));
        assert_eq!(header("", ""), None);
        assert_eq!(METHOD.request_params_of(&[]), None);
        // Bytes that are no message have no parameters.
        assert_eq!(METHOD.request_params_of(&[10, 200]), None);
    }
}
