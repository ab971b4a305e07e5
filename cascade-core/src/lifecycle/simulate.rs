//! A run without running: the same plans and records, with outcomes that somebody supposes.

mod deployment;
mod effect;

pub use effect::Effect;

use super::history::History;
use super::hotfix::Deployment;
use super::orchestrate::{Decision, collect, finish};
use super::outcome::{Attempted, Outcome, Results};
use super::promote::{self, Entry};
use super::release;
use super::rollback;
use super::{Operation, StalePlan, Stamp, Step, orchestrate};
use crate::lifecycle::promotion_order::prerelease;
use crate::pipeline::by_dependency;
use crate::pipeline::{Callback, CallbackKind, Component};
use crate::state::Managed;

/// The result of a simulated run.
#[derive(Debug, Clone, PartialEq)]
pub struct Simulation {
    /// The state afterwards.
    pub managed: Managed,
    /// The effects of the run, in order.
    pub effects: Vec<Effect>,
    /// True if the run would be green.
    pub green: bool,
}

/// The supposed outcomes of callbacks: `web`, or `prod/web` for one environment only.
#[derive(Debug, Clone, Default)]
pub struct Supposed(pub Vec<(String, Outcome)>);

impl Supposed {
    fn of(&self, environment: &str, name: &str) -> Outcome {
        let within = format!("{environment}/{name}");
        let found = self
            .0
            .iter()
            .rev()
            .find(|(which, _)| *which == within || which == name);
        found.map_or(Outcome::Success, |(_, outcome)| *outcome)
    }
}

/// The facts that are supposed of a run that did not happen.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The results of its jobs.
    pub supposed: &'a Supposed,
    /// The time, and the person who starts it.
    pub stamp: &'a Stamp,
}

/// Simulates trunk to the first environment.
///
/// # Errors
/// The history gives no answer.
pub fn orchestrate<H: History>(
    component: &Component,
    managed: &Managed,
    history: &H,
    request: &orchestrate::Request,
    facts: Facts<'_>,
) -> Result<Simulation, H::Error> {
    let mut run = Run::new(component, managed, facts);
    match orchestrate::plan(component, managed, history, request)? {
        Decision::Nothing(reason) => run.stop(reason, true),
        Decision::Outdated(reason) => run.stop(reason, false),
        Decision::Run(plan) => run.orchestrate(&plan),
    }
    Ok(run.end())
}

/// Simulates a run of the trunk that was planned.
#[must_use]
pub fn delivered(
    component: &Component,
    managed: &Managed,
    plan: &orchestrate::Plan,
    facts: Facts<'_>,
) -> Simulation {
    let mut run = Run::new(component, managed, facts);
    run.orchestrate(plan);
    run.end()
}

/// Simulates a promotion that was planned.
#[must_use]
pub fn promote(
    component: &Component,
    managed: &Managed,
    plan: &promote::Plan,
    facts: Facts<'_>,
) -> Simulation {
    let mut run = Run::new(component, managed, facts);
    match plan.can_proceed() {
        true => run.promote(plan),
        false => run.stop(plan.reason(), false),
    }
    run.end()
}

/// Simulates a rollback that was planned.
#[must_use]
pub fn rollback(
    component: &Component,
    managed: &Managed,
    plan: &rollback::Plan,
    facts: Facts<'_>,
) -> Simulation {
    let mut run = Run::new(component, managed, facts);
    run.rollback(plan);
    run.end()
}

/// Simulates the deployment of a fix that was merged.
#[must_use]
pub fn hotfix(
    component: &Component,
    managed: &Managed,
    deployment: &Deployment,
    facts: Facts<'_>,
) -> Simulation {
    let mut run = Run::new(component, managed, facts);
    run.hotfix(deployment);
    run.end()
}

struct Run<'a> {
    component: &'a Component,
    facts: Facts<'a>,
    managed: Managed,
    effects: Vec<Effect>,
    green: bool,
}

impl<'a> Run<'a> {
    fn new(component: &'a Component, managed: &Managed, facts: Facts<'a>) -> Self {
        Self {
            component,
            facts,
            managed: managed.clone(),
            effects: Vec::new(),
            green: true,
        }
    }

    fn end(self) -> Simulation {
        Simulation {
            managed: self.managed,
            effects: self.effects,
            green: self.green,
        }
    }

    fn stop(&mut self, reason: String, green: bool) {
        self.effects.push(Effect::Stop { reason });
        self.green &= green;
    }

