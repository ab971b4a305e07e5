//! The decisions and records at run time: pure functions decide and record, the shell does.
//!
//! | module | what lives there |
//! |---|---|
//! | [`history`] | what git knows, asked through a trait |
//! | [`promotion_order`] | the places that an artifact moves through |
//! | [`selection`] | which callbacks a change concerns |
//! | [`step`] | what one environment is about to hold, and recording it |
//! | [`outcome`] | how jobs ended |
//! | [`orchestrate`] | trunk to the first environment |
//! | [`promote`] | one artifact through the environments |
//! | [`release`] | drafts, prereleases, published releases |
//! | [`external`] | what other repositories deliver |
//! | [`rollout`] | how far canaries and switches are |
//! | [`rollback`] | an environment goes back to what it held before |
//! | [`hotfix`] | a fix from trunk reaches an environment without the rest of trunk |
//! | [`run_ref`] | which ref a run is of |
//! | [`integration`] | a fork is kept in step with its upstream |
//! | [`simulate`] | a run without running |
//!
//! `plan` functions take the pipeline, the state and the facts, and give a plan; functions that
//! record take a plan and the results, and give the state. Times, people, git and GitHub are
//! arguments, so that a simulation runs the very code of a live run.

mod base;
mod begin;
mod eligible;
pub mod external;
pub mod history;
pub mod hotfix;
pub mod integration;
mod missing;
mod operation;
pub mod orchestrate;
pub mod outcome;
pub mod preview;
pub mod promote;
pub mod promotion_order;
mod record;
pub mod release;
mod restore;
pub mod rollback;
pub mod rollout;
pub mod run_ref;
pub mod selection;
pub mod simulate;
pub mod step;
mod stopped;

#[cfg(test)]
mod tests;

pub use base::{Base, StalePlan};
pub use begin::{Deploying, NotUnderWay, begin};
pub use eligible::Ineligible;
pub use history::History;
pub use missing::{Missing, require_outputs};
pub use operation::{NotAnOperation, Operation};
pub use record::{Ended, Recorded, record};
pub use step::{Outputs, Planned, Step};
pub use stopped::Stopped;

/// The time of an event, and the person or bot that caused it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stamp {
    /// The time, RFC 3339 in UTC.
    pub at: String,
    /// The person or the bot.
    pub by: String,
}
