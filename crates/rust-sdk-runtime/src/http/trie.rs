//! The tree that [`Routes`](super::Routes) looks paths up in: one level per segment.

use std::cmp::Ordering;

use super::Segment;
use super::encode::decodes_to;
use super::routes::Route;

/// What a look-up is for.
pub(super) struct Query<'a> {
    pub(super) verb: &'a str,
    /// The custom verb, still escaped; empty for none.
    pub(super) custom: &'a [u8],
    /// Whether the path holds any escape, so that literals are compared decoded.
    pub(super) escaped: bool,
}

impl Query<'_> {
    fn equal(&self, segment: &[u8], literal: &[u8]) -> bool {
        if self.escaped { decodes_to(segment, literal) } else { segment == literal }
    }
}

/// Routes that end at one place of the tree, told apart by their verbs.
#[derive(Debug, Default)]
pub(super) struct Ends(Vec<End>);

#[derive(Debug)]
struct End {
    custom: Box<[u8]>,
    route: Route,
}

impl Ends {
    /// Adds a route with its decoded custom verb, unless one with the same verbs is there.
    pub(super) fn insert(&mut self, custom: &[u8], route: Route) {
        let verb = route.binding.verb();
        if !self.0.iter().any(|end| *end.custom == *custom && end.route.binding.verb() == verb) {
            self.0.push(End { custom: custom.into(), route });
        }
    }

    fn get(&self, query: &Query<'_>) -> Option<Route> {
        let fitting = |verb: &str| {
            let fits =
                |end: &&End| end.route.binding.verb() == verb && query.equal(query.custom, &end.custom);
            self.0.iter().find(fits).map(|end| end.route)
        };
        fitting(query.verb).or_else(|| fitting("*"))
    }
}

/// What may follow a `**`: these segments, up to the end of the path.
#[derive(Debug)]
struct Tail {
    segments: Box<[TailSegment]>,
    ends: Ends,
}

#[derive(Debug, PartialEq, Eq)]
enum TailSegment {
    Literal(Box<[u8]>),
    Any,
}

impl Tail {
    /// The `**` takes at least one segment here; that a last one may take none is the caller's affair.
    fn matches(&self, path: &[u8], query: &Query<'_>) -> bool {
        let mut front = path;
        for segment in self.segments.iter().rev() {
            let Some(slash) = front.iter().rposition(|&byte| byte == b'/') else { return false };
            let last = &front[slash + 1..];
            let fits = match segment {
                TailSegment::Literal(literal) => query.equal(last, literal),
                TailSegment::Any => is_value(last),
            };
            if !fits {
                return false;
            }
            front = &front[..slash];
        }
        front.split(|&byte| byte == b'/').all(is_value)
    }
}

/// One level of the tree.
#[derive(Debug, Default)]
pub(super) struct Node {
    /// The literals that may come next, decoded, by length and then bytes; `children` is parallel to it.
    literals: Vec<Box<[u8]>>,
    children: Vec<Node>,
    any: Option<Box<Node>>,
    /// Longest first.
    tails: Vec<Tail>,
    ends: Ends,
}

impl Node {
    /// Where a template with these segments (literals decoded) ends. `None` for one with a second `**`.
    pub(super) fn insert(&mut self, segments: &[(Segment, Vec<u8>)]) -> Option<&mut Ends> {
        let Some(((first, text), rest)) = segments.split_first() else { return Some(&mut self.ends) };
        match first {
            Segment::Literal(_) => {
                let index = match self.position(text) {
                    Ok(index) => index,
                    Err(index) => {
                        self.literals.insert(index, text.as_slice().into());
                        self.children.insert(index, Self::default());
                        index
                    }
                };
                self.children[index].insert(rest)
            }
            Segment::Any => self.any.get_or_insert_default().insert(rest),
            Segment::Rest => self.insert_tail(rest),
        }
    }

