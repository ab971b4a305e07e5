//! The state of a pipeline: the sections `state` and `latest_release`, in the manifest or on a branch
//! of their own.
//!
//! The layout is compatible with manifests that other versions of cascade wrote. Keys that this
//! version does not know are kept at every level, and a scalar that is read as text keeps its
//! spelling whether it was quoted or not.

mod deployment;
mod environment;
mod file;
mod held;
mod layout;
mod lenient;
mod managed;
mod place;
mod record;
mod release;
mod relocation;
mod scope;
mod value;

#[cfg(test)]
mod tests;

pub use deployment::{Begun, Incomplete, Unfinished};
pub use environment::{Environment, HISTORY_LENGTH, Patch, Rejected, Snapshot};
pub use file::{Destination, FileError, STATE_FILE, StateFile};
pub use held::Held;
pub use layout::State;
pub use managed::{Managed, StateError};
pub use place::{Found, Home, Misplaced, locate};
pub use record::{Artifacts, Build, Deploy, External, RolloutState};
pub use release::{LatestRelease, ReleaseRecord};
pub use relocation::{Immovable, Origin, Relocation, Scene, relocate};
pub use scope::Scope;

use indexmap::IndexMap;

/// Keys that this version does not know, with their values.
pub type Extra = IndexMap<String, serde_json::Value>;
