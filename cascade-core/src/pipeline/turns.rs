//! Turns of the deploys of one environment, where only some may run at once.

use crate::pipeline::{Component, Deploy};

/// The bounds that a deploy sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Bounds {
    /// The number of callbacks that run at once inside one environment; any if absent.
    pub max_parallel: Option<usize>,
    /// Stops what has not begun when the deploy fails.
    pub fail_fast: bool,
}

impl Component {
    /// Returns the number of callbacks that run at once inside one environment: the smallest that
    /// a deploy asks for.
    #[must_use]
    pub fn max_parallel(&self) -> Option<usize> {
        let bounds = self
            .deploys
            .iter()
            .filter_map(|deploy| deploy.bounds.max_parallel);
        bounds.min()
    }

    /// Returns the positions of the deploys whose turn comes before that of `position`, the nearest
    /// first; positions are those in the order of dependencies.
    pub fn turns_before(&self, position: usize) -> impl Iterator<Item = usize> + use<> {
        let step = self.max_parallel();
        let before = step.and_then(|step| position.checked_sub(step));
        std::iter::successors(before, move |place| place.checked_sub(step?))
    }

    /// Returns true if a failure of this deploy stops those that wait for it or for their turn.
    #[must_use]
    pub fn fails_fast(&self, deploy: &str) -> bool {
        let named = |each: &&Deploy| each.callback.name.as_str() == deploy;
        self.deploys
            .iter()
            .find(named)
            .is_some_and(|deploy| deploy.bounds.fail_fast)
    }
}
