//! The progress of the rollouts of canaries and switches.
//!
//! A rollout is not part of what plans are based on: its phases are written while its deploy runs,
//! and the environment's own record moves only when the rollout is complete.

mod ended;

use super::outcome::{Outcome, Results, of};
use super::{Planned, Stamp, Step};
use crate::manifest::{StrategyKind, TimeSpan};
use crate::pipeline::{Component, Strategy};
use crate::state::{Deploy, Environment, RolloutState, State};
use indexmap::IndexMap;
use std::fmt;

pub use ended::ended;

/// A phase of a rollout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// A wave is deployed.
    Canary,
    /// A wave, or the new side, is watched.
    Baking,
    /// The new side is deployed.
    Green,
    /// Everybody has it.
    Promoted,
    /// Everybody was switched to it.
    CutOver,
    /// Nobody has it any more.
    RolledBack,
}

impl Phase {
    /// The word in the state.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Canary => "canary",
            Self::Baking => "baking",
            Self::Green => "green",
            Self::Promoted => "promoted",
            Self::CutOver => "cut_over",
            Self::RolledBack => "rolled_back",
        }
    }
}

/// A wave of a rollout that is about to begin.
#[derive(Debug, Clone, Copy)]
pub struct Wave<'a> {
    /// The environment.
    pub environment: &'a str,
    /// The deploy.
    pub name: &'a str,
    /// The planned deploy that is rolled out.
    pub planned: &'a Planned,
    /// The share that it reaches, in percent.
    pub percent: u8,
    /// The page of the run.
    pub run: Option<&'a str>,
}

/// The stages of a rollout that succeeds, in order; those that begin a wave have its share.
#[must_use]
pub fn stages(strategy: &Strategy) -> Vec<(String, Option<u8>)> {
    let bake = |bake: Option<TimeSpan>| bake.map(|bake| (format!("bake {bake}"), None));
    match strategy {
        Strategy::Canary(canary) => {
            let mut stages = Vec::new();
            for step in &canary.steps {
                let percent = u8::try_from(step.get()).unwrap_or(100);
                stages.push((format!("canary {percent}%"), Some(percent)));
                stages.extend(bake(canary.bake_time));
                stages.extend(
                    canary
                        .analysis
                        .as_ref()
                        .map(|_| ("analysis".to_owned(), None)),
                );
            }
            stages.push(("promote".to_owned(), None));
            stages
        }
        Strategy::BlueGreen(switch) => {
            let green = ("green".to_owned(), Some(100));
            let cutover = ("cutover".to_owned(), None);
            let baked = bake(switch.bake_time);
            [Some(green), baked, Some(cutover)]
                .into_iter()
                .flatten()
                .collect()
        }
    }
}

/// Says of each planned deploy which strategy it follows in the environment.
pub(super) fn follow(
    component: &Component,
    environment: &str,
    planned: &mut IndexMap<String, Planned>,
) {
    for (name, plan) in planned {
        let strategy = component.strategy_of(name);
        if let Some(strategy) = strategy.filter(|strategy| strategy.applies_to(environment)) {
            strategy.kind().as_str().clone_into(&mut plan.strategy);
        }
    }
}

/// Records that a wave, or the new side, begins; one that got further in an earlier attempt stays.
#[must_use]
pub fn begin(state: &State, wave: Wave<'_>, stamp: &Stamp) -> State {
    let mut state = state.clone();
    let rollout = rollout(&mut state, wave);
    if is_under_way(rollout, wave) && rollout.percent >= Some(wave.percent) {
        return state;
    }
    let started_at = match is_under_way(rollout, wave) {
        true => rollout.started_at.take(),
        false => None,
    };
    let phase = match wave.planned.strategy == StrategyKind::BlueGreen.as_str() {
        true => Phase::Green,
        false => Phase::Canary,
    };
    *rollout = RolloutState {
        started_at: started_at.or_else(|| Some(stamp.at.clone())),
        strategy: Some(wave.planned.strategy.clone()),
        phase: Some(phase.as_str().to_owned()),
        version: Some(wave.planned.version.clone()),
        percent: Some(wave.percent),
        run: wave.run.map(str::to_owned),
        ..RolloutState::default()
    };
    state
}

/// Records that a further wave begins, or looks whether the rollout may be completed.
///
/// # Errors
/// The rollout is not under way.
pub fn go_on(state: &State, wave: Wave<'_>, stamp: &Stamp) -> Result<State, NotUnderWay> {
    Ok(match stands(state, wave)? {
        Stands::UnderWay => begin(state, wave, stamp),
        Stands::Complete => state.clone(),
    })
}

/// Records that a wave is watched until a time; one that is being watched already keeps its end,
/// and `None` says that an earlier attempt got past it.
///
/// # Errors
/// The rollout is not under way.
pub fn bake(
    state: &State,
    wave: Wave<'_>,
    until: &str,
) -> Result<(State, Option<String>), NotUnderWay> {
    let stands = stands(state, wave)?;
    let mut state = state.clone();
    let rollout = rollout(&mut state, wave);
    if stands == Stands::Complete || rollout.percent > Some(wave.percent) {
        return Ok((state, None));
    }
    if let Some(until) = rollout.bake_until.clone() {
        return Ok((state, Some(until)));
    }
    rollout.phase = Some(Phase::Baking.as_str().to_owned());
    rollout.bake_until = Some(until.to_owned());
    Ok((state, Some(until.to_owned())))
}

/// A rollout cannot go on: the waves before were rolled back, or are those of another one.
///
/// Where only the failed jobs of a run are run again, those waves are not.
#[derive(Debug, Clone, PartialEq)]
pub struct NotUnderWay {
    /// The environment.
    pub environment: String,
    /// The deploy.
    pub name: String,
    /// The version that was to go on.
    pub version: String,
    /// The rollout that is recorded.
    pub recorded: Option<Box<RolloutState>>,
}

