//! The cycles of a directed graph: its strongly connected components.

/// For each node, the number of its component. Two nodes have the same number if each reaches the other. `edges` lists the
/// targets of each node.
pub(crate) fn find(edges: &[Vec<usize>]) -> Vec<usize> {
    // Kosaraju's two passes, with explicit stacks, since hostile graphs are deep. The first pass finds the order in
    // which nodes are finished.
    let mut users: Vec<Vec<usize>> = vec![Vec::new(); edges.len()];
    for (node, targets) in edges.iter().enumerate() {
        for target in targets {
            users[*target].push(node);
        }
    }
    let mut order = Vec::with_capacity(edges.len());
    let mut seen = vec![false; edges.len()];
    for root in 0..edges.len() {
        let mut stack = vec![(root, false)];
        while let Some((node, left)) = stack.pop() {
            if left {
                order.push(node);
            } else if !std::mem::replace(&mut seen[node], true) {
                stack.push((node, true));
                stack.extend(edges[node].iter().map(|target| (*target, false)));
            }
        }
    }
    // The second pass follows edges backwards, from the last finished node: the nodes that it reaches are one component.
    let mut circles = vec![usize::MAX; edges.len()];
    for root in order.into_iter().rev() {
        let mut open = vec![root];
        while let Some(node) = open.pop() {
            if circles[node] == usize::MAX {
                circles[node] = root;
                open.extend(&users[node]);
            }
        }
    }
    circles
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn nodes_that_reach_each_other_share_a_number() {
        let circles = find(&[vec![1], vec![2], vec![0, 3], vec![4], vec![3], vec![5], vec![]]);
        assert!(circles[0] == circles[1] && circles[1] == circles[2]);
        assert_eq!(circles[3], circles[4]);
        let distinct: std::collections::BTreeSet<usize> = circles.iter().copied().collect();
        assert_eq!(distinct.len(), 4);
    }

    #[test]
    fn long_chains_need_no_stack() {
        let edges: Vec<Vec<usize>> = (0..200_000).map(|node| vec![(node + 1) % 200_000]).collect();
        let circles = find(&edges);
        assert!(circles.iter().all(|circle| *circle == circles[0]));
    }
}
