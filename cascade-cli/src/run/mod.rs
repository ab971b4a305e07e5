//! What the verbs of a run need besides the pipeline: the runner's environment, git, GitHub, the
//! state, and where results go.

pub(crate) mod actions;
pub(crate) mod answer;
pub(crate) mod center;
mod chance;
mod client;
pub(crate) mod clock;
pub(crate) mod deployments;
pub(crate) mod environment;
pub(crate) mod git;
pub(crate) mod github;
pub(crate) mod hotfixes;
mod limit;
pub(crate) mod merged;
pub(crate) mod needs;
pub(crate) mod own_release;
mod recorded;
pub(crate) mod refusal;
pub(crate) mod release_files;
pub(crate) mod releases;
pub(crate) mod session;
pub(crate) mod store;
pub(crate) mod tracker;

pub(crate) use actions::{Actions, Outputs};
pub(crate) use releases::Releases;
pub(crate) use session::Session;
pub(crate) use store::Change;
