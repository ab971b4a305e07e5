//! The environments of a repository, and the people and timers that a job waits for in front of them.
//!
//! Source: GitHub, "Deployments and environments": required reviewers, wait timer, deployment
//! branches. Names of environments are compared without case.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::ensure;
use serde::{Deserialize, Serialize};

use crate::engine::{Admission, Entrance};
use crate::github::Clock;

/// An environment of a repository, as its settings say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Environment {
    /// The accounts of which one must approve.
    pub(crate) reviewers: Vec<String>,
    /// Minutes that a job waits.
    pub(crate) wait_timer: u64,
    /// The branches whose runs may deploy there; all if it is not said.
    pub(crate) branches: Option<Vec<String>>,
    pub(crate) secrets: BTreeMap<String, String>,
    pub(crate) variables: BTreeMap<String, String>,
}

/// A job that waited in front of an environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Asked {
    pub(crate) environment: String,
    pub(crate) job: String,
    pub(crate) reviewers: Vec<String>,
    /// Minutes.
    pub(crate) wait_timer: u64,
    /// True if it went on.
    pub(crate) admitted: bool,
}

/// Everybody who lets jobs of a repository in.
#[derive(Debug, Clone)]
pub(super) struct Doorkeeper {
    pub(super) environments: BTreeMap<String, Environment>,
    /// The environments for which everybody says no.
    pub(super) rejects: Vec<String>,
    /// The branch of the run.
    pub(super) branch: String,
    pub(super) clock: Clock,
    pub(super) asked: Arc<Mutex<Vec<Asked>>>,
}

impl Doorkeeper {
    /// Lets a job in, or not, once the timer has run out.
    pub(super) fn admit(&self, entrance: &Entrance<'_>) -> anyhow::Result<Admission> {
        let same = |name: &String| name.eq_ignore_ascii_case(entrance.environment);
        let known = self.environments.iter().find(|(name, _)| same(name));
        let known = known.map(|(_, environment)| environment.clone());
        let environment = known.unwrap_or_default();
        let rejected = self.rejects.iter().any(same);
        ensure!(
            !rejected || !environment.reviewers.is_empty(),
            "nobody is asked for `{}`, so nobody can reject it",
            entrance.environment
        );
        let refused = match &environment.branches {
            Some(branches) if !branches.contains(&self.branch) => Some(format!(
                "Branch \"{}\" is not allowed to deploy to {} due to environment protection rules.",
                self.branch, entrance.environment
            )),
            _ if rejected => Some(format!("Somebody rejected {}.", entrance.environment)),
            _ => None,
        };
        self.note(entrance, &environment, refused.is_none());
        if refused.is_none() {
            let minutes = environment.wait_timer;
            self.clock.advance(Duration::from_secs(minutes * 60));
        }
        Ok(Admission {
            refused,
            secrets: environment.secrets.into_iter().collect(),
            vars: environment.variables.into_iter().collect(),
        })
    }

    fn note(&self, entrance: &Entrance<'_>, environment: &Environment, admitted: bool) {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.push(Asked {
            environment: entrance.environment.to_owned(),
            job: entrance.path.to_owned(),
            reviewers: environment.reviewers.clone(),
            wait_timer: environment.wait_timer,
            admitted,
        });
    }
}
