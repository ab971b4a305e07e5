//! The command line and run time of cascade.

#[doc(hidden)]
#[path = "expanded.rs"]
pub mod __private;
pub mod pipeline;
pub mod prelude;

pub use pipeline::{
    BlueGreen, Build, Builder, Canary, Definition, Deploy, Draft, Environment, External,
    ExternalDeploy, Finding, Handle, Node, Pipeline, Publish, Report, Settings, UnknownEnvironment,
    Validate, block, main, run,
};
pub use pipeline::{build, component, deploy, external, pipeline, publish, strategy, validate};

/// Runs the command line for a draft.
#[must_use]
pub fn run_draft(
    draft: cascade_core::draft::Node,
    root: Option<std::path::PathBuf>,
) -> std::process::ExitCode {
    let _ = (draft, root);
    std::process::ExitCode::SUCCESS
}
