//! The commands that generated workflows call, and those that read or repair what runs recorded: one
//! file or folder per command.

pub(crate) mod deploy;
pub(crate) mod detect_changes;
pub(crate) mod dispatch;
pub(crate) mod external;
mod finalize;
pub(crate) mod generate_changelog;
pub(crate) mod hotfix;
pub(crate) mod integration;
pub(crate) mod log;
pub(crate) mod manage_release;
pub(crate) mod metrics;
pub(crate) mod next_version;
pub(crate) mod notify;
pub(crate) mod orchestrate;
mod period;
pub(crate) mod plans;
pub(crate) mod promote;
pub(crate) mod reconcile;
pub(crate) mod reset;
pub(crate) mod revision;
pub(crate) mod rollback;
pub(crate) mod rollout;
pub(crate) mod simulate;
pub(crate) mod state;
pub(crate) mod status;
