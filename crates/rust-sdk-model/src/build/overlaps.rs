//! Templates that can match the same path, found by walking a tree of them against itself: comparing each with each would take
//! as long as the square of their number.

use std::collections::BTreeMap;

use super::routes::Flat;

#[derive(Default)]
struct Node<'a> {
    literals: BTreeMap<&'a str, usize>,
    any: Option<usize>,
    /// The templates that end here.
    ends: Vec<usize>,
}

/// The pairs of different templates that some path matches both of, in order. All have as many segments, and no `**`.
pub(super) fn pairs(templates: &[Vec<Flat<'_>>]) -> Vec<(usize, usize)> {
    let nodes = tree(templates);
    let mut pairs = Vec::new();
    let mut open = vec![(0, 0)];
    while let Some((a, b)) = open.pop() {
        let (left, right) = (&nodes[a], &nodes[b]);
        if a == b {
            open.extend(left.literals.values().chain(&left.any).map(|child| (*child, *child)));
            open.extend(
                left.any.iter().flat_map(|any| left.literals.values().map(|literal| (*literal, *any))),
            );
            continue;
        }
        for first in &left.ends {
            pairs.extend(right.ends.iter().map(|second| (*first.min(second), *first.max(second))));
        }
        for (text, child) in &left.literals {
            open.extend(right.literals.get(text).map(|other| (*child, *other)));
            open.extend(right.any.map(|any| (*child, any)));
        }
        if let Some(any) = left.any {
            open.extend(right.literals.values().chain(&right.any).map(|child| (any, *child)));
        }
    }
    pairs.sort_unstable();
    pairs
}

fn tree<'a>(templates: &[Vec<Flat<'a>>]) -> Vec<Node<'a>> {
    let mut nodes: Vec<Node<'a>> = vec![Node::default()];
    for (index, segments) in templates.iter().enumerate() {
        let mut at = 0;
        for segment in segments {
            let next = nodes.len();
            at = match segment {
                Flat::Literal(text) => *nodes[at].literals.entry(*text).or_insert(next),
                Flat::One | Flat::Rest => *nodes[at].any.get_or_insert(next),
            };
            if at == next {
                nodes.push(Node::default());
            }
        }
        nodes[at].ends.push(index);
    }
    nodes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flat(template: &str) -> Vec<Flat<'_>> {
        template.split('/').map(|part| if part == "*" { Flat::One } else { Flat::Literal(part) }).collect()
    }

    #[test]
    fn pairs_are_those_that_match_one_path() {
        let templates = ["a/b/c", "a/*/c", "*/b/*", "x/*/c", "a/b/*", "*/*/d"];
        let segments: Vec<Vec<Flat<'_>>> = templates.iter().map(|template| flat(template)).collect();
        let mut expected = Vec::new();
        for first in 0..templates.len() {
            for second in first + 1..templates.len() {
                let both = segments[first].iter().zip(&segments[second]);
                let matches = both.into_iter().all(|pair| match pair {
                    (Flat::Literal(a), Flat::Literal(b)) => a == b,
                    _ => true,
                });
                expected.extend(matches.then_some((first, second)));
            }
        }
        assert_eq!(pairs(&segments), expected);
        assert!(expected.len() > 6);
    }

    #[test]
    fn many_templates_take_little_time() {
        let names: Vec<String> = (0..100_000).map(|index| format!("v1/things{index}/*")).collect();
        let segments: Vec<Vec<Flat<'_>>> = names.iter().map(|template| flat(template)).collect();
        assert!(pairs(&segments).is_empty());
    }
}
