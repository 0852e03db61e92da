//! Templates as lists of parts, and a tree of them. The tree finds the templates that match a path, or that overlap another
//! template, without looking at all of them.

use std::collections::HashMap;

use crate::template::{PatternSegment, Segment, Template, Wildcard, decoded};

/// A part of a template, which matches segments of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// This segment, decoded: `%61` is `a`.
    Literal(String),
    /// Any one segment.
    One,
    /// Any number of segments.
    Rest,
}

impl Part {
    /// The parts of a template, without the names of variables.
    pub fn row(template: &Template) -> Vec<Self> {
        let wildcard = |kind: Wildcard| if kind == Wildcard::One { Self::One } else { Self::Rest };
        let mut parts = Vec::new();
        for segment in &template.segments {
            match segment {
                Segment::Literal(text) => parts.push(Self::Literal(decoded(text))),
                Segment::Wildcard(kind) => parts.push(wildcard(*kind)),
                Segment::Variable { pattern, .. } => {
                    parts.extend(pattern.iter().map(|segment| match segment {
                        PatternSegment::Literal(text) => Self::Literal(decoded(text)),
                        PatternSegment::Wildcard(kind) => wildcard(*kind),
                    }));
                }
            }
        }
        parts
    }

    /// Whether some path matches both rows, of which the first has no `**`.
    pub fn meet(fixed: &[Self], other: &[Self]) -> bool {
        match (fixed, other) {
            ([], []) => true,
            (_, [Self::Rest, behind @ ..]) => {
                (0..=fixed.len()).any(|taken| Self::meet(&fixed[taken..], behind))
            }
            ([Self::Literal(a), ..], [Self::Literal(b), ..]) if a != b => false,
            ([_, fixed @ ..], [_, other @ ..]) => Self::meet(fixed, other),
            _ => false,
        }
    }
}

/// A tree of segments. Its leaves are the indices of routes.
#[derive(Debug)]
pub struct PathTree {
    nodes: Vec<Node>,
}

#[derive(Debug, Default)]
struct Node {
    literals: HashMap<String, usize>,
    one: Option<usize>,
    rest: Option<usize>,
    ends: Vec<usize>,
}

