//! What an expression reads.

use crate::actions::JobId;

/// A context, or a family of functions, that GitHub offers in some places only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u16)]
#[allow(missing_docs, reason = "the names are GitHub's")]
pub enum Context {
    Github = 1,
    Inputs = 1 << 1,
    Vars = 1 << 2,
    Secrets = 1 << 3,
    Needs = 1 << 4,
    Strategy = 1 << 5,
    Matrix = 1 << 6,
    Job = 1 << 7,
    Runner = 1 << 8,
    Env = 1 << 9,
    Steps = 1 << 10,
    Jobs = 1 << 11,
    /// `success()`, `failure()`, `always()`, `cancelled()`.
    Status = 1 << 12,
    /// `hashFiles()`.
    HashFiles = 1 << 13,
}

impl Context {
    /// Every context by the name that an expression has for it.
    pub(crate) const NAMED: [(&'static str, Self); 12] = [
        ("github", Self::Github),
        ("inputs", Self::Inputs),
        ("vars", Self::Vars),
        ("secrets", Self::Secrets),
        ("needs", Self::Needs),
        ("strategy", Self::Strategy),
        ("matrix", Self::Matrix),
        ("job", Self::Job),
        ("runner", Self::Runner),
        ("env", Self::Env),
        ("steps", Self::Steps),
        ("jobs", Self::Jobs),
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Status => "always()",
            Self::HashFiles => "hashFiles()",
            named => Self::NAMED
                .iter()
                .find(|(_, context)| *context == named)
                .map_or("", |(name, _)| name),
        }
    }
}

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

    pub(crate) fn extend(&mut self, other: &Self) {
        for read in &other.0 {
            self.add(read.clone());
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Read> {
        self.0.iter()
    }
}
