//! Deployments, their statuses, environments.

use serde_json::Value;

/// A deployment.
#[derive(Debug, Clone, PartialEq)]
pub struct Deployment {
    /// Its number in the API.
    pub id: u64,
    /// What was asked for.
    pub reference: String,
    /// The commit.
    pub sha: String,
    /// `deploy`.
    pub task: String,
    /// Where to.
    pub environment: String,
    /// Why.
    pub description: Option<String>,
    /// Anything.
    pub payload: Value,
    /// Who made it.
    pub creator: String,
    /// When.
    pub created_at: String,
    /// What became of it, the oldest first.
    pub statuses: Vec<DeploymentStatus>,
}

/// A status of a deployment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeploymentStatus {
    /// Its number in the API.
    pub id: u64,
    /// `queued`, `in_progress`, `success`, `failure`, `error`, `inactive`, `pending`.
    pub state: String,
    /// In words.
    pub description: String,
    /// Where the log is.
    pub log_url: String,
    /// Where the deployed thing is.
    pub environment_url: String,
    /// Who said so.
    pub creator: String,
    /// When.
    pub created_at: String,
}
