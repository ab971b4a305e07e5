//! A pipeline, its history and its state, with jobs that end as a test wants.

mod hotfixes;

use crate::check::check;
use crate::contract::{Contracts, MemorySource};
use crate::generate::generate;
use crate::lifecycle::history::Memory;
use crate::lifecycle::orchestrate::{Decision, Plan, Request, collect, finish, plan};
use crate::lifecycle::outcome::{Attempted, Outcome, Results};
use crate::lifecycle::promote::{self, Mode};
use crate::lifecycle::promotion_order::{Place, promotion_order};
use crate::lifecycle::{
    Deploying, Ended, Operation, Recorded, Stamp, Step, begin, record, release,
};
use crate::manifest::yaml::Manifest;
use crate::pipeline::{CallbackKind, Component, Pipeline};
use crate::state::{Environment, Managed};
use indexmap::IndexMap;

const BUILD: &str = "\
on:
  workflow_call:
    outputs: { image: { value: x } }
jobs: { a: { permissions: {} } }
";

const DEPLOY: &str = "\
on:
  workflow_call:
    inputs: { environment: { type: string }, image: { type: string }, percent: { type: number } }
    outputs: { url: { value: x } }
jobs: { a: { if: always(), permissions: {} } }
";

/// A pipeline with its surroundings.
#[derive(Debug, Clone)]
pub(super) struct World {
    pub(super) component: Component,
    pub(super) managed: Managed,
    pub(super) history: Memory,
    /// The commits of the environments' branches.
    pub(super) branches: IndexMap<String, String>,
    /// The number of recordings so far; the time of the next record.
    clock: usize,
}

/// The component of a configuration whose callbacks are `build` and `deploy`.
pub(super) fn component(config: &str) -> Component {
    pipeline(config).into_parts().1.swap_remove(0)
}

/// A file that is generated for such a configuration.
pub(super) fn file(config: &str, name: &str) -> serde_yaml::Value {
    let files = generate(&pipeline(config), "1.2.3").unwrap();
    let file = files.iter().find(|file| file.path.ends_with(name));
    serde_yaml::from_str(&file.unwrap().text).unwrap()
}

fn pipeline(config: &str) -> Pipeline {
    let config = config
        .replace(
            "build!",
            "workflow: .github/workflows/build.yaml, permissions: {}",
        )
        .replace(
            "deploy!",
            "workflow: .github/workflows/deploy.yaml, permissions: {}",
        );
    let lines = config.lines().map(|line| format!("    {line}\n"));
    let text = format!(
        "ci:\n  config:\n    trunk_branch: main\n{}",
        lines.collect::<String>()
    );
    let manifest = Manifest::read(text.as_bytes(), "ci").unwrap();
    let files = MemorySource::new()
        .with(".github/workflows/build.yaml", BUILD)
        .with(".github/workflows/deploy.yaml", DEPLOY);
    let checked = check(manifest.config(), &Contracts::new(&files));
    let findings = format!("{:#?}", checked.findings);
    checked.pipeline.expect(&findings)
}

