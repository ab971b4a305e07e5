//! Rollouts whose stages end at random, through the conditions of the generated jobs.

mod condition;
mod declared;

use super::world::{component, ended_so, file};
use crate::lifecycle::outcome::{Job, Outcome, Results};
use crate::lifecycle::rollout::{self, Wave};
use crate::lifecycle::step::deploy_bases;
use crate::lifecycle::{Base, Deploying, Operation, Planned, Stamp, Step, begin, record};
use crate::pipeline::Component;
use crate::state::{Deploy, Environment, Held, State};
use declared::{Declared, Fate, declared, fate};
use indexmap::IndexMap;
use proptest::prelude::*;
use serde_yaml::Value;
use std::convert::Infallible;

const ID: &str = "deploy-web";

/// A run of the one deploy path.
struct Run {
    jobs: IndexMap<String, Outcome>,
    state: State,
}

impl Run {
    fn of(&self, stage: &str) -> Outcome {
        let job = self.jobs.get(&format!("{ID}-{stage}"));
        job.copied().unwrap_or_default()
    }

    fn web(&self) -> &Deploy {
        &self.state.environments["dev"].held.deploys["web"]
    }

    fn phase(&self) -> Option<&str> {
        self.web().rollout.as_ref()?.phase.as_deref()
    }
}

fn stage(version: &str, component: &Component, state: &State) -> Step {
    let now = &state.environments["dev"];
    let mut planned = Planned::new(version, version, now.held.deploys.get("web"));
    planned.strategy = component
        .strategy_of("web")
        .unwrap()
        .kind()
        .as_str()
        .to_owned();
    Step {
        environment: "dev".to_owned(),
        sha: version.to_owned(),
        version: version.to_owned(),
        base: Base::from(now),
        deploys_base: deploy_bases(&now.held.deploys),
        advance: true,
        deploys: [("web".to_owned(), planned)].into(),
        ..Step::default()
    }
}

fn before() -> State {
    let recorded = Some("before".to_owned());
    let web = Deploy {
        sha: recorded.clone(),
        version: recorded.clone(),
        ..Deploy::default()
    };
    let dev = Environment {
        held: Held {
            sha: recorded.clone(),
            version: recorded,
            deploys: [("web".to_owned(), web)].into(),
            ..Held::default()
        },
        ..Environment::default()
    };
    State {
        environments: [("dev".to_owned(), dev)].into(),
        ..State::default()
    }
}

/// Runs the jobs whose conditions hold, each ending as `fate` says, and records what the commands of
/// cascade in them would.
fn run(component: &Component, workflow: &Value, state: &State, stage: &Step, fate: &Fate) -> Run {
    let stamp = stamp();
    let begun = begin(state, stage, promoting(&stamp)).unwrap();
    run_after(component, workflow, begun, stage, (fate, &IndexMap::new()))
}

fn stamp() -> Stamp {
    Stamp {
        at: "2026-01-01T00:00:00Z".to_owned(),
        by: "octocat".to_owned(),
    }
}

fn promoting(stamp: &Stamp) -> Deploying<'_> {
    Deploying {
        operation: Operation::Promote,
        run: None,
        stamp,
    }
}