impl PathTree {
    /// A tree of these templates. Results name a template by its index.
    pub fn new<'a>(templates: impl IntoIterator<Item = &'a [Part]>) -> Self {
        let mut tree = Self { nodes: vec![Node::default()] };
        for (index, parts) in templates.into_iter().enumerate() {
            let end = parts.iter().fold(0, |node, part| tree.child(node, part));
            tree.nodes[end].ends.push(index);
        }
        tree
    }

    fn child(&mut self, node: usize, part: &Part) -> usize {
        let next = self.nodes.len();
        let node = &mut self.nodes[node];
        let child = match part {
            Part::Literal(text) => *node.literals.entry(text.clone()).or_insert(next),
            Part::One => *node.one.get_or_insert(next),
            Part::Rest => *node.rest.get_or_insert(next),
        };
        if child == next {
            self.nodes.push(Node::default());
        }
        child
    }

    /// All templates that match these segments.
    pub fn taking(&self, segments: &[String]) -> Vec<usize> {
        let mut found = Vec::new();
        let mut open = vec![(0, 0)];
        while let Some((node, at)) = open.pop() {
            let node = &self.nodes[node];
            match segments.get(at) {
                None => found.extend(&node.ends),
                Some(segment) => {
                    open.extend(node.literals.get(segment).map(|child| (*child, at + 1)));
                    open.extend(node.one.map(|child| (child, at + 1)));
                }
            }
            if let Some(rest) = node.rest {
                found.extend(&self.nodes[rest].ends);
                for start in at..segments.len() {
                    self.extend_with_tails(rest, &segments[start..], &mut found);
                }
            }
        }
        found
    }

    /// The templates that end after exactly these segments.
    fn extend_with_tails(&self, node: usize, segments: &[String], found: &mut Vec<usize>) {
        let mut open = vec![(node, segments)];
        while let Some((node, segments)) = open.pop() {
            let node = &self.nodes[node];
            let Some((segment, behind)) = segments.split_first() else {
                found.extend(&node.ends);
                continue;
            };
            let children = node.literals.get(segment).into_iter().chain(&node.one);
            open.extend(children.map(|child| (*child, behind)));
        }
    }

    /// All templates that overlap this one. Templates with a `**` may be among them without an overlap.
    pub fn overlapping(&self, parts: &[Part]) -> Vec<usize> {
        let mut found = Vec::new();
        let mut open = vec![(0, 0)];
        while let Some((node, at)) = open.pop() {
            let node = &self.nodes[node];
            match parts.get(at) {
                None => found.extend(&node.ends),
                Some(Part::Literal(text)) => {
                    open.extend(node.literals.get(text).map(|child| (*child, at + 1)));
                    open.extend(node.one.map(|child| (child, at + 1)));
                }
                Some(Part::One) => {
                    open.extend(node.literals.values().chain(&node.one).map(|child| (*child, at + 1)));
                }
                Some(Part::Rest) => self.extend_with_all(node, &mut found),
            }
            if parts.get(at) != Some(&Part::Rest) {
                self.extend_with_rest(node, &mut found);
            }
        }
        found
    }

    /// The templates that continue with a `**` here. The caller checks whether the rest matches.
    fn extend_with_rest(&self, node: &Node, found: &mut Vec<usize>) {
        if let Some(rest) = node.rest {
            self.extend_with_all(&self.nodes[rest], found);
        }
    }

    fn extend_with_all(&self, node: &Node, found: &mut Vec<usize>) {
        let mut open = vec![node];
        while let Some(node) = open.pop() {
            found.extend(&node.ends);
            let children = node.literals.values().chain(&node.one).chain(&node.rest);
            open.extend(children.map(|child| &self.nodes[*child]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_takes_a_path_is_found() {
        let templates = [
            "/a/b",
            "/a/{x}",
            "/{x}/b",
            "/a/{x=**}",
            "/{x=**}/b",
            "/c",
            "/a/{x=b/*}",
            "/{x=**}",
            "/{x=**}/{y}",
        ];
        let rows: Vec<Vec<Part>> =
            templates.iter().map(|text| Part::row(&Template::parse(text).unwrap())).collect();
        let tree = PathTree::new(rows.iter().map(Vec::as_slice));
        let shown = |mut found: Vec<usize>| {
            found.sort_unstable();
            found.dedup();
            found.into_iter().map(|index| templates[index]).collect::<Vec<_>>()
        };
        let taking = |path: &str| shown(tree.taking(&path.split('/').map(str::to_owned).collect::<Vec<_>>()));
        assert_eq!(
            taking("a/b"),
            ["/a/b", "/a/{x}", "/{x}/b", "/a/{x=**}", "/{x=**}/b", "/{x=**}", "/{x=**}/{y}"]
        );
        assert_eq!(taking("c"), ["/c", "/{x=**}", "/{x=**}/{y}"]);
        assert_eq!(taking("b"), ["/{x=**}/b", "/{x=**}", "/{x=**}/{y}"]);
        assert_eq!(taking("a/b/c"), ["/a/{x=**}", "/a/{x=b/*}", "/{x=**}", "/{x=**}/{y}"]);
        assert_eq!(shown(tree.overlapping(&rows[5])), ["/{x=**}/b", "/c", "/{x=**}", "/{x=**}/{y}"]);
        assert_eq!(
            shown(tree.overlapping(&rows[2])),
            ["/a/b", "/a/{x}", "/{x}/b", "/a/{x=**}", "/{x=**}/b", "/{x=**}", "/{x=**}/{y}"]
        );
        assert_eq!(shown(tree.overlapping(&rows[7])), templates);
    }

    /// Without a `**`, exactly the templates that match a common path are found.
    #[test]
    fn what_takes_the_same_path_is_found() {
        let words = ["a", "b", "{x}"];
        let rows: Vec<Vec<Part>> = (0..3 * 3 * 3 + 3 * 3)
            .map(|number| {
                let depth = if number < 27 { 3 } else { 2 };
                let path = (0..depth).map(|at| format!("/{}", words[number / 3_usize.pow(at) % 3]));
                let path: String =
                    path.enumerate().map(|(at, part)| part.replace('x', &format!("x{at}"))).collect();
                Part::row(&Template::parse(&path).unwrap())
            })
            .collect();
        let tree = PathTree::new(rows.iter().map(Vec::as_slice));
        for row in &rows {
            let takes_both = |other: &Vec<Part>| {
                let fits =
                    |pair: (&Part, &Part)| !matches!(pair, (Part::Literal(a), Part::Literal(b)) if a != b);
                row.len() == other.len() && row.iter().zip(other).all(fits)
            };
            let expected: Vec<usize> = (0..rows.len()).filter(|index| takes_both(&rows[*index])).collect();
            let mut found = tree.overlapping(row);
            found.sort_unstable();
            assert_eq!(found, expected, "{row:?}");
        }
    }

    #[test]
    fn many_templates_take_little_time() {
        let row = |index: usize| Part::row(&Template::parse(&format!("/v1/things{index}/{{id}}")).unwrap());
        let rows: Vec<Vec<Part>> = (0..100_000).map(row).collect();
        let tree = PathTree::new(rows.iter().map(Vec::as_slice));
        assert!(rows.iter().enumerate().all(|(index, row)| tree.overlapping(row) == [index]));
    }
}
