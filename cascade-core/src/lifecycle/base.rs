//! The recorded state that a plan is based on.

use crate::commits::short;
use crate::state::{Deploy, Environment, External, ReleaseRecord};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The state of a place when a plan was made; recording refuses to overwrite any other state.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Base {
    /// The commit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha: Option<String>,
    /// The version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The branch of a diverged environment.
    #[serde(default, rename = "ref", skip_serializing_if = "Option::is_none")]
    pub git_ref: Option<String>,
}

/// A place moved after the plan was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StalePlan {
    /// The environment or release record.
    pub place: String,
    /// The state that the plan was made for.
    pub planned: Box<Base>,
    /// The state that was found.
    pub found: Box<Base>,
}

impl From<&Environment> for Base {
    fn from(environment: &Environment) -> Self {
        Self {
            sha: environment.held.sha.clone(),
            version: environment.held.version.clone(),
            git_ref: environment.git_ref.clone(),
        }
    }
}

impl From<&ReleaseRecord> for Base {
    fn from(record: &ReleaseRecord) -> Self {
        Self {
            sha: record.held.sha.clone(),
            version: record.held.version.clone(),
            git_ref: None,
        }
    }
}

impl From<&Deploy> for Base {
    fn from(deploy: &Deploy) -> Self {
        Self {
            sha: deploy.sha.clone(),
            version: deploy.version.clone(),
            git_ref: None,
        }
    }
}

impl From<&External> for Base {
    fn from(external: &External) -> Self {
        Self {
            sha: external.sha.clone(),
            version: external.version.clone(),
            git_ref: None,
        }
    }
}

impl Base {
    /// Returns true if it is this commit at this version.
    #[must_use]
    pub fn is(&self, sha: &str, version: &str) -> bool {
        self.sha.as_deref() == Some(sha) && self.version.as_deref() == Some(version)
    }

    /// Refuses if `found` is neither what was planned for nor what the plan leads to.
    pub(super) fn still_holds(
        &self,
        place: &str,
        found: Self,
        (sha, version): (&str, &str),
    ) -> Result<Standing, StalePlan> {
        if found == *self {
            return Ok(Standing::Still);
        }
        if found.is(sha, version) {
            return Ok(Standing::Already);
        }
        Err(StalePlan {
            place: place.to_owned(),
            planned: Box::new(self.clone()),
            found: Box::new(found),
        })
    }
}

/// The state of a place when a plan is carried out, compared with the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// The state that the plan was made for.
    Still,
    /// The state that the plan leads to.
    Already,
}

impl fmt::Display for Base {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.version, &self.sha) {
            (None, None) => f.write_str("nothing"),
            (Some(version), None) => f.write_str(version),
            (None, Some(sha)) => f.write_str(short(sha)),
            (Some(version), Some(sha)) => write!(f, "{version} ({})", short(sha)),
        }?;
        match &self.git_ref {
            Some(branch) => write!(f, " on {branch}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for StalePlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            place,
            planned,
            found,
        } = self;
        write!(
            f,
            "stale plan: {place} holds {found} now, and the plan was made when it held {planned}"
        )
    }
}

impl std::error::Error for StalePlan {}
