//! Versions of other repositories' artifacts: those that are reported, and those that are pulled.

mod pulled;
mod resolve;
mod update;

pub use pulled::{Arrival, Arrivals, Taken, pinned, take, waiting};
pub use resolve::{Answer, Answers, Found, Looked, Search, Tagged, decide, recorded};
pub use update::{Accepted, Refusal, Update, accept, finish, holds, in_order, record};
