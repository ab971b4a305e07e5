//! Diagrams: a pipeline becomes a small graph, and a graph becomes text.
//!
//! | module | what lives there |
//! |---|---|
//! | `jobs` | what is called, and what waits for what |
//! | `stages` | the way of a commit from its push to its release |
//! | `environments` | the promotion order and its gates |
//! | `repositories` | who calls, tells and asks whom |
//! | [`mermaid`], [`dot`], [`d2`] | the renderers |

pub mod d2;
pub mod dot;
mod environments;
mod jobs;
pub mod mermaid;
mod repositories;
mod stages;

use crate::pipeline::{Component, Pipeline};

/// What a diagram shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Granularity {
    /// What is called, and what waits for what.
    Jobs,
    /// The way of a commit from its push to its release.
    Stages,
    /// The promotion order and its gates.
    Environments,
    /// Who calls, tells and asks whom.
    Repositories,
}

/// A diagram: nodes in groups, and edges between them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Graph {
    /// The nodes, each group with a title if it has one.
    pub groups: Vec<Group>,
    /// The edges, in order.
    pub edges: Vec<Edge>,
}

/// Nodes that belong together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Group {
    /// What they have in common.
    pub title: Option<String>,
    /// The nodes, in order.
    pub nodes: Vec<Node>,
}

/// A thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Letters, digits and `_`; unique in its graph.
    pub id: String,
    /// What it is, a line each.
    pub label: Vec<String>,
    /// What kind of thing it is.
    pub kind: Kind,
}

/// What kind of thing a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Something that happens outside.
    Event,
    /// Something that cascade runs.
    Job,
    /// Somewhere that a version is deployed to.
    Environment,
    /// A repository.
    Repository,
    /// A release.
    Release,
}

/// A way from one node to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// The id of its start.
    pub from: String,
    /// The id of its end.
    pub to: String,
    /// What it means, if that is not plain.
    pub label: Option<String>,
    /// True if it may be missing: an order without a need, a step that a person starts.
    pub loose: bool,
}

/// The diagram of a pipeline.
#[must_use]
pub fn graph(pipeline: &Pipeline, granularity: Granularity) -> Graph {
    let mut graph = Graph::default();
    if granularity == Granularity::Repositories {
        return repositories::graph(pipeline);
    }
    for (index, component) in pipeline.components().iter().enumerate() {
        let mut part = Part::new(component, index);
        match granularity {
            Granularity::Jobs => jobs::draw(component, &mut part),
            Granularity::Stages => stages::draw(pipeline.settings(), component, &mut part),
            Granularity::Environments | Granularity::Repositories => {
                environments::draw(component, &mut part);
            }
        }
        graph.groups.push(part.group);
        graph.edges.extend(part.edges);
    }
    graph
}

/// The part of a graph that shows one component.
struct Part {
    prefix: String,
    group: Group,
    edges: Vec<Edge>,
}

impl Part {
    fn new(component: &Component, index: usize) -> Self {
        let component = component.identity.as_ref();
        Self {
            prefix: component.map_or_else(String::new, |_| format!("c{index}_")),
            group: Group {
                title: component.map(|component| component.name.to_string()),
                nodes: Vec::new(),
            },
            edges: Vec::new(),
        }
    }

    /// Adds a node, and says its id.
    fn node(&mut self, kind: Kind, name: &str, label: Vec<String>) -> String {
        let mut id = self.id(name);
        while self.group.nodes.iter().any(|node| node.id == id) {
            id.push('_');
        }
        self.group.nodes.push(Node {
            id: id.clone(),
            label,
            kind,
        });
        id
    }

    fn id(&self, name: &str) -> String {
        format!("{}{}", self.prefix, identifier(name))
    }

    fn edge(&mut self, from: &str, to: &str, label: Option<&str>, loose: bool) {
        self.edges.push(Edge {
            from: from.to_owned(),
            to: to.to_owned(),
            label: label.map(str::to_owned),
            loose,
        });
    }
}

/// Letters, digits and `_` only.
fn identifier(name: &str) -> String {
    let fit = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    name.chars().map(fit).collect()
}
