//! The manifest as it is written: a file per noun, each with the blocks that an author writes.
//!
//! | module | what lives there |
//! |---|---|
//! | [`draft`] | the plain tree that every front end lowers to, and key paths |
//! | [`yaml`] | text to a spanned tree, and back |
//! | `value` | values with a grammar of their own: names, durations, cron expressions |

mod callback;
mod cli;
mod component;
mod config;
mod deploy_target;
pub mod draft;
mod environment;
mod external;
mod integration;
mod optional_workflows;
mod platform;
mod release;
mod strategy;
pub(crate) mod value;
pub mod yaml;

pub use callback::{
    ArtifactBlock, ArtifactPassthrough, BuildBlock, Common, Declared, DeployBlock,
    IntegrationValidateBlock, MatrixBlock, OnFailure, PublishBlock, Retries, RunPolicy,
    ValidateBlock,
};
pub use cli::{CliBlock, CliSource};
pub use component::{ComponentBlock, ComponentKeys, REPLACED_KEYS, REPOSITORY_KEYS};
pub use config::{
    ACTION_FOLDER, Config, GitBlock, GitMode, MANIFEST_FILE, MANIFEST_KEY, PinMode, ReleaseTrigger,
    SCHEMA_VERSION, STATE_BRANCH, StateBlock, TokenAppBlock,
};
pub use deploy_target::{DeployTargetBlock, TargetMode};
pub use environment::{BranchPolicy, EnvironmentBlock, EnvironmentSettings, Role, WaitTimer};
pub use external::{
    Cadence, ExternalBlock, ExternalDeployBlock, ExternalMode, NotifyBlock, OnUpdateBlock,
    OnUpdateDeployBlock, Source,
};
pub use integration::{IntegrationBlock, LabelsBlock, MonitorBlock, UpstreamWorkflows};
pub use optional_workflows::{
    BoardBlock, ConcurrencyBlock, DeploymentsBlock, DispatchInputBlock, ExtraTriggersBlock,
    InputKind, JobMinutes, OptionalWorkflowBlock, PreviewBlock, ReconcileBlock, ReconcileCommit,
    ReconcileSource, RepositoryDispatchBlock, RollbackBlock, RunActivity, ScheduleBlock,
    TelemetryAdapter, TelemetryBlock, WebhookBlock, WorkflowRunBlock,
};
pub use platform::PlatformBlock;
pub use release::{ChangelogBlock, ReleaseBuildBlock, TagGrammarBlock, VersionOverridesBlock};
pub use strategy::{
    BlueGreenBlock, CanaryBlock, Percent, RolloutBlock, RolloutType, StrategyKind, SwitchBlock,
};
pub use value::{
    Access, ArchiveTarget, Branch, CHECKSUMS, CommitHash, ConcurrencyGroup, Cron, EventType,
    ExactVersion, ExternalField, FieldStep, GitUrl, InputName, InputValue, Name, PermissionSet,
    Pin, Reference, RelativePath, Repository, Requirement, RunnerGroup, RunsOn, SCOPES, SecretName,
    Secrets, ServerVersion, Sha256, Stored, TagPrefix, TagSeparator, TagToken, TargetBranch,
    TargetField, TargetPath, TargetValue, TimeSpan, Token, Url, ValuePart, WorkflowRef,
};
