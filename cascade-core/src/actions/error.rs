//! The reasons why a workflow cannot be finished.

use std::fmt;

/// A mistake in how a workflow was put together.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum WorkflowError {
    /// An id that GitHub refuses.
    InvalidId {
        /// The refused text.
        id: String,
    },
    /// Two jobs, or two steps of one job, with the same id.
    DuplicateId {
        /// The id that was used twice.
        id: String,
    },
    /// A job without steps, or a workflow without jobs.
    Empty {
        /// The job or workflow that is empty.
        what: String,
    },
    /// An expression reads a job that is not, or not yet, part of the workflow.
    UnknownJob {
        /// The job that reads.
        job: String,
        /// The job that is read.
        needs: String,
    },
    /// An output is read that the job does not declare.
    UndeclaredOutput {
        /// The job that is read.
        job: String,
        /// The missing output.
        output: String,
    },
    /// A step is read that did not run before, in the same job.
    UnknownStep {
        /// The place of the expression.
        place: String,
        /// The step that is read.
        step: String,
    },
    /// An input is read that no trigger declares.
    UndeclaredInput {
        /// The place of the expression.
        place: String,
        /// The missing input.
        input: String,
    },
    /// A called workflow reads a secret that it does not declare.
    UndeclaredSecret {
        /// The place of the expression.
        place: String,
        /// The missing secret.
        secret: String,
    },
    /// An expression reads a context, or calls a function, that GitHub does not offer there.
    Unavailable {
        /// The place of the expression.
        place: String,
        /// The context or function.
        name: &'static str,
    },
    /// A script holds an expression, which would be a way to inject code.
    ExpressionInScript,
    /// A reference to an action or a workflow that cannot be one.
    InvalidReference {
        /// The refused text.
        reference: String,
    },
    /// The default of an input is not of the input's type, or not one of its options.
    InvalidDefault {
        /// The input.
        input: String,
    },
    /// Something that a composite action cannot have.
    NotInAction {
        /// The step.
        step: String,
        /// The key that is not allowed.
        key: &'static str,
    },
    /// A workflow output without a `workflow_call` trigger.
    NotCallable {
        /// The output.
        output: String,
    },
}

impl fmt::Display for WorkflowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidId { id } => write!(
                f,
                "`{id}` is not an id: a letter or `_` must come first, then letters, digits, `-` or `_`"
            ),
            Self::DuplicateId { id } => write!(f, "the id `{id}` is used twice"),
            Self::Empty { what } => write!(f, "{what} is empty"),
            Self::UnknownJob { job, needs } => write!(
                f,
                "job `{job}` reads job `{needs}`, which is not added to the workflow before it"
            ),
            Self::UndeclaredOutput { job, output } => {
                write!(f, "job `{job}` does not declare the output `{output}`")
            }
            Self::UnknownStep { place, step } => write!(
                f,
                "{place} reads step `{step}`, which does not run before it in the same job"
            ),
            Self::UndeclaredInput { place, input } => {
                write!(
                    f,
                    "{place} reads the input `{input}`, which no trigger declares"
                )
            }
            Self::UndeclaredSecret { place, secret } => write!(
                f,
                "{place} reads the secret `{secret}`, which the called workflow does not declare"
            ),
            Self::Unavailable { place, name } => {
                write!(f, "GitHub does not offer `{name}` in {place}")
            }
            Self::ExpressionInScript => f.write_str(
                "a script must not hold `${{`: pass the value through `env` and read the variable",
            ),
            Self::InvalidReference { reference } => {
                write!(
                    f,
                    "`{reference}` does not name an action or a workflow at a ref"
                )
            }
            Self::InvalidDefault { input } => {
                write!(
                    f,
                    "the default of the input `{input}` does not fit its type"
                )
            }
            Self::NotInAction { step, key } => {
                write!(f, "step `{step}`: a composite action has no `{key}`")
            }
            Self::NotCallable { output } => write!(
                f,
                "the output `{output}` needs a `workflow_call` trigger to be read by a caller"
            ),
        }
    }
}

impl std::error::Error for WorkflowError {}
