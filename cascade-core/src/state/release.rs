//! The release record, and the latest release.

use super::lenient::{or_default, text};
use super::{Extra, Held};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// The release record: the version that is published, or about to be.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ReleaseRecord {
    /// The version, with what it is made of.
    #[serde(flatten)]
    pub held: Held,
    /// Keys that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// The latest release.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct LatestRelease {
    /// Its version.
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Its commit.
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub sha: Option<String>,
    /// The time of the release.
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub released_on: Option<String>,
    /// The person or bot that released it.
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub released_by: Option<String>,
    /// The latest release of each component.
    #[serde(
        deserialize_with = "or_default",
        skip_serializing_if = "IndexMap::is_empty"
    )]
    pub components: IndexMap<String, LatestRelease>,
    /// Keys that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl LatestRelease {
    /// Returns true if nothing was released and nothing is recorded.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
