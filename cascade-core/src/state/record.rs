//! Records of builds, deploys and artifacts of other repositories.

use super::Extra;
use super::lenient::{or_default, text, texts};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// A build that an environment holds.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Build {
    /// The commit it was built from.
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub sha: Option<String>,
    /// The time of the build.
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub built_at: Option<String>,
    /// The name that the callback gave its artifact.
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub artifact_id: Option<String>,
    /// Its recorded outputs.
    #[serde(deserialize_with = "texts", skip_serializing_if = "IndexMap::is_empty")]
    pub tags: IndexMap<String, String>,
    /// Keys that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A deploy that an environment holds.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Deploy {
    /// The deployed commit.
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub sha: Option<String>,
    /// The deployed version.
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The time of the deployment.
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub deployed_at: Option<String>,
    /// The person or bot that deployed it.
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub deployed_by: Option<String>,
    /// Its recorded outputs.
    #[serde(deserialize_with = "texts", skip_serializing_if = "IndexMap::is_empty")]
    pub tags: IndexMap<String, String>,
    /// The commit made in the repository that a `deploy_target` names.
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub target_sha: Option<String>,
    /// The progress of its rollout.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rollout: Option<RolloutState>,
    /// Keys that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// The progress of a rollout.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RolloutState {
    /// The strategy.
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub strategy: Option<String>,
    /// The phase.
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub phase: Option<String>,
    /// The version that is rolled out.
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The share of traffic.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent: Option<u8>,
    /// The time at which it began.
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub started_at: Option<String>,
    /// The time at which its bake ends.
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub bake_until: Option<String>,
    /// The time at which it ended.
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<String>,
    /// The page of the run that does it, until it ends.
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    /// Keys that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// The values that a repository reported about its artifacts.
pub type Artifacts = IndexMap<String, serde_json::Value>;

/// An artifact of another repository that an environment holds.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct External {
    /// The repository it came from.
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub repo: Option<String>,
    /// Its commit.
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub sha: Option<String>,
    /// Its version.
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The kind of version that was found: `tag` or `commit`.
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The time of the deployment.
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub deployed_at: Option<String>,
    /// The person or bot that deployed it.
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub deployed_by: Option<String>,
    /// The values that the other repository reported about its artifacts.
    #[serde(
        deserialize_with = "or_default",
        skip_serializing_if = "IndexMap::is_empty"
    )]
    pub artifacts: Artifacts,
    /// Keys that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Deploy {
    /// Returns the record without how far its rollout is.
    #[must_use]
    pub fn without_rollout(self) -> Self {
        Self {
            rollout: None,
            ..self
        }
    }

    /// Returns true if its rollout began and has not come to its end.
    #[must_use]
    pub fn is_rolling_out(&self) -> bool {
        let phase = self
            .rollout
            .as_ref()
            .and_then(|rollout| rollout.phase.as_deref());
        matches!(phase, Some("canary" | "baking" | "green"))
    }
}
