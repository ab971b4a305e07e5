//! Recording what a deployment led to: each deploy by itself, whatever became of the others.

use super::base::Standing;
use super::begin::{Deploying, NotUnderWay, add, is_under_way};
use super::outcome::{Attempted, Outcome, Results, of};
use super::restore::restoring;
use super::rollout;
use super::step::{Outputs, carry, find, place};
use super::{Base, Operation, Planned, StalePlan, Step};
use crate::manifest::OnFailure;
use crate::pipeline::{Callback, CallbackKind, Component};
use crate::protocol::output::TARGET_SHA;
use crate::state::{Begun, Deploy, Environment, Incomplete, State};

/// The result of recording.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// The state afterwards.
    pub state: State,
    /// True if the environment holds the step with all of its deploys now.
    pub advanced: bool,
    /// The step that must be redeployed because of a failure.
    pub restore: Option<Step>,
    /// The results are of a deployment that is not under way any more; nothing is recorded but
    /// that its deploys are in doubt.
    pub refused: Option<NotUnderWay>,
}

/// The results of a deployment's jobs.
#[derive(Debug, Clone, Copy)]
pub struct Ended<'a> {
    /// The job that lets it begin.
    pub gate: Outcome,
    /// The deploys.
    pub results: &'a Results,
}

/// A deployment that is being recorded.
#[derive(Clone, Copy)]
pub(super) struct Recording<'a> {
    pub(super) step: &'a Step,
    pub(super) deploying: Deploying<'a>,
    pub(super) component: &'a Component,
    pub(super) ended: Ended<'a>,
}

/// The deploys that hold what they should after a deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Settled {
    /// Those that hold what they held while the environment was complete.
    Unmoved,
    /// Its own as well: it was narrowed to them.
    Own,
    /// All of them.
    All,
}

impl Settled {
    pub(super) const fn all_if(all: bool) -> Self {
        match all {
            true => Self::All,
            false => Self::Unmoved,
        }
    }
}

/// Records how the deploys of a step ended: of trunk to the first environment, of a promotion
/// step, or of what restores one.
///
/// Recording twice changes nothing the second time.
///
/// # Errors
/// The environment holds something that the step was not planned for.
pub fn record(
    state: &State,
    step: &Step,
    deploying: Deploying<'_>,
    component: &Component,
    ended: Ended<'_>,
) -> Result<Recorded, StalePlan> {
    let recording = Recording {
        step,
        deploying,
        component,
        ended,
    };
    let mut state = state.clone();
    let name = &step.environment;
    let environment = state.environments.entry(name.clone()).or_default();
    let target = (step.sha.as_str(), step.version.as_str());
    let now = Base::from(&*environment);
    let held = step.base.still_holds(name, now, target);
    let held = match recording.refusal(environment, &held) {
        Some(refused) => return Ok(recording.in_doubt(state, refused)),
        None => held?,
    };
    let complete = ended.gate.is_success() && complete(component, step, ended.results);
    let operation = deploying.operation;
    let mut advanced = complete && (held == Standing::Already || step.advance);
    advanced &= !step.leaves_some_out(environment);
    let restores = operation == Operation::Restore;
    // Deploys alone may be what was missing.
    let moves = advanced && held == Standing::Still && !restores && !step.only_deploys();
    if moves {
        environment.remember();
    }
    recording.deploys(environment);
    if operation == Operation::Orchestrate {
        environment.held.builds.extend(step.builds.clone());
    }
    if moves {
        advance(environment, recording);
    }
    if advanced && !restores {
        carry(&mut environment.held.external, step);
    }
    rollout::finish(environment, step, ended.results, deploying.stamp);
    if restores {
        rollout::undo(environment, step, ended.results, deploying.stamp);
    }
    let wanted = operation == Operation::Promote && step.restore && !advanced;
    let restore = wanted.then(|| restoring(component, environment, step, ended.results));
    recording.settle(environment, Settled::all_if(advanced && !restores));
    if *environment == Environment::default() {
        state.environments.shift_remove(name);
    }
    Ok(Recorded {
        state,
        advanced,
        restore: restore.flatten(),
        refused: None,
    })
}

