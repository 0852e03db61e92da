//! The routes as found by routers that compare text, such as axum's.
//!
//! Such a router matches the path before the verb and compares literals as they are written. It knows no custom verbs: handlers split them
//! off the decoded value. Its `{*rest}` takes at least one segment, so a program may have a second route for an empty `**`.
//! [`Routes::serving`] follows `google/api/http.proto` instead. A request that the two may read differently is ambiguous.
//!
//! [`Routes::serving`]: super::Routes::serving

use std::cell::Cell;

use super::percent::decode;
use super::routes::rest_of;
use super::template::{custom_verb, segments};
use super::trie::{EmptyRests, Node, Query};
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
        let query = Query { escaped: false, empty_rests: EmptyRests::None };
        let agree = Cell::new(true);
        // Visits the paths in the router's order, up to the first one that every program has.
        let is_end = |ends: &Ends| {
            agree.set(agree.get() && ends.agree(found.binding, verb, path));
            ends.are_certain().then_some(())
        };
        let _ = self.0.find(rest_of(path), query, &is_end);
        agree.get()
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
    let custom = custom_verb(parts);
    let custom = if custom.is_empty() { String::new() } else { format!(":{custom}") };
    let end = |is_empty_rest, is_split| End { binding, suffix: String::new(), is_empty_rest, is_split };
    let Some(rest) = path.iter().position(|(segment, _)| *segment == Segment::Rest) else {
        return add(root, path, &custom, end(false, false));
    };
    let mut without = path.clone();
    without.remove(rest);
    add(root, without, &custom, end(true, false));
    // A `{*rest}` must be last, so the handler has to look for the text after it.
    let (mut suffix, mut is_split) = (String::new(), false);
    for (segment, _) in path.drain(rest + 1..) {
        if let Segment::Literal(text) = segment {
            suffix = suffix + "/" + text;
        } else {
            suffix.clear();
            is_split = true;
        }
    }
    add(root, path, &(suffix + &custom), end(false, is_split));
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
    /// Whether every program has this path.
    fn are_certain(&self) -> bool {
        self.0.iter().any(|end| !end.is_empty_rest)
    }

    /// Whether the handler of this path chooses the binding, whichever routes for an empty `**` the program has. True without a handler for
    /// the verb, since nothing can be confused then.
    fn agree(&self, binding: &Binding, verb: &str, path: &str) -> bool {
        let instead = if verb == "HEAD" { "GET" } else { verb };
        let path_text = decode(path).unwrap_or(path.into());
        for verb in [verb, instead, "*"] {
            let of_verb = || self.0.iter().filter(|end| end.binding.verb() == verb);
            let fitting = of_verb().filter(|end| path_text.ends_with(&end.suffix));
            if !End::agree(&fitting, binding, path) {
                return false;
            }
            if of_verb().any(|end| !end.is_empty_rest) {
                return true;
            }
        }
        true
    }
}

impl End {
    /// Whether a handler chooses the binding among these.
    fn agree<'e>(fitting: &(impl Iterator<Item = &'e Self> + Clone), binding: &Binding, path: &str) -> bool {
        let is_binding = |end: &Self| std::ptr::eq(end.binding, binding);
        // How handlers split a value is not known, so no other binding may fit. Decoded, an escaped slash is a separator.
        let all = || fitting.clone();
        if all().any(|end| end.is_split) {
            return all().all(is_binding) && !has_escaped_slash(path);
        }
        let certain = || all().filter(|end| !end.is_empty_rest);
        let longest = certain().map(|end| end.suffix.len()).max();
        // A path of its own comes before that of an empty `**`.
        let mut empty =
            all().filter(|end| end.is_empty_rest && longest.is_none_or(|longest| end.suffix.len() > longest));
        empty.all(is_binding)
            && longest
                .is_none_or(|longest| certain().any(|end| end.suffix.len() == longest && is_binding(end)))
    }
}
