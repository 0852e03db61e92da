//! The routes as found by routers that compare text, such as axum's.
//!
//! Such a router matches the path before the verb and compares literals as they are written. It knows no custom verbs: handlers split them
//! off the decoded value. Its `{*rest}` takes at least one segment. [`Routes::serving`] follows `google/api/http.proto` instead. A request
//! that the two read differently is ambiguous.
//!
//! [`Routes::serving`]: super::Routes::serving

use super::percent::decode;
use super::routes::rest_of;
use super::template::{custom_verb, segments};
use super::trie::{Node, Query};
use super::{Binding, Match, Segment};
use crate::api::Api;

/// The routes of an API in a router that compares text.
#[derive(Debug)]
pub(crate) struct TextRoutes(Node<Ends>);

/// The bindings behind one path of such a router.
#[derive(Debug, Default)]
struct Ends(Vec<End>);

#[derive(Debug)]
struct End {
    binding: &'static Binding,
    /// The decoded text after the last variable, which the handler has to look for: `:cancel`, or `/raw` after a `**`.
    suffix: String,
    /// Whether this is the path of a `**` that takes no segment. Only some programs have a route for it.
    is_empty_rest: bool,
    /// Whether variables follow the `**`. The handler has to split them off the decoded value of `{*rest}`.
    is_split: bool,
}

impl TextRoutes {
    /// `None` if a router that compares text finds the same routes, given that paths write literals as the templates do.
    pub(crate) fn new(api: &'static Api) -> Option<Self> {
        let bindings = || api.methods().flat_map(|method| method.bindings());
        if bindings().all(is_plain) {
            return None;
        }
        let mut root = Node::default();
        for binding in bindings() {
            insert(&mut root, binding);
        }
        Some(Self(root))
    }

    /// Whether such a router, too, runs the handler of the found route, or none.
    pub(crate) fn agrees(&self, verb: &str, path: &str, found: &Match<'_>) -> bool {
        let may_choose =
            |ends: &Ends, has_empty_rests| ends.may_choose(found.binding, verb, path, has_empty_rests);
        let Some(ends) = self.find(path, true) else { return true };
        // Decoded, an escaped slash is a separator.
        if ends.0.iter().any(|end| end.is_split) && has_escaped_slash(path) {
            return false;
        }
        let depends = ends.0.iter().any(|end| end.is_empty_rest);
        may_choose(ends, true)
            && (!depends || self.find(path, false).is_none_or(|ends| may_choose(ends, false)))
    }

    /// The bindings of a path. `has_empty_rests` says whether the program has routes for an empty `**`.
    fn find(&self, path: &str, has_empty_rests: bool) -> Option<&Ends> {
        let query = Query { escaped: false, empty_rest: false };
        self.0.find(rest_of(path), query, &|ends| ends.visible(has_empty_rests).next().map(|_| ends))
    }
}

fn has_escaped_slash(path: &str) -> bool {
    path.as_bytes().windows(3).any(|bytes| bytes.eq_ignore_ascii_case(b"%2f"))
}

/// Whether both kinds of routers read the binding in the same way.
fn is_plain(binding: &'static Binding) -> bool {
    let parts = binding.parts();
    let mut segments = (0..parts.len()).flat_map(|index| segments(parts, index));
    !matches!(binding.verb(), "*" | "HEAD")
        && custom_verb(parts).is_empty()
        && !binding.template().contains('%')
        && !segments.any(|segment| segment == Segment::Rest)
}

fn insert(root: &mut Node<Ends>, binding: &'static Binding) {
    let parts = binding.parts();
    let segments = (0..parts.len()).flat_map(|index| segments(parts, index));
    let mut path: Vec<(Segment, Vec<u8>)> = segments
        .map(|segment| match segment {
            Segment::Literal(text) => (segment, text.into()),
            Segment::Any | Segment::Rest => (segment, Vec::new()),
        })
        .collect();
    let mut suffix = String::new();
    let (mut is_last, mut is_split) = (true, false);
    let rest = path.iter().position(|(segment, _)| *segment == Segment::Rest);
    if let Some(rest) = rest {
        // A `{*rest}` must be last, so the handler has to look for the text after it.
        for (segment, _) in path.drain(rest + 1..) {
            is_last = false;
            if let Segment::Literal(text) = segment {
                suffix = suffix + "/" + text;
            } else {
                suffix.clear();
                is_split = true;
            }
        }
    }
    let custom = custom_verb(parts);
    if !custom.is_empty() {
        suffix = suffix + ":" + custom;
    }
    if let Some(rest) = rest.filter(|_| is_last) {
        add(
            root,
            path[..rest].to_vec(),
            &suffix,
            End { binding, suffix: String::new(), is_empty_rest: true, is_split },
        );
    }
    add(root, path, &suffix, End { binding, suffix: String::new(), is_empty_rest: false, is_split });
}

/// Adds a path. A suffix after a literal becomes part of the literal.
fn add(root: &mut Node<Ends>, mut path: Vec<(Segment, Vec<u8>)>, suffix: &str, mut end: End) {
    match path.last_mut() {
        Some((Segment::Literal(_), text)) => text.extend(suffix.bytes()),
        Some(_) => end.suffix = decode(suffix).map_or_else(|_| suffix.to_owned(), String::from),
        None if suffix.is_empty() => {}
        None => path.push((Segment::Literal(""), suffix.into())),
    }
    // A template that the tree rejects matches nothing.
    if let Some(ends) = root.insert(&path) {
        ends.0.push(end);
    }
}

impl Ends {
    fn visible(&self, has_empty_rests: bool) -> impl Iterator<Item = &End> {
        self.0.iter().filter(move |end| has_empty_rests || !end.is_empty_rest)
    }

    /// Whether the handler for the verb chooses this binding. True without such a handler, since nothing can be confused then.
    fn may_choose(&self, binding: &Binding, verb: &str, path: &str, has_empty_rests: bool) -> bool {
        let of_verb = |verb| self.visible(has_empty_rests).filter(move |end| end.binding.verb() == verb);
        let instead = if verb == "HEAD" { "GET" } else { verb };
        let Some(verb) = [verb, instead, "*"].into_iter().find(|verb| of_verb(*verb).next().is_some()) else {
            return true;
        };
        let path = decode(path).unwrap_or(path.into());
        let fitting = || of_verb(verb).filter(|end| path.ends_with(&end.suffix));
        // How handlers split a value is not known, so no other binding may fit.
        if fitting().any(|end| end.is_split) {
            return fitting().all(|end| std::ptr::eq(end.binding, binding));
        }
        let longest = fitting().map(|end| end.suffix.len()).max();
        fitting().any(|end| Some(end.suffix.len()) == longest && std::ptr::eq(end.binding, binding))
    }
}
