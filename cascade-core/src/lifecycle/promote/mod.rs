//! One artifact through the environments.

mod external;
mod gate;
mod mode;
mod moves;
mod plan;

pub use gate::{Closed, Gate};
pub use mode::Mode;
pub use plan::{Entry, Facts, Plan, Publishing, Request, plan};
