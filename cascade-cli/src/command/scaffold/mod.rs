//! Pipelines for repositories that have none: what a repository has, which of its workflows become
//! callbacks, and the manifest that follows. `init` and `migrate` share it.

pub(in crate::command) mod adopt;
pub(in crate::command) mod callback;
pub(in crate::command) mod language;
mod pipeline;
pub(in crate::command) mod place;
mod remark;
pub(in crate::command) mod survey;

pub(in crate::command) use pipeline::Scaffold;
pub(in crate::command) use remark::Remark;
