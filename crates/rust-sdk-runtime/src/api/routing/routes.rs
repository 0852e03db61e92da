//! Finds the method for an HTTP verb and a path.

use super::captures::Route;
use super::percent::{all, decode, decodes_to, is_decodable};
use super::template::{custom_verb, segments, split_verb};
use super::trie::{EmptyRests, Node, Query};
use super::{Match, Segment};
use crate::api::method::Service;

/// The routes that end at one node of the tree, distinguished by the numbers that [`Routes`] gives to verbs.
#[derive(Debug, Default)]
struct Ends(Vec<End>);

#[derive(Debug)]
struct End {
    verb: u32,
    custom: u32,
    route: Route,
}

/// The verbs of a request.
#[derive(Clone, Copy, Debug)]
struct Verbs {
    /// The HTTP verb, then the verbs whose routes answer if the verb has no route of its own.
    http: [Option<u32>; 3],
    /// The custom verb, 0 for none.
    custom: u32,
}

impl Ends {
    /// Adds a route with the numbers of its verbs, unless there is a route with the same verbs.
    fn insert(&mut self, verb: u32, custom: u32, route: Route) {
        if self.get(Some(verb), custom).is_none() {
            self.0.push(End { verb, custom, route });
        }
    }

    fn get(&self, verb: Option<u32>, custom: u32) -> Option<&Route> {
        let verb = verb?;
        self.0.iter().find(|end| end.verb == verb && end.custom == custom).map(|end| &end.route)
    }

    fn find(&self, verbs: Verbs) -> Option<&Route> {
        verbs.http.into_iter().find_map(|verb| self.get(verb, verbs.custom))
    }
}

/// Every HTTP route of some services, for look-ups by verb and path.
///
/// Matching follows `google/api/http.proto`, and is the inverse of [`Binding::path`](super::Binding::path):
///
/// - A path is the request target without its query. A path with a `?` or `#` matches nothing.
/// - The path is split into segments before they are decoded, so `%2F` is data. Text that does not decode (a bad escape, not UTF-8) matches
///   nothing. An empty segment, a trailing slash, and a `.` or `..` segment (escaped or not) match nothing either. Case matters.
/// - A literal segment takes precedence over `*`, and `*` over `**`, from left to right, among the routes with the HTTP verb. Of two `**`
///   in the same position, the one with more segments after it takes precedence, then the one with a literal where the other has `*`.
/// - The text after the last `:` of the last segment is a custom verb if a route with the HTTP verb has that custom verb; otherwise it
///   belongs to the segment. `%3A` is always data.
/// - The HTTP verb is compared exactly. A binding of the custom kind `*` takes every verb that no other binding takes.
/// - A `**` may take no segment. If other segments follow it, it does so only if the path has no other route.
///
/// The plugin rejects two routes with the same verb and template, two `**` in one template, and literals that do not decode. In a
/// hand-written table, the first of two such routes wins, and the other two kinds match nothing.
#[derive(Debug)]
pub struct Routes {
    root: Node<Ends>,
    /// The HTTP verbs; a verb's number in the tree is its index here.
    verbs: Vec<&'static str>,
    /// The custom verbs, decoded; a verb's number in the tree is its index here plus one.
    custom: Vec<Vec<u8>>,
    /// The number of the kind `*`.
    any_verb: Option<u32>,
    /// Whether some template has segments after its `**`.
    has_inner_rests: bool,
}