    fn orchestrate(&mut self, plan: &orchestrate::Plan) {
        let sha = &plan.step.sha;
        let mut validate = Outcome::Success;
        if plan.validate {
            self.effects.push(Effect::Validate { sha: sha.clone() });
            validate = self.facts.supposed.of("", "validate");
        }
        let builds = match validate {
            Outcome::Success => self.builds(plan),
            Outcome::Failure if self.component.validation_may_fail() => self.builds(plan),
            _ => Results::new(),
        };
        let collected = collect(self.component, plan, validate, &builds, self.facts.stamp);
        self.green &= !collected.aborted && validate.is_success();
        self.green &= builds.values().all(|build| !build.result.is_bad());
        let deployed = collected.deploys().is_some();
        if deployed {
            self.step(&collected.step, Operation::Orchestrate);
        }
        match finish(
            &self.managed.state,
            self.component,
            &collected,
            deployed,
            self.facts.stamp,
        ) {
            Err(stale) => self.refused(&stale),
            Ok(finished) => {
                self.managed.state = finished.state;
                if !deployed {
                    self.recorded(&plan.step, finished.advanced);
                }
                if finished.advanced {
                    let name = plan.step.version.clone();
                    self.tag(&name, sha);
                    self.release_with(Effect::Draft { tag: name });
                }
            }
        }
    }

    fn builds(&mut self, plan: &orchestrate::Plan) -> Results {
        let mut results = Results::new();
        for build in by_dependency(
            &self.component.builds,
            |build| &build.callback,
            CallbackKind::Build,
        ) {
            let name = build.callback.name.to_string();
            if !plan.run_builds.contains(&name) {
                continue;
            }
            let result = match waits(&build.callback, CallbackKind::Build, &results) {
                true => Outcome::Skipped,
                false => self.facts.supposed.of("", &name),
            };
            if result != Outcome::Skipped {
                let (name, sha) = (name.clone(), plan.step.sha.clone());
                self.effects.push(Effect::Build { name, sha, result });
            }
            results.insert(name, Attempted::once(result));
        }
        results
    }

    fn promote(&mut self, plan: &promote::Plan) {
        let mut goes_on = true;
        for entry in plan.entries() {
            if goes_on || plan.independent {
                goes_on = match entry {
                    Entry::Step(step) => self.step(step, Operation::Promote),
                    Entry::Release(release) => self.release(plan, release),
                };
            }
        }
        self.prerelease(plan);
    }

    /// Returns true if it is published.
    fn release(&mut self, plan: &promote::Plan, release: &release::Release) -> bool {
        match release::record(&self.managed, release, self.facts.stamp) {
            Err(stale) => {
                self.refused(&stale);
                false
            }
            Ok(managed) => {
                self.managed = managed;
                self.effects.push(Effect::Record {
                    place: "release".to_owned(),
                    version: release.version.clone(),
                    advanced: true,
                });
                let (tag, sha) = (release.version.clone(), release.sha.clone());
                self.release_with(Effect::Publish { tag, sha });
                for build in plan.publishing(self.component) {
                    let (name, version) = (build.build_name, build.new_version);
                    self.effects.push(Effect::PublishBuild { name, version });
                }
                true
            }
        }
    }

    fn prerelease(&mut self, plan: &promote::Plan) {
        let Some(environment) = prerelease(self.component) else {
            return;
        };
        let step = plan.step(environment.name.as_str());
        let arrived = step.filter(|step| step.landed(&self.managed.state));
        let grammar = &self.component.tag_grammar;
        if let Some(step) = arrived
            && release::is_pending(grammar, &self.managed.state, &step.version)
        {
            let tag = step.version.clone();
            self.release_with(Effect::Prerelease { tag });
        }
    }

    /// Makes a tag, if the pipeline makes tags.
    fn tag(&mut self, name: &str, sha: &str) {
        if self.component.release_build.makes_tags() {
            self.effects.push(Effect::Tag {
                name: name.to_owned(),
                sha: sha.to_owned(),
            });
        }
    }

    /// Changes a release; where there are none, publishing one still tags it.
    fn release_with(&mut self, effect: Effect) {
        match effect {
            effect if self.component.release_build.makes_releases() => self.effects.push(effect),
            Effect::Publish { tag, sha } => self.tag(&tag, &sha),
            _ => {}
        }
    }

    fn fixed(&mut self, step: &Step) {
        self.recorded(step, true);
        let (name, sha) = (step.version.clone(), step.sha.clone());
        let (tag, its) = (name.clone(), sha.clone());
        self.tag(&name, &sha);
        let version = self.component.tag_grammar.parse(&tag);
        if self.component.release_build.makes_releases() {
            self.effects
                .push(match version.is_some_and(|version| version.is_release()) {
                    true => Effect::Publish { tag, sha: its },
                    false => Effect::Prerelease { tag },
                });
        }
    }

    fn recorded(&mut self, step: &Step, advanced: bool) {
        self.effects.push(Effect::Record {
            place: step.environment.clone(),
            version: step.version.clone(),
            advanced,
        });
    }

    fn refused(&mut self, stale: &StalePlan) {
        self.stop(stale.to_string(), false);
    }
}

/// Returns true if something that the callback needs did not succeed in this run.
fn waits(callback: &Callback, kind: CallbackKind, results: &Results) -> bool {
    callback.dependencies.iter().any(|dependency| {
        let result = results.get(dependency.name.as_str());
        dependency.hard
            && dependency.kind == kind
            && result.is_some_and(|result| !result.result.is_success())
    })
}
