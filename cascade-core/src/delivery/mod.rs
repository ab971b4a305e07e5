//! The deliveries of a repository: events, read from the history of its state, and what they
//! measure.
//!
//! The input is each commit that changed the state ([`StateCommit`]). [`history`] compares it with
//! its parents and tells what happened ([`Event`]); [`changes`] follows one environment, or one
//! deploy of it, through the events; [`Measures`] are the four measures of DORA over a window.
//! `docs/metrics.md` says in words what is counted.

mod changes;
mod commit_graph;
mod event;
mod history;
mod identity;
mod measures;
mod openmetrics;
mod report;
mod state_commit;
mod transition;
mod window;

/// The name that releases have in place of an environment's; no environment may have it.
pub const RELEASE: &str = "release";

pub use changes::{Cause, Change, Failure, Subject, changes};
pub use commit_graph::{CommitGraph, Node};
pub use event::{Event, Kind, Moved, Point};
pub use history::{Gap, History, history};
pub use measures::{Measures, Quantiles};
pub use openmetrics::openmetrics;
pub use report::{EnvironmentReport, Report, Week, report};
pub use state_commit::StateCommit;
pub use window::Window;
