//! The contexts, jobs, steps, inputs and secrets that an expression reads.

use crate::actions::JobId;
use crate::expression::Context;

/// One thing that an expression reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Read {
    Context(Context),
    Job(JobId),
    Step {
        job: JobId,
        step: String,
    },
    Input(String),
    Secret(String),
    /// A job's output in the outputs of the workflow.
    JobOutput(JobId),
}

impl Read {
    pub(crate) const fn context(&self) -> Context {
        match self {
            Self::Context(context) => *context,
            Self::Job(_) => Context::Needs,
            Self::Step { .. } => Context::Steps,
            Self::Input(_) => Context::Inputs,
            Self::Secret(_) => Context::Secrets,
            Self::JobOutput(_) => Context::Jobs,
        }
    }
}

/// Everything that an expression reads, each thing once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Reads(Vec<Read>);

impl Reads {
    pub(crate) fn one(read: Read) -> Self {
        Self(vec![read])
    }

    pub(crate) fn add(&mut self, read: Read) {
        if !self.0.contains(&read) {
            self.0.push(read);
        }
    }

    pub(crate) fn add_all(&mut self, reads: impl IntoIterator<Item = Read>) {
        for read in reads {
            self.add(read);
        }
    }

    pub(crate) fn extend(&mut self, other: &Self) {
        self.add_all(other.0.iter().cloned());
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Read> {
        self.0.iter()
    }
}
