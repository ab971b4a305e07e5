//! The plan of a promotion.

use super::Mode;
use super::gate::{Closed, Gate, Known, breaks, closed, left_behind, unfinished};
use super::moves::{Move, moves};
use crate::lifecycle::Step;
use crate::lifecycle::history::History;
use crate::lifecycle::outcome::Outcome;
use crate::lifecycle::promotion_order::Place;
use crate::lifecycle::release::Release;
use crate::lifecycle::step::Outputs;
use crate::pipeline::Component;
use crate::state::{External, Managed, State};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// A request for a promotion.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Request {
    /// The mode of the promotion.
    pub mode: Mode,
    /// Only these deploys; all if empty.
    pub deploys: Vec<String>,
    /// True if gates that allow it are overridden.
    pub force: bool,
    /// True if breaking changes may pass.
    pub allow_breaking: bool,
    /// True if a version may be lower than what it replaces.
    pub allow_downgrade: bool,
    /// True if a failure redeploys what succeeded at what it replaced.
    pub rollback_on_failure: bool,
    /// True if nothing moves but the release.
    pub release_only: bool,
    /// True if nothing may change.
    pub dry_run: bool,
}

impl Request {
    pub(super) fn wants(&self, deploy: &str) -> bool {
        self.deploys.is_empty() || self.deploys.iter().any(|name| name == deploy)
    }
}

/// A promotion, for the jobs that follow.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Plan {
    /// The mode's name.
    pub mode: String,
    /// The environments that move, in promotion order.
    pub steps: Vec<Step>,
    /// The release that is published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<Release>,
    /// True if a failed step does not keep others from going on.
    pub independent: bool,
    /// True if something breaks on the way to the release or to the last environment.
    #[serde(default)]
    pub has_breaking: bool,
    /// The gates that are closed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gates: Vec<Gate>,
    /// Warnings for people.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// True if nothing may change.
    pub dry_run: bool,
}

/// One step of a promotion.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Entry<'a> {
    /// An environment moves.
    Step(&'a Step),
    /// A release is published.
    Release(&'a Release),
}

/// A build that is published, for the publish callback.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Publishing {
    /// The build.
    pub build_name: String,
    /// The release candidate that is published.
    pub old_version: String,
    /// The version that was released before; empty if none was.
    pub previous_version: String,
    /// The version that is released.
    pub new_version: String,
    /// The commit that it was built from.
    pub sha: String,
    /// The artifact that the build put out.
    pub artifact_id: String,
    /// Its recorded outputs.
    pub outputs: Outputs,
    /// Artifacts of other repositories by name.
    pub external: IndexMap<String, External>,
}

/// The facts that a promotion needs beside the state.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The head of trunk.
    pub trunk: &'a str,
    /// The environments into which a hotfix is open.
    pub open_hotfixes: &'a [String],
    /// The states of all components.
    pub states: &'a IndexMap<String, State>,
}

/// Decides what a promotion does.
///
/// # Errors
/// The history gives no answer.
pub fn plan<H: History>(
    component: &Component,
    managed: &Managed,
    facts: Facts<'_>,
    history: &H,
    request: &Request,
) -> Result<Plan, H::Error> {
    let state = &managed.state;
    let mut plan = Plan {
        mode: request.mode.to_string(),
        independent: request.force && request.mode == Mode::Default,
        dry_run: request.dry_run,
        ..Plan::default()
    };
    if let Mode::Jump { from, to } = &request.mode
        && from.artifact(state).is_none()
    {
        plan.gates.push(Gate {
            from: from.name().to_owned(),
            to: to.name().to_owned(),
            closed: Closed::NoState,
        });
        return Ok(plan);
    }
    let tags = history.tags()?;
    let known = Known { facts, tags: &tags };
    let moves = moves(component, state, request, history)?;
    if moves.is_empty() {
        plan.gates
            .extend(unfinished(component, state, &request.mode));
    }
    for each in moves {
        if request.release_only && each.to != Place::Release {
            continue;
        }
        let gates = closed(component, state, known, request, &each, history)?;
        if each.to == Place::Release || each.from == Place::Release {
            plan.has_breaking |= breaks(component, &each, history)?.is_some();
        }
        plan.warnings.extend(unreadable(component, &each));
        plan.warnings.extend(left_behind(component, &each));
        if gates.is_empty() {
            plan.take(&each, component, request);
        }
        plan.gates.extend(gates);
    }
    if !plan.gates.is_empty() && !plan.independent {
        plan.steps.clear();
        plan.release = None;
    }
    Ok(plan)
}

fn unreadable(component: &Component, each: &Move) -> Option<String> {
    let held = each.base.version.as_ref()?;
    component.tag_grammar.parse(held).is_none().then(|| {
        format!(
            "{} holds `{held}`, which is no version; whether this is a downgrade is unknown",
            each.to
        )
    })
}

