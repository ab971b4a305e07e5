//! Moments.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::{Add, Sub};
use std::str::FromStr;
use std::time::{Duration, SystemTime};

/// The last second that RFC 3339 can name, 9999-12-31T23:59:59Z.
const LAST: u64 = 253_402_300_799;

/// A moment in UTC to the second, from 1970 to 9999. Its text is that of
/// [RFC 3339](https://www.rfc-editor.org/rfc/rfc3339#section-5.6) with a `Z`, as GitHub writes it.
///
/// What lies outside is the nearest moment inside: clocks of two machines differ, and a time that
/// is a little wrong must not stop anything.
///
/// ```
/// use cascade_core::time::Time;
/// use std::time::Duration;
/// let start: Time = "2026-05-04T12:00:00Z".parse().unwrap();
/// let end = start + Duration::from_secs(90);
/// assert_eq!(end.to_string(), "2026-05-04T12:01:30Z");
/// assert_eq!(end - start, Duration::from_secs(90));
/// assert_eq!(start - end, Duration::ZERO);
/// ```
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(try_from = "String", into = "String")]
pub struct Time {
    /// Since 1970 began.
    seconds: u64,
}

impl Time {
    /// The first moment of 1970.
    pub const UNIX_EPOCH: Self = Self { seconds: 0 };

    fn at(seconds: u64) -> Self {
        Self {
            seconds: seconds.min(LAST),
        }
    }
}

impl From<SystemTime> for Time {
    fn from(time: SystemTime) -> Self {
        let since = time.duration_since(SystemTime::UNIX_EPOCH);
        Self::at(since.unwrap_or_default().as_secs())
    }
}

impl Add<Duration> for Time {
    type Output = Self;

    fn add(self, duration: Duration) -> Self {
        Self::at(self.seconds.saturating_add(duration.as_secs()))
    }
}

impl Sub<Duration> for Time {
    type Output = Self;

    fn sub(self, duration: Duration) -> Self {
        Self::at(self.seconds.saturating_sub(duration.as_secs()))
    }
}

/// The time since another moment; zero if that is yet to come.
impl Sub for Time {
    type Output = Duration;

    fn sub(self, earlier: Self) -> Duration {
        Duration::from_secs(self.seconds.saturating_sub(earlier.seconds))
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(self.seconds);
        write!(f, "{}", humantime::format_rfc3339_seconds(time))
    }
}

/// A text that is no moment in UTC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotATime(String);

impl fmt::Display for NotATime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = &self.0;
        write!(
            f,
            "`{text}` is no time in UTC, as 2026-05-04T12:00:00Z is one"
        )
    }
}

impl std::error::Error for NotATime {}

impl FromStr for Time {
    type Err = NotATime;

    fn from_str(text: &str) -> Result<Self, NotATime> {
        let time = humantime::parse_rfc3339(text);
        time.map(Self::from).map_err(|_| NotATime(text.to_owned()))
    }
}

impl TryFrom<String> for Time {
    type Error = NotATime;

    fn try_from(text: String) -> Result<Self, NotATime> {
        text.parse()
    }
}

impl From<Time> for String {
    fn from(time: Time) -> Self {
        time.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn fractions_are_dropped_and_other_zones_refused() {
        let time: Time = "2026-05-04T12:00:00.999Z".parse().unwrap();
        assert_eq!(time.to_string(), "2026-05-04T12:00:00Z");
        for text in [
            "2026-05-04T12:00:00+02:00",
            "2026-05-04",
            "",
            "1969-12-31T23:59:59Z",
        ] {
            assert_eq!(text.parse::<Time>(), Err(NotATime(text.to_owned())));
        }
    }

    #[test]
    fn moments_end_with_the_years_of_four_digits() {
        let end = Time::UNIX_EPOCH + Duration::MAX;
        assert_eq!(end.to_string(), "9999-12-31T23:59:59Z");
        assert_eq!(end + Duration::from_secs(1), end);
        assert_eq!(Time::UNIX_EPOCH - Duration::from_secs(1), Time::UNIX_EPOCH);
    }

    proptest! {
        #[test]
        fn text_and_back(seconds in 0..=LAST) {
            let time = Time::at(seconds);
            prop_assert_eq!(time.to_string().parse(), Ok(time));
        }
    }
}
