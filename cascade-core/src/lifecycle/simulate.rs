//! A run without running: the same plans and records, with outcomes that somebody supposes.

use super::history::History;
use super::orchestrate::{Decision, collect, finish};
use super::outcome::{Attempted, Outcome, Results};
use super::promote;
use super::release;
use super::rollback;
use super::stage::{Recorder, record};
use super::{Stage, Stamp, Superseded, orchestrate};
use crate::generate::by_dependency;
use crate::lifecycle::chain::prerelease;
use crate::pipeline::{Callback, CallbackKind, Lane};
use crate::state::Managed;
use serde::Serialize;
use std::fmt;

/// Something that a run does, in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "effect", rename_all = "kebab-case")]
pub enum Effect {
    /// Nothing is done, and why.
    Stop {
        /// Why.
        reason: String,
    },
    /// The validation is called.
    Validate {
        /// At this commit.
        sha: String,
    },
    /// A build is called.
    Build {
        /// The build.
        name: String,
        /// At this commit.
        sha: String,
        /// How it ends.
        result: Outcome,
    },
    /// A deploy is called.
    Deploy {
        /// Where to.
        environment: String,
        /// The deploy.
        name: String,
        /// The commit.
        sha: String,
        /// The version.
        version: String,
        /// How it ends.
        result: Outcome,
    },
    /// A deploy is called again at what it had replaced.
    Restore {
        /// Where to.
        environment: String,
        /// The deploy.
        name: String,
        /// The commit.
        sha: String,
        /// The version.
        version: String,
    },
    /// State is written.
    Record {
        /// The environment or slot.
        place: String,
        /// The version.
        version: String,
        /// Whether the place holds it afterwards.
        advanced: bool,
    },
    /// A tag is made.
    Tag {
        /// Its name.
        name: String,
        /// Its commit.
        sha: String,
    },
    /// A draft is made.
    Draft {
        /// Its tag.
        tag: String,
    },
    /// A draft becomes a prerelease.
    Prerelease {
        /// Its tag.
        tag: String,
    },
    /// A release is published.
    Publish {
        /// Its tag.
        tag: String,
        /// Its commit.
        sha: String,
    },
    /// The publish callback is called.
    PublishBuild {
        /// The build.
        name: String,
        /// The version.
        version: String,
    },
}

/// What a run would lead to.
#[derive(Debug, Clone, PartialEq)]
pub struct Simulation {
    /// The state afterwards.
    pub managed: Managed,
    /// What happens, in order.
    pub effects: Vec<Effect>,
    /// Whether the run would be green.
    pub green: bool,
}

/// What is supposed of callbacks: `web`, or `prod/web` for one environment only.
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

/// Simulates trunk to the first environment.
///
/// # Errors
/// The history gives no answer.
pub fn orchestrate<H: History>(
    lane: &Lane,
    managed: &Managed,
    history: &H,
    request: &orchestrate::Request,
    (supposed, stamp): (&Supposed, &Stamp),
) -> Result<Simulation, H::Error> {
    let mut run = Run::new(lane, managed, supposed, stamp);
    match orchestrate::plan(lane, managed, history, request)? {
        Decision::Nothing(reason) => run.stop(reason, true),
        Decision::Superseded(reason) => run.stop(reason, false),
        Decision::Run(plan) => run.orchestrate(&plan),
    }
    Ok(run.end())
}

/// Simulates a promotion that was planned.
#[must_use]
pub fn promote(
    lane: &Lane,
    managed: &Managed,
    plan: &promote::Plan,
    (supposed, stamp): (&Supposed, &Stamp),
) -> Simulation {
    let mut run = Run::new(lane, managed, supposed, stamp);
    match plan.can_proceed() {
        true => run.promote(plan),
        false => run.stop(plan.reason(), false),
    }
    run.end()
}

/// Simulates a rollback that was planned.
#[must_use]
pub fn rollback(
    lane: &Lane,
    managed: &Managed,
    plan: &rollback::Plan,
    (supposed, stamp): (&Supposed, &Stamp),
) -> Simulation {
    let mut run = Run::new(lane, managed, supposed, stamp);
    run.rollback(plan);
    run.end()
}

struct Run<'a> {
    lane: &'a Lane,
    supposed: &'a Supposed,
    stamp: &'a Stamp,
    managed: Managed,
    effects: Vec<Effect>,
    green: bool,
}

