//! The repository around a manifest.

pub(crate) mod go_tool;
mod locate;
mod workflows;

pub(crate) use locate::{Location, is_runner_workspace, locate, locate_code};
pub(crate) use workflows::WorkflowFiles;

/// The folder that GitHub reads workflows from.
pub(crate) const WORKFLOWS: &str = ".github/workflows";
/// Where a manifest is unless something else is said.
pub(crate) const MANIFEST: &str = ".github/manifest.yaml";
