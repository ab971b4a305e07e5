//! Heights within a rank.

use super::grid::{Content, Grid, Item, mean};

const SWEEPS: usize = 6;

/// Gives each item its top: near what it is connected with, below the one before it in its rank.
pub(super) fn place(grid: &mut Grid) {
    for rank in 0..grid.ranks.len() {
        let wanted = vec![0.0; grid.ranks[rank].len()];
        settle(grid, rank, &wanted);
    }
    for sweep in 0..SWEEPS {
        let forwards = sweep % 2 == 0;
        for step in 0..grid.ranks.len() {
            let rank = if forwards {
                step
            } else {
                grid.ranks.len() - 1 - step
            };
            let wanted: Vec<f64> = grid.ranks[rank]
                .iter()
                .map(|item| wanted(grid, &grid.items[*item], forwards, sweep + 2 >= SWEEPS))
                .collect();
            settle(grid, rank, &wanted);
        }
    }
}

/// Returns the middle that an item should have; at the end both of its sides count.
fn wanted(grid: &Grid, item: &Item, forwards: bool, both: bool) -> f64 {
    let middles = |items: &[usize]| mean(items.iter().map(|each| middle(&grid.items[*each])));
    let sides = [middles(&item.before), middles(&item.after)];
    let of_both = mean(sides.into_iter().flatten());
    let one = if forwards { sides[0] } else { sides[1] };
    let chosen = if both { of_both } else { one };
    chosen.unwrap_or_else(|| middle(item))
}

fn middle(item: &Item) -> f64 {
    f64::from(item.area.top) + f64::from(item.area.height) / 2.0
}

/// A run of items that stand as close as they may, and the mean of where its first one should be.
struct Run {
    first: f64,
    items: usize,
}

/// Moves the items of a rank as near to these middles as their order allows, in the sense of least
/// squares: neighbours that would overlap become one run.
fn settle(grid: &mut Grid, rank: usize, wanted: &[f64]) {
    let order = &grid.ranks[rank];
    let mut offsets = Vec::with_capacity(order.len());
    let mut offset = 0;
    for (at, item) in order.iter().enumerate() {
        if at > 0 {
            offset += apart(&grid.items[order[at - 1]], &grid.items[*item]);
        }
        offsets.push(offset);
        offset += grid.items[*item].area.height;
    }
    let mut runs: Vec<Run> = Vec::new();
    for ((item, offset), wanted) in order.iter().zip(&offsets).zip(wanted) {
        let height = f64::from(grid.items[*item].area.height);
        let mut run = Run {
            first: wanted - height / 2.0 - f64::from(*offset),
            items: 1,
        };
        while let Some(before) = runs.pop_if(|before| before.first > run.first) {
            let (one, other) = (count(before.items), count(run.items));
            run.first = (before.first * one + run.first * other) / (one + other);
            run.items += before.items;
        }
        runs.push(run);
    }
    let firsts = runs
        .iter()
        .flat_map(|run| std::iter::repeat_n(run.first, run.items));
    for ((item, offset), first) in order.iter().zip(&offsets).zip(firsts) {
        grid.items[*item].area.top = first.round() as i32 + offset;
    }
}

fn count(items: usize) -> f64 {
    f64::from(u32::try_from(items).unwrap_or(u32::MAX))
}

/// The room between two items.
fn apart(above: &Item, below: &Item) -> i32 {
    match (&above.content, &below.content) {
        (Content::Cell, Content::Cell) => 18,
        (Content::Bend, Content::Bend) => 10,
        _ => 12,
    }
}
