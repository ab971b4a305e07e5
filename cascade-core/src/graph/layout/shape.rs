//! Sizes of nodes and labels.

use super::text;
use crate::graph::{Kind, Node};

/// The size of a text.
pub(super) const SIZE: i32 = 13;
/// The size of what stands below a name, and of labels.
pub(super) const SMALL: i32 = 12;
/// The height of a line.
const LINE: i32 = 18;
/// The widest text of a node, and of a label.
const NODE: i32 = 230;
const LABEL: i32 = 170;
/// The room beside and above a text.
const SIDE: i32 = 14;
const ABOVE: i32 = 7;
const NARROWEST: i32 = 72;

/// The weight of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// As it is.
    Regular,
    /// Bold.
    Bold,
}

/// A line of a label; its place is the middle of its baseline, in its shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The text.
    pub text: String,
    /// The way in which it is written.
    pub weight: Weight,
    /// The size of its letters.
    pub size: i32,
    /// The distance of its baseline from the top of its shape.
    pub baseline: i32,
}

/// Lines, and the size of the shape around them.
#[derive(Debug, Clone, Default)]
pub(super) struct Shape {
    pub(super) lines: Vec<Line>,
    pub(super) width: i32,
    pub(super) height: i32,
}

/// Measures a node: its name is bold, and the rest stands below it.
pub(super) fn node(node: &Node) -> Shape {
    let mut shape = Shape::default();
    let mut weight = Weight::Bold;
    for text in &node.label {
        let size = match weight {
            Weight::Bold => SIZE,
            Weight::Regular => SMALL,
        };
        shape.add(text, (size, weight), NODE, ABOVE);
        weight = Weight::Regular;
    }
    // The sides of these two are not straight.
    let side = match node.kind {
        Kind::Event | Kind::Release => SIDE + 8,
        Kind::Job | Kind::Environment | Kind::Repository => SIDE,
    };
    shape.finish(side, ABOVE, NARROWEST)
}

/// Measures the label of an edge.
pub(super) fn label(text: &str) -> Shape {
    let mut shape = Shape::default();
    shape.add(text, (SMALL, Weight::Regular), LABEL, 0);
    shape.finish(4, 0, 0)
}

impl Shape {
    fn add(&mut self, text: &str, (size, weight): (i32, Weight), most: i32, above: i32) {
        for text in text::wrap(text, size, weight, most) {
            let before = i32::try_from(self.lines.len()).unwrap_or(0);
            self.width = self.width.max(text::width(&text, size, weight));
            self.lines.push(Line {
                text,
                weight,
                size,
                baseline: above + before * LINE + 13,
            });
        }
    }

    fn finish(mut self, side: i32, above: i32, narrowest: i32) -> Self {
        let lines = i32::try_from(self.lines.len()).unwrap_or(0);
        self.width = (self.width + 2 * side).max(narrowest);
        self.height = lines.max(1) * LINE + 2 * above;
        self
    }
}
