//! Path patterns that select callbacks.

use crate::changes;
use crate::finding::{Message, rules};
use crate::manifest::draft::{Leaf, Problem, Shape};
use crate::message;

impl Leaf for changes::Pattern {
    const SHAPE: Shape = Shape::Text {
        what: "a path pattern",
        pattern: None,
    };

    fn parse(text: &str) -> Result<Self, Problem> {
        if let Some(found) = changes::hopeless(text) {
            let message = message!(
                "{} never matches a path: {}",
                value = text,
                text = found.why
            );
            let problem = Problem::new(&rules::INVALID_PATTERN, message);
            if found.instead.is_empty() {
                return Err(problem.help(message!(
                    "write a path relative to the repository's root, with {}, {} and {}",
                    value = "/",
                    value = "*",
                    value = "**"
                )));
            }
            let instead = Message::list(found.instead.iter().map(Message::value), " and ");
            return Err(problem.help(message!("write {}", part = instead)));
        }
        text.parse::<Self>().map_err(|error| {
            Problem::new(
                &rules::INVALID_PATTERN,
                message!("{} is not a path pattern: {}", value = text, text = error),
            )
            .help(message!(
                "the grammar is that of GitHub's {} filter: {}, {}, {}, {}, {}, leading {}",
                value = "paths",
                value = "*",
                value = "**",
                value = "?",
                value = "+",
                value = "[...]",
                value = "!"
            ))
        })
    }
}
