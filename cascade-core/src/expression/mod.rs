//! GitHub's expressions, and text with `${{ }}` in it.
//!
//! | module | what lives there |
//! |---|---|
//! | `token`, `parse` | text to an [`Expression`] |
//! | `tree` | the tree: what it reads, how it is written |
//! | `template` | text with expressions in it |
//! | `context`, `function` | what an expression may name |
//! | `scope` | what an expression may name at one key |
//! | `evaluate`, `call`, `compare`, `data` | the value of an expression |
//!
//! Sources: GitHub, "Evaluate expressions in workflows and actions"; the npm package
//! `@actions/expressions`, which a test compares this module with; and GitHub's runner
//! (`LexicalAnalyzer` of `actions/runner`) where the two differ.

#[cfg(feature = "runtime")]
mod call;
#[cfg(feature = "runtime")]
mod compare;
mod context;
#[cfg(feature = "runtime")]
mod data;
mod error;
#[cfg(feature = "runtime")]
mod evaluate;
mod function;
mod number;
mod parse;
mod scope;
mod template;
#[cfg(test)]
mod tests;
mod token;
mod tree;

pub use context::Context;
#[cfg(feature = "runtime")]
pub use data::{Data, Object};
pub use error::{Error, Mistake};
#[cfg(feature = "runtime")]
pub use evaluate::{EvaluationError, Job, Surroundings};
pub use function::Function;
pub use parse::Limits;
pub use scope::{Refusal, Scope};
pub use template::{Part, Template};
pub use tree::{Expression, Operator, Read, literal};
