//! Path patterns that select callbacks.

use crate::changes::{self, Hopeless, PatternError};
use crate::finding::{Message, rules};
use crate::key_path::KeyPath;
use crate::manifest::draft::{Node, Problem, Reader, Shape, Value};
use crate::message;

impl Value for changes::Pattern {
    const SHAPE: Shape = Shape::Text {
        what: "a path pattern",
        pattern: None,
    };

    fn read(node: &Node, at: &KeyPath, reader: &mut Reader) -> Option<Self> {
        let text = reader.scalar::<Self>(node, at)?;
        if let Some(found) = changes::hopeless(&text) {
            reader.report(never_matches(&text, &found).at(at.clone()));
            return None;
        }
        text.parse()
            .map_err(|error| reader.report(no_pattern(&text, &error).at(at.clone())))
            .ok()
    }
}

fn never_matches(text: &str, found: &Hopeless) -> Problem {
    let message = message!(
        "{} never matches a path: {}",
        value = text,
        text = found.why
    );
    let problem = Problem::new(&rules::INVALID_PATTERN, message);
    if found.instead.is_empty() {
        return problem.help(message!(
            "write a path relative to the repository's root, with {}, {} and {}",
            value = "/",
            value = "*",
            value = "**"
        ));
    }
    let instead = Message::list(found.instead.iter().map(Message::value), " and ");
    problem.help(message!("write {}", part = instead))
}

fn no_pattern(text: &str, error: &PatternError) -> Problem {
    let message = message!("{} is not a path pattern: {}", value = text, text = error);
    Problem::new(&rules::INVALID_PATTERN, message).help(message!(
        "the grammar is that of GitHub's {} filter: {}, {}, {}, {}, {}, leading {}",
        value = "paths",
        value = "*",
        value = "**",
        value = "?",
        value = "+",
        value = "[...]",
        value = "!"
    ))
}
