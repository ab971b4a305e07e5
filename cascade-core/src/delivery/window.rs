//! Windows of time, and the weeks in them.

use crate::time::Time;
use std::time::Duration;

const DAY: u64 = 86_400;
const WEEK: u64 = 7 * DAY;
/// 1970 began on a Thursday; the Monday before was three days earlier.
const THURSDAY: u64 = 3 * DAY;

/// A window of time: from its beginning, and before its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// The first moment in it.
    pub since: Time,
    /// The first moment after it.
    pub until: Time,
}

impl Window {
    /// Returns true if a moment is in it.
    #[must_use]
    pub fn contains(&self, at: Time) -> bool {
        self.since <= at && at < self.until
    }

    /// Returns its length in days.
    #[must_use]
    pub fn days(&self) -> f64 {
        (self.until - self.since).as_secs_f64() / Duration::from_secs(DAY).as_secs_f64()
    }

    /// Returns the part of it that is not before a moment.
    #[must_use]
    pub fn from(self, begins: Time) -> Self {
        Self {
            since: self.since.max(begins.min(self.until)),
            ..self
        }
    }

    /// Returns its weeks, which begin on Mondays at midnight UTC; the first and the last may be cut.
    #[must_use]
    pub fn weeks(&self) -> Vec<Self> {
        let mut weeks = Vec::new();
        let mut since = self.since;
        while since < self.until {
            let passed = (since - Time::UNIX_EPOCH).as_secs() + THURSDAY;
            let left = Duration::from_secs(WEEK - passed % WEEK);
            let until = (since + left).min(self.until);
            weeks.push(Self { since, until });
            since = until;
        }
        weeks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(since: &str, until: &str) -> Window {
        Window {
            since: since.parse().unwrap(),
            until: until.parse().unwrap(),
        }
    }

    #[test]
    fn weeks_begin_on_mondays() {
        // 2026-01-05 and 2026-01-12 are Mondays.
        let weeks = window("2026-01-03T12:00:00Z", "2026-01-14T00:00:00Z").weeks();
        let expected = [
            window("2026-01-03T12:00:00Z", "2026-01-05T00:00:00Z"),
            window("2026-01-05T00:00:00Z", "2026-01-12T00:00:00Z"),
            window("2026-01-12T00:00:00Z", "2026-01-14T00:00:00Z"),
        ];
        assert_eq!(weeks, expected);
    }

    #[test]
    fn a_window_has_its_beginning_and_not_its_end() {
        let window = window("2026-01-03T00:00:00Z", "2026-01-04T00:00:00Z");
        assert!(window.contains(window.since) && !window.contains(window.until));
        assert!((window.days() - 1.0).abs() < f64::EPSILON);
    }

    #[test]
    fn nothing_is_in_a_window_that_ends_before_the_history_begins() {
        let window = window("2026-01-03T00:00:00Z", "2026-01-04T00:00:00Z");
        let later = window.from("2026-02-01T00:00:00Z".parse().unwrap());
        assert_eq!(later.since, later.until);
        assert!(later.weeks().is_empty());
    }
}
