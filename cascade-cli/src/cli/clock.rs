//! The time.

use cascade_core::time::Time;
use std::time::{Duration, SystemTime};

/// Tells the time, and waits; tests have one that they move.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    now: fn() -> SystemTime,
    wait: fn(Duration),
}

impl Clock {
    /// A clock that asks a function.
    #[must_use]
    pub const fn new(now: fn() -> SystemTime) -> Self {
        Self {
            now,
            wait: std::thread::sleep,
        }
    }

    /// The same clock, on which time passes in another way than by sleeping.
    #[must_use]
    pub const fn waiting(self, wait: fn(Duration)) -> Self {
        Self { wait, ..self }
    }

    /// Lets time pass.
    pub(crate) fn wait(self, time: Duration) {
        (self.wait)(time);
    }

    /// Returns the time that is left until another one; zero if it is past, or not a time.
    pub(crate) fn until(self, time: &str) -> Duration {
        let left = time.parse().map(|then: Time| then - self.now());
        left.unwrap_or_default()
    }

    /// Now.
    pub(crate) fn now(self) -> Time {
        (self.now)().into()
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::new(SystemTime::now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at_a_hundred_seconds() -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(100)
    }

    #[test]
    fn the_time_until_a_moment_is_counted_from_this_clock() {
        let clock = Clock::new(at_a_hundred_seconds);
        assert_eq!(clock.until("1970-01-01T00:02:00Z"), Duration::from_secs(20));
    }

    #[test]
    fn nothing_is_left_until_a_moment_that_is_over_or_cannot_be_read() {
        let clock = Clock::new(at_a_hundred_seconds);
        for time in ["1970-01-01T00:01:39Z", "soon", ""] {
            assert_eq!(clock.until(time), Duration::ZERO, "{time}");
        }
    }
}
