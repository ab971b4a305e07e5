//! What other repositories deliver: versions that they report, and that are asked for.

mod update;

pub use update::{Accepted, Refusal, Update, accept, finish, record};
