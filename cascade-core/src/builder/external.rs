//! Other repositories.

use super::part::text;
use super::setters::setters;
use super::{Part, Place, Secrets};
use crate::manifest::draft::{Map, Node};
use crate::manifest::{Access, Cadence, ExternalMode, Source};

/// Another repository that reports its versions here, or is asked for them.
#[derive(Debug, Clone, PartialEq)]
pub struct External {
    map: Map,
}

impl External {
    /// A repository that reports its versions here, with the first thing that it deploys.
    #[must_use]
    pub fn push(repo: impl Into<String>, deploy: ExternalDeploy) -> Self {
        Self { map: Map::new() }
            .set("repo", repo.into())
            .set("mode", ExternalMode::Push)
            .deploy(deploy)
    }

    /// A repository that is asked for its versions.
    #[must_use]
    pub fn pull(repo: impl Into<String>) -> Self {
        Self { map: Map::new() }
            .set("repo", repo.into())
            .set("mode", ExternalMode::Pull)
    }

    /// Adds something that the repository deploys.
    #[must_use]
    pub fn deploy(mut self, deploy: ExternalDeploy) -> Self {
        match self.map.get_mut("deploys") {
            Some(Node::List(items)) => items.push(deploy.into()),
            _ => self = self.set("deploys", vec![deploy]),
        }
        self
    }

    /// The repository, `owner/name`.
    #[must_use]
    pub fn repo(&self) -> String {
        text(&self.map, "repo").unwrap_or_default()
    }
}

setters! {
    External {
        /// The name of a pulled version; by default that of the repository.
        name: text,
        /// What the repository delivers.
        description: text,
        /// Pins the workflows that are called in the other repository.
        r#ref: text,
        /// The kind of version that is pulled.
        source: choice(Source),
        /// The versions that may be pulled, a semver requirement.
        version: text,
        /// What stands before the version in a tag.
        tag_prefix: text,
        /// The branch of a pulled commit.
        branch: text,
        /// The moment at which a pulled version is resolved.
        cadence: choice(Cadence),
        /// When a polled version is resolved, cron.
        schedule: text,
        /// The secret that reads a private repository.
        read_token: text,
        /// True if the repository needs a credential to be read.
        private: flag,
        /// Where a pulled version lands.
        environment: text,
        /// The environments that a repository may report for.
        environments: list,
        /// True if the receiver looks the version up in the source repository.
        verify_source: flag,
    }
}

impl Part for External {
    const PLACE: Place = Place::Many("external");

    fn from_map(map: Map) -> Self {
        Self { map }
    }

    fn into_map(self) -> Map {
        self.map
    }

    fn names(map: &Map) -> Vec<String> {
        let deploys: Vec<String> = match map.get("deploys") {
            Some(Node::List(items)) => items
                .iter()
                .filter_map(|deploy| match deploy {
                    Node::Map(map) => text(map, "name"),
                    _ => None,
                })
                .collect(),
            _ => Vec::new(),
        };
        if !deploys.is_empty() {
            return deploys;
        }
        let by_repo = || Some(text(map, "repo")?.rsplit('/').next()?.replace('.', "-"));
        text(map, "name").or_else(by_repo).into_iter().collect()
    }
}

/// Something that another repository deploys.
#[derive(Debug, Clone, PartialEq)]
pub struct ExternalDeploy {
    map: Map,
}

impl ExternalDeploy {
    /// A deployment whose versions are recorded under `name`.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self { map: Map::new() }.set("name", name.into())
    }

    /// The reusable workflow that deploys a version that has just arrived.
    #[must_use]
    pub fn on_update(self, workflow: impl Into<String>) -> Self {
        let deploy = super::block([("workflow", workflow.into())]);
        self.set("on_update", super::block([("deploy", deploy)]))
    }
}

setters! {
    ExternalDeploy {
        /// What is deployed.
        description: text,
        /// The reusable workflow that deploys a promoted version.
        workflow: text,
        /// Path patterns.
        triggers: list,
        /// The secrets that the workflow gets: all, or callee's name to caller's.
        secrets: block(Secrets),
        /// The complete permissions of the job that calls the workflow.
        permissions: map_of(Access),
        /// Callbacks that come before, whatever becomes of them.
        optional_depends_on: list,
    }
}

impl From<ExternalDeploy> for Node {
    fn from(deploy: ExternalDeploy) -> Self {
        Self::Map(deploy.map)
    }
}
