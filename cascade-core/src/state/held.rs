//! A version with everything that came of it.

use super::lenient::{or_default, text};
use super::{Build, Deploy, External};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// A version, and what its builds and deploys came to: what an environment holds or held, and what
/// a release is made of.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Held {
    /// The commit.
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub sha: Option<String>,
    /// The version.
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The time at which it was recorded.
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub committed_at: Option<String>,
    /// The person or bot that recorded it.
    #[serde(deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub committed_by: Option<String>,
    /// Builds by name.
    #[serde(
        deserialize_with = "or_default",
        skip_serializing_if = "IndexMap::is_empty"
    )]
    pub builds: IndexMap<String, Build>,
    /// Deploys by name.
    #[serde(
        deserialize_with = "or_default",
        skip_serializing_if = "IndexMap::is_empty"
    )]
    pub deploys: IndexMap<String, Deploy>,
    /// Artifacts of other repositories by name.
    #[serde(
        deserialize_with = "or_default",
        skip_serializing_if = "IndexMap::is_empty"
    )]
    pub external: IndexMap<String, External>,
}
