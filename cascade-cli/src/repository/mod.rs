//! The repository around a manifest.

mod code;
pub(crate) mod go_tool;
mod locate;
mod workflows;

pub(crate) use code::locate_code;
pub(crate) use locate::{Location, is_git_top, locate};
pub(crate) use workflows::WorkflowFiles;

/// The folder that GitHub reads workflows from.
pub(crate) const WORKFLOWS: &str = ".github/workflows";
/// The path of a manifest unless something else is said.
pub(crate) const MANIFEST: &str = ".github/manifest.yaml";
