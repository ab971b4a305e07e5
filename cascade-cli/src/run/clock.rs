//! The time.

use chrono::{DateTime, SecondsFormat, SubsecRound, Utc};
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

    /// So long from now, RFC 3339 in UTC, to the second.
    pub(crate) fn after(self, duration: Duration) -> String {
        let then = (self.0)() + duration;
        DateTime::<Utc>::from(then).to_rfc3339_opts(SecondsFormat::Secs, true)
    }

    /// How long it is until a time; nothing if it is past, or no time.
    pub(crate) fn until(self, time: &str) -> Duration {
        let now = DateTime::<Utc>::from((self.0)());
        let left = DateTime::parse_from_rfc3339(time).map(|then| then.to_utc() - now);
        left.ok()
            .and_then(|left| left.to_std().ok())
            .unwrap_or_default()
    }

    /// Now, to the second.
    pub(crate) fn time(self) -> DateTime<Utc> {
        DateTime::<Utc>::from((self.0)()).trunc_subsecs(0)
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
