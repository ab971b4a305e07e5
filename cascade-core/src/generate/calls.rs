//! Calls of callbacks with their retries: one job an attempt, the last attempt counts.

use super::context::granted;
use crate::actions::{
    CallJob, Callee, Concurrency, Expr, JobHandle, Secrets, Strategy, Value, WorkflowBuilder,
    WorkflowError,
};
use crate::manifest::{Name, WorkflowRef};
use crate::pipeline::{Callback, PassedSecrets};
use crate::protocol::job;
use crate::template;
use indexmap::IndexMap;

/// The jobs of callbacks that were added, by name.
pub(super) type Added = IndexMap<Name, Attempts>;

/// The jobs of one callback.
pub(super) struct Attempts {
    /// All of them, first attempt first.
    pub(super) jobs: Vec<JobHandle>,
    /// Those of which one must succeed.
    pub(super) deciding: Vec<JobHandle>,
    /// Those that put out what the callback puts out, the last one that did counts.
    pub(super) producing: Vec<JobHandle>,
    /// True if a dry run leaves the callback out.
    left_out_of_dry_runs: bool,
}

impl Attempts {
    /// Adds the attempts of a rollout, which is another way to the same end: `deciding` is the job
    /// that completes it.
    pub(super) fn or_rollout(
        mut self,
        jobs: Vec<JobHandle>,
        deciding: JobHandle,
        producing: Vec<JobHandle>,
    ) -> Self {
        self.jobs.extend(jobs);
        self.deciding.push(deciding);
        self.producing.extend(producing);
        self
    }

    /// Returns attempts that end with changing a target: `decided` are the jobs of which one must
    /// change it, in dry runs, too.
    pub(super) fn then(mut self, decided: Vec<JobHandle>) -> Self {
        self.jobs.extend(decided.iter().cloned());
        Self {
            deciding: decided,
            left_out_of_dry_runs: false,
            ..self
        }
    }

    /// Returns true if nothing is called.
    pub(super) fn is_empty(&self) -> bool {
        self.jobs.is_empty()
    }

    /// Returns a condition that some attempt succeeded.
    pub(super) fn succeeded(&self) -> Expr {
        Expr::any(self.deciding.iter().map(JobHandle::succeeded))
    }

    /// Returns a condition that the last attempt failed.
    pub(super) fn failed(&self) -> Expr {
        let last = self.deciding.iter().rev().take(1);
        Expr::any(last.map(|job| job.result().equals("failure")))
    }

    /// Returns a condition that the last attempt did not fail.
    pub(super) fn did_not_fail(&self) -> Expr {
        let last = self.deciding.iter().rev().take(1);
        Expr::all(last.map(|job| job.result().differs("failure")))
    }

    /// Returns the condition under which the jobs after the callback may run: it succeeded, it was
    /// not `selected`, or the `dry_run` left it out.
    pub(super) fn lets_go_on(&self, not_selected: Expr, dry_run: Expr) -> Expr {
        let go_on = self.succeeded().or(not_selected);
        if self.left_out_of_dry_runs {
            go_on.or(dry_run)
        } else {
            go_on
        }
    }

    /// Returns a condition that it succeeded, or the `dry_run` left it out.
    pub(super) fn is_done(&self, dry_run: Expr) -> Expr {
        match self.left_out_of_dry_runs {
            true => self.succeeded().or(dry_run).in_parentheses(),
            false => self.succeeded(),
        }
    }

    /// Returns conditions that this callback, called `name`, put out what `consumer` reads of it: an
    /// output that GitHub dropped must not be replaced by that of an earlier run.
    pub(super) fn puts_out(
        &self,
        consumer: &Callback,
        name: &str,
    ) -> Result<Vec<Expr>, WorkflowError> {
        let mut outputs: Vec<&str> = consumer.outputs_of(name).collect();
        outputs.dedup();
        let there = |output: &str| {
            let there = self.output(output)?.differs("");
            let failed = self
                .deciding
                .iter()
                .map(|job| job.result().differs("success"));
            Ok(Expr::all(failed).or(there))
        };
        outputs.into_iter().map(there).collect()
    }

    /// An output of the last attempt that has it.
    pub(super) fn output(&self, name: &str) -> Result<Expr, WorkflowError> {
        let outputs: Result<Vec<Expr>, WorkflowError> = self
            .producing
            .iter()
            .rev()
            .map(|job| Ok(job.output(name)?.expr()))
            .collect();
        Ok(Expr::any(outputs?))
    }
}

/// A call of a callback in the making.
pub(super) struct Calling<'a> {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) callback: &'a Callback,
    /// The condition under which the first attempt runs.
    pub(super) when: Expr,
    pub(super) with: Vec<(String, Value)>,
    pub(super) matrix: Option<Strategy>,
    /// Under which every attempt runs.
    pub(super) lock: Option<Concurrency>,
    /// The jobs that every attempt waits for besides those that it reads.
    pub(super) after: Vec<JobHandle>,
}

impl Calling<'_> {
    /// Adds the jobs: the call, and one more for each retry; none where no workflow is called.
    pub(super) fn add(self, flow: &mut WorkflowBuilder) -> Attempts {
        let workflow = self.callback.workflow.as_ref();
        let jobs = workflow.map(|workflow| self.jobs(workflow, flow));
        let jobs = jobs.unwrap_or_default();
        Attempts {
            deciding: jobs.clone(),
            producing: jobs.clone(),
            jobs,
            left_out_of_dry_runs: !self.callback.supports_dry_run,
        }
    }

    fn jobs(&self, workflow: &WorkflowRef, flow: &mut WorkflowBuilder) -> Vec<JobHandle> {
        let mut jobs: Vec<JobHandle> = Vec::new();
        for attempt in 0..=self.callback.retries {
            let job = match jobs.last() {
                None => self
                    .job(workflow, self.id.clone(), self.title.clone().into())
                    .when(self.when.clone()),
                Some(last) => {
                    let id = job::retry(&self.id, attempt);
                    let failed = last.result().equals("failure");
                    self.job(
                        workflow,
                        id,
                        template![self.title.as_str(), " (retry ", u32::from(attempt), ")"],
                    )
                    .when(Expr::not_cancelled().and(failed))
                }
            };
            jobs.push(flow.add(job));
        }
        jobs
    }

    fn job(&self, workflow: &WorkflowRef, id: String, title: Value) -> CallJob {
        let job = CallJob::new(id, callee(workflow, &self.callback.recorded_outputs))
            .name(title)
            .needs_all(&self.after)
            .permissions(&granted(&self.callback.permissions, workflow.file_name()))
            .with_all(self.with.clone())
            .secrets(secrets(&self.callback.secrets));
        let job = match &self.lock {
            Some(lock) => job.concurrency(lock.clone()),
            None => job,
        };
        match &self.matrix {
            Some(matrix) => job.strategy(matrix.clone()),
            None => job,
        }
    }
}

fn callee(workflow: &WorkflowRef, outputs: &[String]) -> Callee {
    let callee = match workflow {
        WorkflowRef::Local(path) => Callee::local(path),
        WorkflowRef::Remote { .. } => Callee::written(&workflow.to_string()),
    };
    callee.outputs(outputs)
}

fn secrets(passed: &PassedSecrets) -> Secrets {
    match passed {
        PassedSecrets::None => Secrets::None,
        PassedSecrets::Inherit => Secrets::Inherit,
        PassedSecrets::Named(named) => {
            let named = named
                .iter()
                .map(|(callee, caller)| (callee.clone(), Expr::secret(caller.as_str()).into()));
            Secrets::Named(named.collect())
        }
    }
}
