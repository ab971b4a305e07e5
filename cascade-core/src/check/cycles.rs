//! Cycles in a graph, whose nodes are numbers.

use std::collections::{HashMap, VecDeque};

/// A graph: where each node leads.
pub(super) type Edges = [Vec<usize>];

/// One way around each group of nodes that all lead to each other, from the group's first node.
pub(super) fn cycles(edges: &Edges) -> Vec<Vec<usize>> {
    let mut back = vec![Vec::new(); edges.len()];
    for (from, targets) in edges.iter().enumerate() {
        for to in targets {
            back[*to].push(from);
        }
    }
    // What is left lies on a cycle, or between two.
    let mut open = vec![true; edges.len()];
    strip(edges, &back, &mut open);
    strip(&back, edges, &mut open);
    let mut found = Vec::new();
    for start in 0..edges.len() {
        if !open[start] {
            continue;
        }
        if let Some(path) = around(edges, start, &open) {
            found.push(path);
            let ahead = reached(edges, start, &open);
            for node in reached(&back, start, &ahead)
                .iter()
                .enumerate()
                .filter_map(|(node, both)| both.then_some(node))
            {
                open[node] = false;
            }
        }
    }
    found
}

/// Closes nodes that lead nowhere, until every open one leads to an open one.
fn strip(edges: &Edges, back: &Edges, open: &mut [bool]) {
    let leads = |node: &usize| edges[*node].iter().filter(|to| open[**to]).count();
    let mut leads: Vec<usize> = (0..edges.len()).map(|node| leads(&node)).collect();
    let mut ends: Vec<usize> = (0..edges.len())
        .filter(|node| open[*node] && leads[*node] == 0)
        .collect();
    while let Some(node) = ends.pop() {
        open[node] = false;
        for from in &back[node] {
            leads[*from] -= 1;
            if leads[*from] == 0 && open[*from] {
                ends.push(*from);
            }
        }
    }
}

/// The shortest way from `start` back to it.
fn around(edges: &Edges, start: usize, open: &[bool]) -> Option<Vec<usize>> {
    let mut previous: HashMap<usize, usize> = HashMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(node) = queue.pop_front() {
        for next in edges[node].iter().rev().filter(|next| open[**next]) {
            if *next == start {
                let mut path = vec![node];
                while let Some(before) = previous.get(&path[path.len() - 1]) {
                    path.push(*before);
                }
                path.reverse();
                return Some(path);
            }
            previous.entry(*next).or_insert_with(|| {
                queue.push_back(*next);
                node
            });
        }
    }
    None
}

/// Returns the open nodes that `start` leads to, itself included.
fn reached(edges: &Edges, start: usize, open: &[bool]) -> Vec<bool> {
    let mut reached = vec![false; edges.len()];
    reached[start] = true;
    let mut left = vec![start];
    while let Some(node) = left.pop() {
        for next in edges[node].iter().filter(|next| open[**next]) {
            if !reached[*next] {
                reached[*next] = true;
                left.push(*next);
            }
        }
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::cycles;

    #[test]
    fn each_group_is_found_once() {
        type Case = (&'static [&'static [usize]], &'static [&'static [usize]]);
        const CASES: &[Case] = &[
            (&[], &[]),
            (&[&[], &[0], &[0, 1]], &[]),
            (&[&[0]], &[&[0]]),
            (&[&[1], &[0]], &[&[0, 1]]),
            (&[&[1], &[2], &[1]], &[&[1, 2]]),
            (&[&[1, 2], &[2], &[0]], &[&[0, 2]]),
            (&[&[1], &[0, 2], &[3], &[2]], &[&[0, 1], &[2, 3]]),
            (&[&[1], &[0, 2], &[3], &[4], &[3]], &[&[0, 1], &[3, 4]]),
        ];
        for (edges, expected) in CASES {
            let edges: Vec<Vec<usize>> = edges.iter().map(|to| to.to_vec()).collect();
            assert_eq!(cycles(&edges), *expected, "{edges:?}");
        }
    }

    #[test]
    fn a_long_chain_is_quick() {
        let edges: Vec<Vec<usize>> = (0..100_000_usize)
            .map(|node| vec![node.saturating_sub(1)])
            .collect();
        assert_eq!(cycles(&edges), [[0]]);
    }
}