impl Recording<'_> {
    /// Refuses results of a deployment that was undone or replaced since it began; what never ran
    /// is refused by the base alone.
    pub(super) fn refusal(
        &self,
        environment: &Environment,
        held: &Result<Standing, StalePlan>,
    ) -> Option<NotUnderWay> {
        let ran = |name: &String| of(self.ended.results, name) != Outcome::Skipped;
        let none_ran = !self.step.deploys.keys().any(ran);
        let own = is_under_way(environment, self.step, self.deploying);
        if none_ran || (own && held.is_ok()) {
            return None;
        }
        let may_differ = |(name, planned): &(&String, &Planned)| {
            let deploy = environment.held.deploys.get(*name);
            let record = environment.held.external.get(*name);
            let same = deploy.is_some_and(|recorded| planned.is(recorded))
                || record.is_some_and(|recorded| planned.is_external(recorded));
            ran(name) && !same
        };
        let deploys = self.step.deploys.iter().filter(may_differ);
        let deploys: Vec<String> = deploys.map(|(name, _)| name.clone()).collect();
        // What is recorded already may be recorded again.
        if deploys.is_empty() && matches!(held, Ok(Standing::Already)) {
            return None;
        }
        Some(NotUnderWay {
            environment: self.step.environment.clone(),
            version: self.step.version.clone(),
            held: Base::from(environment).to_string(),
            deploys,
        })
    }

    /// Notes that deploys are in doubt, and records nothing else.
    pub(super) fn in_doubt(&self, mut state: State, refused: NotUnderWay) -> Recorded {
        let environment = state.environments.entry(self.step.environment.clone());
        let environment = environment.or_default();
        if !refused.deploys.is_empty() {
            // Nobody's deployment is under way any more: what another run recorded before may
            // have been replaced just now, so its failed jobs cannot be run again either.
            let earlier = environment.begun.take().unwrap_or_default();
            let mut unknown = earlier.unknown;
            add(&mut unknown, earlier.running);
            add(&mut unknown, refused.deploys.iter().cloned());
            environment.begun = Some(Begun {
                sha: self.step.sha.clone(),
                version: self.step.version.clone(),
                started_at: self.deploying.stamp.at.clone(),
                unknown,
                ..Begun::default()
            });
        }
        Recorded {
            state,
            advanced: false,
            restore: None,
            refused: Some(refused),
        }
    }

    /// Records the deploys that succeeded, and what they held before while others may not follow.
    pub(super) fn deploys(&self, environment: &mut Environment) {
        let Self {
            step,
            deploying,
            component,
            ended,
        } = *self;
        let stamp = deploying.stamp;
        for (name, planned) in &step.deploys {
            let succeeded = |each: &&Attempted| each.result.is_success();
            let Some(result) = ended.results.get(name).filter(succeeded) else {
                continue;
            };
            if component.external_callback(name).is_some() {
                self.external(environment, name, planned);
                continue;
            }
            let tags = kept(find(component, name), result);
            let target_sha = target_sha(component, name, result);
            let same = |held: &Deploy| {
                planned.is(held) && held.tags == tags && held.target_sha == target_sha
            };
            if environment.held.deploys.get(name).is_some_and(same) {
                continue;
            }
            self.keep(environment, name);
            let deploy = environment.held.deploys.entry(name.clone()).or_default();
            deploy.sha = Some(planned.sha.clone());
            deploy.version = Some(planned.version.clone());
            deploy.deployed_at = Some(stamp.at.clone());
            deploy.deployed_by = Some(stamp.by.clone());
            deploy.tags = tags;
            deploy.target_sha = target_sha;
        }
    }

    fn external(&self, environment: &mut Environment, name: &str, planned: &Planned) {
        let record = environment.held.external.get(name);
        if record.is_some_and(|record| planned.is_external(record)) {
            return;
        }
        self.keep(environment, name);
        let before = environment.incomplete.as_ref();
        let before = before.and_then(|each| each.external.get(name).cloned());
        let arrives = match self.deploying.operation {
            Operation::Restore => before,
            _ => self.step.external.get(name).cloned(),
        };
        let record = environment
            .held
            .external
            .entry(name.to_owned())
            .or_default();
        if let Some(arrives) = arrives {
            record.clone_from(&arrives);
            record.deployed_at = Some(self.deploying.stamp.at.clone());
            record.deployed_by = Some(self.deploying.stamp.by.clone());
        }
    }

    /// Keeps what a deploy held while the environment was complete.
    fn keep(&self, environment: &mut Environment, name: &str) {
        let incomplete = environment.incomplete.get_or_insert_default();
        if self.component.external_callback(name).is_some() {
            let before = environment
                .held
                .external
                .get(name)
                .cloned()
                .unwrap_or_default();
            incomplete.external.entry(name.to_owned()).or_insert(before);
        } else {
            let before = environment
                .held
                .deploys
                .get(name)
                .cloned()
                .unwrap_or_default();
            let before = before.without_rollout();
            incomplete.deploys.entry(name.to_owned()).or_insert(before);
        }
    }

    /// Notes which deploys hold something else than the environment; what another deployment left
    /// open stays open.
    pub(super) fn settle(&self, environment: &mut Environment, settled: Settled) {
        let begun = environment.begun.as_ref();
        if begun.is_some() && !is_under_way(environment, self.step, self.deploying) {
            return;
        }
        self.settle_incomplete(environment, settled);
        let Some(mut begun) = environment.begun.take() else {
            return;
        };
        let ended = self.ended.results;
        begun.running.clear();
        begun.unknown.retain(|name| !of(ended, name).is_success());
        // What lacks an output was deployed, and must be deployed again for what reads it.
        let lacking = ended.iter().filter(|(_, each)| !each.missing.is_empty());
        add(&mut begun.unknown, lacking.map(|(name, _)| name.clone()));
        let known = |name: &String| find(self.component, name).is_some();
        begun
            .unknown
            .retain(|name| settled != Settled::All || known(name));
        // What failed and was continued may be run again.
        let mut planned = self.step.deploys.keys();
        let all = planned.all(|name| of(ended, name).is_success());
        let restored = self.deploying.operation == Operation::Restore;
        let over = all && (restored || settled != Settled::Unmoved);
        environment.begun = (!over || !begun.is_settled()).then_some(begun);
    }

    fn settle_incomplete(&self, environment: &mut Environment, settled: Settled) {
        let incomplete = environment.incomplete.take();
        let Some(mut incomplete) = incomplete.filter(|_| settled != Settled::All) else {
            return;
        };
        if settled == Settled::Own {
            let own = |name: &String| self.step.deploys.contains_key(name);
            incomplete.deploys.retain(|name, _| !own(name));
            incomplete.external.retain(|name, _| !own(name));
        }
        let differs = |now: Option<Base>, before: Base| now.unwrap_or_default() != before;
        let deploys = &environment.held.deploys;
        incomplete.deploys.retain(|name, before| {
            differs(deploys.get(name).map(Base::from), Base::from(&*before))
        });
        let external = &environment.held.external;
        incomplete.external.retain(|name, before| {
            differs(external.get(name).map(Base::from), Base::from(&*before))
        });
        if incomplete.deploys.is_empty() && incomplete.external.is_empty() {
            return;
        }
        let restores = self.deploying.operation == Operation::Restore;
        if !restores || incomplete.operation.is_none() {
            incomplete = Incomplete {
                operation: Some(self.deploying.operation.to_string()),
                sha: Some(self.step.sha.clone()),
                version: Some(self.step.version.clone()),
                ..incomplete
            };
        }
        environment.incomplete = Some(incomplete);
    }
}