impl<'a> Run<'a> {
    fn new(lane: &'a Lane, managed: &Managed, supposed: &'a Supposed, stamp: &'a Stamp) -> Self {
        Self {
            lane,
            supposed,
            stamp,
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
        let sha = &plan.stage.sha;
        let mut validate = Outcome::Success;
        if plan.validate {
            self.effects.push(Effect::Validate { sha: sha.clone() });
            validate = self.supposed.of("", "validate");
        }
        let builds = match validate {
            Outcome::Success => self.builds(plan),
            _ => Results::new(),
        };
        let collected = collect(self.lane, plan, validate, &builds, self.stamp);
        self.green &= !collected.aborted && validate.is_success();
        self.green &= builds.values().all(|build| !build.result.is_bad());
        let deployed = collected.deploys().is_some();
        if deployed {
            self.stage(&collected.stage, Recorder::Orchestrate);
        }
        match finish(
            &self.managed.state,
            self.lane,
            &collected,
            deployed,
            self.stamp,
        ) {
            Err(superseded) => self.refused(&superseded),
            Ok(finished) => {
                self.managed.state = finished.state;
                if !deployed {
                    self.recorded(&plan.stage, finished.advanced);
                }
                if finished.advanced {
                    let name = plan.stage.version.clone();
                    self.effects.push(Effect::Tag {
                        name,
                        sha: sha.clone(),
                    });
                    let tag = plan.stage.version.clone();
                    self.effects.push(Effect::Draft { tag });
                }
            }
        }
    }

    fn builds(&mut self, plan: &orchestrate::Plan) -> Results {
        let mut results = Results::new();
        for build in by_dependency(
            &self.lane.builds,
            |build| &build.callback,
            CallbackKind::Build,
        ) {
            let name = build.callback.name.to_string();
            if !plan.run_builds.contains(&name) {
                continue;
            }
            let result = match waits(&build.callback, CallbackKind::Build, &results) {
                true => Outcome::Skipped,
                false => self.supposed.of("", &name),
            };
            if result != Outcome::Skipped {
                let (name, sha) = (name.clone(), plan.stage.sha.clone());
                self.effects.push(Effect::Build { name, sha, result });
            }
            results.insert(name, Attempted::once(result));
        }
        results
    }

    fn promote(&mut self, plan: &promote::Plan) {
        let last = self
            .lane
            .environments
            .last()
            .map(|last| last.name.to_string());
        let mut goes_on = true;
        for stage in &plan.stages {
            if Some(&stage.environment) == last.as_ref() {
                goes_on = self.release(plan, goes_on);
            }
            if goes_on || plan.independent {
                goes_on = self.stage(stage, Recorder::Promote);
            }
        }
        if plan
            .stages
            .iter()
            .all(|stage| Some(&stage.environment) != last.as_ref())
        {
            self.release(plan, goes_on);
        }
        self.prerelease(plan);
    }

    fn release(&mut self, plan: &promote::Plan, goes_on: bool) -> bool {
        let Some(release) = plan
            .release
            .as_ref()
            .filter(|_| goes_on || plan.independent)
        else {
            return goes_on;
        };
        match release::record(&self.managed, release, self.stamp) {
            Err(superseded) => {
                self.refused(&superseded);
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
                self.effects.push(Effect::Publish { tag, sha });
                for build in plan.publishing(self.lane) {
                    let (name, version) = (build.build_name, build.new_version);
                    self.effects.push(Effect::PublishBuild { name, version });
                }
                true
            }
        }
    }

    fn prerelease(&mut self, plan: &promote::Plan) {
        let Some(environment) = prerelease(self.lane) else {
            return;
        };
        let stage = plan.stage(environment.name.as_str());
        let held = self
            .managed
            .state
            .environments
            .get(environment.name.as_str());
        let arrived = stage.filter(|stage| {
            held.is_some_and(|held| held.version.as_deref() == Some(stage.version.as_str()))
        });
        let grammar = &self.lane.tag_grammar;
        if let Some(stage) = arrived
            && release::is_pending(grammar, &self.managed.state, &stage.version)
        {
            let tag = stage.version.clone();
            self.effects.push(Effect::Prerelease { tag });
        }
    }

    /// Deploys and records one stage; whether it advanced.
    fn stage(&mut self, stage: &Stage, recorder: Recorder) -> bool {
        let results = self.deploys(stage);
        self.green &= results.values().all(|each| !each.result.is_bad());
        let ended = (Outcome::Success, &results);
        match record(
            &self.managed.state,
            stage,
            recorder,
            self.lane,
            ended,
            self.stamp,
        ) {
            Err(superseded) => {
                self.refused(&superseded);
                false
            }
            Ok(recorded) => {
                self.managed.state = recorded.state;
                self.recorded(stage, recorded.advanced);
                for (name, planned) in recorded.restore {
                    self.effects.push(Effect::Restore {
                        environment: stage.environment.clone(),
                        name,
                        sha: planned.sha,
                        version: planned.version,
                    });
                }
                self.green &= recorded.advanced;
                recorded.advanced
            }
        }
    }

    fn rollback(&mut self, plan: &rollback::Plan) {
        let results = self.deploys(&plan.stage);
        let ended = (Outcome::Success, &results);
        match rollback::record(&self.managed.state, plan, self.lane, ended, self.stamp) {
            Err(superseded) => self.refused(&superseded),
            Ok((state, done)) => {
                self.managed.state = state;
                if done {
                    self.recorded(&plan.stage, true);
                }
                self.green &= done;
            }
        }
    }

    fn deploys(&mut self, stage: &Stage) -> Results {
        let mut results = Results::new();
        for deploy in by_dependency(
            &self.lane.deploys,
            |deploy| &deploy.callback,
            CallbackKind::Deploy,
        ) {
            let name = deploy.callback.name.to_string();
            let Some(planned) = stage.deploys.get(&name) else {
                continue;
            };
            let result = match waits(&deploy.callback, CallbackKind::Deploy, &results) {
                true => Outcome::Skipped,
                false => self.supposed.of(&stage.environment, &name),
            };
            if result != Outcome::Skipped {
                self.effects.push(Effect::Deploy {
                    environment: stage.environment.clone(),
                    name: name.clone(),
                    sha: planned.sha.clone(),
                    version: planned.version.clone(),
                    result,
                });
            }
            results.insert(name, Attempted::once(result));
        }
        results
    }

    fn recorded(&mut self, stage: &Stage, advanced: bool) {
        self.effects.push(Effect::Record {
            place: stage.environment.clone(),
            version: stage.version.clone(),
            advanced,
        });
    }

    fn refused(&mut self, superseded: &Superseded) {
        self.stop(superseded.to_string(), false);
    }
}

/// Whether something that the callback needs did not succeed in this run.
fn waits(callback: &Callback, kind: CallbackKind, results: &Results) -> bool {
    callback.dependencies.iter().any(|dependency| {
        let result = results.get(dependency.name.as_str());
        dependency.hard
            && dependency.kind == kind
            && result.is_some_and(|result| !result.result.is_success())
    })
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use crate::commits::short;
        match self {
            Self::Stop { reason } => write!(f, "stop: {reason}"),
            Self::Validate { sha } => write!(f, "validate {}", short(sha)),
            Self::Build { name, sha, result } => {
                write!(f, "build {name} at {}: {result}", short(sha))
            }
            Self::Deploy {
                environment,
                name,
                version,
                result,
                ..
            } => {
                write!(f, "deploy {name} {version} to {environment}: {result}")
            }
            Self::Restore {
                environment,
                name,
                version,
                ..
            } => {
                write!(f, "restore {name} {version} in {environment}")
            }
            Self::Record {
                place,
                version,
                advanced: true,
            } => write!(f, "record {version} in {place}"),
            Self::Record {
                place,
                version,
                advanced: false,
            } => {
                write!(
                    f,
                    "record what succeeded of {version} in {place}, which does not move"
                )
            }
            Self::Tag { name, sha } => write!(f, "tag {name} at {}", short(sha)),
            Self::Draft { tag } => write!(f, "draft release {tag}"),
            Self::Prerelease { tag } => write!(f, "prerelease {tag}"),
            Self::Publish { tag, sha } => write!(f, "publish release {tag} at {}", short(sha)),
            Self::PublishBuild { name, version } => write!(f, "publish build {name} {version}"),
        }
    }
}
