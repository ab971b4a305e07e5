//! Jobs that run steps.

use indexmap::IndexMap;

use super::{Common, common};
use crate::actions::{
    Concurrency, Expr, JobHandle, OutputHandle, Permissions, Step, StepHandle, Strategy, Value,
};

/// A job that runs steps on a runner, with a time limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepsJob {
    pub(in crate::actions) common: Common,
    pub(in crate::actions) runs_on: RunsOn,
    pub(in crate::actions) timeout_minutes: u32,
    pub(in crate::actions) environment: Option<Environment>,
    pub(in crate::actions) outputs: IndexMap<String, Expr>,
    pub(in crate::actions) env: IndexMap<String, Value>,
    pub(in crate::actions) steps: Vec<Step>,
}

/// The runner of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunsOn {
    /// A runner with this label.
    Label(Value),
    /// A runner with all of these labels.
    Labels(Vec<Value>),
    /// A runner of this group, with all of these labels.
    Group(Value, Vec<Value>),
}

impl RunsOn {
    /// A runner with this label.
    #[must_use]
    pub fn label(label: impl Into<Value>) -> Self {
        Self::Label(label.into())
    }

    /// A runner with all of these labels.
    #[must_use]
    pub fn labels<T: Into<Value>>(labels: impl IntoIterator<Item = T>) -> Self {
        Self::Labels(labels.into_iter().map(Into::into).collect())
    }

    /// A runner of `group`, with all of `labels`.
    #[must_use]
    pub fn group<T: Into<Value>>(
        group: impl Into<Value>,
        labels: impl IntoIterator<Item = T>,
    ) -> Self {
        Self::Group(group.into(), labels.into_iter().map(Into::into).collect())
    }
}

/// A GitHub environment: its approvals, timers and secrets apply to the job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment {
    pub(in crate::actions) name: Value,
    pub(in crate::actions) url: Option<Value>,
    pub(in crate::actions) deployment: bool,
}

impl Environment {
    /// The environment `name`.
    #[must_use]
    pub fn new(name: impl Into<Value>) -> Self {
        Self {
            name: name.into(),
            url: None,
            deployment: true,
        }
    }

    /// Waits for its approvals and timers, and records no deployment.
    ///
    /// Source: GitHub's documentation, "Using environments without deployments": a job with
    /// `deployment: false` fails where the environment has a custom protection rule of an App.
    #[must_use]
    pub const fn without_deployment(mut self) -> Self {
        self.deployment = false;
        self
    }

    /// The address that the deployment shows.
    #[must_use]
    pub fn url(mut self, url: impl Into<Value>) -> Self {
        self.url = Some(url.into());
        self
    }
}

impl StepsJob {
    /// A job without steps yet.
    #[must_use]
    pub fn new(id: impl Into<String>, runs_on: RunsOn, timeout_minutes: u32) -> Self {
        Self {
            common: Common::new(id),
            runs_on,
            timeout_minutes,
            environment: None,
            outputs: IndexMap::new(),
            env: IndexMap::new(),
            steps: Vec::new(),
        }
    }

    /// May take so many minutes.
    #[must_use]
    pub const fn timeout(mut self, minutes: u32) -> Self {
        self.timeout_minutes = minutes;
        self
    }

    /// Runs in a GitHub environment.
    #[must_use]
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environment = Some(environment);
        self
    }

    /// Sets one environment variable for all steps.
    #[must_use]
    pub fn env(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.env.insert(name.into(), value.into());
        self
    }

    /// Adds a step that nothing reads.
    #[must_use]
    pub fn with_step(mut self, step: impl Into<Step>) -> Self {
        self.step(step);
        self
    }

    /// Adds a step that nothing reads.
    pub fn step(&mut self, step: impl Into<Step>) -> &mut Self {
        self.steps.push(step.into());
        self
    }

    /// Adds a step under an id, for others to read.
    pub fn step_as(&mut self, id: impl Into<String>, step: impl Into<Step>) -> StepHandle {
        let id = id.into();
        self.steps.push(Step {
            id: Some(id.clone()),
            ..step.into()
        });
        StepHandle {
            job: self.common.id.clone(),
            id,
        }
    }

    /// Declares an output of the job.
    pub fn output(&mut self, name: impl Into<String>, value: impl Into<Expr>) -> OutputHandle {
        let name = name.into();
        let handle = OutputHandle::new(&self.common.id, &name);
        self.outputs.insert(name, value.into());
        handle
    }
}

common!(StepsJob);
