//! Trunk to the first environment.

mod collect;
mod finish;
mod next_version;
mod plan;
mod waves;

pub use collect::{Collected, collect};
pub use finish::{Finished, finish};
pub use next_version::{Next, Released, base_release, next_version, release_before};
pub(super) use plan::reasons;
pub use plan::{Decision, Plan, Request, plan};
