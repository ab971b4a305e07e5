//! Values with a grammar of their own: each parses from text, and holds nothing else.

mod archive;
pub(crate) mod choice;
mod cron;
mod input;
mod name;
mod permission;
mod pin;
mod repository;
mod secret;
mod stored;
mod target;
mod template;
mod text;
mod time_span;
mod trigger;

pub use archive::{ArchiveTarget, CHECKSUMS};
pub use cron::Cron;
pub use input::{ExternalField, InputValue, Reference};
pub use name::Name;
pub use permission::{Access, PermissionSet, SCOPES};
pub use repository::{Repository, WorkflowRef};
pub use secret::{RunnerGroup, RunsOn, Secrets, Token};
pub use stored::Stored;
pub use target::{FieldStep, TargetBranch, TargetField, TargetPath, TargetValue, ValuePart};
pub use template::ConcurrencyGroup;
pub use text::{
    Branch, CommitHash, EventType, ExactVersion, GitUrl, InputName, Pin, RelativePath, Requirement,
    SecretName, ServerVersion, Sha256, TagPrefix, TagSeparator, TagToken, Url,
};
pub use time_span::TimeSpan;
