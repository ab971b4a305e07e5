//! Rate limits: how long a limited host is left alone.
//!
//! Sources: GitHub's "Best practices for using the REST API" (Handle rate limit errors
//! appropriately) and "Rate limits for the REST API".

use super::client::{Answered, header};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// GitHub's words where no header tells how long to wait.
const SECONDARY: &str = "secondary rate limit";
/// The first pause for a host that does not say how long to wait.
const UNSAID: Duration = Duration::from_secs(60);

/// A limit that a host has set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Limit {
    /// Until so long from now.
    For(Duration),
    /// It does not say: a minute, and longer each time.
    Unsaid,
}

impl Limit {
    /// Returns how long to wait, after as many limits before.
    pub(super) fn pause(self, before: u32) -> Duration {
        match self {
            Self::For(wait) => wait,
            Self::Unsaid => UNSAID.saturating_mul(2_u32.saturating_pow(before)),
        }
    }
}

/// The limit that an answer tells of; `None` if the host does not limit.
pub(super) fn limited(answered: &Answered, body: &[u8]) -> Option<Limit> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    limited_at(answered, body, now.unwrap_or_default())
}

fn limited_at(answered: &Answered, body: &[u8], now: Duration) -> Option<Limit> {
    let seconds = |name: &str| {
        let text = header(answered, name)?;
        text.trim().parse().ok().map(Duration::from_secs)
    };
    let after = header(answered, "retry-after").is_some();
    let exhausted = header(answered, "x-ratelimit-remaining") == Some("0");
    let limits = match answered.status().as_u16() {
        429 => true,
        403 => after || exhausted || String::from_utf8_lossy(body).contains(SECONDARY),
        _ => false,
    };
    let reset = || {
        let reset = seconds("x-ratelimit-reset").filter(|_| exhausted)?;
        // A clock that is ahead must not make the host be asked at once.
        Some(reset.saturating_sub(now).max(Duration::from_secs(1)))
    };
    let wait = seconds("retry-after").or_else(reset);
    limits.then(|| wait.map_or(Limit::Unsaid, Limit::For))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ureq::http::Response;

    const NOW: Duration = Duration::from_secs(1_000);

    fn limit(status: u16, headers: &[(&str, &str)], body: &str) -> Option<Limit> {
        let mut answered = Response::builder().status(status);
        for (name, value) in headers {
            answered = answered.header(*name, *value);
        }
        let answered = answered.body(ureq::Body::builder().data("")).unwrap();
        limited_at(&answered, body.as_bytes(), NOW)
    }

    #[test]
    fn a_limit_says_how_long_to_wait_or_not() {
        let after = |seconds| Some(Limit::For(Duration::from_secs(seconds)));
        let exhausted = ("x-ratelimit-remaining", "0");
        let said = "{\"message\":\"You have exceeded a secondary rate limit. Please wait\"}";
        for (status, headers, body, expected) in [
            (429, &[("retry-after", "7")][..], "", after(7)),
            (429, &[("retry-after", "700")], "", after(700)),
            (429, &[("retry-after", "tomorrow")], "", Some(Limit::Unsaid)),
            (429, &[], "", Some(Limit::Unsaid)),
            (403, &[("retry-after", "1")], "", after(1)),
            (
                403,
                &[exhausted, ("x-ratelimit-reset", "1300")],
                "",
                after(300),
            ),
            (
                403,
                &[exhausted, ("x-ratelimit-reset", "900")],
                "",
                after(1),
            ),
            (403, &[exhausted], "", Some(Limit::Unsaid)),
            (
                403,
                &[("x-ratelimit-reset", "1300")],
                said,
                Some(Limit::Unsaid),
            ),
            (403, &[("x-ratelimit-remaining", "1")], "", None),
            (403, &[], "{\"message\":\"Resource not accessible\"}", None),
            (200, &[exhausted], said, None),
        ] {
            assert_eq!(
                limit(status, headers, body),
                expected,
                "{status} {headers:?}"
            );
        }
    }

    #[test]
    fn a_host_that_does_not_say_is_left_alone_for_a_minute_and_longer_each_time() {
        let pauses = [0, 1, 2].map(|before| Limit::Unsaid.pause(before).as_secs());
        assert_eq!(pauses, [60, 120, 240]);
        assert_eq!(Limit::For(NOW).pause(3), NOW);
        assert!(Limit::Unsaid.pause(u32::MAX) > Limit::Unsaid.pause(9));
    }
}
