//! A state-machine test of what really runs, beside what the state says of it: deploys fail, runs
//! are cancelled or vanish, failed jobs are run again, and plans are carried out late.
//!
//! The model knows what each callback did. The state may say less than the model, never more: a
//! deploy is recorded as it runs, or it is in doubt; an environment is complete only if it is.

mod operations;

use super::world::{World, ended_so, world_with};
use crate::lifecycle::hotfix::{self, Deployment};
use crate::lifecycle::outcome::{Attempted, Outcome, Results};
use crate::lifecycle::{
    Deploying, Ended, Operation, Recorded, StalePlan, Step, begin, record, rollback,
};
use crate::state::{Environment, Managed, State};
use proptest::prelude::*;
use std::collections::BTreeMap;

const DEPLOYS: [&str; 2] = ["web", "docs"];

/// A commit at a version.
type Held = (String, String);

/// The version that each deploy of an environment runs.
type Deploys = BTreeMap<String, Held>;

/// The course of a deployment.
#[derive(Debug, Clone, Default)]
struct Fate {
    /// True for each of its deploys that fails.
    fails: Vec<bool>,
    /// The run stops before this deploy, and how.
    stops: Option<(usize, Stop)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stop {
    /// Somebody cancels it: what is left does not run, and the results are recorded.
    Cancelled,
    /// The runner is gone: nothing is recorded.
    Vanished,
}

#[derive(Debug, Clone)]
enum Event {
    Commit(&'static str, &'static str),
    Orchestrate(Fate),
    Promote {
        mode: usize,
        only: Option<&'static str>,
        restores: bool,
        fates: Vec<Fate>,
    },
    Rollback {
        environment: usize,
        only: Option<&'static str>,
        fate: Fate,
    },
    Hotfix {
        environment: usize,
        commit: prop::sample::Index,
        fate: Fate,
    },
    /// Only what failed of an earlier deployment runs again.
    Rerun(prop::sample::Index, Fate),
    /// A promotion is planned now, and carried out later.
    Plan(usize),
    Late(Fate),
}

/// A deployment that ran, for jobs that run again.
#[derive(Debug, Clone)]
struct Past {
    what: What,
    run: String,
    results: Results,
}

/// The plan that is recorded at the end of a deployment.
#[derive(Debug, Clone)]
enum What {
    Step(Operation, Box<Step>),
    Rollback(Box<rollback::Plan>),
    Hotfix(Box<Deployment>),
}

impl What {
    fn step(&self) -> &Step {
        match self {
            Self::Step(_, step) => step,
            Self::Rollback(plan) => &plan.step,
            Self::Hotfix(deployment) => &deployment.run.step,
        }
    }

    fn operation(&self) -> Operation {
        match self {
            Self::Step(operation, _) => *operation,
            Self::Rollback(_) => Operation::Rollback,
            Self::Hotfix(_) => Operation::Hotfix,
        }
    }

    /// Returns true if it is about this deploy, and was not narrowed to others.
    fn is_about(&self, deploy: &str) -> bool {
        match self {
            Self::Step(_, step) => !step.left_out.iter().any(|name| name == deploy),
            Self::Rollback(plan) => plan.deployable.as_deref().is_none_or(|only| only == deploy),
            Self::Hotfix(_) => true,
        }
    }
}

/// The world, and what is true of it.
struct Model {
    world: World,
    runs: usize,
    /// The version that each callback deployed last.
    real: BTreeMap<String, Deploys>,
    /// The deploys that each environment is to hold when it is complete.
    whole: BTreeMap<String, Deploys>,
    past: Vec<Past>,
    late: Option<Step>,
}

impl Model {
    fn new() -> Self {
        Self {
            world: world_with("dev, uat, prod"),
            runs: 0,
            real: BTreeMap::new(),
            whole: BTreeMap::new(),
            past: Vec::new(),
            late: None,
        }
    }

