//! The layout of one group.

use super::grid::grid;
use super::network::network;
use super::place::place;
use super::rank::ranks;
use super::route::{Tracks, route};
use super::rows::{BESIDE, TRACK, rows};
use super::shape::{self, Shape};
use super::{Area, Layout, Placed};
use crate::graph::Group;

/// The room between nodes of a block, and around them.
const BETWEEN: i32 = 10;
/// The widest block.
const WIDEST: i32 = 800;

/// The columns of a block, and the size of each of its nodes.
struct Block {
    columns: i32,
    width: i32,
    height: i32,
    rows: i32,
}

pub(super) fn layout(group: &Group) -> Layout<'_> {
    let shapes: Vec<Shape> = group.nodes.iter().map(shape::node).collect();
    let network = network(group);
    let blocks: Vec<Block> = network
        .cells
        .iter()
        .map(|cell| block(cell, &shapes))
        .collect();
    let sizes: Vec<(i32, i32)> = blocks.iter().map(Block::size).collect();
    let ranks = ranks(&network);
    let mut grid = grid(&network, &ranks, &sizes);
    place(&mut grid);
    let rows = rows(&mut grid);
    let mut tracks = Tracks::new(&rows);
    let wires = network.wires.iter().zip(&ranks.reversed).zip(&grid.chains);
    let routes = wires.map(|((wire, reversed), chain)| {
        route((wire.edge, *reversed), chain, (&grid, &rows), &mut tracks)
    });
    let beside = rows.rows.iter().map(|row| match row.tracks {
        0 => row.right,
        some => row.right + BESIDE + some * TRACK,
    });
    let mut layout = Layout {
        width: beside.max().unwrap_or(0),
        height: rows.height,
        routes: routes.collect(),
        ..Layout::default()
    };
    let mut places = vec![Area::default(); shapes.len()];
    for ((members, block), item) in network.cells.iter().zip(&blocks).zip(&grid.items) {
        if members.len() > 1 {
            layout.blocks.push(item.area);
        }
        for (at, member) in (0..).zip(members) {
            places[*member] = block.place(item.area, at, members.len() > 1);
        }
    }
    let nodes = group.nodes.iter().zip(shapes).zip(places);
    layout.nodes = nodes
        .map(|((node, shape), area)| Placed {
            node,
            area,
            lines: shape.lines,
        })
        .collect();
    layout
}

fn block(cell: &[usize], shapes: &[Shape]) -> Block {
    let widths = cell.iter().map(|node| shapes[*node].width);
    let heights = cell.iter().map(|node| shapes[*node].height);
    let (width, height) = (widths.max().unwrap_or(0), heights.max().unwrap_or(0));
    let nodes = i32::try_from(cell.len()).unwrap_or(i32::MAX);
    // About half as wide again as it is high, as pages are.
    let fits = |columns: &i32| 2 * columns * width >= 3 * (nodes / columns) * height;
    let most = (WIDEST / (width + BETWEEN)).clamp(1, nodes.max(1));
    let columns = (1..=most).find(fits).unwrap_or(most);
    Block {
        columns,
        width,
        height,
        rows: (nodes + columns - 1) / columns,
    }
}

impl Block {
    fn size(&self) -> (i32, i32) {
        if self.rows * self.columns == 1 {
            return (self.width, self.height);
        }
        (
            self.columns * (self.width + BETWEEN) + BETWEEN,
            self.rows * (self.height + BETWEEN) + BETWEEN,
        )
    }

    fn place(&self, cell: Area, at: i32, several: bool) -> Area {
        let around = if several { BETWEEN } else { 0 };
        let (row, column) = (at / self.columns, at % self.columns);
        Area {
            left: cell.left + around + column * (self.width + BETWEEN),
            top: cell.top + around + row * (self.height + BETWEEN),
            width: self.width,
            height: self.height,
        }
    }
}