impl Routes {
    /// The routes of all methods of these services. Build it once and keep it: building allocates, look-ups do not.
    pub fn new(services: &'static [&'static Service]) -> Self {
        let mut routes = Self {
            root: Node::default(),
            verbs: Vec::new(),
            custom: Vec::new(),
            any_verb: None,
            has_inner_rests: false,
        };
        for service in services {
            for method in service.methods() {
                for binding in method.bindings() {
                    // `None` only for a template that matches nothing, as documented above.
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
        let verb = number(&mut self.verbs, route.binding.verb())?;
        let custom = if custom.is_empty() { 0 } else { number(&mut self.custom, custom)? + 1 };
        self.any_verb = number_of(&self.verbs, |verb| *verb == "*");
        self.root.insert(&template)?.insert(verb, custom, route);
        let rest = template.iter().position(|(segment, _)| *segment == Segment::Rest);
        self.has_inner_rests |= rest.is_some_and(|rest| rest + 1 < template.len());
        Some(())
    }

    /// The route for this HTTP verb (upper case) and path (escaped, as in the request, without the query).
    pub fn find<'p>(&self, verb: &str, path: &'p str) -> Option<Match<'p>> {
        self.find_with([self.verb(verb), None, self.any_verb], path)
    }

    /// The route that serves this request. A `GET` route also answers `HEAD`, unless a `HEAD` route has the path.
    #[cfg(any(feature = "gateway", feature = "server"))]
    pub(crate) fn serving<'p>(&self, verb: &str, path: &'p str) -> Option<Match<'p>> {
        let instead = if verb == "HEAD" { self.verb("GET") } else { None };
        self.find_with([self.verb(verb), instead, self.any_verb], path)
    }

    fn verb(&self, verb: &str) -> Option<u32> {
        number_of(&self.verbs, |known| *known == verb)
    }

    fn find_with<'p>(&self, http: [Option<u32>; 3], path: &'p str) -> Option<Match<'p>> {
        let Marks { colon, escaped } = inspect(path)?;
        let with_custom_verb = |query| {
            let (front, custom) = split_verb(path)?;
            let equal = |verb: &[u8]| {
                if escaped { decodes_to(custom.as_bytes(), verb) } else { custom.as_bytes() == verb }
            };
            let custom = number_of(&self.custom, |verb| equal(verb))? + 1;
            self.look_up(front, query, Verbs { http, custom })
        };
        let find = |empty_rests| {
            let query = Query { escaped, empty_rests };
            let found = if colon { with_custom_verb(query) } else { None };
            found.or_else(|| self.look_up(path, query, Verbs { http, custom: 0 }))
        };
        let inner = || if self.has_inner_rests { find(EmptyRests::Everywhere) } else { None };
        Some(Match::new(*find(EmptyRests::AtEnd).or_else(inner)?, path))
    }

    fn look_up(&self, path: &str, query: Query, verbs: Verbs) -> Option<&Route> {
        self.root.find(rest_of(path), query, &|ends| ends.find(verbs))
    }

    /// The HTTP verbs with a route for this path, in the order of the tables: for the `Allow` header of a 405 (RFC 9110 §10.2.1). If there
    /// are none, the path is unknown. If a binding takes every verb, `*` is among them.
    pub fn allowed(&self, path: &str) -> impl Iterator<Item = &'static str> {
        self.verbs.iter().copied().filter(move |verb| self.find(verb, path).is_some())
    }
}

/// The part of a path that the tree looks up: everything after the first slash. The path `/` has no segment. In other paths an empty
/// segment counts, and matches nothing.
pub(super) fn rest_of(path: &str) -> Option<&[u8]> {
    path.as_bytes().get(1..).filter(|rest| !rest.is_empty())
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    Some(decode(text).ok()?.into_owned().into_bytes())
}

fn number_of<T>(known: &[T], test: impl Fn(&T) -> bool) -> Option<u32> {
    u32::try_from(known.iter().position(test)?).ok()
}

/// The number of a verb. A new verb is added.
fn number<T: PartialEq>(known: &mut Vec<T>, verb: T) -> Option<u32> {
    number_of(known, |other| *other == verb).or_else(|| {
        known.push(verb);
        u32::try_from(known.len() - 1).ok()
    })
}

/// The special characters of a path, which need more than splitting.
struct Marks {
    colon: bool,
    escaped: bool,
}

/// Scans a path once; `None` if no route can match it.
#[expect(clippy::needless_bitwise_bool, reason = "branches would keep the loop from being vectorised")]
fn inspect(path: &str) -> Option<Marks> {
    let bytes = path.as_bytes();
    let common = |byte| (byte != b'%') & (byte != b':') & (byte != b'?') & (byte != b'#');
    if !path.starts_with('/') {
        None
    } else if all(bytes, common) {
        Some(Marks { colon: false, escaped: false })
    } else if path.contains(['?', '#']) {
        None
    } else {
        let escaped = bytes.contains(&b'%');
        let fits = !escaped || bytes.split(|&byte| byte == b'/').all(is_decodable);
        fits.then(|| Marks { colon: bytes.contains(&b':'), escaped })
    }
}
