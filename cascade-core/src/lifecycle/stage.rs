//! What one environment is about to hold, and recording it.

use super::base::Held;
use super::outcome::{Attempted, Outcome, Results, of};
use super::rollout;
use super::{Base, Stamp, Superseded};
use crate::pipeline::{Callback, CallbackKind, Lane, OnFailure};
use crate::state::{self, Build, Environment, External, State};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// Outputs by name.
pub type Outputs = IndexMap<String, String>;

/// A deploy as it is planned; the jobs of the one deploy path read it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Planned {
    /// The commit.
    pub sha: String,
    /// The version.
    pub version: String,
    /// The commit that it replaces; empty if there is none.
    #[serde(default)]
    pub previous_sha: String,
    /// The version that it replaces; empty if there is none.
    #[serde(default)]
    pub previous_version: String,
    /// Recorded outputs of the deploys that it depends on, by their names.
    #[serde(default)]
    pub outputs: IndexMap<String, Outputs>,
    /// The strategy that it follows, in the manifest's word; empty if it is direct.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub strategy: String,
}

/// What one environment is about to hold.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Stage {
    /// The environment.
    pub environment: String,
    /// The place that it comes from; absent if that is trunk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The commit.
    pub sha: String,
    /// The version.
    pub version: String,
    /// What the environment held when this was planned.
    pub base: Base,
    /// Whether the environment moves if every deploy that must succeed does.
    pub advance: bool,
    /// Whether a failure redeploys what succeeded at what it replaced.
    #[serde(default)]
    pub restore: bool,
    /// The builds that it holds afterwards.
    #[serde(default)]
    pub builds: IndexMap<String, Build>,
    /// What is deployed.
    #[serde(default)]
    pub deploys: IndexMap<String, Planned>,
    /// The artifacts of other repositories that it holds afterwards.
    #[serde(default)]
    pub external: IndexMap<String, External>,
    /// What it held of them when this was planned.
    #[serde(default)]
    pub external_base: IndexMap<String, Base>,
}

/// Which lane records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorder {
    /// Trunk to the first environment: what succeeded is recorded, whatever failed.
    Orchestrate,
    /// Up the ladder: all or nothing, if a failure restores.
    Promote,
    /// What a failure had replaced is back: the state never moved.
    Restore,
}

/// What recording led to.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// The state afterwards.
    pub state: State,
    /// Whether the environment holds the stage with all of its deploys now.
    pub advanced: bool,
    /// What must be redeployed because of a failure.
    pub restore: IndexMap<String, Planned>,
}

impl Planned {
    /// A deploy of `version` where `now` is recorded.
    #[must_use]
    pub fn new(sha: &str, version: &str, now: Option<&state::Deploy>) -> Self {
        let text = |value: Option<&String>| value.cloned().unwrap_or_default();
        Self {
            sha: sha.to_owned(),
            version: version.to_owned(),
            previous_sha: text(now.and_then(|now| now.sha.as_ref())),
            previous_version: text(now.and_then(|now| now.version.as_ref())),
            outputs: IndexMap::new(),
            strategy: String::new(),
        }
    }

    /// Whether this is what is recorded.
    #[must_use]
    pub fn is(&self, recorded: &state::Deploy) -> bool {
        recorded.sha.as_ref() == Some(&self.sha) && recorded.version.as_ref() == Some(&self.version)
    }

    /// A deploy of another repository's artifact where `now` is recorded.
    #[must_use]
    pub fn slot(slot: &External, now: Option<&External>) -> Self {
        let now = now.filter(|now| Base::from(*now) != Base::from(slot));
        let text = |value: Option<&String>| value.cloned().unwrap_or_default();
        Self {
            sha: text(slot.sha.as_ref()),
            version: text(slot.version.as_ref()),
            previous_sha: text(now.and_then(|now| now.sha.as_ref())),
            previous_version: text(now.and_then(|now| now.version.as_ref())),
            outputs: IndexMap::new(),
            strategy: String::new(),
        }
    }

    /// Whether this is what is recorded of another repository's artifact, and it is deployed.
    #[must_use]
    pub fn is_slot(&self, recorded: &External) -> bool {
        recorded.sha.as_ref() == Some(&self.sha)
            && recorded.version.as_ref() == Some(&self.version)
            && recorded.deployed_at.is_some()
    }

