//! Workflow runs, which whoever runs the workflows makes known.

/// A run of a workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Its number in the API.
    pub id: u64,
    /// The workflow's file: `.github/workflows/deploy.yaml`.
    pub workflow: String,
    /// The workflow's name.
    pub name: String,
    /// What started it.
    pub event: String,
    /// The branch.
    pub branch: String,
    /// The commit.
    pub sha: String,
    /// Who started it.
    pub actor: String,
    /// `queued`, `in_progress` or `completed`.
    pub status: String,
    /// `success`, `failure`, `cancelled`, ... once it is completed.
    pub conclusion: Option<String>,
    /// When.
    pub created_at: String,
    /// When it changed last.
    pub updated_at: String,
    /// Somebody asked to cancel it.
    pub cancel_requested: bool,
    /// Its jobs.
    pub jobs: Vec<Job>,
}

/// A job of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Its name.
    pub name: String,
    /// `queued`, `in_progress` or `completed`.
    pub status: String,
    /// `success`, `failure`, `cancelled`, `skipped`, ... once it is completed.
    pub conclusion: Option<String>,
    /// When it started.
    pub started_at: String,
    /// When it ended.
    pub completed_at: Option<String>,
}
