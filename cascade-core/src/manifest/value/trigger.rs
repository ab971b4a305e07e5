//! Path patterns that select callbacks.

use crate::changes;
use crate::finding::rules;
use crate::manifest::draft::{Leaf, Problem, Shape};

impl Leaf for changes::Pattern {
    const SHAPE: Shape = Shape::Text {
        what: "a path pattern",
        pattern: None,
    };

    fn parse(text: &str) -> Result<Self, Problem> {
        if let Some(found) = changes::hopeless(text) {
            let message = format!("`{text}` never matches a path: {}", found.why);
            let problem = Problem::new(&rules::INVALID_PATTERN, message);
            let instead: Vec<String> = found
                .instead
                .iter()
                .map(|each| format!("`{each}`"))
                .collect();
            return Err(match instead.as_slice() {
                [] => problem
                    .help("write a path relative to the repository's root, with `/`, `*` and `**`"),
                instead => problem.help(format!("write {}", instead.join(" and "))),
            });
        }
        text.parse::<Self>().map_err(|error| {
            Problem::new(&rules::INVALID_PATTERN, format!("`{text}` is not a path pattern: {error}"))
                .help("the grammar is that of GitHub's `paths` filter: `*`, `**`, `?`, `+`, `[...]`, leading `!`")
        })
    }
}
