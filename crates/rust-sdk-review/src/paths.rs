//! Finds the route that a request reaches: literals win over `*`, and `*` over `**`, from left to right.

use std::cmp::Ordering;

use rust_sdk_model::paths::{Part, PathTree};
use rust_sdk_model::template::{Template, decoded};

/// A route for look-ups.
#[derive(Clone, Debug)]
pub(crate) struct Route<'a> {
    pub(crate) method: &'a str,
    pub(crate) verb: &'a str,
    /// The template as annotated.
    pub(crate) path: &'a str,
    /// The parts, with decoded literals: `%61` is `a`.
    segments: Vec<Part>,
    custom: Option<String>,
}

/// A path of some request. Values of variables differ from all literals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Example {
    segments: Vec<String>,
    /// The path for readers: variables are `*`.
    pub(crate) shown: String,
}

impl<'a> Route<'a> {
    /// `None` if the path is not a valid template.
    pub(crate) fn new(method: &'a str, verb: &'a str, path: &'a str) -> Option<Self> {
        let template = Template::parse(path).ok()?;
        let segments = Part::row(&template);
        Some(Self { method, verb, path, segments, custom: template.verb.as_deref().map(decoded) })
    }

    /// The path without the names of variables.
    pub(crate) fn shape(path: &str) -> String {
        Template::parse(path).map_or_else(|_| path.to_owned(), |template| template.shape())
    }

    /// Paths that both routes match: one for each length of a `**` that makes a difference.
    pub(crate) fn overlaps(&self, other: &Self) -> Vec<Example> {
        let verbs_differ = self.verb != other.verb && self.verb != "*" && other.verb != "*";
        if verbs_differ || never_both(&self.segments, &other.segments) {
            return Vec::new();
        }
        let longest = self.segments.len().max(other.segments.len()) + 1;
        let others: Vec<_> = expansions(&other.segments, longest);
        let pairs = expansions(&self.segments, longest);
        let pairs = pairs.iter().flat_map(|a| others.iter().map(move |b| (a, b)));
        pairs.filter_map(|(a, b)| unify(a, self.custom.as_deref(), b, other.custom.as_deref())).collect()
    }

    /// The cost of a search for paths that both routes match.
    pub(crate) fn cost(&self, other: &Self) -> usize {
        let ways = |route: &Self, longest: usize| {
            if route.segments.contains(&Part::Rest) { longest } else { 1 }
        };
        let longest = self.segments.len().max(other.segments.len()) + 1;
        longest.saturating_mul(ways(self, longest)).saturating_mul(ways(other, longest))
    }

    fn takes(&self, segments: &[String], custom: Option<&str>, empty: EmptyRests) -> bool {
        self.custom.as_deref() == custom && matches(&self.segments, segments, empty)
    }
}

/// Where a `**` may take no segment.
#[derive(Clone, Copy, PartialEq, Eq)]
enum EmptyRests {
    AtEnd,
    Everywhere,
}

/// The verb of a request that both routes match.
pub(crate) fn verb_of_both<'a>(a: &Route<'a>, b: &Route<'a>) -> &'a str {
    if a.verb == "*" { b.verb } else { a.verb }
}

/// The routes of one version.
pub(crate) struct Router<'a> {
    routes: Vec<Route<'a>>,
    tree: PathTree,
}

impl<'a> Router<'a> {
    pub(crate) fn new(routes: Vec<Route<'a>>) -> Self {
        Self { tree: PathTree::new(routes.iter().map(|route| route.segments.as_slice())), routes }
    }

    pub(crate) fn routes(&self) -> &[Route<'a>] {
        &self.routes
    }

    /// The indices of routes that may overlap this one.
    pub(crate) fn near(&self, route: &Route<'_>) -> Vec<usize> {
        self.tree.overlapping(&route.segments)
    }

    /// The route that a request reaches.
    pub(crate) fn find(&self, verb: &str, path: &Example) -> Option<&Route<'a>> {
        let with_custom = |empty| {
            let (last, front) = path.segments.split_last()?;
            let (last, custom) = last.rsplit_once(':')?;
            let segments: Vec<String> = front.iter().cloned().chain([last.to_owned()]).collect();
            self.best(verb, &segments, Some(custom), empty)
        };
        // An empty `**` with segments behind it comes after every other route.
        [EmptyRests::AtEnd, EmptyRests::Everywhere]
            .into_iter()
            .find_map(|empty| with_custom(empty).or_else(|| self.best(verb, &path.segments, None, empty)))
    }

    fn best(
        &self,
        verb: &str,
        segments: &[String],
        custom: Option<&str>,
        empty: EmptyRests,
    ) -> Option<&Route<'a>> {
        let mut taking = self.tree.taking(segments);
        taking.sort_unstable();
        let taking = taking
            .into_iter()
            .map(|index| &self.routes[index])
            .filter(|route| route.verb == verb || route.verb == "*")
            .filter(|route| route.takes(segments, custom, empty));
        // Of equal routes, the first wins.
        taking.reduce(|best, route| {
            let order = precedence(&route.segments, &best.segments)
                .then((route.verb == "*").cmp(&(best.verb == "*")));
            if order == Ordering::Less { route } else { best }
        })
    }
}

