//! Deployments that have not come to their ends.

use super::lenient::{or_default, text};
use super::{Deploy, Environment, External, Extra};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// A deployment of which some deploys hold the new version and some do not.
///
/// It says what the deploys that moved held while the environment was complete; what they hold now
/// stands in the environment itself.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Incomplete {
    /// The operation that deployed.
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// The commit that it was bringing.
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub sha: Option<String>,
    /// Its version.
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The records of deploys that moved, as they were before; an empty one for a new deploy.
    #[serde(
        deserialize_with = "or_default",
        skip_serializing_if = "IndexMap::is_empty"
    )]
    pub deploys: IndexMap<String, Deploy>,
    /// The same for artifacts of other repositories.
    #[serde(
        deserialize_with = "or_default",
        skip_serializing_if = "IndexMap::is_empty"
    )]
    pub external: IndexMap<String, External>,
    /// Keys that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A deployment that began.
///
/// It is written before the first deploy starts and settled when the results are recorded, so that
/// a run that vanishes in between leaves a trace. It is kept in a ref of its own beside the
/// manifest: see `refs/cascade/deployments` in `docs/architecture.md`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Begun {
    /// The operation that deploys.
    pub operation: String,
    /// The page of its run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    /// The commit that it brings.
    pub sha: String,
    /// Its version.
    pub version: String,
    /// The time at which it began.
    pub started_at: String,
    /// The deploys that may run, until their results are recorded.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub running: Vec<String>,
    /// The deploys whose results nobody recorded: they may hold this version or the recorded one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<String>,
}

/// The version that an unfinished deployment was bringing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unfinished<'a> {
    /// The operation.
    pub operation: &'a str,
    /// The commit.
    pub sha: &'a str,
    /// The version.
    pub version: &'a str,
}

impl Begun {
    /// Returns true if every result is recorded.
    #[must_use]
    pub const fn is_settled(&self) -> bool {
        self.running.is_empty() && self.unknown.is_empty()
    }
}

impl Environment {
    /// Returns true if nothing is known of it but that a deployment began.
    #[must_use]
    pub fn is_only_begun(&self) -> bool {
        self.begun.is_some() && self.without_begun() == Self::default()
    }

    /// Returns what stands in the manifest.
    #[must_use]
    pub fn without_begun(&self) -> Self {
        Self {
            begun: None,
            ..self.clone()
        }
    }

    /// Returns true if some deploys may hold another version than the environment's.
    #[must_use]
    pub fn is_incomplete(&self) -> bool {
        self.unfinished().is_some()
    }

    /// Returns true if nobody recorded what became of the last deployment of this deploy.
    #[must_use]
    pub fn is_in_doubt(&self, deploy: &str) -> bool {
        self.in_doubt().contains(&deploy)
    }

    /// Returns the deploys of which nobody recorded what became of their last deployment.
    #[must_use]
    pub fn in_doubt(&self) -> Vec<&str> {
        let begun = self.begun.iter();
        let names = begun.flat_map(|begun| begun.running.iter().chain(&begun.unknown));
        names.map(String::as_str).collect()
    }

    /// Returns the deployment that left the environment incomplete.
    #[must_use]
    pub fn unfinished(&self) -> Option<Unfinished<'_>> {
        if let Some(begun) = self.begun.as_ref().filter(|begun| !begun.is_settled()) {
            return Some(Unfinished {
                operation: &begun.operation,
                sha: &begun.sha,
                version: &begun.version,
            });
        }
        self.incomplete.as_ref().map(|incomplete| Unfinished {
            operation: incomplete.operation.as_deref().unwrap_or_default(),
            sha: incomplete.sha.as_deref().unwrap_or_default(),
            version: incomplete.version.as_deref().unwrap_or_default(),
        })
    }

    /// Returns the names of the deploys that hold, or may hold, another version than it does.
    #[must_use]
    pub fn deviating(&self) -> Vec<&str> {
        let moved = self.incomplete.iter().flat_map(|incomplete| {
            let names = incomplete.deploys.keys().chain(incomplete.external.keys());
            names.map(String::as_str)
        });
        let mut names: Vec<&str> = Vec::new();
        for name in moved.chain(self.in_doubt()) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// Returns the deploys as they were while the environment was complete.
    #[must_use]
    pub fn complete_deploys(&self) -> IndexMap<String, Deploy> {
        let mut deploys = self.settled_deploys();
        for (name, before) in self.incomplete.iter().flat_map(|each| &each.deploys) {
            match before.sha.is_some() || before.version.is_some() {
                true => deploys.insert(name.clone(), before.clone()),
                false => deploys.shift_remove(name),
            };
        }
        deploys
    }

    /// Returns the artifacts of other repositories as they were while it was complete.
    #[must_use]
    pub fn complete_external(&self) -> IndexMap<String, External> {
        let mut external = self.held.external.clone();
        for (name, before) in self.incomplete.iter().flat_map(|each| &each.external) {
            match *before == External::default() {
                false => external.insert(name.clone(), before.clone()),
                true => external.shift_remove(name),
            };
        }
        external
    }
}
