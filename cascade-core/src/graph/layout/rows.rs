//! Ranks in rows that fit a page.

use super::PAGE;
use super::grid::Grid;

/// The room between two ranks, for the curves of edges.
const GAP: i32 = 28;
/// The room below a row, and for each edge that goes on in the next one.
const BELOW: i32 = 34;
pub(super) const TRACK: i32 = 7;
/// The room before the first track.
pub(super) const BESIDE: i32 = 14;

/// The position of a rank.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rank {
    pub(super) row: usize,
    pub(super) left: i32,
    pub(super) right: i32,
}

/// A row, and the edges that go on in the next one.
#[derive(Debug, Clone, Default)]
pub(super) struct Row {
    pub(super) right: i32,
    pub(super) bottom: i32,
    pub(super) tracks: i32,
}

#[derive(Debug)]
pub(super) struct Rows {
    pub(super) ranks: Vec<Rank>,
    pub(super) rows: Vec<Row>,
    /// The room on the left side for edges that come from the row above.
    pub(super) side: i32,
    pub(super) height: i32,
}

/// Moves everything to its row.
pub(super) fn rows(grid: &mut Grid) -> Rows {
    let ranks = break_up(grid);
    let last = ranks.last().map_or(0, |rank| rank.row);
    let mut rows = vec![Row::default(); last + 1];
    for chain in &grid.chains {
        for pair in chain.windows(2) {
            let [from, to] = [pair[0], pair[1]].map(|item| ranks[grid.items[item].rank].row);
            if from != to {
                rows[from].tracks += 1;
            }
        }
    }
    let tracks = rows.iter().map(|row| row.tracks).max().unwrap_or(0);
    let side = match tracks {
        0 => 0,
        some => BESIDE + some * TRACK,
    };
    let mut laid = Rows {
        ranks,
        rows,
        side,
        height: 0,
    };
    for rank in &mut laid.ranks {
        rank.left += side;
        rank.right += side;
        let row = &mut laid.rows[rank.row];
        row.right = row.right.max(rank.right);
    }
    stack(grid, &mut laid);
    laid
}

/// A row with more edges that would go on than this may be wider than a page, up to twice as wide.
const FEW: usize = 3;

/// Breaks the ranks into rows, always before a rank of cells, and where few edges go on if that is
/// possible.
fn break_up(grid: &Grid) -> Vec<Rank> {
    let width = |rank: usize| {
        let items = grid.ranks.get(rank).into_iter().flatten();
        items
            .map(|item| grid.items[*item].area.width)
            .max()
            .unwrap_or(0)
    };
    let mut crossings = vec![0_usize; grid.ranks.len()];
    for item in &grid.items {
        crossings[item.rank] += item.before.len();
    }
    let mut ranks = Vec::with_capacity(grid.ranks.len());
    let (mut row, mut left) = (0, 0);
    for (rank, edges) in crossings.into_iter().enumerate() {
        let together = width(rank) + GAP + width(rank + 1);
        let page = match edges > FEW {
            true => 2 * PAGE,
            false => PAGE,
        };
        if rank % 2 == 0 && left > 0 && left + together > page {
            (row, left) = (row + 1, 0);
        }
        let right = left + width(rank);
        ranks.push(Rank { row, left, right });
        left = right + GAP;
    }
    ranks
}

/// Puts rows below each other, and items in the middle of their rank.
fn stack(grid: &mut Grid, laid: &mut Rows) {
    let mut top = 0;
    for row in 0..laid.rows.len() {
        let of_row = |rank: usize| laid.ranks[rank].row == row;
        let areas = grid.items.iter().filter(|item| of_row(item.rank));
        let areas: Vec<_> = areas.map(|item| item.area).collect();
        let highest = areas.iter().map(|area| area.top).min().unwrap_or(0);
        let lowest = areas.iter().map(|area| area.bottom()).max().unwrap_or(0);
        for item in &mut grid.items {
            if laid.ranks[item.rank].row == row {
                let rank = laid.ranks[item.rank];
                item.area.top += top - highest;
                item.area.left = rank.left + (rank.right - rank.left - item.area.width) / 2;
            }
        }
        let bottom = top + lowest - highest;
        laid.rows[row].bottom = bottom;
        laid.height = bottom;
        top = bottom + BELOW + laid.rows[row].tracks * TRACK;
    }
}