fn matches(parts: &[Part], segments: &[String], empty: EmptyRests) -> bool {
    let fits = |(part, segment): (&Part, &String)| match part {
        Part::Literal(text) => text == segment,
        Part::One => true,
        Part::Rest => false,
    };
    let same = |parts: &[Part], segments: &[String]| {
        parts.len() == segments.len() && parts.iter().zip(segments).all(fits)
    };
    // A template has at most one `**`.
    let Some(at) = parts.iter().position(|part| *part == Part::Rest) else { return same(parts, segments) };
    let (front, tail) = (&parts[..at], &parts[at + 1..]);
    let is_inner = !tail.is_empty() && empty == EmptyRests::AtEnd;
    let least = front.len() + tail.len() + usize::from(is_inner);
    segments.len() >= least
        && same(front, &segments[..front.len()])
        && same(tail, &segments[segments.len() - tail.len()..])
}

/// `Less` if the first route wins.
fn precedence(a: &[Part], b: &[Part]) -> Ordering {
    let rank = |part: Option<&Part>| match part {
        None | Some(Part::Literal(_)) => 0,
        Some(Part::One) => 1,
        Some(Part::Rest) => 2,
    };
    let mut index = 0;
    loop {
        match (a.get(index), b.get(index)) {
            (None, None) => return Ordering::Equal,
            // The route with more segments after its `**` is more specific, then the one with literals there.
            (Some(Part::Rest), Some(Part::Rest)) => {
                let tail = |parts: &[Part]| {
                    parts[index + 1..].iter().map(|part| rank(Some(part))).collect::<Vec<_>>()
                };
                return b.len().cmp(&a.len()).then_with(|| tail(a).cmp(&tail(b)));
            }
            (a, b) => match rank(a).cmp(&rank(b)) {
                Ordering::Equal => index += 1,
                order => return order,
            },
        }
    }
}

/// Whether the segments rule out a common path, as for most pairs of routes.
fn never_both(a: &[Part], b: &[Part]) -> bool {
    for pair in a.iter().zip(b) {
        match pair {
            (Part::Rest, _) | (_, Part::Rest) => return false,
            (Part::Literal(a), Part::Literal(b)) if a != b => return true,
            _ => {}
        }
    }
    a.len() != b.len() && [a, b].iter().all(|parts| parts.last() != Some(&Part::Rest))
}

/// The segments with `*`s in place of a `**`, in every length up to `longest` segments.
fn expansions(parts: &[Part], longest: usize) -> Vec<Vec<Part>> {
    let Some(at) = parts.iter().position(|part| *part == Part::Rest) else { return vec![parts.to_vec()] };
    let most = (longest + 1).saturating_sub(parts.len());
    (0..=most)
        .map(|count| {
            let filled = std::iter::repeat_n(Part::One, count);
            parts[..at].iter().cloned().chain(filled).chain(parts[at + 1..].iter().cloned()).collect()
        })
        .collect()
}

fn unify(a: &[Part], a_custom: Option<&str>, b: &[Part], b_custom: Option<&str>) -> Option<Example> {
    if a.len() != b.len() {
        return None;
    }
    let mut segments = Vec::with_capacity(a.len());
    let mut shown = String::new();
    for (index, pair) in a.iter().zip(b).enumerate() {
        let (segment, show) = match pair {
            (Part::Literal(a), Part::Literal(b)) if a != b => return None,
            (Part::Literal(text), _) | (_, Part::Literal(text)) => (text.clone(), text.as_str()),
            // Literals have no NUL, and all values differ.
            _ => (format!("\0{index}"), "*"),
        };
        segments.push(segment);
        shown.push('/');
        shown.push_str(show);
    }
    let custom = match (a_custom, b_custom) {
        (Some(a), Some(b)) if a != b => return None,
        // A variable's value may include the other route's custom verb. A literal cannot.
        (Some(custom), None) if matches!(b.last(), Some(Part::One)) => Some(custom),
        (None, Some(custom)) if matches!(a.last(), Some(Part::One)) => Some(custom),
        (Some(custom), Some(_)) => Some(custom),
        (None, None) => None,
        _ => return None,
    };
    if let Some(custom) = custom {
        let last = segments.last_mut()?;
        last.push(':');
        last.push_str(custom);
        shown.push(':');
        shown.push_str(custom);
    }
    Some(Example { segments, shown })
}

#[cfg(test)]
mod tests;
