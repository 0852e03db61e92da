//! From an HTTP verb and a path to the method behind them.

use super::encode::{decode, decodes_to, is_decodable};
use super::template::{custom_verb, segments, split_verb};
use super::trie::{Node, Query};
use super::{Binding, Match, Segment};
use crate::method::{Method, Service};

/// One binding of one method.
#[derive(Clone, Copy, Debug)]
pub(super) struct Route {
    pub(super) service: &'static Service,
    pub(super) method: &'static Method,
    pub(super) binding: &'static Binding,
}

/// Every HTTP route of some services, for look-ups by verb and path.
///
/// The rules are those of `google/api/http.proto`, and the inverse of [`Binding::path`]:
///
/// - A path is the request target up to its query: one with a `?` or `#` in it matches nothing.
/// - It is split into segments first and each is decoded then, so `%2F` is data; text that does not decode (a bad
///   escape, not UTF-8) matches nothing. Neither does an empty segment, a trailing slash, or a `.` or `..` segment,
///   escaped or not. Case matters.
/// - A literal segment beats `*`, which beats `**`, from left to right, among the routes that have the HTTP verb.
/// - What follows the last `:` of the last segment is a custom verb where a route with that HTTP verb has it there;
///   otherwise it belongs to the segment. `%3A` is always data.
/// - The HTTP verb is compared exactly. A binding of the custom kind `*` takes every verb that no other one takes.
/// - A `**` at the end takes no segment at all as well; one before other segments takes at least one.
///
/// Of two routes with the same verb and template, which the plugin refuses, the first stays. So it does a template with
/// two `**` or with a literal that does not decode: such a route is left out.
#[derive(Debug)]
pub struct Routes {
    root: Node,
    /// The HTTP verbs, sorted.
    verbs: Vec<&'static str>,
    /// The custom verbs, decoded and sorted.
    custom: Vec<Vec<u8>>,
}

impl Routes {
    /// The routes of all methods of these services. Build it once and keep it: looking up needs no memory, this does.
    pub fn new(services: &'static [&'static Service]) -> Self {
        let mut routes = Self { root: Node::default(), verbs: Vec::new(), custom: Vec::new() };
        for service in services {
            for method in service.methods() {
                for binding in method.http() {
                    // None only for a template that cannot match any path, as documented above.
                    let _ = routes.insert(Route { service, method, binding });
                }
            }
        }
        routes
    }

    fn insert(&mut self, route: Route) -> Option<()> {
        let parts = route.binding.parts();
        let custom = decoded(custom_verb(parts))?;
        let template = (0..parts.len())
            .flat_map(|index| segments(parts, index))
            .map(|segment| match segment {
                Segment::Literal(text) => Some((segment, decoded(text)?)),
                Segment::Any | Segment::Rest => Some((segment, Vec::new())),
            })
            .collect::<Option<Vec<_>>>()?;
        self.root.insert(&template)?.insert(&custom, route);
        if let Err(index) = self.verbs.binary_search(&route.binding.verb()) {
            self.verbs.insert(index, route.binding.verb());
        }
        if let Err(index) = self.custom.binary_search(&custom)
            && !custom.is_empty()
        {
            self.custom.insert(index, custom);
        }
        Some(())
    }

    /// The route for this HTTP verb (upper case) and path (escaped, as in the request, without the query).
    pub fn find<'p>(&self, verb: &str, path: &'p str) -> Option<Match<'p>> {
        let escaped = inspect(path)?;
        let with_custom_verb = || {
            let (front, custom) = split_verb(path).filter(|_| !self.custom.is_empty())?;
            let custom = custom.as_bytes();
            let known = |verb: &Vec<u8>| if escaped { decodes_to(custom, verb) } else { *custom == **verb };
            self.custom.iter().any(known).then(|| self.look_up(front, &Query { verb, custom, escaped }))?
        };
        let found = with_custom_verb();
        let route = found.or_else(|| self.look_up(path, &Query { verb, custom: b"", escaped }))?;
        Some(Match::new(route, path))
    }

    fn look_up(&self, path: &str, query: &Query<'_>) -> Option<Route> {
        let rest = path.as_bytes().split_first()?.1;
        // The path `/` has no segment; everywhere else an empty one is a segment that matches nothing.
        self.root.find((!rest.is_empty()).then_some(rest), query)
    }

    /// The HTTP verbs that have a route for this path, sorted: for the `Allow` header of a 405 (RFC 9110 §10.2.1).
    /// Where it is empty, the path is unknown. Where a binding takes every verb, `*` is among them.
    pub fn allowed(&self, path: &str) -> impl Iterator<Item = &'static str> {
        self.verbs.iter().copied().filter(move |verb| self.find(verb, path).is_some())
    }
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    Some(decode(text).ok()?.into_owned().into_bytes())
}

/// Whether the path holds escapes; `None` if no route can match it.
fn inspect(path: &str) -> Option<bool> {
    let flags = path.bytes().fold(0u8, |flags, byte| {
        flags | u8::from(byte == b'%') | u8::from((byte == b'?') | (byte == b'#')) << 1
    });
    match flags {
        0 if path.starts_with('/') => Some(false),
        1 if path.starts_with('/') => path
            .split('/')
            .all(|segment| {
                let segment = segment.as_bytes();
                is_decodable(segment) && !decodes_to(segment, b".") && !decodes_to(segment, b"..")
            })
            .then_some(true),
        _ => None,
    }
}
