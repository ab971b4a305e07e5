//! Steps.

use indexmap::IndexMap;

use super::{ActionRef, Expr, JobId, OutputHandle, Script, Value, expr::Read};

/// A step of a job: a script or an action, never both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub(super) work: Work,
    pub(super) id: Option<String>,
    pub(super) name: Option<Value>,
    pub(super) condition: Option<Expr>,
    pub(super) env: IndexMap<String, Value>,
    pub(super) timeout_minutes: Option<Value>,
    pub(super) continue_on_error: Option<Value>,
    pub(super) comment: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Work {
    Run {
        script: Script,
        shell: Option<Shell>,
        directory: Option<Value>,
    },
    Uses {
        action: ActionRef,
        with: IndexMap<String, Value>,
    },
}

/// The shell that runs a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are GitHub's")]
pub enum Shell {
    Bash,
    Sh,
    Pwsh,
    Python,
}

impl Shell {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Bash => "bash",
            Self::Sh => "sh",
            Self::Pwsh => "pwsh",
            Self::Python => "python",
        }
    }
}

/// A [`Step`] that runs a script; finished by `Into<Step>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunStep(Step);

/// A [`Step`] that uses an action; finished by `Into<Step>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsesStep(Step);

impl Step {
    /// Runs `script`.
    #[must_use]
    pub fn run(script: Script) -> RunStep {
        RunStep(Self::new(Work::Run {
            script,
            shell: None,
            directory: None,
        }))
    }

    /// Uses `action`.
    #[must_use]
    pub fn uses(action: ActionRef) -> UsesStep {
        UsesStep(Self::new(Work::Uses {
            action,
            with: IndexMap::new(),
        }))
    }

    fn new(work: Work) -> Self {
        Self {
            work,
            id: None,
            name: None,
            condition: None,
            env: IndexMap::new(),
            timeout_minutes: None,
            continue_on_error: None,
            comment: None,
        }
    }
}

macro_rules! common {
    ($step:ty) => {
        impl $step {
            /// Sets the name in the log.
            #[must_use]
            pub fn name(mut self, name: impl Into<Value>) -> Self {
                self.0.name = Some(name.into());
                self
            }

            /// Runs only if `condition` holds.
            #[must_use]
            pub fn when(mut self, condition: impl Into<Expr>) -> Self {
                self.0.condition = Some(condition.into());
                self
            }

            /// Sets one environment variable.
            #[must_use]
            pub fn env(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
                self.0.env.insert(name.into(), value.into());
                self
            }

            /// Sets several environment variables.
            #[must_use]
            pub fn envs<N: Into<String>, V: Into<Value>>(
                mut self,
                variables: impl IntoIterator<Item = (N, V)>,
            ) -> Self {
                let variables = variables.into_iter();
                self.0
                    .env
                    .extend(variables.map(|(n, v)| (n.into(), v.into())));
                self
            }

            /// Fails the step after this time.
            #[must_use]
            pub fn timeout_minutes(mut self, minutes: impl Into<Value>) -> Self {
                self.0.timeout_minutes = Some(minutes.into());
                self
            }

            /// Lets the job go on when the step fails.
            #[must_use]
            pub fn continue_on_error(mut self, value: impl Into<Value>) -> Self {
                self.0.continue_on_error = Some(value.into());
                self
            }

            /// A comment above the step.
            #[must_use]
            pub fn comment(mut self, text: impl Into<String>) -> Self {
                self.0.comment = Some(text.into());
                self
            }
        }

        impl From<$step> for Step {
            fn from(step: $step) -> Self {
                step.0
            }
        }
    };
}

common!(RunStep);
common!(UsesStep);

impl RunStep {
    /// Sets the shell that runs the script.
    #[must_use]
    pub fn shell(mut self, chosen: Shell) -> Self {
        if let Work::Run { shell, .. } = &mut self.0.work {
            *shell = Some(chosen);
        }
        self
    }

    /// Sets the folder in which the script runs.
    #[must_use]
    pub fn working_directory(mut self, path: impl Into<Value>) -> Self {
        if let Work::Run { directory, .. } = &mut self.0.work {
            *directory = Some(path.into());
        }
        self
    }
}

impl UsesStep {
    /// Passes one input to the action.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        if let Work::Uses { with, .. } = &mut self.0.work {
            with.insert(name.into(), value.into());
        }
        self
    }
}

/// A step that other steps, and the outputs of its job, may read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepHandle {
    pub(super) job: JobId,
    pub(super) id: String,
}

impl StepHandle {
    /// `steps.<id>.outputs.<name>`.
    #[must_use]
    pub fn output(&self, name: &str) -> Expr {
        self.expr().get("outputs").get(name)
    }

    /// `steps.<id>.outcome`: how it ended, before `continue-on-error`.
    #[must_use]
    pub fn outcome(&self) -> Expr {
        self.expr().get("outcome")
    }

    /// `steps.<id>.conclusion`: how it counts, after `continue-on-error`.
    #[must_use]
    pub fn conclusion(&self) -> Expr {
        self.expr().get("conclusion")
    }

    fn expr(&self) -> Expr {
        let read = Read::Step {
            job: self.job.clone(),
            step: self.id.clone(),
        };
        Expr::member("steps", &self.id, read)
    }
}

impl From<OutputHandle> for Value {
    fn from(output: OutputHandle) -> Self {
        Expr::from(output).into()
    }
}

impl From<&OutputHandle> for Value {
    fn from(output: &OutputHandle) -> Self {
        Expr::from(output).into()
    }
}
