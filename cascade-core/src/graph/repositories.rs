//! The repositories that call, tell and ask each other.

use super::{Edge, Graph, Group, Kind, Link, Node, identifier};
use crate::manifest::{Repository, WorkflowRef};
use crate::pipeline::{
    Callback, Component, ExternalDeploy, Pipeline, PullCadence, PullSource, PulledVersion,
};

const HERE: &str = "here";

/// A graph around this repository.
pub(super) fn graph(pipeline: &Pipeline) -> Graph {
    let mut drawing = Drawing::default();
    drawing.node(HERE, "this repository", None);
    if let Some(integration) = &pipeline.settings().integration {
        let from = drawing.repository(&integration.upstream);
        drawing.edge(&from, HERE, "upstream".to_owned(), false);
    }
    for component in pipeline.components() {
        draw(component, &mut drawing);
    }
    Graph {
        groups: vec![Group {
            title: None,
            nodes: drawing.nodes,
            edges: drawing.edges,
        }],
    }
}

#[derive(Default)]
struct Drawing {
    nodes: Vec<Node>,
    edges: Vec<Edge>,
}

fn draw(component: &Component, drawing: &mut Drawing) {
    for source in &component.push_sources {
        let from = drawing.described(&source.repo, source.description.as_ref());
        let names: Vec<String> = source.deploys.iter().map(named).collect();
        drawing.edge(&from, HERE, format!("pushes {}", names.join(", ")), false);
    }
    for source in &component.pull_sources {
        let from = drawing.described(&source.repo, source.description.as_ref());
        drawing.edge(&from, HERE, pulled(source), true);
    }
    if let Some(notify) = &component.notify {
        let to = drawing.repository(&notify.repo);
        let name = &notify.deploy_name;
        drawing.edge(HERE, &to, format!("notifies of {name}"), false);
    }
    let builds = component.builds.iter().map(|build| &build.callback);
    let deploys = component.deploys.iter().map(|deploy| &deploy.callback);
    let once = component.validate.iter().chain(&component.publish);
    for callback in once.chain(builds).chain(deploys) {
        called(callback, drawing);
    }
    for deploy in &component.deploys {
        if let Some(repo) = deploy
            .target
            .as_ref()
            .and_then(|target| target.repo.as_ref())
        {
            let to = drawing.repository(repo);
            drawing.edge(
                HERE,
                &to,
                format!("deploys {}", deploy.callback.name),
                false,
            );
        }
    }
}

/// Returns the name of a deploy, and what it is.
fn named(deploy: &ExternalDeploy) -> String {
    match &deploy.description {
        Some(description) => format!("{} ({description})", deploy.name),
        None => deploy.name.to_string(),
    }
}

fn called(callback: &Callback, drawing: &mut Drawing) {
    if let Some(workflow) = &callback.workflow
        && let WorkflowRef::Remote {
            repository,
            reference,
            ..
        } = workflow
    {
        let to = drawing.repository(repository);
        let file = workflow.file_name();
        drawing.edge(HERE, &to, format!("calls {file}@{reference}"), false);
    }
}

fn pulled(source: &PullSource) -> String {
    let what = match &source.version {
        PulledVersion::Tag {
            requirement: Some(requirement),
            ..
        } => format!("pulls {} {}", source.name, requirement.0),
        PulledVersion::Tag { .. } => format!("pulls {}", source.name),
        PulledVersion::Commit {
            branch: Some(branch),
        } => {
            format!("pulls {} from {branch}", source.name)
        }
        PulledVersion::Commit { branch: None } => format!("pulls {} from its trunk", source.name),
    };
    match &source.cadence {
        PullCadence::NextRun => what,
        PullCadence::Poll(cron) => format!("{what} at {cron}"),
    }
}

impl Drawing {
    fn repository(&mut self, repository: &Repository) -> String {
        let name = repository.to_string();
        if let Some(known) = self.nodes.iter().find(|node| node.label[0] == name) {
            return known.id.clone();
        }
        // `a-b/c` and `a_b/c` are different repositories.
        let id = format!("r{}_{}", self.nodes.len(), identifier(&name));
        self.node(&id, &name, Some(Link::Repository(repository.clone())));
        id
    }

    /// Adds a repository, with a line that says what it delivers.
    fn described(&mut self, repository: &Repository, description: Option<&String>) -> String {
        let id = self.repository(repository);
        let node = self.nodes.iter_mut().find(|node| node.id == id);
        if let (Some(node), Some(line)) = (node, description)
            && !node.label.contains(line)
        {
            node.label.push(line.clone());
        }
        id
    }

    fn node(&mut self, id: &str, label: &str, link: Option<Link>) {
        self.nodes.push(Node {
            id: id.to_owned(),
            label: vec![label.to_owned()],
            kind: Kind::Repository,
            link,
        });
    }

    fn edge(&mut self, from: &str, to: &str, label: String, loose: bool) {
        let edge = Edge {
            from: from.to_owned(),
            to: to.to_owned(),
            label: Some(label),
            loose,
        };
        if !self.edges.contains(&edge) {
            self.edges.push(edge);
        }
    }
}
