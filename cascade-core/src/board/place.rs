//! One place of the promotion order.

use super::behind::Waiting;
use super::condition::Condition;
use crate::lifecycle::promotion_order;
use crate::pipeline::{Component, Strategy};
use crate::state::{Environment, Held, State};
use crate::time::Time;
use serde::Serialize;
use std::time::Duration;

/// An environment or a record, and everything that is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// Its name; `release` and `prerelease` for records.
    pub name: String,
    /// True for an environment.
    pub is_environment: bool,
    /// The version that it holds.
    pub version: Option<String>,
    /// The commit of that version.
    pub sha: Option<String>,
    /// The time at which it was recorded.
    pub at: Option<String>,
    /// The time that has passed since then.
    pub age: Option<Duration>,
    /// The person or bot that it was recorded by.
    pub by: Option<String>,
    /// Its special conditions.
    pub conditions: Vec<Condition>,
    /// Rollouts that go on.
    pub rollouts: Vec<Rollout>,
    /// The deploys, each with the version that it holds.
    pub deploys: Vec<Deployed>,
    /// Artifacts of other repositories.
    pub external: Vec<ExternalVersion>,
    /// The commits that wait for it; `None` if that is unknown.
    pub waiting: Option<Waiting>,
}

/// A deploy of an environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deployed {
    /// Its name.
    pub name: String,
    /// The version that it holds.
    pub version: Option<String>,
    /// The commit.
    pub sha: Option<String>,
}

/// An artifact of another repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalVersion {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: Option<String>,
    /// Its commit.
    pub sha: Option<String>,
    /// The repository that it came from.
    pub repository: Option<String>,
    /// The time at which it was deployed, if it was.
    pub at: Option<String>,
}

/// A rollout that goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rollout {
    /// The deploy.
    pub deploy: String,
    /// The version that is rolled out.
    pub version: Option<String>,
    /// The phase.
    pub phase: Option<String>,
    /// The share of the present wave.
    pub percent: Option<u8>,
    /// The shares of all waves; nothing for a switch.
    pub waves: Vec<u8>,
    /// The time at which it began.
    pub started_at: Option<String>,
    /// The time at which the bake ends.
    pub bake_until: Option<String>,
    /// The page of the run.
    pub run: Option<String>,
}

impl Place {
    /// Returns a place, without what waits for it.
    pub(super) fn new(
        component: &Component,
        state: &State,
        place: &promotion_order::Place,
        now: Time,
    ) -> Self {
        let nothing = Held::default();
        let environment = match place {
            promotion_order::Place::Environment(name) => state.environments.get(name),
            promotion_order::Place::Prerelease | promotion_order::Place::Release => None,
        };
        let record = match place {
            promotion_order::Place::Environment(_) => environment.map(|each| &each.held),
            promotion_order::Place::Prerelease => state.prerelease.as_ref().map(|each| &each.held),
            promotion_order::Place::Release => state.release.as_ref().map(|each| &each.held),
        };
        let held = record.unwrap_or(&nothing);
        let since = held.committed_at.as_deref();
        let since = since.and_then(|at| at.parse::<Time>().ok());
        let name = place.to_string();
        Self {
            is_environment: matches!(place, promotion_order::Place::Environment(_)),
            version: held.version.clone(),
            sha: held.sha.clone(),
            at: held.committed_at.clone(),
            age: since.map(|since| now - since),
            by: held.committed_by.clone(),
            conditions: environment.map(Condition::of).unwrap_or_default(),
            rollouts: environment.map_or_else(Vec::new, |each| rollouts(component, &name, each)),
            deploys: environment.map_or_else(Vec::new, deploys),
            external: environment.map_or_else(Vec::new, external),
            waiting: None,
            name,
        }
    }
}

fn rollouts(component: &Component, name: &str, environment: &Environment) -> Vec<Rollout> {
    let deploys = environment.held.deploys.iter();
    let going = deploys.filter(|(_, deploy)| deploy.is_rolling_out());
    let rollouts = going.filter_map(|(deploy, held)| {
        let rollout = held.rollout.as_ref()?;
        Some(Rollout {
            deploy: deploy.clone(),
            version: rollout.version.clone(),
            phase: rollout.phase.clone(),
            percent: rollout.percent,
            waves: waves(component, deploy, name),
            started_at: rollout.started_at.clone(),
            bake_until: rollout.bake_until.clone(),
            run: rollout.run.clone(),
        })
    });
    rollouts.collect()
}

fn waves(component: &Component, deploy: &str, environment: &str) -> Vec<u8> {
    let strategy = component.strategy_of(deploy);
    match strategy.filter(|strategy| strategy.applies_to(environment)) {
        Some(Strategy::Canary(canary)) => {
            let shares = canary.steps.iter();
            shares
                .map(|step| u8::try_from(step.get()).unwrap_or(100))
                .collect()
        }
        Some(Strategy::BlueGreen(_)) | None => Vec::new(),
    }
}

fn deploys(environment: &Environment) -> Vec<Deployed> {
    let deploys = environment.held.deploys.iter();
    let deploys = deploys.map(|(name, deploy)| Deployed {
        name: name.clone(),
        version: deploy.version.clone(),
        sha: deploy.sha.clone(),
    });
    deploys.collect()
}

fn external(environment: &Environment) -> Vec<ExternalVersion> {
    let external = environment.held.external.iter();
    let external = external.map(|(name, each)| ExternalVersion {
        name: name.clone(),
        version: each.version.clone(),
        sha: each.sha.clone(),
        repository: each.repo.clone(),
        at: each.deployed_at.clone(),
    });
    external.collect()
}