impl Entry<'_> {
    /// Returns the environment, or the release record.
    #[must_use]
    pub fn place(&self) -> &str {
        match self {
            Self::Step(step) => &step.environment,
            Self::Release(_) => Place::Release.name(),
        }
    }

    /// The version that arrives there.
    #[must_use]
    pub fn version(&self) -> &str {
        match self {
            Self::Step(step) => &step.version,
            Self::Release(release) => &release.version,
        }
    }

    /// Returns true if the state has it, after its job ended so.
    #[must_use]
    pub fn is_done(&self, state: &State, job: Outcome) -> bool {
        match self {
            Self::Step(step) => {
                // A retry that rescued leaves the job red.
                let environment = state.environments.get(&step.environment);
                let deployed = || environment.is_some_and(|held| step.deploys_landed(held));
                step.landed(state) && (job.is_success() || !step.only_deploys() || deployed())
            }
            Self::Release(release) => {
                let external = state.release.as_ref();
                external.is_some_and(|external| {
                    external.held.version.as_ref() == Some(&release.version)
                })
            }
        }
    }
}

impl Plan {
    fn take(&mut self, each: &Move, component: &Component, request: &Request) {
        match &each.to {
            Place::Release => {
                let artifact = &each.artifact;
                self.release = Some(Release {
                    from: each.from.name().to_owned(),
                    sha: artifact.sha.clone(),
                    candidate: each.candidate.clone(),
                    version: artifact.version.clone(),
                    base: each.base.clone(),
                    builds: artifact.builds.clone(),
                    deploys: artifact.deploys.clone(),
                    external: artifact.external.clone(),
                });
            }
            Place::Environment(_) | Place::Prerelease => {
                self.steps.push(each.step(component, request));
            }
        }
    }

    /// Closes a gate that only the shell can see.
    pub fn refuse(&mut self, gate: Gate) {
        if self.independent {
            self.release = self
                .release
                .take()
                .filter(|release| release.from != gate.from);
        } else {
            self.steps.clear();
            self.release = None;
        }
        self.gates.push(gate);
    }

    /// Returns the plan as jobs read it that deploy nothing: without what its deploys are given, of
    /// which every environment has as much as the pipeline has deploys.
    #[must_use]
    pub fn without_inputs(&self) -> Self {
        let mut plan = self.clone();
        let steps = plan.steps.iter_mut();
        for planned in steps.flat_map(|step| step.deploys.values_mut()) {
            planned.outputs.clear();
            planned.external.clear();
            planned.builds = None;
        }
        plan
    }

    /// Returns true if anything moves.
    #[must_use]
    pub fn can_proceed(&self) -> bool {
        !self.steps.is_empty() || self.release.is_some()
    }

    /// Returns the reason why nothing moves, or not everything; empty if all is well.
    #[must_use]
    pub fn reason(&self) -> String {
        if self.gates.is_empty() && !self.can_proceed() {
            return "nothing to promote: every place holds what the one below it holds".to_owned();
        }
        let gates: Vec<String> = self.gates.iter().map(ToString::to_string).collect();
        gates.join("\n")
    }

    /// Its entries in promotion order: what comes from the release follows it.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry<'_>> {
        let above = |step: &&Step| step.from.as_deref() == Some(Place::Release.name());
        let (above, below): (Vec<&Step>, Vec<&Step>) = self.steps.iter().partition(above);
        let below = below.into_iter().map(Entry::Step);
        let release = self.release.iter().map(Entry::Release);
        below
            .chain(release)
            .chain(above.into_iter().map(Entry::Step))
            .collect()
    }

    /// The step of an environment, if it moves.
    #[must_use]
    pub fn step(&self, environment: &str) -> Option<&Step> {
        self.steps
            .iter()
            .find(|step| step.environment == environment)
    }

    /// Returns the calls of the publish callback, one for each build.
    #[must_use]
    pub fn publishing(&self, component: &Component) -> Vec<Publishing> {
        let Some(release) = self
            .release
            .as_ref()
            .filter(|_| component.publish.is_some())
        else {
            return Vec::new();
        };
        let publishing = |build: &crate::pipeline::Build| {
            let name = build.callback.name.to_string();
            let record = release.builds.get(&name).cloned().unwrap_or_default();
            Publishing {
                build_name: name,
                old_version: release.candidate.clone(),
                previous_version: release.base.version.clone().unwrap_or_default(),
                new_version: release.version.clone(),
                sha: record.sha.unwrap_or_else(|| release.sha.clone()),
                artifact_id: record.artifact_id.unwrap_or_default(),
                outputs: record.tags,
                external: release.external.clone(),
            }
        };
        component.builds.iter().map(publishing).collect()
    }
}