    fn happen(&mut self, event: &Event) {
        match event {
            Event::Commit(message, file) => drop(self.world.commit(message, &[file])),
            Event::Orchestrate(fate) => self.orchestrate(fate),
            Event::Promote {
                mode,
                only,
                restores,
                fates,
            } => self.promote(*mode, *only, *restores, fates),
            Event::Rollback {
                environment,
                only,
                fate,
            } => self.roll_back(*environment, only.unwrap_or_default(), fate),
            Event::Hotfix {
                environment,
                commit,
                fate,
            } => self.hotfix(*environment, commit, fate),
            Event::Rerun(which, fate) if !self.past.is_empty() => {
                let past = self.past[which.index(self.past.len())].clone();
                self.rerun(past, fate);
            }
            Event::Rerun(..) => {}
            Event::Plan(mode) => {
                let plan = self.planned(*mode, None, true);
                self.late = plan.and_then(|plan| plan.steps.first().cloned());
            }
            Event::Late(fate) => {
                if let Some(step) = self.late.take() {
                    self.deploy(What::Step(Operation::Promote, Box::new(step)), fate);
                }
            }
        }
    }

    /// Begins, deploys and records; whether the environment arrived.
    fn deploy(&mut self, what: What, fate: &Fate) -> bool {
        self.runs += 1;
        let run = format!("https://example.com/runs/{}", self.runs);
        let stamp = self.world.stamp();
        let deploying = Deploying {
            operation: what.operation(),
            run: Some(&run),
            stamp: &stamp,
        };
        let state = &self.world.managed.state;
        let Ok(state) = begin(state, what.step(), deploying) else {
            return false;
        };
        self.world.managed.state = state;
        let results = self.run(what.step(), &Results::new(), fate);
        let past = Past { what, run, results };
        self.past.push(past.clone());
        if fate.stops.is_some_and(|(_, stop)| stop == Stop::Vanished) {
            return false;
        }
        self.end(&past)
    }

    /// Runs what failed of a deployment again, without the job before it.
    fn rerun(&mut self, past: Past, fate: &Fate) {
        let failed = |each: &Attempted| !each.result.is_success();
        if past.results.values().all(|each| !failed(each)) {
            return;
        }
        let results = self.run(past.what.step(), &past.results, fate);
        let past = Past { results, ..past };
        self.end(&past);
    }

    /// Runs the callbacks, except those that succeeded already.
    fn run(&mut self, step: &Step, kept: &Results, fate: &Fate) -> Results {
        let real = self.real.entry(step.environment.clone()).or_default();
        let mut results = Results::new();
        let names = DEPLOYS
            .iter()
            .filter(|name| step.deploys.contains_key(**name));
        for (place, name) in names.enumerate() {
            let planned = &step.deploys[*name];
            let stopped = fate.stops.is_some_and(|(before, _)| place >= before);
            let fails = fate.fails.get(place).copied().unwrap_or(false);
            let done = kept.get(*name).filter(|each| each.result.is_success());
            let outcome = match (done, stopped, fails) {
                (Some(done), ..) => done.result,
                (None, true, _) => Outcome::Cancelled,
                (None, false, true) => Outcome::Failure,
                (None, false, false) => {
                    let held = (planned.sha.clone(), planned.version.clone());
                    real.insert((*name).to_owned(), held);
                    Outcome::Success
                }
            };
            results.insert((*name).to_owned(), Attempted::once(outcome));
        }
        results
    }

    /// Records how a deployment ended, and restores what must be.
    fn end(&mut self, past: &Past) -> bool {
        let stamp = self.world.stamp();
        let deploying = Deploying {
            operation: past.what.operation(),
            run: Some(&past.run),
            stamp: &stamp,
        };
        let ended = ended_so(&past.results);
        let Ok((managed, recorded)) = recorded(&self.world, &past.what, deploying, ended) else {
            return false;
        };
        self.world.managed = managed;
        if recorded.refused.is_some() {
            return false;
        }
        if recorded.advanced {
            self.arrive(&past.what);
        }
        if let Some(restore) = recorded.restore {
            self.deploy(
                What::Step(Operation::Restore, Box::new(restore)),
                &Fate::default(),
            );
        }
        recorded.advanced
    }

