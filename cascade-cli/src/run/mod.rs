//! The parts that operations need besides the pipeline: the session, the state, the results of
//! earlier jobs, and the outputs for later ones.

pub(crate) mod actions;
pub(crate) mod changelog;
mod changes;
pub(crate) mod delivered;
pub(crate) mod deployments;
mod environment;
pub(crate) mod hotfixes;
pub(crate) mod merged;
pub(crate) mod needs;
mod recorded;
pub(crate) mod release_assets;
pub(crate) mod releases;
pub(crate) mod session;
pub(crate) mod store;
pub(crate) mod telemetry;
pub(crate) mod workspace;

pub(crate) use actions::{Actions, Outputs};
pub(crate) use releases::Releases;
pub(crate) use session::Session;
pub(crate) use store::Change;
pub(crate) use workspace::Workspace;
