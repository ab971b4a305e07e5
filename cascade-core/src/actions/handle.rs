//! Handles: the only way to read another job.

use std::sync::Arc;

use super::expr::{Expr, Read};
use super::{JobId, WorkflowError};

/// A job that other jobs may read and wait for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobHandle {
    pub(super) id: JobId,
    pub(super) outputs: Arc<[String]>,
}

/// An output that a job declares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputHandle {
    job: JobId,
    name: String,
}

impl JobHandle {
    /// The job's id.
    #[must_use]
    pub const fn id(&self) -> &JobId {
        &self.id
    }

    /// An output that the job declares.
    ///
    /// # Errors
    /// [`WorkflowError::UndeclaredOutput`].
    pub fn output(&self, name: &str) -> Result<OutputHandle, WorkflowError> {
        if self.outputs.iter().any(|output| output == name) {
            Ok(OutputHandle::new(&self.id, name))
        } else {
            Err(WorkflowError::UndeclaredOutput {
                job: self.id.to_string(),
                output: name.to_owned(),
            })
        }
    }

    /// `needs.<job>`: result and outputs together, for [`Expr::to_json`].
    #[must_use]
    pub fn all(&self) -> Expr {
        needs(&self.id)
    }

    /// `needs.<job>.result`.
    #[must_use]
    pub fn result(&self) -> Expr {
        needs(&self.id).get("result")
    }

    /// `needs.<job>.result == 'success'`.
    #[must_use]
    pub fn succeeded(&self) -> Expr {
        self.result().equals("success")
    }
}

impl Expr {
    /// Returns the whole context `needs`, of a job that waits for `jobs` at least.
    #[must_use]
    pub fn needs<'a>(jobs: impl IntoIterator<Item = &'a JobHandle>) -> Self {
        let reads = jobs.into_iter().map(|job| Read::Job(job.id.clone()));
        Self::reading_all("needs".to_owned(), reads)
    }
}

impl OutputHandle {
    pub(super) fn new(job: &JobId, name: &str) -> Self {
        Self {
            job: job.clone(),
            name: name.to_owned(),
        }
    }

    /// `needs.<job>.outputs.<name>`.
    #[must_use]
    pub fn expr(&self) -> Expr {
        needs(&self.job).get("outputs").get(&self.name)
    }

    /// `jobs.<job>.outputs.<name>`, as the outputs of a called workflow read it.
    pub(super) fn workflow_expr(&self) -> Expr {
        Expr::member("jobs", self.job.as_str(), Read::JobOutput(self.job.clone()))
            .get("outputs")
            .get(&self.name)
    }
}

fn needs(job: &JobId) -> Expr {
    Expr::member("needs", job.as_str(), Read::Job(job.clone()))
}

impl From<OutputHandle> for Expr {
    fn from(output: OutputHandle) -> Self {
        output.expr()
    }
}

impl From<&OutputHandle> for Expr {
    fn from(output: &OutputHandle) -> Self {
        output.expr()
    }
}