    fn arrive(&mut self, what: &What) {
        let step = what.step();
        if what.operation() == Operation::Restore {
            return;
        }
        let whole = self.whole.entry(step.environment.clone()).or_default();
        let real = self.real.get(&step.environment);
        let state = &self.world.managed.state.environments[&step.environment];
        for deploy in DEPLOYS.into_iter().filter(|deploy| what.is_about(deploy)) {
            // A later deployment that vanished may have moved it since, which nobody recorded.
            let held = match state.is_in_doubt(deploy) {
                true => recorded_of(state, deploy),
                false => real.and_then(|real| real.get(deploy)).cloned(),
            };
            if let Some(held) = held {
                whole.insert(deploy.to_owned(), held);
            }
        }
    }

    /// Checks what must hold after every event.
    fn check(&self) -> Result<(), TestCaseError> {
        let state: &State = &self.world.managed.state;
        for (name, real) in &self.real {
            let nothing = Environment::default();
            let held = state.environments.get(name).unwrap_or(&nothing);
            for deploy in DEPLOYS {
                let recorded = recorded_of(held, deploy);
                let true_of_it = recorded.as_ref() == real.get(deploy);
                prop_assert!(
                    true_of_it || held.is_in_doubt(deploy),
                    "{deploy} in {name}: recorded {recorded:?}, runs {:?}",
                    real.get(deploy)
                );
            }
            let whole = self.whole.get(name).cloned().unwrap_or_default();
            prop_assert!(
                held.is_incomplete() || *real == whole,
                "{name} is not complete: runs {real:?}, whole {whole:?}"
            );
        }
        Ok(())
    }
}

/// The version that the state says a deploy holds.
fn recorded_of(environment: &Environment, deploy: &str) -> Option<Held> {
    let recorded = environment.held.deploys.get(deploy)?;
    let version = recorded.version.clone().unwrap_or_default();
    Some((recorded.sha.clone()?, version))
}

fn recorded(
    world: &World,
    what: &What,
    deploying: Deploying<'_>,
    ended: Ended<'_>,
) -> Result<(Managed, Recorded), StalePlan> {
    let (component, state) = (&world.component, &world.managed.state);
    let recorded = match what {
        What::Step(_, step) => record(state, step, deploying, component, ended)?,
        What::Rollback(plan) => rollback::record(state, plan, deploying, component, ended)?,
        What::Hotfix(deployment) => {
            return hotfix::record(&world.managed, deployment, deploying, component, ended);
        }
    };
    let managed = Managed {
        state: recorded.state.clone(),
        ..world.managed.clone()
    };
    Ok((managed, recorded))
}

fn fate() -> impl Strategy<Value = Fate> {
    let stop = prop_oneof![Just(Stop::Cancelled), Just(Stop::Vanished)];
    let stops = prop::option::weighted(0.3, (0_usize..3, stop));
    (prop::collection::vec(prop::bool::weighted(0.3), 2), stops)
        .prop_map(|(fails, stops)| Fate { fails, stops })
}

fn event() -> impl Strategy<Value = Event> {
    let messages = prop::sample::select(vec!["fix: a", "feat: b"]);
    let files = prop::sample::select(vec!["app/a", "docs/a", "README.md"]);
    let only = || prop::option::weighted(0.3, prop::sample::select(DEPLOYS.to_vec()));
    prop_oneof![
        4 => (messages, files).prop_map(|(message, file)| Event::Commit(message, file)),
        4 => fate().prop_map(Event::Orchestrate),
        6 => (0_usize..8, only(), any::<bool>(), prop::collection::vec(fate(), 2))
            .prop_map(|(mode, only, restores, fates)| Event::Promote { mode, only, restores, fates }),
        3 => (0_usize..2, only(), fate())
            .prop_map(|(environment, only, fate)| Event::Rollback { environment, only, fate }),
        2 => (0_usize..2, any::<prop::sample::Index>(), fate())
            .prop_map(|(environment, commit, fate)| Event::Hotfix { environment, commit, fate }),
        2 => (any::<prop::sample::Index>(), fate()).prop_map(|(which, fate)| Event::Rerun(which, fate)),
        1 => (0_usize..8).prop_map(Event::Plan),
        1 => fate().prop_map(Event::Late),
    ]
}

proptest! {
    #[test]
    fn the_state_says_what_runs(events in prop::collection::vec(event(), 1..30)) {
        let mut model = Model::new();
        for event in &events {
            model.happen(event);
            model.check()?;
        }
    }
}
