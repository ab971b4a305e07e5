//! The checked pipeline: everything resolved. Only [`crate::check::check`] makes a [`Pipeline`].

mod approval;
mod callback;
mod cli;
mod component;
mod deploy_target;
mod environment;
mod external;
mod integration;
mod optional_workflows;
#[cfg(feature = "runtime")]
mod order;
mod platform;
mod release;
mod settings;
mod strategy;
mod turns;

pub use callback::{
    Artifact, Build, Callback, CallbackKind, Dependency, Deploy, Input, InputSource, Matrix,
    PassedArtifacts, PassedSecrets, StandardInput,
};
pub use cli::{Cli, CliGit, CliRelease};
pub use component::{Component, ComponentIdentity, DispatchInput, Member, Train};
pub use deploy_target::{DeployTarget, FieldChange, TargetChange};
pub use environment::Environment;
pub use external::{ExternalDeploy, Notify, PullCadence, PullSource, PulledVersion, PushSource};
pub use integration::{Integration, Labels, Monitor};
pub use optional_workflows::{
    Board, Deployments, Preview, Reconcile, Telemetry, Webhook, WorkflowRun,
};
#[cfg(feature = "runtime")]
pub(crate) use order::by_dependency;
pub use platform::{Feature, Platform};
pub use release::{Changelog, NamedTag, ReleaseBuild, TagGrammar};
pub use settings::{Credential, GitIdentity, Settings};
pub use strategy::{BlueGreen, Canary, Strategy};
pub use turns::Bounds;

#[cfg(feature = "runtime")]
use std::borrow::Cow;

/// A pipeline that keeps every rule. Only [`crate::check::check`] makes one, and nothing changes it
/// afterwards: it lends its parts, whose fields are there to be read, and no other crate can make
/// such a part.
///
/// ```compile_fail
/// let settings = cascade_core::pipeline::Changelog { disabled: true, contributors: false };
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Pipeline {
    settings: Settings,
    components: Vec<Component>,
}

impl Pipeline {
    pub(crate) const fn new(settings: Settings, components: Vec<Component>) -> Self {
        Self {
            settings,
            components,
        }
    }

    /// Returns the settings of the whole repository.
    #[must_use]
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Returns the components; a repository without `components` is one, the root.
    #[must_use]
    pub fn components(&self) -> &[Component] {
        &self.components
    }

    /// Returns the whole repository as one component: what the files stand for that belong to no
    /// component.
    #[cfg(feature = "runtime")]
    pub(crate) fn repository(&self) -> Option<Cow<'_, Component>> {
        let first = self.components.first()?;
        if first.identity.is_none() {
            return Some(Cow::Borrowed(first));
        }
        Some(Cow::Owned(Component {
            identity: None,
            description: None,
            runs_on: self.settings.runs_on.clone(),
            job_timeout_minutes: self.settings.job_timeout_minutes,
            ..first.clone()
        }))
    }

    /// Returns the same pipeline, read from another place than the manifest says: its file, its key.
    #[must_use]
    pub fn read_from(mut self, file: Option<String>, key: Option<String>) -> Self {
        self.settings.manifest_file = file.unwrap_or(self.settings.manifest_file);
        self.settings.manifest_key = key.unwrap_or(self.settings.manifest_key);
        self
    }

    /// Returns the same pipeline with one component only; with none, if none has that name.
    #[must_use]
    pub fn only(mut self, name: &str) -> Self {
        self.components
            .retain(|component| component.name() == Some(name));
        self
    }

    /// Takes the pipeline apart.
    #[must_use]
    pub fn into_parts(self) -> (Settings, Vec<Component>) {
        (self.settings, self.components)
    }
}
