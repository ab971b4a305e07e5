//! The commands of people who write a pipeline: one file or folder per command.

pub(crate) mod branch_protection;
pub(crate) mod completions;
pub(crate) mod doctor;
pub(crate) mod environments;
pub(crate) mod explain;
pub(crate) mod export;
pub(crate) mod generate;
pub(crate) mod graph;
mod host;
pub(crate) mod import;
pub(crate) mod init;
pub(crate) mod lint;
pub(crate) mod man;
pub(crate) mod migrate;
pub(crate) mod pin;
pub(crate) mod pipeline_crate;
pub(crate) mod plan;
pub(crate) mod pull_request;
pub(crate) mod reconcile;
pub(crate) mod rehearse;
pub(crate) mod scaffold;
pub(crate) mod schema;
pub(crate) mod verify;
pub(crate) mod version;
