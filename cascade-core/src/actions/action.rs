//! Composite actions.

use indexmap::IndexMap;

use super::flow::Output;
use super::step::{Shell, Work};
use super::{Expr, JobId, Step, StepHandle, Value, WorkflowError, check};

/// A finished composite action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompositeAction {
    pub(super) name: String,
    pub(super) description: String,
    pub(super) header: Vec<String>,
    pub(super) inputs: IndexMap<String, ActionInput>,
    pub(super) outputs: IndexMap<String, Output>,
    pub(super) steps: Vec<Step>,
    /// Stands for the job in the handles of the steps.
    pub(super) scope: JobId,
}

/// An input of an action; always text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionInput {
    pub(super) description: String,
    pub(super) required: bool,
    pub(super) default: Option<Value>,
}

impl ActionInput {
    /// An optional input.
    #[must_use]
    pub fn new(description: impl Into<String>) -> Self {
        Self {
            description: description.into(),
            required: false,
            default: None,
        }
    }

    /// Must be given.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Sets the default: the value if none is given.
    #[must_use]
    pub fn default(mut self, value: impl Into<Value>) -> Self {
        self.default = Some(value.into());
        self
    }
}

/// A composite action in the making.
#[derive(Debug, Clone)]
#[must_use]
pub struct CompositeActionBuilder(CompositeAction);

impl CompositeAction {
    /// Starts an action.
    pub fn build(
        name: impl Into<String>,
        description: impl Into<String>,
    ) -> CompositeActionBuilder {
        let name = name.into();
        CompositeActionBuilder(Self {
            scope: JobId::unchecked(name.clone()),
            name,
            description: description.into(),
            header: Vec::new(),
            inputs: IndexMap::new(),
            outputs: IndexMap::new(),
            steps: Vec::new(),
        })
    }
}

impl CompositeActionBuilder {
    /// A comment line at the top of the file.
    pub fn header(mut self, line: impl Into<String>) -> Self {
        self.0.header.push(line.into());
        self
    }

    /// Declares an input.
    pub fn input(mut self, name: impl Into<String>, input: ActionInput) -> Self {
        self.0.inputs.insert(name.into(), input);
        self
    }

    /// Adds a step that nothing reads.
    pub fn step(&mut self, step: impl Into<Step>) -> &mut Self {
        let mut step = step.into();
        // A composite action has no default shell.
        if let Work::Run { shell, .. } = &mut step.work {
            shell.get_or_insert(Shell::Bash);
        }
        self.0.steps.push(step);
        self
    }

    /// Adds a step under an id, for others to read.
    pub fn step_as(&mut self, id: impl Into<String>, step: impl Into<Step>) -> StepHandle {
        let id = id.into();
        self.step(Step {
            id: Some(id.clone()),
            ..step.into()
        });
        StepHandle {
            job: self.0.scope.clone(),
            id,
        }
    }

    /// Declares an output.
    pub fn output(
        &mut self,
        name: impl Into<String>,
        description: impl Into<String>,
        value: impl Into<Expr>,
    ) -> &mut Self {
        let output = Output {
            description: description.into(),
            value: value.into(),
        };
        self.0.outputs.insert(name.into(), output);
        self
    }

    /// Checks everything that is read.
    ///
    /// # Errors
    /// The first mistake, see [`WorkflowError`].
    pub fn finish(self) -> Result<CompositeAction, WorkflowError> {
        check::action(&self.0)?;
        Ok(self.0)
    }
}
