//! Diagrams: a pipeline becomes a small graph, and a graph becomes text or a picture.
//!
//! | module | what lives there |
//! |---|---|
//! | `jobs` | what is called, and what waits for what |
//! | `stages` | the way of a commit from its push to its release |
//! | `environments` | the promotion order and its gates |
//! | `repositories` | who calls, tells and asks whom |
//! | [`mermaid`], [`dot`], [`d2`] | the renderers for programs that lay out themselves |
//! | [`layout`], [`svg`] | where everything stands, and the picture of it |

pub mod d2;
pub mod dot;
mod environments;
mod jobs;
pub mod layout;
pub mod mermaid;
mod repositories;
mod stages;
pub mod svg;

use crate::manifest::{Repository, WorkflowRef};
use crate::pipeline::{Component, Environment, Pipeline};

/// The content of a diagram.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Granularity {
    /// The calls, and the order between them.
    Jobs,
    /// The way of a commit from its push to its release.
    Stages,
    /// The promotion order and its gates.
    Environments,
    /// The repositories that call, tell and ask each other.
    Repositories,
}

/// A diagram: groups of nodes, which have nothing to do with each other.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Graph {
    /// The groups, in order.
    pub groups: Vec<Group>,
}

impl Graph {
    /// Returns all edges, in order.
    pub fn edges(&self) -> impl Iterator<Item = &Edge> {
        self.groups.iter().flat_map(|group| &group.edges)
    }
}

/// Nodes that belong together, and the edges between them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Group {
    /// The name of the group.
    pub title: Option<String>,
    /// The nodes, in order.
    pub nodes: Vec<Node>,
    /// The edges, in order.
    pub edges: Vec<Edge>,
}

/// A thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Letters, digits and `_`; unique in its graph.
    pub id: String,
    /// The lines of its label.
    pub label: Vec<String>,
    /// The kind of thing that it stands for.
    pub kind: Kind,
    /// The place where more is said about it.
    pub link: Option<Link>,
}

/// The place where more is said about a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Link {
    /// The file of a callback.
    Workflow(WorkflowRef),
    /// A repository.
    Repository(Repository),
    /// The address of an environment.
    Address(String),
}

/// The kind of thing that a node stands for.
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
    /// Its meaning, if that is not plain.
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
    }
    graph
}

/// The part of a graph that shows one component.
struct Part {
    prefix: String,
    group: Group,
}

impl Part {
    fn new(component: &Component, index: usize) -> Self {
        let component = component.identity.as_ref();
        Self {
            prefix: component.map_or_else(String::new, |_| format!("c{index}_")),
            group: Group {
                title: component.map(|component| component.name.to_string()),
                ..Group::default()
            },
        }
    }

    /// Adds a node, and says its id.
    fn node(&mut self, kind: Kind, name: &str, label: Vec<String>) -> String {
        self.linked(kind, name, label, None)
    }

    fn linked(&mut self, kind: Kind, name: &str, label: Vec<String>, link: Option<Link>) -> String {
        let mut id = self.id(name);
        while self.group.nodes.iter().any(|node| node.id == id) {
            id.push('_');
        }
        self.group.nodes.push(Node {
            id: id.clone(),
            label,
            kind,
            link,
        });
        id
    }

    fn id(&self, name: &str) -> String {
        format!("{}{}", self.prefix, identifier(name))
    }

    fn edge(&mut self, from: &str, to: &str, label: Option<&str>, loose: bool) {
        self.group.edges.push(Edge {
            from: from.to_owned(),
            to: to.to_owned(),
            label: label.map(str::to_owned),
            loose,
        });
    }
}

/// Returns what keeps a deployment waiting, a line each.
fn gates(environment: &Environment) -> Vec<String> {
    let mut lines = Vec::new();
    match environment.reviewers.len() {
        0 => {}
        1 => lines.push("1 reviewer".to_owned()),
        several => lines.push(format!("{several} reviewers")),
    }
    if environment.wait_timer > 0 {
        lines.push(format!("waits {} min", environment.wait_timer));
    }
    lines
}

/// Returns the address of an environment as a link.
fn address(environment: &Environment) -> Option<Link> {
    let url = environment.url.as_ref()?;
    Some(Link::Address(url.to_string()))
}

/// Letters, digits and `_` only.
fn identifier(name: &str) -> String {
    let fit = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    name.chars().map(fit).collect()
}
