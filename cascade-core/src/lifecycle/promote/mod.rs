//! One artifact through the environments.

mod external;
mod gate;
mod mode;
mod moves;
mod plan;
mod train;

pub use gate::{Closed, Gate};
pub use mode::Mode;
pub use plan::{Entry, Facts, Plan, Publishing, Request, plan};
pub use train::{Follower, followers};
