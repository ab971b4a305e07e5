//! The time.

use chrono::{DateTime, SecondsFormat, Utc};
use std::time::SystemTime;

/// Tells the time; tests have one that they move.
#[derive(Debug, Clone, Copy)]
pub struct Clock(fn() -> SystemTime);

impl Clock {
    /// A clock that asks a function.
    #[must_use]
    pub const fn new(now: fn() -> SystemTime) -> Self {
        Self(now)
    }

    /// Now, RFC 3339 in UTC, to the second.
    pub(crate) fn now(self) -> String {
        DateTime::<Utc>::from((self.0)()).to_rfc3339_opts(SecondsFormat::Secs, true)
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self(SystemTime::now)
    }
}
