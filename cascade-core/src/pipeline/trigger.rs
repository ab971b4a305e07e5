//! Path patterns that select callbacks.

use crate::changes;
use crate::draft::{Leaf, Problem, Shape};
use crate::finding::rules;

impl Leaf for changes::Pattern {
    const SHAPE: Shape = Shape::Text {
        what: "a path pattern",
        pattern: None,
    };

    fn parse(text: &str) -> Result<Self, Problem> {
        text.parse::<Self>().map_err(|error| {
            Problem::new(&rules::INVALID_PATTERN, format!("`{text}` is not a path pattern: {error}"))
                .help("the grammar is that of GitHub's `paths` filter: `*`, `**`, `?`, `+`, `[...]`, leading `!`")
        })
    }
}
