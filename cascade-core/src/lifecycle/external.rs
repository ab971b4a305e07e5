//! What other repositories deliver: versions that they report, and that are asked for.

mod pulled;
mod resolve;
mod update;

pub use pulled::{Arrival, Arrivals, Taken, pinned, take, waiting};
pub use resolve::{Answer, Answers, Found, Looked, Search, Tagged, decide, recorded};
pub use update::{Accepted, Refusal, Update, accept, finish, holds, in_order, record};
