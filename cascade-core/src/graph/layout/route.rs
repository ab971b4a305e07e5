//! The lines of edges.

use super::Area;
use super::grid::{Content, Grid};
use super::rows::{BESIDE, Rows, TRACK};
use super::shape::{Line, Shape};
use crate::graph::Edge;

/// The straight end of a line, as long as the head of an arrow.
const STRAIGHT: i32 = 8;

/// A part of a line, from where the one before it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Segment {
    /// A straight line to a point.
    Line(i32, i32),
    /// A curve to a point, which leaves and arrives from left to right.
    Curve(i32, i32),
}

/// An edge and its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route<'a> {
    /// The edge.
    pub edge: &'a Edge,
    /// The beginning of the line, on its left.
    pub start: (i32, i32),
    /// The parts of the line.
    pub segments: Vec<Segment>,
    /// True if the edge ends where the line begins.
    pub reversed: bool,
    /// The place of the label, and its lines.
    pub label: Option<(Area, Vec<Line>)>,
}

impl Route<'_> {
    pub(super) fn moved(mut self, (right, down): (i32, i32)) -> Self {
        self.start = (self.start.0 + right, self.start.1 + down);
        for segment in &mut self.segments {
            *segment = match *segment {
                Segment::Line(x, y) => Segment::Line(x + right, y + down),
                Segment::Curve(x, y) => Segment::Curve(x + right, y + down),
            };
        }
        if let Some((area, _)) = &mut self.label {
            *area = area.moved((right, down));
        }
        self
    }

    /// Returns the point at which the line ends.
    #[must_use]
    pub fn end(&self) -> (i32, i32) {
        match self.segments.last() {
            Some(Segment::Line(x, y) | Segment::Curve(x, y)) => (*x, *y),
            None => self.start,
        }
    }
}

/// The tracks between rows that are taken.
pub(super) struct Tracks(Vec<i32>);

impl Tracks {
    pub(super) fn new(rows: &Rows) -> Self {
        Self(vec![0; rows.rows.len()])
    }
}

/// Draws one edge along the items of its path.
pub(super) fn route<'a>(
    (edge, reversed): (&'a Edge, bool),
    chain: &[usize],
    (grid, rows): (&Grid, &Rows),
    tracks: &mut Tracks,
) -> Route<'a> {
    let middle = |item: usize| {
        let area = grid.items[item].area;
        area.top + area.height / 2
    };
    let first = chain[0];
    let mut route = Route {
        edge,
        start: (grid.items[first].area.right(), middle(first)),
        segments: Vec::new(),
        reversed,
        label: chain.iter().find_map(|item| label(grid, *item)),
    };
    // A curve needs no bend where nothing is in its way.
    let has_room = |item: &usize| {
        let rank = rows.ranks[grid.items[*item].rank];
        rank.right > rank.left
    };
    let stops: Vec<usize> = chain.iter().copied().filter(has_room).collect();
    for pair in stops.windows(2) {
        let [from, to] = [pair[0], pair[1]].map(|item| rows.ranks[grid.items[item].rank]);
        let (leaves, arrives) = (middle(pair[0]), middle(pair[1]));
        route
            .segments
            .push(Segment::Line(from.right + STRAIGHT, leaves));
        if from.row == to.row {
            route
                .segments
                .push(Segment::Curve(to.left - STRAIGHT, arrives));
        } else {
            let row = &rows.rows[from.row];
            let track = tracks.0[from.row];
            tracks.0[from.row] += 1;
            let right = row.right + BESIDE + track * TRACK;
            let below = row.bottom + BESIDE + track * TRACK;
            let left = rows.side - BESIDE - track * TRACK;
            let corners = [
                (right, leaves),
                (right, below),
                (left, below),
                (left, arrives),
            ];
            let corners = corners.into_iter().chain([(to.left, arrives)]);
            route
                .segments
                .extend(corners.map(|(x, y)| Segment::Line(x, y)));
        }
        let end = match grid.items[pair[1]].content {
            Content::Cell => grid.items[pair[1]].area.left,
            Content::Label(_) | Content::Bend => to.right,
        };
        route.segments.push(Segment::Line(end, arrives));
    }
    route
}

fn label(grid: &Grid, item: usize) -> Option<(Area, Vec<Line>)> {
    let item = &grid.items[item];
    match &item.content {
        Content::Label(Shape { lines, .. }) => Some((item.area, lines.clone())),
        Content::Cell | Content::Bend => None,
    }
}
