//! Trunk to the first environment.

mod collect;
mod finish;
mod plan;

pub use collect::{Collected, collect};
pub use finish::{Finished, finish};
pub use plan::{Decision, Plan, Released, Request, base_release, next_version, plan};
