//! Pipelines for repositories that have none: what a repository has, which of its workflows become
//! callbacks, and the manifest that follows. `init` and `migrate` share it.

pub(in crate::author) mod adopt;
pub(in crate::author) mod callback;
pub(in crate::author) mod language;
mod pipeline;
pub(in crate::author) mod place;
mod remark;
pub(in crate::author) mod survey;

pub(in crate::author) use pipeline::Scaffold;
pub(in crate::author) use remark::Remark;
