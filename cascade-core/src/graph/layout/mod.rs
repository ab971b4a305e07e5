//! The layout of a diagram, from left to right.
//!
//! This is Sugiyama's method in its plain form: edges that close a circle are turned round, nodes
//! get ranks by their longest path, ranks get an order by barycentres, and then coordinates. It is
//! our own because no kept crate has what pipelines need: rows that end where a page ends, groups,
//! and a hundred alike things as one block.
//!
//! | module | what lives there |
//! |---|---|
//! | `text` | widths of texts, and lines |
//! | `shape` | sizes of nodes and labels |
//! | `network` | edges without those that others imply; alike nodes as one cell |
//! | `rank` | ranks of cells |
//! | `grid` | cells, labels and bends of edges, in ranks and in order |
//! | `place` | heights within a rank |
//! | `rows` | ranks in rows that fit a page |
//! | `route` | the lines of edges |
//! | `group` | all of that for one group |

mod grid;
mod group;
mod network;
mod place;
mod rank;
mod route;
mod rows;
mod shape;
#[cfg(test)]
mod tests;
mod text;

pub use route::{Route, Segment};
pub use shape::{Line, Weight};

use super::{Graph, Node};

/// The width at which a row ends and another one begins, unless one thing alone is wider.
const PAGE: i32 = 1120;
/// The room around everything.
const MARGIN: i32 = 16;
/// The room inside of the frame of a group.
const PADDING: i32 = 16;
/// The room for the title of a group.
const TITLE: i32 = 26;

/// A rectangle; lengths are pixels of CSS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Area {
    /// The left side.
    pub left: i32,
    /// The top.
    pub top: i32,
    /// The width.
    pub width: i32,
    /// The height.
    pub height: i32,
}

/// A node and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed<'a> {
    /// The node.
    pub node: &'a Node,
    /// Its place.
    pub area: Area,
    /// Its label, in lines that fit.
    pub lines: Vec<Line>,
}

/// The frame of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame<'a> {
    /// The title.
    pub title: &'a str,
    /// The place.
    pub area: Area,
}

/// A diagram in which everything has a place.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Layout<'a> {
    /// The width of all.
    pub width: i32,
    /// The height of all.
    pub height: i32,
    /// The frames of groups with a title.
    pub frames: Vec<Frame<'a>>,
    /// Blocks of nodes that have the same edges.
    pub blocks: Vec<Area>,
    /// The nodes.
    pub nodes: Vec<Placed<'a>>,
    /// The edges.
    pub routes: Vec<Route<'a>>,
}

impl Area {
    /// Returns the right side.
    #[must_use]
    pub const fn right(&self) -> i32 {
        self.left + self.width
    }

    /// Returns the bottom.
    #[must_use]
    pub const fn bottom(&self) -> i32 {
        self.top + self.height
    }

    const fn moved(self, (right, down): (i32, i32)) -> Self {
        Self {
            left: self.left + right,
            top: self.top + down,
            ..self
        }
    }
}

/// Lays a diagram out. The same diagram always has the same layout.
#[must_use]
pub fn layout(graph: &Graph) -> Layout<'_> {
    let mut all = Layout::default();
    let (mut left, mut top, mut bottom) = (MARGIN, MARGIN, MARGIN);
    for each in &graph.groups {
        let part = framed(each.title.as_deref(), group::layout(each));
        if left > MARGIN && left + part.width > MARGIN + PAGE {
            (left, top) = (MARGIN, bottom + MARGIN);
        }
        let (right, below) = (left + part.width, top + part.height);
        all.add(part, (left, top));
        (left, bottom) = (right + MARGIN, bottom.max(below));
        all.width = all.width.max(right + MARGIN);
    }
    all.height = bottom + MARGIN;
    all.width = all.width.max(2 * MARGIN);
    all
}

/// Puts a group that has a title into a frame.
fn framed<'a>(title: Option<&'a str>, part: Layout<'a>) -> Layout<'a> {
    let Some(title) = title else { return part };
    let named = text::width(title, shape::SIZE, Weight::Bold);
    let width = part.width.max(named) + 2 * PADDING;
    let height = part.height + 2 * PADDING + TITLE;
    let mut whole = Layout {
        width,
        height,
        frames: vec![Frame {
            title,
            area: Area {
                width,
                height,
                ..Area::default()
            },
        }],
        ..Layout::default()
    };
    whole.add(part, (PADDING, PADDING + TITLE));
    whole
}

impl<'a> Layout<'a> {
    fn add(&mut self, part: Self, by: (i32, i32)) {
        let frames = part.frames.into_iter().map(|frame| Frame {
            area: frame.area.moved(by),
            ..frame
        });
        self.frames.extend(frames);
        let blocks = part.blocks.into_iter();
        self.blocks.extend(blocks.map(|area| area.moved(by)));
        let nodes = part.nodes.into_iter().map(|placed| Placed {
            area: placed.area.moved(by),
            ..placed
        });
        self.nodes.extend(nodes);
        let routes = part.routes.into_iter();
        self.routes.extend(routes.map(|route| route.moved(by)));
    }
}
