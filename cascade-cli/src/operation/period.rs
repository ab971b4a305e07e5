//! The options that say which time is asked about.

use crate::cli::error::Failure;
use cascade_core::delivery::Window;
use cascade_core::manifest::TimeSpan;
use cascade_core::time::Time;
use std::time::Duration;

/// More than any clock is ahead.
const AHEAD: Duration = Duration::from_secs(100 * 365 * 86_400);

#[derive(Debug, clap::Args)]
pub(crate) struct Period {
    /// The first moment: a day, or a time in UTC
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
    /// The first moment after it; by default now
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    /// Its length, like `30d`, instead of its beginning
    #[arg(long, value_name = "SPAN", conflicts_with = "since")]
    last: Option<String>,
}

impl Period {
    /// Returns the window that is asked about; `usual` is how long it is by default, without which it
    /// has no beginning.
    pub(crate) fn window(&self, now: Time, usual: Option<Duration>) -> Result<Window, Failure> {
        // What is recorded in this second counts. Without a usual length everything does, also what
        // a clock that is ahead has recorded.
        let now = now
            + match usual {
                Some(_) => Duration::from_secs(1),
                None => AHEAD,
            };
        let until = moment("--until", self.until.as_deref())?.unwrap_or(now);
        let last = self.last.as_deref().map(span).transpose()?.or(usual);
        let before = last.map_or(Time::UNIX_EPOCH, |length| until - length);
        let since = moment("--since", self.since.as_deref())?.unwrap_or(before);
        match since < until {
            true => Ok(Window { since, until }),
            false => Err(Failure::new(format!("{since} is not before {until}"))
                .help("`--since` must be before `--until`, which is now by default")),
        }
    }
}

/// Reads a time, or a day, which is its midnight in UTC.
fn moment(option: &str, text: Option<&str>) -> Result<Option<Time>, Failure> {
    let Some(text) = text else {
        return Ok(None);
    };
    let midnight = format!("{text}T00:00:00Z");
    let read = text.parse().or_else(|_| midnight.parse());
    read.map(Some).map_err(|_| {
        Failure::new(format!(
            "`{text}` is not a time that `{option}` understands"
        ))
        .help("write a day, like 2026-05-04, or a time in UTC, like 2026-05-04T12:00:00Z")
    })
}

fn span(text: &str) -> Result<Duration, Failure> {
    let span: Result<TimeSpan, _> = text.parse();
    span.map(|span| Duration::from_secs(span.seconds()))
        .map_err(|_| {
            Failure::new(format!(
                "`{text}` is not a length of time that `--last` understands"
            ))
            .help("write `30d` or `36h`; the units are d, h, m and s, largest first")
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-05-04T12:00:00Z";

    fn window(
        since: Option<&str>,
        until: Option<&str>,
        last: Option<&str>,
    ) -> Result<Window, Failure> {
        let own = |text: Option<&str>| text.map(str::to_owned);
        let period = Period {
            since: own(since),
            until: own(until),
            last: own(last),
        };
        period.window(NOW.parse().unwrap(), Some(Duration::from_secs(86_400)))
    }

    fn times(window: Window) -> (String, String) {
        (window.since.to_string(), window.until.to_string())
    }

    #[test]
    fn a_window_ends_now_and_has_its_usual_length() {
        let (since, until) = times(window(None, None, None).unwrap());
        assert_eq!(since, "2026-05-03T12:00:01Z");
        assert_eq!(until, "2026-05-04T12:00:01Z");
    }

    #[test]
    fn without_a_usual_length_everything_is_asked_about() {
        let period = Period {
            since: None,
            until: None,
            last: None,
        };
        let window = period.window(NOW.parse().unwrap(), None).unwrap();
        let ahead = "2026-12-30T00:00:00Z".parse().unwrap();
        assert!(window.contains(ahead) && window.contains(Time::UNIX_EPOCH));
    }

    #[test]
    fn days_begin_at_midnight() {
        let window = window(Some("2026-04-01"), Some("2026-05-01T06:00:00Z"), None).unwrap();
        let (since, until) = times(window);
        assert_eq!(since, "2026-04-01T00:00:00Z");
        assert_eq!(until, "2026-05-01T06:00:00Z");
    }

    #[test]
    fn a_length_counts_from_the_end() {
        let window = window(None, Some("2026-05-01"), Some("2d")).unwrap();
        assert_eq!(times(window).0, "2026-04-29T00:00:00Z");
    }

    #[test]
    fn what_is_no_window_is_refused() {
        for (since, until, last) in [
            (Some("yesterday"), None, None),
            (None, Some("2026-02-30"), None),
            (None, None, Some("30")),
            (Some("2026-05-05"), None, None),
            (Some("2026-05-04"), Some("2026-05-04"), None),
        ] {
            assert!(
                window(since, until, last).is_err(),
                "{since:?} {until:?} {last:?}"
            );
        }
    }
}
