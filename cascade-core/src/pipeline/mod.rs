//! The model of the configuration.
//!
//! Each file holds one noun: the *block* that an author writes (`EnvironmentBlock`, read from a
//! draft, every key optional unless it says otherwise) and the *checked* type that generators and
//! the lifecycle use (`Environment`, everything resolved). Only [`crate::check`] makes a
//! [`Pipeline`].

mod approval;
mod archive;
mod callback;
pub(crate) mod choice;
mod cli;
mod component;
mod config;
mod cron;
mod duration;
mod environment;
mod external;
mod input;
mod integration;
mod name;
mod optional_workflows;
mod permission;
mod release;
mod repository;
mod resolved;
mod secret;
mod strategy;
mod template;
mod text;
mod trigger;

pub use crate::draft::Scalar;
pub use archive::{ArchiveTarget, CHECKSUMS};
pub use callback::{
    ArtifactBlock, ArtifactPassthrough, BuildBlock, Common, Declared, DeployBlock, MatrixBlock,
    OnFailure, PublishBlock, Retries, RunPolicy, ValidateBlock,
};
pub use cli::{Cli, CliBlock, CliGit, CliRelease, CliSource};
pub use component::{ComponentBlock, ComponentKeys, REPLACED_KEYS, REPOSITORY_KEYS, inherit};
pub use config::{
    ACTION_FOLDER, Config, GitBlock, GitMode, MANIFEST_FILE, MANIFEST_KEY, PinMode, ReleaseTrigger,
    SCHEMA_VERSION, STATE_BRANCH, StateBlock, TokenAppBlock,
};
pub use cron::Cron;
pub use duration::Duration;
pub use environment::{
    BranchPolicy, Environment, EnvironmentBlock, EnvironmentSettings, Role, WaitTimer,
};
pub use external::{
    Cadence, ExternalBlock, ExternalDeploy, ExternalDeployBlock, ExternalMode, NotifyBlock,
    OnUpdateBlock, OnUpdateDeployBlock, PullCadence, PullSource, PulledVersion, PushSource, Source,
};
pub use input::{ExternalField, InputValue, Reference};
pub use integration::{
    Integration, IntegrationBlock, Labels, LabelsBlock, Monitor, MonitorBlock, UpstreamWorkflows,
};
pub use name::Name;
pub use optional_workflows::{
    ConcurrencyBlock, DeployTargetBlock, DeploymentsBlock, DispatchInputBlock, ExtraTriggersBlock,
    InputKind, JobMinutes, OptionalWorkflowBlock, PreviewBlock, ReconcileBlock, ReconcileSource,
    RepositoryDispatchBlock, RollbackBlock, RunActivity, ScheduleBlock, TargetMode,
    TelemetryAdapter, TelemetryBlock, WebhookBlock, WorkflowRunBlock,
};
pub use permission::{Access, PermissionSet, SCOPES};
pub use release::{
    ChangelogBlock, ReleaseBuildBlock, TagGrammar, TagGrammarBlock, VersionOverridesBlock,
};
pub use repository::{Repository, WorkflowRef};
pub use resolved::*;
pub use secret::{RunnerGroup, RunsOn, Secrets, Token};
pub use strategy::{
    BlueGreen, BlueGreenBlock, Canary, CanaryBlock, Percent, RolloutBlock, Strategy, StrategyKind,
    SwitchBlock,
};
pub use template::{CONTEXTS, Piece, Template, Token as TemplateToken};
pub use text::{
    Branch, CommitHash, EventType, ExactVersion, GitUrl, InputName, Pin, RelativePath, Requirement,
    SecretName, Sha256, TagPrefix, TagSeparator, TagToken, Url,
};
