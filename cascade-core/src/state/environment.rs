//! The version that an environment holds, and those that it held before.

use super::deployment::{Begun, Incomplete};
use super::lenient::{or_default, text};
use super::{Deploy, Extra, Held};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// The number of earlier versions that an environment remembers.
pub const HISTORY_LENGTH: usize = 10;

/// The recorded state of one environment.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Environment {
    /// The version that it holds.
    #[serde(flatten)]
    pub held: Held,
    /// The versions that it held before, newest first; [`Environment::remember`] limits their
    /// number.
    #[serde(deserialize_with = "or_default", skip_serializing_if = "Vec::is_empty")]
    pub previous: Vec<Snapshot>,
    /// The branch of a diverged environment.
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    #[serde(rename = "ref")]
    pub git_ref: Option<String>,
    /// The trunk commit that a diverged environment left from.
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub base_sha: Option<String>,
    /// The fixes that a diverged environment holds on top.
    #[serde(deserialize_with = "or_default", skip_serializing_if = "Vec::is_empty")]
    pub patches: Vec<Patch>,
    /// The version that a rollback moved away from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rejected: Option<Rejected>,
    /// The last deployment, while some deploys hold its version and some do not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub incomplete: Option<Incomplete>,
    /// The last deployment that began; it is kept in a ref of its own, not in the manifest.
    #[serde(skip)]
    pub begun: Option<Begun>,
    /// Keys that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A version that an environment held before.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Snapshot {
    /// The version that it held.
    #[serde(flatten)]
    pub held: Held,
    /// True if a rollback moved away from it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub rejected: bool,
    /// Keys that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A version that a rollback moved away from.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Rejected {
    /// The commit.
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub sha: Option<String>,
    /// The version.
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Keys that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A fix on top of a diverged environment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Patch {
    /// Its commit on trunk.
    Sha(String),
    /// A shape that this version does not know.
    Other(serde_json::Value),
}

impl Environment {
    /// The deploys whose rollouts began and have not come to their ends.
    pub fn unfinished_rollouts(&self) -> impl Iterator<Item = &String> {
        let deploys = self.held.deploys.iter();
        let unfinished = deploys.filter(|(_, deploy)| deploy.is_rolling_out());
        unfinished.map(|(name, _)| name)
    }

    /// Puts what the environment held while it was complete at the front of what it held before.
    ///
    /// Does nothing if it holds nothing yet.
    pub fn remember(&mut self) {
        if self.held.sha.is_none() && self.held.version.is_none() {
            return;
        }
        let held = Held {
            deploys: self.complete_deploys(),
            external: self.complete_external(),
            ..self.held.clone()
        };
        let now = Snapshot {
            held,
            rejected: false,
            extra: Extra::new(),
        };
        self.previous.insert(0, now);
        self.previous.truncate(HISTORY_LENGTH);
    }

    /// Its deploys without how far their rollouts are, which concerns nobody but the environment.
    #[must_use]
    pub fn settled_deploys(&self) -> IndexMap<String, Deploy> {
        let settled = |(name, deploy): (&String, &Deploy)| {
            let rollout = None;
            let deploy = Deploy {
                rollout,
                ..deploy.clone()
            };
            (name.clone(), deploy)
        };
        let recorded = self
            .held
            .deploys
            .iter()
            .filter(|(_, deploy)| deploy.sha.is_some() || deploy.version.is_some());
        recorded.map(settled).collect()
    }

    /// Marks the newest of what it held before as something that a rollback moved away from.
    pub fn reject_newest(&mut self) {
        if let Some(newest) = self.previous.first_mut() {
            newest.rejected = true;
        }
    }

    /// Returns true if a hotfix or a rollback took it off trunk.
    #[must_use]
    pub const fn is_diverged(&self) -> bool {
        self.git_ref.is_some()
    }
}

impl Patch {
    /// Its commit on trunk, if this version understands it.
    #[must_use]
    pub fn sha(&self) -> Option<&str> {
        match self {
            Self::Sha(sha) => Some(sha),
            Self::Other(value) => value.get("sha").and_then(serde_json::Value::as_str),
        }
    }
}