    fn insert_tail(&mut self, segments: &[(Segment, Vec<u8>)]) -> Option<&mut Ends> {
        let segments = segments
            .iter()
            .map(|(segment, text)| match segment {
                Segment::Literal(_) => Some(TailSegment::Literal(text.as_slice().into())),
                Segment::Any => Some(TailSegment::Any),
                Segment::Rest => None,
            })
            .collect::<Option<Box<[_]>>>()?;
        let index = self.tails.iter().position(|tail| tail.segments == segments).unwrap_or_else(|| {
            let index = self.tails.partition_point(|tail| tail.segments.len() >= segments.len());
            self.tails.insert(index, Tail { segments, ends: Ends::default() });
            index
        });
        Some(&mut self.tails[index].ends)
    }

    /// The best route for the rest of a path: `None` where it has ended, else what follows the last slash taken.
    ///
    /// Every node is visited at most once per look-up, so backtracking costs no more than the table is large.
    pub(super) fn find(&self, rest: Option<&[u8]>, query: &Query<'_>) -> Option<Route> {
        let Some(rest) = rest else {
            let none_left = || self.tails.iter().find(|tail| tail.segments.is_empty())?.ends.get(query);
            return self.ends.get(query).or_else(none_left);
        };
        let (segment, after) = split_segment(rest);
        let literal = || self.child(segment, query)?.find(after, query);
        let any = || self.any.as_ref().filter(|_| is_value(segment))?.find(after, query);
        let tail = || {
            self.tails.iter().filter(|tail| tail.matches(rest, query)).find_map(|tail| tail.ends.get(query))
        };
        literal().or_else(any).or_else(tail)
    }

    fn child(&self, segment: &[u8], query: &Query<'_>) -> Option<&Node> {
        let index = if query.escaped && segment.contains(&b'%') {
            self.literals.iter().position(|literal| decodes_to(segment, literal))?
        } else {
            self.position(segment).ok()?
        };
        self.children.get(index)
    }

    fn position(&self, segment: &[u8]) -> Result<usize, usize> {
        self.literals.binary_search_by(|literal| match literal.len().cmp(&segment.len()) {
            Ordering::Equal => (**literal).cmp(segment),
            order => order,
        })
    }
}

/// Whether a segment can be a variable's: not empty, and nothing that URL parsers collapse. Escaped dots were refused
/// before the look-up began.
fn is_value(segment: &[u8]) -> bool {
    !matches!(segment, b"" | b"." | b"..")
}

/// The first segment, and what follows the slash after it.
fn split_segment(rest: &[u8]) -> (&[u8], Option<&[u8]>) {
    match find_slash(rest) {
        Some(at) => (&rest[..at], Some(&rest[at + 1..])),
        None => (rest, None),
    }
}

/// Eight bytes at a time; identifiers are long enough for that to pay.
fn find_slash(bytes: &[u8]) -> Option<usize> {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);
    let (words, odd) = bytes.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let difference = u64::from_le_bytes(*word) ^ (ONES * b'/' as u64);
        // The lowest byte that is zero gets its high bit set; higher ones may be wrong, and are not looked at.
        let zeros = difference.wrapping_sub(ONES) & !difference & HIGH;
        if zeros != 0 {
            return Some(index * 8 + zeros.trailing_zeros() as usize / 8);
        }
    }
    odd.iter().position(|&byte| byte == b'/').map(|at| words.len() * 8 + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_first_slash_at_every_place() {
        // `.` and `0` are the neighbours that a borrow between bytes could mistake for it.
        for filler in [b'.', b'0', b'a', 0xaf, 0xff] {
            for length in 0..40 {
                assert_eq!(find_slash(&vec![filler; length]), None);
                for at in 0..length {
                    let mut bytes = vec![filler; length];
                    bytes[at] = b'/';
                    if at + 1 < length {
                        bytes[length - 1] = b'/';
                    }
                    assert_eq!(find_slash(&bytes), Some(at), "{filler} {length} {at}");
                }
            }
        }
    }
}
