//! A deployment begins.

use super::{Operation, StalePlan, Stamp, Step};
use crate::state::{Begun, Environment, State};
use std::fmt;

/// A deployment, by whom and in which run.
#[derive(Debug, Clone, Copy)]
pub struct Deploying<'a> {
    /// The operation.
    pub operation: Operation,
    /// The page of its run.
    pub run: Option<&'a str>,
    /// The time, and the person or bot, that are recorded.
    pub stamp: &'a Stamp,
}

/// Notes that the deploys of a step are about to run.
///
/// Deploys of an earlier deployment whose results nobody recorded stay in doubt until one of them
/// is deployed again.
///
/// # Errors
/// The environment holds something that the step was not planned for.
pub fn begin(state: &State, step: &Step, deploying: Deploying<'_>) -> Result<State, StalePlan> {
    step.holds(state)?;
    let mut state = state.clone();
    let before = state.environments.get(&step.environment);
    if step.deploys.is_empty() && before.is_none_or(|before| before.begun.is_none()) {
        return Ok(state);
    }
    let environment = state.environments.entry(step.environment.clone());
    let environment = environment.or_default();
    let earlier = environment.begun.take().unwrap_or_default();
    let mut unknown = earlier.unknown;
    add(&mut unknown, earlier.running);
    environment.begun = Some(Begun {
        operation: deploying.operation.to_string(),
        run: deploying.run.map(str::to_owned),
        sha: step.sha.clone(),
        version: step.version.clone(),
        started_at: deploying.stamp.at.clone(),
        running: step.deploys.keys().cloned().collect(),
        unknown,
    });
    Ok(state)
}

/// Adds the names that are missing.
pub(super) fn add(names: &mut Vec<String>, more: impl IntoIterator<Item = String>) {
    for name in more {
        if !names.contains(&name) {
            names.push(name);
        }
    }
}

/// Returns true if the last deployment that began in the environment is this one.
pub(super) fn is_under_way(
    environment: &Environment,
    step: &Step,
    deploying: Deploying<'_>,
) -> bool {
    environment.begun.as_ref().is_some_and(|begun| {
        begun.operation == deploying.operation.as_str()
            && begun.run.as_deref() == deploying.run
            && (begun.sha == step.sha && begun.version == step.version)
    })
}

/// Jobs of a deployment ran again after it was undone, or after something else was deployed.
///
/// GitHub's "Re-run failed jobs" runs a failed deploy again without the jobs before it, so nothing
/// could refuse it before it deployed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotUnderWay {
    /// The environment.
    pub environment: String,
    /// The version that was deployed.
    pub version: String,
    /// The version that the environment holds.
    pub held: String,
    /// The deploys that may hold either.
    pub deploys: Vec<String>,
}

impl fmt::Display for NotUnderWay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            environment,
            version,
            held,
            deploys,
        } = self;
        write!(
            f,
            "the deployment of {version} to {environment} is not under way: it was undone or replaced, and {environment} holds {held}"
        )?;
        match deploys.is_empty() {
            true => Ok(()),
            false => write!(
                f,
                "; what may hold {version} now is deployed again by the next operation: {}",
                deploys.join(", ")
            ),
        }
    }
}

impl std::error::Error for NotUnderWay {}