/// The same, where these jobs are not run: they ended like this in an earlier attempt.
fn run_after(
    component: &Component,
    workflow: &Value,
    state: State,
    stage: &Step,
    (fate, kept): (&Fate, &IndexMap<String, Outcome>),
) -> Run {
    let mut run = Run {
        jobs: [("gate".to_owned(), Outcome::Success)].into(),
        state,
    };
    let mut ran = 0;
    for (id, job) in workflow["jobs"].as_mapping().unwrap() {
        let id = id.as_str().unwrap();
        if !id.starts_with(ID) {
            continue;
        }
        if let Some(ended) = kept.get(id) {
            run.jobs.insert(id.to_owned(), *ended);
            continue;
        }
        let cancelled = fate.cancelled.is_some_and(|place| ran > place);
        let strategy = &stage.deploys["web"].strategy;
        if !condition::holds(job["if"].as_str().unwrap(), &run.jobs, cancelled, strategy) {
            run.jobs.insert(id.to_owned(), Outcome::Skipped);
            continue;
        }
        let ended = match (fate.cancelled == Some(ran), fate.fails.get(ran)) {
            (true, _) => Outcome::Cancelled,
            (false, Some(true)) => Outcome::Failure,
            (false, _) => Outcome::Success,
        };
        run.jobs.insert(id.to_owned(), ended);
        ran += 1;
        if let Some(percent) = percent(job) {
            match written(&run.state, stage, (id, ended), percent) {
                Ok(state) => run.state = state,
                Err(_) => drop(run.jobs.insert(id.to_owned(), Outcome::Failure)),
            }
        }
    }
    run.state = recorded(component, stage, &run);
    run
}

/// The state after a job of the rollout that writes to it.
fn written(
    state: &State,
    stage: &Step,
    (id, ended): (&str, Outcome),
    percent: u8,
) -> Result<State, rollout::NotUnderWay> {
    let stamp = stamp();
    let step = Wave {
        environment: "dev",
        name: "web",
        planned: &stage.deploys["web"],
        percent,
        run: Some("https://example.com/runs/1"),
    };
    let first = ["begin", "begin-1"].map(|job| format!("{ID}-{job}"));
    match id.contains("-bake") {
        true => rollout::bake(state, step, "2026-01-01T00:10:00Z").map(|(state, _)| state),
        // A job that fails did not write.
        false if !ended.is_success() => Ok(state.clone()),
        false if first.iter().any(|first| first == id) => Ok(rollout::begin(state, step, &stamp)),
        false => rollout::go_on(state, step, &stamp),
    }
}

/// The state when the deployment is recorded.
fn recorded(component: &Component, stage: &Step, run: &Run) -> State {
    let job = |id: &str| {
        let result = run.jobs.get(id).copied().unwrap_or_default();
        Ok::<_, Infallible>(Job {
            result,
            ..Job::default()
        })
    };
    let strategy = component.strategy_of("web").unwrap();
    let retries = component.deploys[0].callback.retries;
    let Ok(ended) = rollout::ended(ID, strategy, retries, job);
    let results: Results = [("web".to_owned(), ended)].into();
    let stamp = stamp();
    let recorded = record(
        &run.state,
        stage,
        promoting(&stamp),
        component,
        ended_so(&results),
    );
    recorded.unwrap().state
}

/// The jobs that GitHub does not run when only failed jobs are run again.
fn kept(workflow: &Value, run: &Run) -> IndexMap<String, Outcome> {
    let jobs = workflow["jobs"].as_mapping().unwrap();
    let mut kept: IndexMap<String, Outcome> = IndexMap::new();
    for (id, job) in jobs {
        let id = id.as_str().unwrap();
        let needs: Vec<&str> = match &job["needs"] {
            Value::Sequence(all) => all.iter().filter_map(Value::as_str).collect(),
            one => one.as_str().into_iter().collect(),
        };
        let ended = run.jobs.get(id).filter(|ended| !ended.is_bad());
        if let Some(ended) = ended
            && needs.iter().all(|need| kept.contains_key(*need))
        {
            kept.insert(id.to_owned(), *ended);
        }
    }
    kept
}

/// The share in the environment of a job of cascade's own.
fn percent(job: &Value) -> Option<u8> {
    let steps = job.get("steps")?.as_sequence()?;
    let percent = steps
        .iter()
        .find_map(|step| step.get("env")?.get("PERCENT"));
    u8::try_from(percent?.as_u64()?).ok()
}

