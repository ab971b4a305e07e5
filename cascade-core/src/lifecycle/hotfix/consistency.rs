//! A check that the repository agrees with the state.

use super::branch::{base_branch, is_hotfix};
use super::elevation::Facts;
use super::published::Published;
use super::pull::Progress;
use crate::commits::short;
use crate::lifecycle::release::Existing;
use crate::lifecycle::{Base, History};
use crate::pipeline::Component;
use crate::state::{Environment, State};
use serde::Serialize;
use std::fmt;

/// Something that does not fit the state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Inconsistency {
    /// The environment.
    pub environment: String,
    /// A description of the inconsistency.
    pub what: String,
    /// The remedy; `None` if only a person can resolve it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<Remedy>,
}

/// A remedy for an inconsistency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "remedy", rename_all = "kebab-case")]
pub enum Remedy {
    /// A branch is made, moved or deleted.
    MoveBranch {
        /// Its name.
        branch: String,
        /// The commit at which it stands; absent if the branch does not exist.
        #[serde(skip_serializing_if = "Option::is_none")]
        from: Option<String>,
        /// The commit at which it belongs; absent if the branch is deleted.
        #[serde(skip_serializing_if = "Option::is_none")]
        to: Option<String>,
    },
    /// A tag is made.
    Tag {
        /// Its name.
        tag: String,
        /// Its commit.
        sha: String,
    },
    /// A release is drafted or published.
    Release {
        /// Its tag.
        tag: String,
    },
}

/// Returns everything that does not fit: environment by environment, then tags and releases.
///
/// `releases` are those on GitHub, if the pipeline makes any and they are known.
///
/// # Errors
/// The history gives no answer.
pub fn inconsistencies<H: History>(
    component: &Component,
    state: &State,
    facts: Facts<'_>,
    releases: Option<&[Existing]>,
    history: &H,
) -> Result<Vec<Inconsistency>, H::Error> {
    let tags = history.tags()?;
    let mut found = Vec::new();
    for environment in &component.environments {
        let name = environment.name.as_str();
        let nothing = Environment::default();
        let held = state.environments.get(name).unwrap_or(&nothing);
        let mut put = |what: String, remedy| {
            let environment = name.to_owned();
            found.push(Inconsistency {
                environment,
                what,
                remedy,
            });
        };
        if let Some((what, remedy)) = branch((component, name), held, facts) {
            put(what, Some(remedy));
        }
        let Some(sha) = held.held.sha.as_deref() else {
            continue;
        };
        if !history.contains(sha, sha)? {
            put(format!("{} is not in this repository", short(sha)), None);
            continue;
        }
        if !held.is_diverged() && !history.contains(facts.trunk, sha)? {
            put(format!("{} is not on trunk", short(sha)), None);
        }
        if held.is_incomplete() {
            let deploys = held.deviating().join(", ");
            put(format!("it is incomplete: {deploys}"), None);
        }
    }
    let published = Published {
        component,
        state,
        tags: &tags,
        releases,
    };
    found.extend(published.inconsistencies());
    Ok(found)
}

/// A branch that does not stand where it belongs; while a pull request into it is open, it may
/// also stand where the environment is.
fn branch(
    (component, name): (&Component, &str),
    held: &Environment,
    facts: Facts<'_>,
) -> Option<(String, Remedy)> {
    let tip = facts.branches.get(name);
    let sha = held.held.sha.as_ref();
    let open = facts
        .pulls
        .iter()
        .any(|pull| pull.environment == name && pull.progress == Progress::Open);
    let belongs = sha.filter(|_| is_hotfix(&Base::from(held)));
    if tip == belongs || (open && tip == sha) {
        return None;
    }
    let to = if open { sha } else { belongs };
    let branch = base_branch(component.name(), name);
    let what = match (tip, to) {
        (None, Some(sha)) => format!("`{branch}` is missing; it belongs at {}", short(sha)),
        (Some(tip), Some(sha)) => format!(
            "`{branch}` stands at {} and belongs at {}",
            short(tip),
            short(sha)
        ),
        (Some(tip), None) => format!(
            "`{branch}` is left over at {}: {name} is on trunk",
            short(tip)
        ),
        (None, None) => return None,
    };
    let (from, to) = (tip.cloned(), to.cloned());
    Some((what, Remedy::MoveBranch { branch, from, to }))
}

impl fmt::Display for Inconsistency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.environment, self.what)
    }
}