    /// The same deploy at what it replaces; `None` if it replaces nothing.
    #[must_use]
    pub fn reversed(&self) -> Option<Self> {
        (!self.previous_sha.is_empty()).then(|| Self {
            sha: self.previous_sha.clone(),
            version: self.previous_version.clone(),
            previous_sha: self.sha.clone(),
            previous_version: self.version.clone(),
            outputs: self.outputs.clone(),
            strategy: String::new(),
        })
    }
}

impl Stage {
    /// Whether the environment is on this commit and version already, and only deploys are missing.
    #[must_use]
    pub fn only_deploys(&self) -> bool {
        self.base.is(&self.sha, &self.version) && self.base.git_ref.is_none()
    }

    /// Whether the environment holds the stage's commit and version.
    #[must_use]
    pub fn landed(&self, state: &State) -> bool {
        let environment = state.environments.get(&self.environment);
        environment.is_some_and(|held| Base::from(held).is(&self.sha, &self.version))
    }

    /// Whether the environment holds every planned deploy at its commit and version.
    pub(super) fn deploys_landed(&self, environment: &Environment) -> bool {
        self.deploys.iter().all(|(name, planned)| {
            let deploy = environment.deploys.get(name);
            let slot = environment.external.get(name);
            deploy.is_some_and(|deploy| planned.is(deploy))
                || slot.is_some_and(|slot| planned.is_slot(slot))
        })
    }

    /// Refuses if the environment holds neither what this was planned for nor what it leads to.
    ///
    /// # Errors
    /// The environment moved meanwhile.
    pub fn holds(&self, state: &State) -> Result<(), Superseded> {
        let environment = state.environments.get(&self.environment);
        let found = environment.map_or_else(Base::default, Base::from);
        let target = (self.sha.as_str(), self.version.as_str());
        let held = self.base.still_holds(&self.environment, found, target);
        held.map(|_| ())
    }
}

/// Fills in what the deploys of `planned` read of deploys that do not run now.
pub(super) fn recorded_outputs(
    lane: &Lane,
    planned: &mut IndexMap<String, Planned>,
    recorded: &IndexMap<String, state::Deploy>,
) {
    for (name, plan) in planned {
        let Some(callback) = find(lane, name) else {
            continue;
        };
        let deploys = callback
            .dependencies
            .iter()
            .filter(|each| each.kind == CallbackKind::Deploy);
        for dependency in deploys {
            if let Some(record) = recorded.get(dependency.name.as_str())
                && !record.tags.is_empty()
            {
                let outputs = record.tags.clone();
                plan.outputs.insert(dependency.name.to_string(), outputs);
            }
        }
    }
}

/// Records how the deploys of a stage ended, after the `gate` let them begin.
///
/// Recording twice changes nothing the second time.
///
/// # Errors
/// The environment holds something that the stage was not planned for.
pub fn record(
    state: &State,
    stage: &Stage,
    recorder: Recorder,
    lane: &Lane,
    (gate, results): (Outcome, &Results),
    stamp: &Stamp,
) -> Result<Recorded, Superseded> {
    let mut state = state.clone();
    if recorder == Recorder::Restore {
        return Ok(Recorded {
            state,
            advanced: false,
            restore: IndexMap::new(),
        });
    }
    let name = &stage.environment;
    let environment = state.environments.entry(name.clone()).or_default();
    let target = (stage.sha.as_str(), stage.version.as_str());
    let held = stage
        .base
        .still_holds(name, Base::from(&*environment), target)?;
    let complete = gate.is_success() && complete(lane, stage, results);
    let advanced = complete && (held == Held::Already || stage.advance);
    // Deploys alone may be what was missing.
    let moves = advanced && held == Held::Still && !stage.only_deploys();
    let restores = recorder == Recorder::Promote && stage.restore && !advanced;
    if moves {
        environment.remember();
    }
    if !restores {
        advance_deploys(environment, stage, lane, results, stamp);
    }
    if recorder == Recorder::Orchestrate {
        environment.builds.extend(stage.builds.clone());
    }
    if moves {
        advance(environment, stage, stamp);
    }
    if advanced {
        carry(&mut environment.external, stage);
    }
    rollout::finish(environment, stage, results, restores, stamp);
    let restore = if restores {
        restoring(stage, results)
    } else {
        IndexMap::new()
    };
    if *environment == Environment::default() {
        state.environments.shift_remove(name);
    }
    Ok(Recorded {
        state,
        advanced,
        restore,
    })
}

