//! Jobs: one that calls a workflow, or one that has steps.

mod call;
mod steps;

pub use call::{CallJob, Secrets};
pub use steps::{Environment, RunsOn, StepsJob};

use super::{Concurrency, Expr, JobHandle, JobId, Permissions, Strategy, Value};

/// A job of a workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::large_enum_variant, reason = "a workflow has few jobs")]
pub enum Job {
    /// Calls a reusable workflow.
    Call(CallJob),
    /// Runs steps on a runner.
    Steps(StepsJob),
}

/// The fields that both kinds of jobs have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Common {
    pub(super) id: JobId,
    pub(super) name: Option<Value>,
    pub(super) permissions: Permissions,
    pub(super) needs: Vec<JobId>,
    pub(super) condition: Option<Expr>,
    pub(super) concurrency: Option<Concurrency>,
    pub(super) strategy: Option<Strategy>,
    pub(super) comment: Option<String>,
}

impl Common {
    fn new(id: impl Into<String>) -> Self {
        Self {
            id: JobId::unchecked(id),
            name: None,
            permissions: Permissions::none(),
            needs: Vec::new(),
            condition: None,
            concurrency: None,
            strategy: None,
            comment: None,
        }
    }
}

impl Job {
    pub(super) const fn common(&self) -> &Common {
        match self {
            Self::Call(job) => &job.common,
            Self::Steps(job) => &job.common,
        }
    }

    pub(super) const fn common_mut(&mut self) -> &mut Common {
        match self {
            Self::Call(job) => &mut job.common,
            Self::Steps(job) => &mut job.common,
        }
    }

    /// The job's id.
    #[must_use]
    pub const fn id(&self) -> &JobId {
        &self.common().id
    }

    /// Returns the permissions of the job's token.
    #[must_use]
    pub const fn permissions(&self) -> &Permissions {
        &self.common().permissions
    }

    pub(super) fn handle(&self) -> JobHandle {
        JobHandle {
            id: self.id().clone(),
            outputs: match self {
                Self::Call(job) => job.callee.outputs.iter().cloned().collect(),
                Self::Steps(job) => job.outputs.keys().cloned().collect(),
            },
        }
    }
}

impl From<CallJob> for Job {
    fn from(job: CallJob) -> Self {
        Self::Call(job)
    }
}

impl From<StepsJob> for Job {
    fn from(job: StepsJob) -> Self {
        Self::Steps(job)
    }
}

macro_rules! common {
    ($job:ty) => {
        impl $job {
            /// Sets the name on the run's page.
            #[must_use]
            pub fn name(mut self, name: impl Into<Value>) -> Self {
                self.common.name = Some(name.into());
                self
            }

            /// Adds permissions to those of the job's token.
            #[must_use]
            pub fn permissions(mut self, permissions: &Permissions) -> Self {
                self.common.permissions = self.common.permissions.union(permissions);
                self
            }

            /// Waits for `job`. Jobs that an expression reads are waited for anyway.
            #[must_use]
            pub fn needs(mut self, job: &JobHandle) -> Self {
                self.common.needs.push(job.id.clone());
                self
            }

            /// Waits for all of `jobs`.
            #[must_use]
            pub fn needs_all<'a>(mut self, jobs: impl IntoIterator<Item = &'a JobHandle>) -> Self {
                let ids = jobs.into_iter().map(|job| job.id.clone());
                self.common.needs.extend(ids);
                self
            }

            /// Runs only if `condition` holds.
            #[must_use]
            pub fn when(mut self, condition: impl Into<Expr>) -> Self {
                self.common.condition = Some(condition.into());
                self
            }

            /// Runs alone in a group.
            #[must_use]
            pub fn concurrency(mut self, concurrency: Concurrency) -> Self {
                self.common.concurrency = Some(concurrency);
                self
            }

            /// Runs once per combination of a matrix.
            #[must_use]
            pub fn strategy(mut self, strategy: Strategy) -> Self {
                self.common.strategy = Some(strategy);
                self
            }

            /// A comment above the job.
            #[must_use]
            pub fn comment(mut self, text: impl Into<String>) -> Self {
                self.common.comment = Some(text.into());
                self
            }
        }
    };
}
use common;
