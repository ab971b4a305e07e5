//! Edges without those that others imply, and alike nodes as one cell.

use std::collections::BTreeMap;

use crate::graph::{Edge, Group};

/// As many nodes with the same edges become one block.
const ALIKE: usize = 4;

/// An edge between two positions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wire<'a> {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) edge: &'a Edge,
}

/// Cells, each with the positions of its nodes, and the wires between them.
#[derive(Debug)]
pub(super) struct Network<'a> {
    pub(super) cells: Vec<Vec<usize>>,
    pub(super) wires: Vec<Wire<'a>>,
}

pub(super) fn network(group: &Group) -> Network<'_> {
    let positions: BTreeMap<&str, usize> = group
        .nodes
        .iter()
        .enumerate()
        .map(|(at, node)| (node.id.as_str(), at))
        .collect();
    let wires = group.edges.iter().filter_map(|edge| {
        let from = *positions.get(edge.from.as_str())?;
        let to = *positions.get(edge.to.as_str())?;
        (from != to).then_some(Wire { from, to, edge })
    });
    let wires = reduced(group.nodes.len(), wires.collect());
    blocks(group.nodes.len(), &wires)
}

/// Leaves out what a path of other edges says: an edge without a label, if the path has none
/// either and is as strong.
fn reduced(nodes: usize, wires: Vec<Wire<'_>>) -> Vec<Wire<'_>> {
    let plain = wires.iter().filter(|wire| wire.edge.label.is_none());
    let mut from: Vec<Vec<(usize, bool)>> = vec![Vec::new(); nodes];
    for wire in plain {
        from[wire.from].push((wire.to, wire.edge.loose));
    }
    let Some(order) = sorted(&from) else {
        return wires;
    };
    let mut position = vec![0; nodes];
    for (at, node) in order.iter().enumerate() {
        position[*node] = at;
    }
    let mut reached = vec![(Set::new(nodes), Set::new(nodes)); nodes];
    let mut kept = Vec::new();
    for node in order.iter().rev().copied() {
        let mut next = std::mem::take(&mut from[node]);
        next.sort_by_key(|(to, loose)| (position[*to], *loose));
        let (mut firm, mut any) = (Set::new(nodes), Set::new(nodes));
        for (to, loose) in next {
            let implied = if loose { any.has(to) } else { firm.has(to) };
            if implied {
                continue;
            }
            kept.push((node, to, loose));
            any.add(to, &reached[to].1);
            if !loose {
                firm.add(to, &reached[to].0);
            }
        }
        reached[node] = (firm, any);
    }
    kept.sort_unstable();
    let stays = |wire: &Wire<'_>| {
        let key = (wire.from, wire.to, wire.edge.loose);
        wire.edge.label.is_some() || kept.binary_search(&key).is_ok()
    };
    wires.into_iter().filter(stays).collect()
}

/// Returns the positions in an order that every edge follows; none if edges close a circle.
fn sorted(from: &[Vec<(usize, bool)>]) -> Option<Vec<usize>> {
    let mut waits = vec![0_usize; from.len()];
    for (to, _) in from.iter().flatten() {
        waits[*to] += 1;
    }
    let mut order: Vec<usize> = (0..from.len()).filter(|at| waits[*at] == 0).collect();
    let mut done = 0;
    while let Some(node) = order.get(done).copied() {
        for (to, _) in &from[node] {
            waits[*to] -= 1;
            if waits[*to] == 0 {
                order.push(*to);
            }
        }
        done += 1;
    }
    (order.len() == from.len()).then_some(order)
}

/// A set of positions.
#[derive(Debug, Clone)]
struct Set(Vec<u64>);

impl Set {
    fn new(positions: usize) -> Self {
        Self(vec![0; positions.div_ceil(64)])
    }

    fn has(&self, position: usize) -> bool {
        self.0[position / 64] >> (position % 64) & 1 == 1
    }

    fn add(&mut self, position: usize, others: &Self) {
        self.0[position / 64] |= 1 << (position % 64);
        for (part, other) in self.0.iter_mut().zip(&others.0) {
            *part |= other;
        }
    }
}

/// One end of an edge as the other one sees it.
type End<'a> = (bool, usize, Option<&'a str>, bool);

fn blocks<'a>(nodes: usize, wires: &[Wire<'a>]) -> Network<'a> {
    let mut ends: Vec<Vec<End<'_>>> = vec![Vec::new(); nodes];
    for Wire { from, to, edge } in wires.iter().copied() {
        let label = edge.label.as_deref();
        ends[from].push((true, to, label, edge.loose));
        ends[to].push((false, from, label, edge.loose));
    }
    let mut alike: BTreeMap<&[End<'_>], Vec<usize>> = BTreeMap::new();
    for (at, ends) in ends.iter_mut().enumerate() {
        ends.sort_unstable();
        alike.entry(ends).or_default().push(at);
    }
    let mut cells: Vec<Vec<usize>> = Vec::new();
    for members in alike.into_values() {
        match members.len() >= ALIKE {
            true => cells.push(members),
            false => cells.extend(members.into_iter().map(|one| vec![one])),
        }
    }
    cells.sort_unstable();
    let mut cell_of = vec![0; nodes];
    for (cell, members) in cells.iter().enumerate() {
        for member in members {
            cell_of[*member] = cell;
        }
    }
    let mut between: Vec<Wire<'a>> = Vec::new();
    let mut known = std::collections::BTreeSet::new();
    for Wire { from, to, edge } in wires.iter().copied() {
        let (from, to) = (cell_of[from], cell_of[to]);
        if known.insert((from, to, edge.label.as_deref(), edge.loose)) {
            between.push(Wire { from, to, edge });
        }
    }
    Network {
        cells,
        wires: between,
    }
}
