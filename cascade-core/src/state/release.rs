//! The published slot, and the latest release.

use super::lenient::{or_default, text};
use super::{Build, Deploy, External, Extra};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// What is published, or about to be.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Slot {
    /// The commit.
    #[serde(
        default,
        deserialize_with = "text",
        skip_serializing_if = "Option::is_none"
    )]
    pub sha: Option<String>,
    /// The version.
    #[serde(
        default,
        deserialize_with = "text",
        skip_serializing_if = "Option::is_none"
    )]
    pub version: Option<String>,
    /// When it was recorded.
    #[serde(
        default,
        deserialize_with = "text",
        skip_serializing_if = "Option::is_none"
    )]
    pub committed_at: Option<String>,
    /// By whom.
    #[serde(
        default,
        deserialize_with = "text",
        skip_serializing_if = "Option::is_none"
    )]
    pub committed_by: Option<String>,
    /// Builds by name.
    #[serde(
        default,
        deserialize_with = "or_default",
        skip_serializing_if = "IndexMap::is_empty"
    )]
    pub builds: IndexMap<String, Build>,
    /// Deploys by name.
    #[serde(
        default,
        deserialize_with = "or_default",
        skip_serializing_if = "IndexMap::is_empty"
    )]
    pub deploys: IndexMap<String, Deploy>,
    /// Artifacts of other repositories by name.
    #[serde(
        default,
        deserialize_with = "or_default",
        skip_serializing_if = "IndexMap::is_empty"
    )]
    pub external: IndexMap<String, External>,
    /// Keys that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// The latest release.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct LatestRelease {
    /// Its version.
    #[serde(
        default,
        deserialize_with = "text",
        skip_serializing_if = "Option::is_none"
    )]
    pub version: Option<String>,
    /// Its commit.
    #[serde(
        default,
        deserialize_with = "text",
        skip_serializing_if = "Option::is_none"
    )]
    pub sha: Option<String>,
    /// When it was released.
    #[serde(
        default,
        deserialize_with = "text",
        skip_serializing_if = "Option::is_none"
    )]
    pub released_on: Option<String>,
    /// By whom.
    #[serde(
        default,
        deserialize_with = "text",
        skip_serializing_if = "Option::is_none"
    )]
    pub released_by: Option<String>,
    /// The latest release of each component.
    #[serde(
        default,
        deserialize_with = "or_default",
        skip_serializing_if = "IndexMap::is_empty"
    )]
    pub components: IndexMap<String, LatestRelease>,
    /// Keys that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl LatestRelease {
    /// Whether nothing was released and nothing is recorded.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
