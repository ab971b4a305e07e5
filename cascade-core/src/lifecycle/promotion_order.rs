//! The places that an artifact moves through.
//!
//! The logical chain of `[e0 .. en]` is `e0, .., e(n-1), release, en`: publishing stands between
//! the prerelease environment and the last one. With one environment it is `e0, release`, with
//! none it is the records `prerelease, release`.

use super::Base;
use crate::manifest::Role;
use crate::pipeline::Component;
use crate::state::{Build, Deploy, Environment, External, ReleaseRecord, State};
use indexmap::IndexMap;
use std::fmt;

/// A place in the chain.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Place {
    /// An environment.
    Environment(String),
    /// The record of candidates where there are no environments.
    Prerelease,
    /// The release record.
    Release,
}

/// The artifact that a place holds.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Artifact {
    /// The commit.
    pub sha: String,
    /// The version.
    pub version: String,
    /// Builds by name.
    pub builds: IndexMap<String, Build>,
    /// Deploys by name.
    pub deploys: IndexMap<String, Deploy>,
    /// Artifacts of other repositories by name.
    pub external: IndexMap<String, External>,
}

/// Returns the promotion order of a component, the first environment first.
#[must_use]
pub fn promotion_order(component: &Component) -> Vec<Place> {
    let named = |environment: &crate::pipeline::Environment| {
        Place::Environment(environment.name.to_string())
    };
    let mut places: Vec<Place> = component.environments.iter().map(named).collect();
    if places.is_empty() {
        return vec![Place::Prerelease, Place::Release];
    }
    places.insert(component.published_before(), Place::Release);
    places
}

/// The environment whose artifacts are prereleases: the one with that role, else the one
/// below the release.
#[must_use]
pub fn prerelease(component: &Component) -> Option<&crate::pipeline::Environment> {
    let environments = &component.environments;
    let says = environments
        .iter()
        .find(|environment| environment.role == Some(Role::Prerelease));
    let several = environments.len() > 1;
    let below_release = several.then(|| component.published_before() - 1);
    says.or_else(|| environments.get(below_release?))
}

impl Place {
    /// Returns the artifact that it holds; `None` if nothing is recorded.
    #[must_use]
    pub fn artifact(&self, state: &State) -> Option<Artifact> {
        match self {
            Self::Environment(name) => artifact_of(state.environments.get(name)?),
            Self::Prerelease => record_artifact(state.prerelease.as_ref()?),
            Self::Release => {
                let artifact = record_artifact(state.release.as_ref()?)?;
                Some(with_records(artifact, state))
            }
        }
    }

    /// Returns the state that a plan for it is based on.
    #[must_use]
    pub fn base(&self, state: &State) -> Base {
        let record = match self {
            Self::Environment(name) => {
                let environment = state.environments.get(name);
                return environment.map_or_else(Base::default, Base::from);
            }
            Self::Prerelease => &state.prerelease,
            Self::Release => &state.release,
        };
        record.as_ref().map_or_else(Base::default, Base::from)
    }

    /// Its name in messages and plans.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Environment(name) => name,
            Self::Prerelease => "prerelease",
            Self::Release => "release",
        }
    }
}

fn artifact_of(environment: &Environment) -> Option<Artifact> {
    Some(Artifact {
        sha: environment.held.sha.clone()?,
        version: environment.held.version.clone().unwrap_or_default(),
        builds: environment.held.builds.clone(),
        deploys: environment.settled_deploys(),
        external: environment.held.external.clone(),
    })
}

fn record_artifact(record: &ReleaseRecord) -> Option<Artifact> {
    Some(Artifact {
        sha: record.held.sha.clone()?,
        version: record.held.version.clone().unwrap_or_default(),
        builds: record.held.builds.clone(),
        deploys: record.held.deploys.clone(),
        external: record.held.external.clone(),
    })
}

/// Fills in what a record written by an older version lacks: from the highest environment
/// that holds, or held, the same commit.
fn with_records(artifact: Artifact, state: &State) -> Artifact {
    if !artifact.builds.is_empty() || !artifact.deploys.is_empty() {
        return artifact;
    }
    let holds = |sha: &Option<String>| sha.as_deref() == Some(artifact.sha.as_str());
    for environment in state.environments.values().rev() {
        if holds(&environment.held.sha) {
            return Artifact {
                builds: environment.held.builds.clone(),
                deploys: environment.held.deploys.clone(),
                external: environment.held.external.clone(),
                ..artifact
            };
        }
        if let Some(earlier) = environment
            .previous
            .iter()
            .find(|each| holds(&each.held.sha))
        {
            return Artifact {
                builds: earlier.held.builds.clone(),
                deploys: earlier.held.deploys.clone(),
                external: earlier.held.external.clone(),
                ..artifact
            };
        }
    }
    artifact
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
