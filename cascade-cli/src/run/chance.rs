//! What nobody can foresee.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

/// A number from the seed that the standard library takes from the system for its maps.
pub(super) fn number() -> u64 {
    RandomState::new().hash_one(())
}

/// From `least` to `least + spread` milliseconds, so that those who wait at once do not go on at
/// once.
pub(super) fn pause(least: u64, spread: u64) -> Duration {
    Duration::from_millis(least + number() % (spread + 1))
}

#[cfg(test)]
mod tests {
    use super::{number, pause};

    #[test]
    fn numbers_differ() {
        assert_ne!(number(), number());
    }

    #[test]
    fn pauses_stay_within_their_bounds() {
        let pauses: Vec<u128> = (0..200).map(|_| pause(5, 3).as_millis()).collect();
        assert!(pauses.iter().all(|pause| (5..=8).contains(pause)));
        for each in 5..=8 {
            assert!(pauses.contains(&each), "{each} never came");
        }
    }
}