/// The environment holds the new version or the old one, and a rollout that is half there says so.
fn the_state_says_which(
    declared: &Declared,
    run: &Run,
    held: &Environment,
) -> Result<(), TestCaseError> {
    let completed = run.of(declared.completing()).is_success();
    let called_back = run.of("rollback") != Outcome::Skipped;
    let now = &run.state.environments["dev"];
    let web = run.web();
    let expected = if completed { "after" } else { "before" };
    prop_assert_eq!(now.held.sha.as_deref(), Some(expected));
    prop_assert_eq!(web.version.as_deref(), Some(expected));
    if completed {
        let ended = ["promoted", "cut_over"][usize::from(declared.waves.is_none())];
        prop_assert_eq!(run.phase(), Some(ended));
        prop_assert_eq!(web.rollout.as_ref().unwrap().percent, Some(100));
    } else {
        prop_assert_eq!(&now.previous, &held.previous);
        let first = ["begin-1", "begin"][usize::from(declared.waves.is_none())];
        let was_stuck = held.held.deploys["web"].is_rolling_out();
        let stuck = match called_back {
            true => !run.of("rollback").is_success(),
            // A rollout that was announced, or left half there, is not over by itself.
            false => declared.has_rollback_callback() && (was_stuck || run.of(first).is_success()),
        };
        prop_assert_eq!(
            web.is_rolling_out(),
            stuck,
            "{:?} {:?}",
            run.phase(),
            run.jobs
        );
    }
    let finished = web
        .rollout
        .as_ref()
        .is_none_or(|rollout| rollout.finished_at.is_some());
    prop_assert_eq!(finished, !web.is_rolling_out());
    Ok(())
}

proptest! {
    #[test]
    fn a_wave_that_began_ends_one_way_and_the_state_says_which(
        declared in declared(), fate in fate(), failed_before in any::<bool>()
    ) {
        let component = component(&declared.config());
        let workflow = file(&declared.config(), "cascade-deploy.yaml");
        let mut state = before();
        if failed_before {
            let stage = stage("failed", &component, &state);
            let fails = std::iter::once(false).chain([true; 23]).collect();
            let fate = Fate { fails, cancelled: None };
            state = run(&component, &workflow, &state, &stage, &fate).state;
        }
        let held = state.environments["dev"].clone();
        let stage = stage("after", &component, &state);
        let run = run(&component, &workflow, &state, &stage, &fate);

        let began = run.of(declared.first()) != Outcome::Skipped;
        let completed = run.of(declared.completing()).is_success();
        let called_back = run.of("rollback") != Outcome::Skipped;
        prop_assert!(!(completed && called_back), "{:?}", run.jobs);
        let one = completed || called_back || !declared.has_rollback_callback();
        prop_assert!(one || !began, "{:?}", run.jobs);
        prop_assert!(began || !(completed || called_back), "{:?}", run.jobs);

        the_state_says_which(&declared, &run, &held)?;

        // Running only what failed finishes what is half there, and nothing that was taken back,
        // unless all of its waves had come to their ends.
        let calm = Fate { fails: Vec::new(), cancelled: None };
        let kept = kept(&workflow, &run);
        let failed = super::rollouts::run_after(
            &component, &workflow, run.state.clone(), &stage, (&calm, &kept),
        );
        let looked = kept.contains_key(&format!("{ID}-begin-{}", declared.completing()));
        let only_last = looked && run.of(declared.completing()).is_bad();
        let finishes = completed || run.web().is_rolling_out() || only_last;
        let cut_short = began && !finishes;
        prop_assert!(!cut_short || failed.of(declared.completing()) == Outcome::Skipped, "{:?}", failed.jobs);
        prop_assert!(!cut_short || failed.phase() == Some("rolled_back"), "{:?}", failed.phase());
        prop_assert!(!(began && finishes) || failed.of(declared.completing()).is_success(), "{:?}", failed.jobs);

        // Whatever happened, the next attempt of the whole path comes to its end.
        let again = super::rollouts::run(
            &component, &workflow, &run.state, &stage,
            &Fate { fails: Vec::new(), cancelled: None },
        );
        prop_assert_eq!(again.web().version.as_deref(), Some("after"));
        prop_assert!(!again.web().is_rolling_out());
    }
}
