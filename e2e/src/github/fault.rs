//! Things that go wrong on purpose.

use std::time::Duration;

/// A request pattern and what happens to the requests that it matches.
#[derive(Debug, Clone)]
pub struct Fault {
    method: Option<String>,
    path: String,
    writes: bool,
    credential: Option<String>,
    after: usize,
    times: usize,
    kind: FaultKind,
}

/// The effect of a fault on a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// 429 with `Retry-After`.
    TooManyRequests {
        /// The time to stay away.
        retry_after: Duration,
    },
    /// 403 for the secondary rate limit, with `Retry-After`.
    SecondaryRateLimit {
        /// The time to stay away.
        retry_after: Duration,
    },
    /// 502.
    BadGateway,
    /// 403, as for a token that lacks a permission.
    Refused,
    /// The connection breaks before anything happened.
    Dropped,
    /// The connection breaks after the effect, before the answer.
    DroppedAfter,
    /// The answer comes late.
    Slow(Duration),
}

impl Fault {
    /// Breaks the first request for `path`, where `*` stands for anything: an API path without the
    /// `/api/v3` prefix (`/repos/acme/*/contents/*`), or a git path (`/acme/shop.git/*`).
    #[must_use]
    pub fn new(path: impl Into<String>, kind: FaultKind) -> Self {
        Self {
            method: None,
            path: path.into(),
            writes: false,
            credential: None,
            after: 0,
            times: 1,
            kind,
        }
    }

    /// Only requests that change something: API calls and pushes.
    #[must_use]
    pub fn writes(mut self) -> Self {
        self.writes = true;
        self
    }

    /// Only requests with this token's text.
    #[must_use]
    pub fn credential(mut self, value: impl Into<String>) -> Self {
        self.credential = Some(value.into());
        self
    }

    /// Only requests with this method.
    #[must_use]
    pub fn method(mut self, method: impl Into<String>) -> Self {
        self.method = Some(method.into());
        self
    }

    /// Spares the first `count` requests that match.
    #[must_use]
    pub fn after(mut self, count: usize) -> Self {
        self.after = count;
        self
    }

    /// Breaks `count` requests instead of one.
    #[must_use]
    pub fn times(mut self, count: usize) -> Self {
        self.times = count;
        self
    }

    /// Returns the effect of this fault on this request, if it has one.
    pub(super) fn strike(
        &mut self,
        method: &str,
        path: &str,
        credential: Option<&str>,
    ) -> Option<FaultKind> {
        let other = |wanted: &String| Some(wanted.as_str()) != credential;
        if self.credential.as_ref().is_some_and(other) || (self.writes && !writes(method, path)) {
            return None;
        }
        if self
            .method
            .as_deref()
            .is_some_and(|wanted| wanted != method)
            || !matches(&self.path, path)
            || self.times == 0
        {
            return None;
        }
        if self.after > 0 {
            self.after -= 1;
            return None;
        }
        self.times -= 1;
        Some(self.kind)
    }
}

fn writes(method: &str, path: &str) -> bool {
    !matches!(method, "GET" | "HEAD") && !path.ends_with("/git-upload-pack")
}

fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((start, rest)) => text.strip_prefix(start).is_some_and(|text| {
            text.char_indices()
                .map(|(at, _)| at)
                .chain([text.len()])
                .any(|at| matches(rest, &text[at..]))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_strikes_so_often_after_so_many() {
        let mut fault = Fault::new("/repos/*/contents/*", FaultKind::BadGateway)
            .method("PUT")
            .after(1)
            .times(2);
        let mut strike = |method, path| fault.strike(method, path, None).is_some();
        assert!(!strike("GET", "/repos/a/b/contents/x"));
        assert!(!strike("PUT", "/repos/a/b/git/refs"));
        let struck = [(); 4].map(|()| strike("PUT", "/repos/a/b/contents/x/y"));
        assert_eq!(struck, [false, true, true, false]);
    }
}
