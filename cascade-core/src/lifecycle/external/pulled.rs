//! The recording of versions that a pull found.

use super::{Answers, Found};
use crate::lifecycle::{Planned, Stamp};
use crate::pipeline::{Component, PullSource};
use crate::state::{External, State};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// A version that arrived and must be deployed, for the job that does.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Arrival {
    /// The environment in which it is recorded.
    pub environment: String,
    /// The planned deployment, and the version that it replaces.
    #[serde(flatten)]
    pub planned: Planned,
}

/// Everything that must be deployed, by name.
pub type Arrivals = IndexMap<String, Arrival>;

/// The result of recording the answers of a pull.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Taken {
    /// The state afterwards.
    pub state: State,
    /// The names that changed: environment, name, version.
    pub changed: Vec<(String, String, String)>,
    /// The versions that must be deployed: those that changed, and those that failed before.
    pub arrivals: Arrivals,
}

/// Records what was found for the entries of a component.
///
/// Recording twice changes nothing the second time.
#[must_use]
pub fn take(component: &Component, state: &State, answers: &Answers, stamp: &Stamp) -> Taken {
    let mut taken = Taken {
        state: state.clone(),
        ..Taken::default()
    };
    for source in &component.pull_sources {
        let found = answers
            .get(source.name.as_str())
            .and_then(|answer| answer.found.as_ref());
        if let (Some(found), Some(environment)) = (found, &source.environment) {
            for name in source.names() {
                take_one(source, environment.as_str(), name, found, stamp, &mut taken);
            }
        }
    }
    taken
}

fn take_one(
    source: &PullSource,
    environment: &str,
    name: &str,
    found: &Found,
    stamp: &Stamp,
    taken: &mut Taken,
) {
    let deploys = source.deploys_on_arrival(name);
    let held = taken
        .state
        .environments
        .entry(environment.to_owned())
        .or_default();
    let before = held.held.external.get(name).cloned();
    let arrived = source.arrives(before.as_ref(), found);
    let changed = arrived.is_some();
    let Some(mut external) = arrived.or_else(|| before.clone()) else {
        return;
    };
    if changed && !deploys {
        external.deployed_at = Some(stamp.at.clone());
        external.deployed_by = Some(stamp.by.clone());
    }
    if changed {
        let version = external.version.clone().unwrap_or_default();
        let change = (environment.to_owned(), name.to_owned(), version);
        taken.changed.push(change);
    }
    let is_found = external.version.as_ref() == Some(&found.version);
    if deploys && is_found && external.deployed_at.is_none() {
        let arrival = Arrival {
            environment: environment.to_owned(),
            planned: Planned::external(&external, before.as_ref()),
        };
        taken.arrivals.insert(name.to_owned(), arrival);
    }
    held.held.external.insert(name.to_owned(), external);
}

/// The names of one environment that answers change; what callbacks read in a run is pinned so.
#[must_use]
pub fn pinned(
    component: &Component,
    environment: &str,
    held: &IndexMap<String, External>,
    answers: &Answers,
    stamp: &Stamp,
) -> IndexMap<String, External> {
    let mut pins = IndexMap::new();
    for source in &component.pull_sources {
        let found = answers
            .get(source.name.as_str())
            .and_then(|answer| answer.found.as_ref());
        let here = source.environment.as_ref().map(|name| name.as_str()) == Some(environment);
        let Some(found) = found.filter(|_| here) else {
            continue;
        };
        for name in source.names() {
            if let Some(mut external) = source.arrives(held.get(name), found) {
                if !source.deploys_on_arrival(name) {
                    external.deployed_at = Some(stamp.at.clone());
                    external.deployed_by = Some(stamp.by.clone());
                }
                pins.insert(name.to_owned(), external);
            }
        }
    }
    pins
}

/// Returns the versions that runs of trunk recorded and that nothing has deployed yet.
#[must_use]
pub fn waiting(component: &Component, state: &State) -> Arrivals {
    let mut arrivals = Arrivals::new();
    for source in component.pulled_by_runs() {
        let Some(environment) = &source.environment else {
            continue;
        };
        let held = state.environments.get(environment.as_str());
        for name in source.names() {
            let external = held.and_then(|held| held.held.external.get(name));
            let Some(external) = external.filter(|external| external.deployed_at.is_none()) else {
                continue;
            };
            if source.deploys_on_arrival(name) {
                let arrival = Arrival {
                    environment: environment.to_string(),
                    planned: Planned::external(external, None),
                };
                arrivals.insert(name.to_owned(), arrival);
            }
        }
    }
    arrivals
}