/// Whether every deploy that must succeed did.
///
/// A deploy that did not run because something it waits for failed leaves the decision to that.
pub(super) fn complete(lane: &Lane, stage: &Stage, results: &Results) -> bool {
    stage.deploys.keys().all(|name| {
        let Some(callback) = find(lane, name) else {
            return true;
        };
        match of(results, name) {
            Outcome::Success => true,
            Outcome::Failure | Outcome::Cancelled => callback.on_failure == OnFailure::Continue,
            Outcome::Skipped => callback.dependencies.iter().any(|dependency| {
                let name = dependency.name.as_str();
                dependency.hard
                    && dependency.kind == CallbackKind::Deploy
                    && stage.deploys.contains_key(name)
                    && !of(results, name).is_success()
            }),
        }
    })
}

/// Records the deploys that succeeded.
pub(super) fn advance_deploys(
    environment: &mut Environment,
    stage: &Stage,
    lane: &Lane,
    results: &Results,
    stamp: &Stamp,
) {
    for (name, planned) in &stage.deploys {
        let Some(result) = results.get(name).filter(|each| each.result.is_success()) else {
            continue;
        };
        if lane.external_callback(name).is_some() {
            let slot = environment.external.entry(name.clone()).or_default();
            if let Some(arrives) = stage.external.get(name).filter(|_| !planned.is_slot(slot)) {
                slot.clone_from(arrives);
                slot.deployed_at = Some(stamp.at.clone());
                slot.deployed_by = Some(stamp.by.clone());
            }
            continue;
        }
        let tags = kept(find(lane, name), result);
        let deploy = environment.deploys.entry(name.clone()).or_default();
        if planned.is(deploy) && deploy.tags == tags {
            continue;
        }
        deploy.sha = Some(planned.sha.clone());
        deploy.version = Some(planned.version.clone());
        deploy.deployed_at = Some(stamp.at.clone());
        deploy.deployed_by = Some(stamp.by.clone());
        deploy.tags = tags;
    }
}

fn kept(callback: Option<&Callback>, result: &Attempted) -> Outputs {
    let wanted = callback.map(|callback| callback.recorded_outputs.as_slice());
    let wanted = wanted.unwrap_or_default().iter();
    let value = |name: &String| Some((name.clone(), result.outputs.get(name)?.clone()));
    wanted.filter_map(value).collect()
}

fn advance(environment: &mut Environment, stage: &Stage, stamp: &Stamp) {
    place(environment, stage, stamp);
    environment.git_ref = None;
    environment.base_sha = None;
    environment.patches.clear();
    environment.rejected = None;
    // What comes back is not rejected any more.
    for earlier in &mut environment.previous {
        if earlier.sha == environment.sha && earlier.version == environment.version {
            earlier.rejected = false;
        }
    }
}

/// Puts the environment on the stage's commit and version.
pub(super) fn place(environment: &mut Environment, stage: &Stage, stamp: &Stamp) {
    environment.sha = Some(stage.sha.clone());
    environment.version = Some(stage.version.clone());
    environment.committed_at = Some(stamp.at.clone());
    environment.committed_by = Some(stamp.by.clone());
    environment.builds.extend(stage.builds.clone());
}

/// Takes over the artifacts of other repositories; what arrived while the stage ran stays.
pub(super) fn carry(held: &mut IndexMap<String, External>, stage: &Stage) {
    for (name, slot) in &stage.external {
        let now = held.get(name).map_or_else(Base::default, Base::from);
        let planned = stage.external_base.get(name).cloned().unwrap_or_default();
        if now == planned && now != Base::from(slot) {
            held.insert(name.clone(), slot.clone());
        }
    }
}

/// What is held of other repositories' artifacts, as a plan is based on it.
pub(super) fn bases(held: &IndexMap<String, External>) -> IndexMap<String, Base> {
    let base = |(name, slot): (&String, &External)| (name.clone(), Base::from(slot));
    held.iter().map(base).collect()
}

fn restoring(stage: &Stage, results: &Results) -> IndexMap<String, Planned> {
    let succeeded = stage
        .deploys
        .iter()
        .filter(|(name, _)| of(results, name).is_success());
    succeeded
        .filter_map(|(name, planned)| Some((name.clone(), planned.reversed()?)))
        .collect()
}

fn find<'a>(lane: &'a Lane, name: &str) -> Option<&'a Callback> {
    lane.deploy_callbacks()
        .find(|callback| callback.name.as_str() == name)
}
