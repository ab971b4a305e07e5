//! Ranks of cells: every edge leads to a higher one.

use super::network::{Network, Wire};

/// The ranks of cells, and which wires run against their edge.
#[derive(Debug)]
pub(super) struct Ranks {
    pub(super) of: Vec<usize>,
    pub(super) reversed: Vec<bool>,
}

pub(super) fn ranks(network: &Network<'_>) -> Ranks {
    let cells = network.cells.len();
    let reversed = circles(cells, &network.wires);
    let arcs: Vec<(usize, usize)> = network
        .wires
        .iter()
        .zip(&reversed)
        .map(|(wire, reversed)| match reversed {
            true => (wire.to, wire.from),
            false => (wire.from, wire.to),
        })
        .collect();
    Ranks {
        of: longest(cells, &arcs),
        reversed,
    }
}

/// Says of each wire whether it closes a circle, as a search in depth finds them.
fn circles(cells: usize, wires: &[Wire<'_>]) -> Vec<bool> {
    #[derive(Clone, Copy, PartialEq)]
    enum Seen {
        No,
        Open,
        Done,
    }
    let mut from: Vec<Vec<usize>> = vec![Vec::new(); cells];
    for (at, wire) in wires.iter().enumerate() {
        from[wire.from].push(at);
    }
    let mut seen = vec![Seen::No; cells];
    let mut reversed = vec![false; wires.len()];
    for start in 0..cells {
        if seen[start] != Seen::No {
            continue;
        }
        seen[start] = Seen::Open;
        let mut open = vec![(start, 0)];
        while let Some((cell, next)) = open.last_mut() {
            let Some(wire) = from[*cell].get(*next).copied() else {
                seen[*cell] = Seen::Done;
                open.pop();
                continue;
            };
            *next += 1;
            let to = wires[wire].to;
            match seen[to] {
                Seen::Open => reversed[wire] = true,
                Seen::Done => {}
                Seen::No => {
                    seen[to] = Seen::Open;
                    open.push((to, 0));
                }
            }
        }
    }
    reversed
}

/// Ranks by the longest way from a beginning; beginnings stand right before what follows them.
fn longest(cells: usize, arcs: &[(usize, usize)]) -> Vec<usize> {
    let mut next: Vec<Vec<usize>> = vec![Vec::new(); cells];
    let mut waits = vec![0_usize; cells];
    for (from, to) in arcs {
        next[*from].push(*to);
        waits[*to] += 1;
    }
    let beginnings: Vec<usize> = (0..cells).filter(|cell| waits[*cell] == 0).collect();
    let mut ranks = vec![0_usize; cells];
    let mut open = beginnings.clone();
    while let Some(cell) = open.pop() {
        for to in &next[cell] {
            ranks[*to] = ranks[*to].max(ranks[cell] + 1);
            waits[*to] -= 1;
            if waits[*to] == 0 {
                open.push(*to);
            }
        }
    }
    for cell in beginnings {
        let nearest = next[cell].iter().map(|to| ranks[*to]).min();
        ranks[cell] = nearest.map_or(0, |nearest| nearest.saturating_sub(1));
    }
    ranks
}
