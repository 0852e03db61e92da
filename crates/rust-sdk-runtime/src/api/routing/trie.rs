//! The tree in which [`Routes`](super::Routes) looks up paths: one level per segment.

use std::cmp::Reverse;

use super::Segment;
use super::percent::decodes_to;
use super::split::split_segment;
use crate::message::digest::digest;

/// How a path is looked up.
#[derive(Clone, Copy, Debug)]
pub(super) struct Query {
    /// Whether the path holds any escape, so that literals are compared decoded.
    pub(super) escaped: bool,
    /// Where a `**` may take no segment.
    pub(super) empty_rests: EmptyRests,
}

/// Where a `**` may take no segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum EmptyRests {
    /// Nowhere.
    #[cfg(feature = "server")]
    None,
    /// At the end of a template.
    AtEnd,
    /// Anywhere.
    Everywhere,
}

impl Query {
    fn equal(self, segment: &[u8], literal: &[u8]) -> bool {
        if self.escaped { decodes_to(segment, literal) } else { segment == literal }
    }

    /// Whether a segment can be a variable's value: not empty, and not `.` or `..` (escaped or not), which URL parsers collapse.
    fn is_value(self, segment: &[u8]) -> bool {
        match segment {
            b"" | b"." | b".." => false,
            _ => !self.escaped || !(decodes_to(segment, b".") || decodes_to(segment, b"..")),
        }
    }
}

/// The segments after a `**`, up to the end of the path.
#[derive(Debug)]
struct Tail<E> {
    segments: Box<[TailSegment]>,
    ends: E,
}

#[derive(Debug, PartialEq, Eq)]
enum TailSegment {
    Literal(Box<[u8]>),
    Any,
}

/// The order in which tails are tried: more segments first, then literals before `*` from left to right.
fn rank(segments: &[TailSegment]) -> impl Ord {
    let is_any = |segment: &TailSegment| *segment == TailSegment::Any;
    (Reverse(segments.len()), segments.iter().map(is_any).collect::<Vec<_>>())
}

impl<E> Tail<E> {
    /// The path has at least one segment here. The caller handles a `**` at the end that takes none.
    fn matches(&self, path: &[u8], query: Query) -> bool {
        let mut front = path;
        for (index, segment) in self.segments.iter().enumerate().rev() {
            let slash = front.iter().rposition(|&byte| byte == b'/');
            let last = slash.map_or(front, |slash| &front[slash + 1..]);
            let fits = match segment {
                TailSegment::Literal(literal) => query.equal(last, literal),
                TailSegment::Any => query.is_value(last),
            };
            if !fits {
                return false;
            }
            match slash {
                Some(slash) => front = &front[..slash],
                // The segments are used up, so nothing is left for the `**`.
                None => return index == 0 && query.empty_rests == EmptyRests::Everywhere,
            }
        }
        front.split(|&byte| byte == b'/').all(|segment| query.is_value(segment))
    }
}

/// The decoded text of a literal segment with its digest: comparing numbers is cheaper than comparing text.
#[derive(Debug)]
struct Literal {
    digest: u64,
    text: Box<[u8]>,
}

impl Literal {
    fn new(text: &[u8]) -> Self {
        Self { digest: digest(text), text: text.into() }
    }
}

/// One level of the tree. `E` describes the templates that end at one node.
#[derive(Debug, Default)]
pub(super) struct Node<E> {
    /// The literals of the next segment, sorted by digest; `children` is parallel to it.
    literals: Vec<Literal>,
    children: Vec<Node<E>>,
    any: Option<Box<Node<E>>>,
    /// By [`rank`].
    tails: Vec<Tail<E>>,
    ends: E,
}

impl<E: Default> Node<E> {
    /// The end of a template with these segments (literals decoded), which is added if it is new. `None` for a template with a second `**`.
    pub(super) fn insert(&mut self, segments: &[(Segment, Vec<u8>)]) -> Option<&mut E> {
        let Some(((first, text), rest)) = segments.split_first() else { return Some(&mut self.ends) };
        match first {
            Segment::Literal(_) => {
                let index = match self.position(text) {
                    Ok(index) => index,
                    Err(index) => {
                        self.literals.insert(index, Literal::new(text));
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

    fn insert_tail(&mut self, segments: &[(Segment, Vec<u8>)]) -> Option<&mut E> {
        let segments = segments
            .iter()
            .map(|(segment, text)| match segment {
                Segment::Literal(_) => Some(TailSegment::Literal(text.as_slice().into())),
                Segment::Any => Some(TailSegment::Any),
                Segment::Rest => None,
            })
            .collect::<Option<Box<[_]>>>()?;
        let index = self.tails.iter().position(|tail| tail.segments == segments).unwrap_or_else(|| {
            let index = self.tails.partition_point(|tail| rank(&tail.segments) <= rank(&segments));
            self.tails.insert(index, Tail { segments, ends: E::default() });
            index
        });
        Some(&mut self.tails[index].ends)
    }

    /// The result of `take` for the best end that `take` accepts. `rest` is the path after the last slash taken, and `None` at the end of
    /// the path.
    ///
    /// A look-up visits every node at most once, so backtracking costs at most the size of the table.
    pub(super) fn find<'n, T>(
        &'n self,
        rest: Option<&[u8]>,
        query: Query,
        take: &impl Fn(&'n E) -> Option<T>,
    ) -> Option<T> {
        let Some(rest) = rest else {
            let none_left = || take(&self.tails.iter().find(|tail| tail.segments.is_empty())?.ends);
            let may_be_none = query.empty_rests >= EmptyRests::AtEnd;
            return take(&self.ends).or_else(|| if may_be_none { none_left() } else { None });
        };
        let (segment, after) = split_segment(rest);
        if let Some(child) = self.child(segment, query)
            && let Some(found) = child.find(after, query, take)
        {
            return Some(found);
        }
        if let Some(child) = &self.any
            && query.is_value(segment)
            && let Some(found) = child.find(after, query, take)
        {
            return Some(found);
        }
        self.tails.iter().filter(|tail| tail.matches(rest, query)).find_map(|tail| take(&tail.ends))
    }

    fn child(&self, segment: &[u8], query: Query) -> Option<&Self> {
        let index = if query.escaped && segment.contains(&b'%') {
            self.literals.iter().position(|literal| decodes_to(segment, &literal.text))?
        } else {
            self.position(segment).ok()?
        };
        self.children.get(index)
    }

    /// The index of the literal, or the index where it would be inserted.
    fn position(&self, segment: &[u8]) -> Result<usize, usize> {
        // Most levels have one.
        if let [only] = &*self.literals
            && *only.text == *segment
        {
            return Ok(0);
        }
        let digest = digest(segment);
        let start = self.literals.partition_point(|literal| literal.digest < digest);
        for (index, literal) in self.literals.iter().enumerate().skip(start) {
            if literal.digest != digest {
                break;
            }
            if *literal.text == *segment {
                return Ok(index);
            }
        }
        Err(start)
    }
}
