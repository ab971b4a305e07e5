//! The checked pipeline: everything resolved. Only [`crate::check::check`] makes a [`Pipeline`].

mod approval;
mod callback;
mod cli;
mod component;
mod environment;
mod external;
mod integration;
mod optional_workflows;
#[cfg(feature = "runtime")]
mod order;
mod release;
mod settings;
mod strategy;

pub use callback::{
    Artifact, Build, Callback, CallbackKind, Dependency, Deploy, DeployTarget, Input, InputSource,
    Matrix, PassedArtifacts, PassedSecrets, StandardInput,
};
pub use cli::{Cli, CliGit, CliRelease};
pub use component::{Component, ComponentIdentity, DispatchInput};
pub use environment::Environment;
pub use external::{ExternalDeploy, Notify, PullCadence, PullSource, PulledVersion, PushSource};
pub use integration::{Integration, Labels, Monitor};
pub use optional_workflows::{Deployments, Preview, Reconcile, Telemetry, Webhook, WorkflowRun};
#[cfg(feature = "runtime")]
pub(crate) use order::by_dependency;
pub use release::{Changelog, ReleaseBuild, TagGrammar};
pub use settings::{Credential, GitIdentity, Settings};
pub use strategy::{BlueGreen, Canary, Strategy};

/// A pipeline that keeps every rule. Only [`crate::check::check`] makes one.
#[derive(Debug, Clone, PartialEq)]
pub struct Pipeline {
    /// What concerns the whole repository.
    pub settings: Settings,
    /// The repository itself, or each component.
    pub components: Vec<Component>,
}
