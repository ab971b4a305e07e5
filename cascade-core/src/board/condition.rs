//! The special conditions of an environment.

use crate::commits::short;
use crate::state::Environment;
use serde::Serialize;
use std::fmt;

/// Something about an environment that people should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "condition", rename_all = "snake_case")]
pub enum Condition {
    /// Some deploys hold another version, or may hold one.
    Incomplete {
        /// The version that was being brought.
        version: String,
        /// The operation.
        operation: String,
        /// The deploys.
        deploys: Vec<String>,
        /// The page of the run, if it has not ended.
        run: Option<String>,
    },
    /// A hotfix or a rollback took it off trunk.
    Diverged {
        /// Its branch.
        branch: String,
    },
    /// A rollback moved away from a version.
    Rejected {
        /// The version, or its commit.
        version: String,
    },
}

impl Condition {
    /// Returns the conditions of an environment.
    #[must_use]
    pub fn of(environment: &Environment) -> Vec<Self> {
        let unfinished = environment.unfinished().map(|each| Self::Incomplete {
            version: each.version.to_owned(),
            operation: each.operation.to_owned(),
            deploys: environment
                .deviating()
                .into_iter()
                .map(str::to_owned)
                .collect(),
            run: environment
                .begun
                .as_ref()
                .and_then(|begun| begun.run.clone()),
        });
        let diverged = environment.git_ref.clone();
        let diverged = diverged.map(|branch| Self::Diverged { branch });
        let rejected = environment.rejected.as_ref().map(|rejected| {
            let sha = || rejected.sha.as_deref().map(|sha| short(sha).to_owned());
            let version = rejected.version.clone().or_else(sha);
            Self::Rejected {
                version: version.unwrap_or_default(),
            }
        });
        [unfinished, diverged, rejected]
            .into_iter()
            .flatten()
            .collect()
    }

    /// Returns true if somebody must act.
    #[must_use]
    pub const fn is_bad(&self) -> bool {
        matches!(self, Self::Incomplete { .. })
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Incomplete {
                version,
                deploys,
                run,
                ..
            } => {
                write!(f, "incomplete: {version} for {}", deploys.join(", "))?;
                match run {
                    Some(run) => write!(f, " ({run})"),
                    None => Ok(()),
                }
            }
            Self::Diverged { branch } => write!(f, "diverged on {branch}"),
            Self::Rejected { version } => write!(f, "rejected {version}"),
        }
    }
}
