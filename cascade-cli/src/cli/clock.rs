//! The time.

use cascade_core::time::Time;
use std::time::{Duration, SystemTime};

/// Tells the time; tests have one that they move.
#[derive(Debug, Clone, Copy)]
pub struct Clock(fn() -> SystemTime);

impl Clock {
    /// A clock that asks a function.
    #[must_use]
    pub const fn new(now: fn() -> SystemTime) -> Self {
        Self(now)
    }

    /// How long it is until a time; nothing if it is past, or no time.
    pub(crate) fn until(self, time: &str) -> Duration {
        let left = time.parse().map(|then: Time| then - self.now());
        left.unwrap_or_default()
    }

    /// Now.
    pub(crate) fn now(self) -> Time {
        (self.0)().into()
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self(SystemTime::now)
    }
}