/// A build, a deploy that follows it and a deploy of its own, over some environments.
pub(super) fn world_with(environments: &str) -> World {
    World::new(&format!(
        "environments: [{environments}]
builds:
  - {{ name: app, triggers: [app/**], build! }}
deploys:
  - {{ name: web, depends_on: [app], deploy! }}
  - {{ name: docs, triggers: [docs/**], deploy! }}
"
    ))
}

impl World {
    pub(super) fn new(config: &str) -> Self {
        Self {
            component: component(config),
            managed: Managed::default(),
            history: Memory::default(),
            branches: IndexMap::new(),
            clock: 0,
        }
    }

    pub(super) fn commit(&mut self, message: &str, files: &[&str]) -> String {
        self.history.commit(message, files)
    }

    pub(super) fn head(&self) -> String {
        self.history.line.last().unwrap().0.sha.clone()
    }

    pub(super) fn stamp(&mut self) -> Stamp {
        self.clock += 1;
        Stamp {
            at: format!("2026-01-01T00:00:{:02}Z", self.clock % 60),
            by: "octocat".to_owned(),
        }
    }

    /// Returns the decision on a run at `head`.
    pub(super) fn decide(&self, head: &str) -> Decision {
        let request = Request {
            head: head.to_owned(),
            ..Request::default()
        };
        let Ok(decision) = plan(&self.component, &self.managed, &self.history, &request);
        decision
    }

    /// The plan of a run at the newest commit.
    pub(super) fn plan(&self) -> Plan {
        match self.decide(&self.head()) {
            Decision::Run(plan) => *plan,
            other => panic!("nothing runs: {other:?}"),
        }
    }

    /// Runs at the newest commit; the callbacks named fail. Whether the first place moved.
    pub(super) fn run(&mut self, failing: &[&str]) -> bool {
        let plan = self.plan();
        self.carry_on(&plan, failing)
    }

    /// Carries out a run that was planned.
    pub(super) fn carry_on(&mut self, plan: &Plan, failing: &[&str]) -> bool {
        let stamp = self.stamp();
        let builds = self.builds(plan, failing);
        let collected = collect(&self.component, plan, Outcome::Success, &builds, &stamp);
        let deploys = collected.deploys().is_some();
        if deploys {
            let results = results(&self.component, &collected.step, failing);
            let recorded = self.deployed(&collected.step, Operation::Orchestrate, &results);
            self.managed.state = recorded.state;
        }
        let finished = finish(
            &self.managed.state,
            &self.component,
            &collected,
            deploys,
            &stamp,
        )
        .unwrap();
        let later = self.stamp();
        let again = finish(
            &finished.state,
            &self.component,
            &collected,
            deploys,
            &later,
        )
        .unwrap();
        assert_eq!(again, finished, "finishing twice is finishing once");
        self.managed.state = finished.state;
        finished.advanced
    }

    pub(super) fn builds(&self, plan: &Plan, failing: &[&str]) -> Results {
        let mut results = Results::new();
        for name in &plan.run_builds {
            let build = self.component.build(name).unwrap();
            let waits = build.callback.dependencies.iter().any(|dependency| {
                dependency.hard
                    && results
                        .get(dependency.name.as_str())
                        .is_some_and(|each: &Attempted| !each.result.is_success())
            });
            let mut attempted = Attempted::once(outcome(name, failing, waits));
            attempted
                .outputs
                .insert("image".to_owned(), format!("{name}:{}", plan.step.version));
            results.insert(name.clone(), attempted);
        }
        results
    }

    /// Plans a promotion.
    pub(super) fn promotion(
        &self,
        mode: &str,
        ask: impl Fn(&mut promote::Request),
    ) -> promote::Plan {
        let mut request = promote::Request {
            mode: Mode::parse(mode, &self.component).unwrap(),
            rollback_on_failure: true,
            ..promote::Request::default()
        };
        ask(&mut request);
        let head = self.head();
        let Ok(plan) = promote::plan(
            &self.component,
            &self.managed,
            promote::Facts {
                trunk: &head,
                open_hotfixes: &[],
                states: &IndexMap::new(),
            },
            &self.history,
            &request,
        );
        plan
    }

    /// Promotes without any gate closed; deploys named `environment/deploy` fail.
    pub(super) fn promote(&mut self, mode: &str, failing: &[&str]) -> promote::Plan {
        let plan = self.promotion(mode, |_| {});
        assert_eq!(plan.gates, [], "{}", plan.reason());
        self.carry_out(&plan, failing);
        plan
    }

    /// Does what a plan says, in the order of the chain.
    pub(super) fn carry_out(&mut self, plan: &promote::Plan, failing: &[&str]) {
        for place in promotion_order(&self.component) {
            match (&place, &plan.release) {
                (Place::Release, Some(planned)) => {
                    let stamp = self.stamp();
                    let recorded = release::record(&self.managed, planned, &stamp).unwrap();
                    let again = release::record(&recorded, planned, &self.stamp()).unwrap();
                    assert_eq!(again, recorded, "recording twice is recording once");
                    self.managed = recorded;
                }
                (Place::Environment(name), _) => {
                    if let Some(step) = plan.step(name)
                        && !self.deploy(step, failing)
                        && !plan.independent
                    {
                        return;
                    }
                }
                _ => {}
            }
        }
    }

    fn deploy(&mut self, step: &Step, failing: &[&str]) -> bool {
        let own: Vec<&str> = failing
            .iter()
            .filter_map(|name| {
                name.strip_prefix(step.environment.as_str())?
                    .strip_prefix('/')
            })
            .collect();
        let results = results(&self.component, step, &own);
        let recorded = self.deployed(step, Operation::Promote, &results);
        self.managed.state = recorded.state.clone();
        if let Some(restore) = &recorded.restore {
            self.restore(restore, &own);
        }
        recorded.advanced
    }

    /// Deploys again what a failed step had replaced; the callbacks named fail again.
    fn restore(&mut self, step: &Step, failing: &[&str]) {
        let results = results(&self.component, step, failing);
        let restored = self.deployed(step, Operation::Restore, &results);
        self.managed.state = restored.state;
    }

    /// Begins and records a deployment, which ends so.
    pub(super) fn deployed(
        &mut self,
        step: &Step,
        operation: Operation,
        results: &Results,
    ) -> Recorded {
        let stamp = self.stamp();
        let deploying = Deploying {
            operation,
            run: None,
            stamp: &stamp,
        };
        let begun = begin(&self.managed.state, step, deploying).unwrap();
        let ended = ended_so(results);
        let recorded = record(&begun, step, deploying, &self.component, ended).unwrap();
        if operation != Operation::Restore {
            let again = record(&recorded.state, step, deploying, &self.component, ended).unwrap();
            assert_eq!(
                again.state, recorded.state,
                "recording twice is recording once"
            );
        }
        recorded
    }

    /// Returns the recorded state of an environment.
    pub(super) fn held(&self, environment: &str) -> Environment {
        self.managed
            .state
            .environments
            .get(environment)
            .cloned()
            .unwrap_or_default()
    }

    /// The version that each place of the chain holds; `-` where it holds nothing.
    pub(super) fn versions(&self) -> Vec<String> {
        let places = promotion_order(&self.component);
        let version = |place: &Place| place.base(&self.managed.state).version;
        places
            .iter()
            .map(|place| version(place).unwrap_or_else(|| "-".to_owned()))
            .collect()
    }
}

/// A deployment that began, and whose deploys ended so.
pub(super) fn ended_so(results: &Results) -> Ended<'_> {
    Ended {
        gate: Outcome::Success,
        results,
    }
}

/// Returns the results of a step's deploys if some fail: those that wait for one do not run.
pub(super) fn results(component: &Component, step: &Step, failing: &[&str]) -> Results {
    let mut results = Results::new();
    for deploy in &component.deploys {
        let name = deploy.callback.name.as_str();
        if !step.deploys.contains_key(name) {
            continue;
        }
        let waits = deploy.callback.dependencies.iter().any(|dependency| {
            dependency.hard
                && dependency.kind == CallbackKind::Deploy
                && results
                    .get(dependency.name.as_str())
                    .is_some_and(|each: &Attempted| !each.result.is_success())
        });
        results.insert(
            name.to_owned(),
            Attempted::once(outcome(name, failing, waits)),
        );
    }
    results
}

fn outcome(name: &str, failing: &[&str], waits: bool) -> Outcome {
    match (waits, failing.contains(&name)) {
        (true, _) => Outcome::Skipped,
        (false, true) => Outcome::Failure,
        (false, false) => Outcome::Success,
    }
}
