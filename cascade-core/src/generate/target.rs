//! The jobs that change the repository which a deployment targets.

use super::calls::{Added, Attempts};
use super::context::{Command, Context, History, command, reading};
use super::deploying::{Deploying, Stage};
use super::gate::Gate;
use super::inputs;
use crate::actions::{
    Expr, JobHandle, Permissions, Scope, StepsJob, WorkflowBuilder, WorkflowError,
};
use crate::pipeline::{Callback, DeployTarget, TargetChange};
use crate::protocol::job;
use crate::protocol::output::TARGET_SHA;
use crate::protocol::variable;
use crate::{script, template};

/// The minutes that a job may take beside its wait: checkout, installing, the change itself.
const MARGIN: u32 = 10;

/// Returns what a job needs to change a target.
pub(super) fn permissions(context: &Context<'_>, target: &DeployTarget) -> Permissions {
    let scopes = target.permissions().iter();
    scopes.fold(reading(), |union, scope| match Scope::from_name(scope) {
        Some(scope) => union.union(&context.writing_also(&target.token, scope, "the target")),
        None => union,
    })
}

/// A deploy whose target is changed.
pub(super) struct Targeting<'a> {
    pub(super) context: &'a Context<'a>,
    pub(super) callback: &'a Callback,
    pub(super) target: &'a DeployTarget,
    pub(super) gate: &'a Gate,
    pub(super) deployed: &'a Added,
}

impl Targeting<'_> {
    /// Adds the change, and one more attempt for each retry, behind the calls of the deploy's
    /// workflow if it has one.
    pub(super) fn add(
        &self,
        called: Attempts,
        mut conditions: Vec<Expr>,
        mut after: Vec<JobHandle>,
        flow: &mut WorkflowBuilder,
    ) -> Result<Attempts, WorkflowError> {
        if !called.is_empty() {
            conditions.push(called.is_done(Expr::input("dry_run")));
            after.extend(called.jobs.iter().cloned());
        }
        let id = job::target(self.callback.name.as_str(), !called.is_empty());
        let mut jobs: Vec<JobHandle> = Vec::new();
        for attempt in 0..=self.callback.retries {
            let job = match jobs.last() {
                None => self
                    .job(&id, None)?
                    .needs_all(&after)
                    .when(Expr::all(conditions.iter().cloned())),
                Some(last) => {
                    let failed = last.result().equals("failure");
                    self.job(&job::retry(&id, attempt), Some(attempt))?
                        .needs_all([last])
                        .when(Expr::not_cancelled().and(failed))
                }
            };
            jobs.push(flow.add(job));
        }
        Ok(called.then(jobs))
    }

    fn job(&self, id: &str, retry: Option<u8>) -> Result<StepsJob, WorkflowError> {
        let context = self.context;
        let name = self.callback.name.as_str();
        let title = match retry {
            None => template!["Deploy ", name, ": target"],
            Some(retry) => template!["Deploy ", name, ": target (retry ", u32::from(retry), ")"],
        };
        let job = context
            .job(id, title)
            .permissions(&permissions(context, self.target));
        let wait = self.target.field().and_then(|field| field.pull_request);
        let mut job = match wait.map(|wait| u32::try_from(wait.minutes()).unwrap_or(u32::MAX)) {
            Some(minutes) => job.timeout(minutes.saturating_add(MARGIN)),
            None => job,
        };
        context.begin_on_commit(&mut job, History::Shallow);
        let reach = (self.target.permissions(), self.target.repo.as_ref());
        let token = context.token_in(&mut job, "target-token", &self.target.token, reach);
        let step = command(
            "Change the target",
            script!("cascade deploy target --gha-output"),
        )
        .env(variable::TARGET_TOKEN, token);
        let step = job.step_as("target", self.told(step)?);
        if self.target.field().is_some_and(|field| field.track_sha) {
            job.output(TARGET_SHA, step.output(TARGET_SHA));
        }
        Ok(job)
    }

    /// Tells a step what is deployed.
    fn told(&self, step: Command) -> Result<Command, WorkflowError> {
        let name = self.callback.name.as_str();
        let step = step
            .env(variable::ENVIRONMENT, Expr::input("environment"))
            .env(variable::DEPLOY, name)
            .env(variable::PLANNED, Expr::to_json(self.gate.planned(name)))
            .env(variable::BUILDS, self.gate.builds_text())
            .env(variable::DRY_RUN, Expr::input("dry_run"));
        if !matches!(self.target.change, TargetChange::Dispatch(_)) {
            return Ok(step);
        }
        let source = Deploying {
            name,
            gate: self.gate,
            deployed: self.deployed,
            stage: Stage::Direct,
        };
        let inputs = inputs::render(self.callback, self.context.component, &source)?;
        Ok(inputs
            .into_iter()
            .fold(step, |step, (name, value)| step.input(&name, value)))
    }
}