/// Returns true if every deploy that must succeed did.
///
/// A deploy that did not run because something it waits for failed leaves the decision to that. One
/// that did not run because that was cancelled holds the environment back: nobody let it go on.
pub(super) fn complete(component: &Component, step: &Step, results: &Results) -> bool {
    step.deploys.keys().all(|name| {
        let Some(callback) = find(component, name) else {
            return false;
        };
        match of(results, name) {
            Outcome::Success => true,
            Outcome::Failure | Outcome::Cancelled => callback.on_failure == OnFailure::Continue,
            Outcome::Skipped => callback.dependencies.iter().any(|dependency| {
                let name = dependency.name.as_str();
                dependency.hard
                    && dependency.kind == CallbackKind::Deploy
                    && step.deploys.contains_key(name)
                    && matches!(of(results, name), Outcome::Failure | Outcome::Skipped)
            }),
        }
    })
}

/// Returns the commit that a deploy made in its target, where it is recorded.
fn target_sha(component: &Component, name: &str, result: &Attempted) -> Option<String> {
    let target = component.target_of(name)?;
    let tracked = target.field().is_some_and(|field| field.track_sha);
    let sha = result.outputs.get(TARGET_SHA);
    sha.filter(|sha| tracked && !sha.is_empty()).cloned()
}

fn kept(callback: Option<&Callback>, result: &Attempted) -> Outputs {
    let wanted = callback.map(|callback| callback.recorded_outputs.as_slice());
    let wanted = wanted.unwrap_or_default().iter();
    let value = |name: &String| Some((name.clone(), result.outputs.get(name)?.clone()));
    wanted.filter_map(value).collect()
}

fn advance(environment: &mut Environment, recording: Recording<'_>) {
    place(environment, recording.step, recording.deploying.stamp);
    environment.git_ref = None;
    environment.base_sha = None;
    environment.patches.clear();
    environment.rejected = None;
    // What comes back is not rejected any more.
    for earlier in &mut environment.previous {
        if earlier.held.sha == environment.held.sha
            && earlier.held.version == environment.held.version
        {
            earlier.rejected = false;
        }
    }
}