impl fmt::Display for NotUnderWay {
    fn fmt(&self, text: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            environment,
            name,
            version,
            ..
        } = self;
        write!(
            text,
            "the rollout of {name} {version} in {environment} is not under way: "
        )?;
        let Some(recorded) = &self.recorded else {
            return text.write_str("none is recorded");
        };
        let phase = recorded.phase.as_deref().unwrap_or_default();
        match &recorded.version {
            Some(other) if other != version => write!(text, "{other} is recorded, {phase}"),
            _ if phase == Phase::RolledBack.as_str() => text.write_str("it was taken back"),
            _ => write!(text, "it is {phase}"),
        }
    }
}

/// The progress of a rollout that may go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stands {
    UnderWay,
    /// Jobs of a run that came to its end are run again: everybody has this version already.
    Complete,
}

fn stands(state: &State, wave: Wave<'_>) -> Result<Stands, NotUnderWay> {
    let environment = state.environments.get(wave.environment);
    let deploy = environment.and_then(|environment| environment.held.deploys.get(wave.name));
    let recorded = deploy.and_then(|deploy| deploy.rollout.as_ref());
    if let Some(rollout) = recorded
        && rollout.version.as_ref() == Some(&wave.planned.version)
    {
        let complete = [Phase::Promoted, Phase::CutOver].map(|phase| Some(phase.as_str()));
        if is_under_way(rollout, wave) {
            return Ok(Stands::UnderWay);
        }
        if complete.contains(&rollout.phase.as_deref()) {
            return Ok(Stands::Complete);
        }
    }
    Err(NotUnderWay {
        environment: wave.environment.to_owned(),
        name: wave.name.to_owned(),
        version: wave.planned.version.clone(),
        recorded: recorded.cloned().map(Box::new),
    })
}

/// Records how the rollouts of a step ended; one whose rollback failed stays unfinished.
pub(super) fn finish(environment: &mut Environment, step: &Step, results: &Results, stamp: &Stamp) {
    let staged = step.deploys.iter();
    for (name, planned) in staged.filter(|(_, planned)| !planned.strategy.is_empty()) {
        let ended = of(results, name);
        let back = results.get(name).is_some_and(|each| each.rolled_back);
        let phase = match ended {
            Outcome::Skipped => continue,
            Outcome::Success if planned.strategy == StrategyKind::BlueGreen.as_str() => {
                Phase::CutOver
            }
            Outcome::Success => Phase::Promoted,
            Outcome::Failure | Outcome::Cancelled if back => Phase::RolledBack,
            Outcome::Failure | Outcome::Cancelled => continue,
        };
        let deploy = environment.held.deploys.entry(name.clone()).or_default();
        end(deploy, planned, phase, stamp);
    }
}

/// Records that the rollouts of what a restored step had deployed are undone.
pub(super) fn undo(environment: &mut Environment, step: &Step, results: &Results, stamp: &Stamp) {
    let succeeded = |name: &String| of(results, name).is_success();
    for (name, planned) in step.deploys.iter().filter(|(name, _)| succeeded(name)) {
        let deploy = environment.held.deploys.get_mut(name);
        if let Some(rollout) = deploy.and_then(|deploy| deploy.rollout.as_mut())
            && rollout.version.as_ref() == Some(&planned.previous_version)
            && rollout.phase.as_deref() != Some(Phase::RolledBack.as_str())
        {
            close(rollout, Phase::RolledBack, stamp);
        }
    }
}

/// Ends whatever rollout a deploy that is direct now had not finished.
pub(super) fn settle(environment: &mut Environment, step: &Step, results: &Results, stamp: &Stamp) {
    let direct = step.deploys.iter();
    for (name, _) in direct.filter(|(_, planned)| planned.strategy.is_empty()) {
        if let Some(deploy) = environment.held.deploys.get_mut(name)
            && of(results, name).is_success()
            && deploy.is_rolling_out()
            && let Some(rollout) = &mut deploy.rollout
        {
            close(rollout, Phase::RolledBack, stamp);
        }
    }
}

fn end(deploy: &mut Deploy, planned: &Planned, phase: Phase, stamp: &Stamp) {
    let rollout = deploy.rollout.get_or_insert_default();
    let same = rollout.version.as_ref() == Some(&planned.version);
    if same && rollout.finished_at.is_some() && rollout.phase.as_deref() == Some(phase.as_str()) {
        return;
    }
    rollout.strategy = Some(planned.strategy.clone());
    rollout.version = Some(planned.version.clone());
    close(rollout, phase, stamp);
}

fn close(rollout: &mut RolloutState, phase: Phase, stamp: &Stamp) {
    rollout.phase = Some(phase.as_str().to_owned());
    rollout.percent = (phase != Phase::RolledBack).then_some(100);
    rollout.bake_until = None;
    rollout.run = None;
    rollout.finished_at = Some(stamp.at.clone());
}

fn rollout<'a>(state: &'a mut State, wave: Wave<'_>) -> &'a mut RolloutState {
    let environment = state.environments.entry(wave.environment.to_owned());
    let deploys = &mut environment.or_default().held.deploys;
    let deploy = deploys.entry(wave.name.to_owned()).or_default();
    deploy.rollout.get_or_insert_default()
}

fn is_under_way(rollout: &RolloutState, wave: Wave<'_>) -> bool {
    rollout.version.as_ref() == Some(&wave.planned.version)
        && rollout.phase.is_some()
        && rollout.finished_at.is_none()
}
