//! Workflows and how they are put together.

use indexmap::IndexMap;

use super::check;
use super::{Concurrency, Expr, Job, JobHandle, OutputHandle, Triggers, Value, WorkflowError};

/// A finished workflow: everything that it reads exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workflow {
    pub(super) name: String,
    pub(super) header: Vec<String>,
    pub(super) run_name: Option<Value>,
    pub(super) triggers: Triggers,
    pub(super) outputs: IndexMap<String, Output>,
    pub(super) env: IndexMap<String, Value>,
    pub(super) concurrency: Option<Concurrency>,
    pub(super) jobs: Vec<Job>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Output {
    pub(super) description: String,
    pub(super) value: Expr,
}

/// A workflow in the making.
#[derive(Debug, Clone)]
#[must_use]
pub struct WorkflowBuilder(Workflow);

impl Workflow {
    /// Starts a workflow.
    pub fn build(name: impl Into<String>, triggers: Triggers) -> WorkflowBuilder {
        WorkflowBuilder(Self {
            name: name.into(),
            header: Vec::new(),
            run_name: None,
            triggers,
            outputs: IndexMap::new(),
            env: IndexMap::new(),
            concurrency: None,
            jobs: Vec::new(),
        })
    }

    /// The workflow's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The jobs, in order.
    #[must_use]
    pub fn jobs(&self) -> &[Job] {
        &self.jobs
    }
}

impl WorkflowBuilder {
    /// A comment line at the top of the file.
    pub fn header(mut self, line: impl Into<String>) -> Self {
        self.0.header.push(line.into());
        self
    }

    /// Sets the name of a run in the list of runs.
    pub fn run_name(mut self, name: impl Into<Value>) -> Self {
        self.0.run_name = Some(name.into());
        self
    }

    /// Sets one environment variable for all jobs with steps.
    pub fn env(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.0.env.insert(name.into(), value.into());
        self
    }

    /// Runs alone in a group.
    pub fn concurrency(mut self, concurrency: Concurrency) -> Self {
        self.0.concurrency = Some(concurrency);
        self
    }

    /// Adds a job. It may read jobs that were added before.
    pub fn add(&mut self, job: impl Into<Job>) -> JobHandle {
        let job = job.into();
        let handle = job.handle();
        self.0.jobs.push(job);
        handle
    }

    /// Declares an output for callers.
    pub fn output(
        &mut self,
        name: impl Into<String>,
        description: impl Into<String>,
        value: &OutputHandle,
    ) {
        let output = Output {
            description: description.into(),
            value: value.workflow_expr(),
        };
        self.0.outputs.insert(name.into(), output);
    }

    /// Checks everything that is read, and lets each job wait for the jobs that it reads.
    ///
    /// # Errors
    /// The first mistake, see [`WorkflowError`].
    pub fn finish(self) -> Result<Workflow, WorkflowError> {
        let mut workflow = self.0;
        let needs = check::workflow(&workflow)?;
        for (job, needs) in workflow.jobs.iter_mut().zip(needs) {
            job.common_mut().needs = needs;
        }
        Ok(workflow)
    }
}
