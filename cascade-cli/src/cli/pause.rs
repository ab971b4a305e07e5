//! Pauses before another attempt.

use std::time::{Duration, Instant};

/// Attempts with pauses between them, each about twice as long as the one before.
///
/// Each pause is of random length, so that runs that wait at once do not go on at once.
#[derive(Debug)]
pub(crate) struct Attempts {
    /// The attempts that are left; `None` for as many as there is time for.
    left: Option<u32>,
    /// The shortest next pause.
    pause: Duration,
    longest: Duration,
    until: Instant,
}

impl Attempts {
    /// Attempts with a first pause of `pause` to twice that, for as long as `patience`.
    pub(crate) fn new(pause: Duration, patience: Duration) -> Self {
        Self {
            left: None,
            pause,
            longest: Duration::MAX,
            until: Instant::now() + patience,
        }
    }

    /// At most that many, the first included.
    pub(crate) const fn at_most(self, attempts: u32) -> Self {
        Self {
            left: Some(attempts.saturating_sub(1)),
            ..self
        }
    }

    /// No pause begins longer than that.
    pub(crate) const fn never_longer_than(self, longest: Duration) -> Self {
        Self { longest, ..self }
    }

    /// The moment at which patience ends.
    pub(crate) const fn until(&self) -> Instant {
        self.until
    }

    /// Waits for the next attempt; returns false, at once, if there is none.
    pub(crate) fn wait(&mut self) -> bool {
        self.wait_at_least(Duration::ZERO)
    }

    /// Waits for the next attempt, for that long or longer.
    pub(crate) fn wait_at_least(&mut self, least: Duration) -> bool {
        let pause = self.pause.mul_f64(1.0 + fastrand::f64()).max(least);
        if self.left == Some(0) || Instant::now() + pause >= self.until {
            return false;
        }
        self.left = self.left.map(|left| left - 1);
        self.pause = self.pause.saturating_mul(2).min(self.longest);
        std::thread::sleep(pause);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: Duration = Duration::from_millis(1);
    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn attempts_end_after_their_number() {
        let mut attempts = Attempts::new(SHORT, MINUTE).at_most(3);
        assert!(attempts.wait() && attempts.wait());
        assert!(!attempts.wait());
        assert!(!Attempts::new(SHORT, MINUTE).at_most(1).wait());
    }

    #[test]
    fn a_pause_for_which_there_is_no_time_is_not_begun() {
        let begun = Instant::now();
        let mut attempts = Attempts::new(SHORT, MINUTE);
        assert!(!attempts.wait_at_least(MINUTE * 2));
        assert!(begun.elapsed() < MINUTE);
        assert!(attempts.wait());
    }

    #[test]
    fn pauses_grow_up_to_the_longest() {
        let mut attempts = Attempts::new(SHORT, MINUTE).never_longer_than(SHORT * 4);
        for _ in 0..5 {
            assert!(attempts.wait());
        }
        assert_eq!(attempts.pause, SHORT * 4);
    }
}
