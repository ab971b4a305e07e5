//! Trunk to the first environment.

mod collect;
mod finish;
mod plan;
mod version;

pub use collect::{Collected, collect};
pub use finish::{Finished, finish};
pub(super) use plan::reasons;
pub use plan::{Decision, Plan, Request, plan};
pub use version::{Next, Released, base_release, next_version, release_before};
