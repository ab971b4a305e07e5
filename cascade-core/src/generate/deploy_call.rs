//! An operation's call of the one deploy path.

use super::approval::approval;
use super::build_cascade;
use super::cascade_deploy::{self, permissions};
use super::context::Context;
use super::gate;
use crate::actions::{CallJob, Callee, Expr, JobHandle, Secrets, Value, WorkflowBuilder};
use crate::lifecycle::Operation;
use crate::pipeline::Environment;

/// A call of `cascade-deploy.yaml` for one environment.
pub(super) struct DeployCall<'a> {
    pub(super) context: &'a Context<'a>,
    pub(super) environment: &'a Environment,
    /// The operation that deploys.
    pub(super) operation: Operation,
    pub(super) id: String,
    pub(super) title: String,
    pub(super) when: Expr,
    /// The plan to record, with the state that it is based on.
    pub(super) plan: Value,
    /// The results of the jobs that built what is deployed, where there are any.
    pub(super) results: Option<Value>,
    pub(super) dispatch: Value,
    pub(super) dry_run: Expr,
}

impl DeployCall<'_> {
    /// Adds the call behind the environment's approvals. A dry run asks nobody.
    pub(super) fn add_approved(mut self, flow: &mut WorkflowBuilder) -> JobHandle {
        let wet = self.when.clone().and(!self.dry_run.clone());
        if let Some(approval) = approval(self.context, self.environment, wet, flow) {
            let approved = approval.succeeded().or(self.dry_run.clone());
            self.when = self.when.and(approved);
        }
        self.add(flow)
    }

    /// Adds the call, under the environment's lock.
    pub(super) fn add(self, flow: &mut WorkflowBuilder) -> JobHandle {
        let context = self.context;
        let callee = Callee::local(context.path(cascade_deploy::DEPLOY_STEM))
            .outputs(cascade_deploy::OUTPUTS);
        let mut job = CallJob::new(self.id, callee)
            .name(self.title)
            .when(self.when)
            .permissions(&permissions(context))
            .concurrency(
                context
                    .environment_lock_unless(self.environment.name.as_str(), self.dry_run.clone()),
            )
            .with("operation", self.operation.as_str())
            .with("environment", self.environment.name.as_str());
        job = job.with("plan", self.plan);
        if let Some(results) = self.results {
            job = job.with(gate::RESULTS, results);
        }
        if cascade_deploy::dispatches(context.component) {
            job = job.with("dispatch", self.dispatch);
        }
        if let Some(sha256) = context.built {
            job = job.with(build_cascade::INPUT, sha256.clone());
        }
        let job = job.with("dry_run", self.dry_run);
        flow.add(job.secrets(secrets(context)))
    }
}

/// The secrets of every callback, and those of cascade's own tokens.
fn secrets(context: &Context<'_>) -> Secrets {
    match cascade_deploy::secrets(context) {
        None => Secrets::Inherit,
        Some(names) if names.is_empty() => Secrets::None,
        Some(names) => Secrets::Named(
            names
                .into_iter()
                .map(|name| (name.clone(), Expr::secret(&name).into()))
                .collect(),
        ),
    }
}
