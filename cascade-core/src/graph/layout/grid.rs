//! Cells, labels and bends of edges, in ranks and in order.
//!
//! Cells stand in even ranks, labels of edges in odd ones.

use super::Area;
use super::network::Network;
use super::rank::Ranks;
use super::shape::{self, Shape};

const SWEEPS: usize = 8;

/// Something with a place in a rank.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) rank: usize,
    pub(super) area: Area,
    pub(super) content: Content,
    /// Items of the ranks beside it that it is connected with.
    pub(super) before: Vec<usize>,
    pub(super) after: Vec<usize>,
}

#[derive(Debug)]
pub(super) enum Content {
    Cell,
    /// The label of an edge.
    Label(Shape),
    /// A place that an edge passes.
    Bend,
}

/// Items; the first are the cells. `chains` are the items along each wire, in ranks that rise.
#[derive(Debug)]
pub(super) struct Grid {
    pub(super) items: Vec<Item>,
    pub(super) chains: Vec<Vec<usize>>,
    pub(super) ranks: Vec<Vec<usize>>,
}

/// Places cells of these sizes in ranks.
pub(super) fn grid(network: &Network<'_>, ranks: &Ranks, sizes: &[(i32, i32)]) -> Grid {
    let mut grid = Grid {
        items: Vec::new(),
        chains: Vec::new(),
        ranks: Vec::new(),
    };
    for (rank, size) in ranks.of.iter().zip(sizes) {
        grid.add(rank * 2, *size, Content::Cell);
    }
    for (wire, reversed) in network.wires.iter().zip(&ranks.reversed) {
        let ends = match reversed {
            true => (wire.to, wire.from),
            false => (wire.from, wire.to),
        };
        grid.connect(ends, wire.edge.label.as_deref());
    }
    grid.sort();
    grid
}

impl Grid {
    fn add(&mut self, rank: usize, (width, height): (i32, i32), content: Content) -> usize {
        let at = self.items.len();
        self.items.push(Item {
            rank,
            area: Area {
                width,
                height,
                ..Area::default()
            },
            content,
            before: Vec::new(),
            after: Vec::new(),
        });
        if self.ranks.len() <= rank {
            self.ranks.resize_with(rank + 1, Vec::new);
        }
        self.ranks[rank].push(at);
        at
    }

    fn connect(&mut self, (from, to): (usize, usize), label: Option<&str>) {
        let (first, last) = (self.items[from].rank, self.items[to].rank);
        let mut chain = vec![from];
        for rank in first + 1..last {
            let label = label.filter(|_| rank == first + 1).map(shape::label);
            chain.push(match label {
                Some(label) => self.add(rank, (label.width, label.height), Content::Label(label)),
                None => self.add(rank, (0, 0), Content::Bend),
            });
        }
        chain.push(to);
        for pair in chain.windows(2) {
            self.items[pair[0]].after.push(pair[1]);
            self.items[pair[1]].before.push(pair[0]);
        }
        self.chains.push(chain);
    }

    /// Orders each rank by the middle of what its items are connected with, there and back.
    fn sort(&mut self) {
        let mut position: Vec<f64> = vec![0.0; self.items.len()];
        for rank in &self.ranks {
            number(rank, &mut position);
        }
        for sweep in 0..SWEEPS {
            let forwards = sweep % 2 == 0;
            for step in 0..self.ranks.len() {
                let rank = if forwards {
                    step
                } else {
                    self.ranks.len() - 1 - step
                };
                let items = &self.items;
                let middle = |item: &usize| {
                    let item_before = &items[*item].before;
                    let beside = if forwards {
                        item_before
                    } else {
                        &items[*item].after
                    };
                    mean(beside.iter().map(|each| position[*each])).unwrap_or(position[*item])
                };
                let mut keyed: Vec<(f64, usize)> = self.ranks[rank]
                    .iter()
                    .map(|item| (middle(item), *item))
                    .collect();
                keyed.sort_by(|one, other| one.0.total_cmp(&other.0));
                self.ranks[rank] = keyed.into_iter().map(|(_, item)| item).collect();
                number(&self.ranks[rank], &mut position);
            }
        }
    }
}

/// Numbers the items of a rank from 0 to 1, so that ranks of any size can be compared.
fn number(rank: &[usize], position: &mut [f64]) {
    let parts = f64::from(u32::try_from(rank.len()).unwrap_or(u32::MAX));
    let mut at = 0.5;
    for item in rank {
        position[*item] = at / parts;
        at += 1.0;
    }
}

pub(super) fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    (count > 0.0).then(|| sum / count)
}
