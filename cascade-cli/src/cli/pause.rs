//! Pauses before another attempt.

use std::time::Duration;

/// Returns a pause from `least` to `least + spread` milliseconds, so that runs that wait at once do
/// not go on at once.
pub(crate) fn pause(least: u64, spread: u64) -> Duration {
    Duration::from_millis(least + fastrand::u64(..=spread))
}

#[cfg(test)]
mod tests {
    use super::pause;

    #[test]
    fn pauses_stay_within_their_bounds() {
        let pauses: Vec<u128> = (0..200).map(|_| pause(5, 3).as_millis()).collect();
        assert!(pauses.iter().all(|pause| (5..=8).contains(pause)));
        for each in 5..=8 {
            assert!(pauses.contains(&each), "{each} never came");
        }
    }
}
