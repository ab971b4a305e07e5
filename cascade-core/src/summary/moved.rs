//! The picture of what moved.

use crate::commits::short;
use crate::graph::{Edge, Graph, Group, Kind, Node};
use crate::lifecycle::{Operation, Step};

/// The origin of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin<'a> {
    /// A commit.
    Commit(&'a str),
    /// An environment, or the release.
    Place(&'a str),
    /// The place itself, which held something else: a rollback.
    Itself,
    /// Another repository.
    Repository(&'a str),
}

/// A version that comes to a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move<'a> {
    /// Its origin.
    pub from: Origin<'a>,
    /// The kind of the place.
    pub kind: Kind,
    /// The name of the place.
    pub to: &'a str,
    /// The version that it held.
    pub held: Option<&'a str>,
    /// The version.
    pub version: &'a str,
    /// True if it is there.
    pub done: bool,
}

impl<'a> Move<'a> {
    /// Returns the move of a step.
    #[must_use]
    pub fn of(step: &'a Step, done: bool) -> Self {
        let from = step.from.as_deref().map(Origin::Place);
        Self {
            from: from.unwrap_or(Origin::Commit(&step.sha)),
            kind: Kind::Environment,
            to: &step.environment,
            held: step.base.version.as_deref(),
            version: &step.version,
            done,
        }
    }

    /// Returns the move of a step that an operation makes: some put back what was there.
    #[must_use]
    pub fn by(operation: Operation, step: &'a Step, done: bool) -> Self {
        let from = match operation {
            Operation::Rollback | Operation::Restore => Origin::Itself,
            Operation::Hotfix => Origin::Commit(&step.sha),
            Operation::Orchestrate | Operation::Promote => return Self::of(step, done),
        };
        Self {
            from,
            ..Self::of(step, done)
        }
    }
}

/// Returns the picture of moves; what did not come is a broken line.
#[must_use]
pub fn moved<'a>(moves: impl IntoIterator<Item = Move<'a>>) -> Graph {
    let mut group = Group::default();
    let mut places: Vec<(Kind, String)> = Vec::new();
    for each in moves {
        let (kind, name) = origin(&each);
        let from = node(&mut group, &mut places, (kind, &name));
        let to = match each.from {
            Origin::Itself => node(&mut group, &mut places, (each.kind, &after(&each))),
            Origin::Commit(_) | Origin::Place(_) | Origin::Repository(_) => {
                node(&mut group, &mut places, (each.kind, each.to))
            }
        };
        let held = each.held.filter(|held| *held != each.version);
        if let (Some(held), false) = (held, each.from == Origin::Itself) {
            let label = &mut group.nodes[to].label;
            label.truncate(1);
            label.push(format!("held {held}"));
        }
        group.edges.push(Edge {
            from: group.nodes[from].id.clone(),
            to: group.nodes[to].id.clone(),
            label: Some(each.version.to_owned()),
            loose: !each.done,
        });
    }
    Graph {
        groups: vec![group],
    }
}

fn origin(each: &Move<'_>) -> (Kind, String) {
    match each.from {
        Origin::Commit(sha) => (Kind::Event, format!("commit {}", short(sha))),
        Origin::Place("release") => (Kind::Release, "release".to_owned()),
        Origin::Place(name) => (Kind::Environment, name.to_owned()),
        Origin::Itself => {
            let held = each.held.unwrap_or("nothing");
            (each.kind, format!("{} with {held}", each.to))
        }
        Origin::Repository(name) => (Kind::Repository, name.to_owned()),
    }
}

fn after(each: &Move<'_>) -> String {
    format!("{} with {}", each.to, each.version)
}

/// Returns the position of a node, which is there once.
fn node(group: &mut Group, places: &mut Vec<(Kind, String)>, (kind, name): (Kind, &str)) -> usize {
    let known = places
        .iter()
        .position(|place| *place == (kind, name.to_owned()));
    known.unwrap_or_else(|| {
        places.push((kind, name.to_owned()));
        group.nodes.push(Node {
            id: format!("n{}", group.nodes.len()),
            label: vec![name.to_owned()],
            kind,
            link: None,
        });
        group.nodes.len() - 1
    })
}
