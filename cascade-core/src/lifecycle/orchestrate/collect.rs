//! Between the builds and the deployment.

use super::Plan;
use crate::lifecycle::external::Answers;
use crate::lifecycle::outcome::{Outcome, Results, of};
use crate::lifecycle::promotion_order::promotion_order;
use crate::lifecycle::step::Outputs;
use crate::lifecycle::{Planned, Stamp, Step};
use crate::manifest::{Branch, OnFailure};
use crate::pipeline::{Build, CallbackKind, Component};
use crate::state;
use indexmap::IndexMap;

/// The results of the builds, collected for the deployment.
#[derive(Debug, Clone, PartialEq)]
pub struct Collected {
    /// The step with what was built.
    pub step: Step,
    /// True if a callback failed that must not, or an output is missing that somebody reads.
    pub aborted: bool,
    /// Versions of other repositories that are recorded in other environments.
    pub elsewhere: Answers,
}

/// Puts what was built into the step, and takes out the deploys that cannot run.
#[must_use]
pub fn collect(
    component: &Component,
    plan: &Plan,
    validate: Outcome,
    builds: &Results,
    stamp: &Stamp,
) -> Collected {
    let mut step = plan.step.clone();
    let invalid = plan.validate
        && component
            .validate
            .as_ref()
            .is_some_and(|callback| !callback.lets_go_on(validate, plan.dry_run));
    let mut aborted = invalid;
    for name in &plan.run_builds {
        let Some(build) = component.build(name) else {
            continue;
        };
        match of(builds, name) {
            Outcome::Success => {
                let record = built(
                    build,
                    plan,
                    builds.get(name).map(|each| &each.outputs),
                    stamp,
                );
                step.builds.insert(name.clone(), record);
            }
            outcome => {
                let lacks = builds
                    .get(name)
                    .is_some_and(|each| !each.missing.is_empty());
                aborted |= lacks || aborts(build, outcome, plan, builds);
            }
        }
    }
    if let Some(tag) = named_tag(component, &step) {
        aborted |= !Branch::is_ref(&tag);
        step.set_version(tag);
    }
    step.advance = !aborted;
    let (runs, left_out) = std::mem::take(&mut step.deploys)
        .into_iter()
        .partition(|(name, _)| !aborted && can_run(component, name, plan, builds));
    let left_out: IndexMap<String, Planned> = left_out;
    step.deploys = runs;
    step.left_out = left_out.into_keys().collect();
    Collected {
        step,
        aborted,
        elsewhere: plan.elsewhere.clone(),
    }
}

/// Returns the tag that a release tool of the repository's own gave the run.
fn named_tag(component: &Component, step: &Step) -> Option<String> {
    let tag = component.release_build.tag.as_ref()?;
    let first = promotion_order(component).swap_remove(0);
    let built = step.builds.get(tag.build.as_str())?;
    let named = built.tags.get(&tag.output).filter(|tag| !tag.is_empty());
    // The version of a hotfix is cascade's own.
    named.filter(|_| first.name() == step.environment).cloned()
}

impl crate::pipeline::Callback {
    /// Returns true if the run goes on after this.
    pub(super) fn lets_go_on(&self, outcome: Outcome, dry_run: bool) -> bool {
        match outcome {
            Outcome::Success => true,
            Outcome::Skipped => dry_run && !self.supports_dry_run,
            Outcome::Failure => self.on_failure == OnFailure::Continue,
            Outcome::Cancelled => false,
        }
    }
}

/// Returns true if a build that did not succeed stops the run.
fn aborts(build: &Build, outcome: Outcome, plan: &Plan, builds: &Results) -> bool {
    let callback = &build.callback;
    if outcome == Outcome::Skipped {
        let left_out = plan.dry_run && !callback.supports_dry_run;
        return !left_out && !waits_in_vain(callback, plan, builds);
    }
    callback.on_failure == OnFailure::Abort
}

/// Returns true if something failed that the callback needs.
fn waits_in_vain(callback: &crate::pipeline::Callback, plan: &Plan, builds: &Results) -> bool {
    callback.dependencies.iter().any(|dependency| {
        let name = dependency.name.as_str();
        dependency.hard
            && dependency.kind == CallbackKind::Build
            && plan.run_builds.iter().any(|run| run == name)
            && !of(builds, name).is_success()
    })
}

fn can_run(component: &Component, name: &str, plan: &Plan, builds: &Results) -> bool {
    let deploy = component
        .deploys
        .iter()
        .find(|deploy| deploy.callback.name.as_str() == name);
    let left_out = |name: &str| {
        plan.dry_run
            && component
                .build(name)
                .is_some_and(|build| !build.callback.supports_dry_run)
    };
    deploy.is_none_or(|deploy| {
        deploy.callback.dependencies.iter().all(|dependency| {
            let name = dependency.name.as_str();
            !dependency.hard
                || dependency.kind != CallbackKind::Build
                || !plan.run_builds.iter().any(|run| run == name)
                || of(builds, name).is_success()
                || left_out(name)
        })
    })
}

fn built(build: &Build, plan: &Plan, outputs: Option<&Outputs>, stamp: &Stamp) -> state::Build {
    let before = plan.step.builds.get(build.callback.name.as_str());
    let value = |name: &String| Some((name.clone(), outputs?.get(name)?.clone()));
    let recorded = build.callback.recorded_outputs.iter();
    state::Build {
        sha: Some(plan.step.sha.clone()),
        built_at: Some(stamp.at.clone()),
        artifact_id: outputs.and_then(|outputs| outputs.get("artifact_id").cloned()),
        tags: recorded.filter_map(value).collect(),
        extra: before
            .map(|before| before.extra.clone())
            .unwrap_or_default(),
    }
}

impl Collected {
    /// The deploys that run; `None` if there are none.
    #[must_use]
    pub fn deploys(&self) -> Option<&IndexMap<String, Planned>> {
        (!self.step.deploys.is_empty()).then_some(&self.step.deploys)
    }
}
