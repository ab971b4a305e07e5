//! The four measures of DORA.

use super::changes::{Cause, Change};
use super::window::Window;
use indexmap::IndexMap;
use serde::Serialize;
use std::time::Duration;

/// The measures of an environment, or of one deploy of it, over a window.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Measures {
    /// The number of versions that were brought to it, or were tried to be.
    pub changes: usize,
    /// The number of them that it held with all of its deploys.
    pub deployments: usize,
    /// The deployments of a day; `None` without a deployment.
    pub deployments_per_day: Option<f64>,
    /// The time that commits waited to be deployed.
    pub lead_time: Option<Quantiles>,
    /// The number of deployments that do not tell how long their commits waited.
    pub without_lead_time: usize,
    /// The number of changes that failed.
    pub failed: usize,
    /// The share of changes that failed; `None` without a change.
    pub change_failure_rate: Option<f64>,
    /// The number of failed changes, by the sign of the failure.
    pub failures: IndexMap<Cause, usize>,
    /// The duration of failures that are over.
    pub time_to_restore: Option<Quantiles>,
    /// The number of failures that are not over.
    pub unrestored: usize,
}

/// The median and the 90th percentile of some times.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Quantiles {
    /// The number of times.
    pub count: usize,
    /// Their sum in seconds.
    pub sum: u64,
    /// The median in seconds: the middle one, or halfway between the two in the middle.
    pub median: u64,
    /// The 90th percentile in seconds: the shortest that nine of ten do not exceed.
    pub p90: u64,
}

impl Measures {
    /// Returns the measures of the changes that were deployed, or failed to be, in a window.
    #[must_use]
    pub fn over(changes: &[Change], window: Window) -> Self {
        let inside = changes.iter().filter(|change| window.contains(change.at));
        let inside: Vec<&Change> = inside.collect();
        let deployed: Vec<&&Change> = inside.iter().filter(|change| change.deployed).collect();
        let failures = inside.iter().filter_map(|change| change.failure.as_ref());
        let failures: Vec<_> = failures.collect();
        let waited = deployed
            .iter()
            .filter_map(|change| change.lead_times.as_ref());
        let restored = failures
            .iter()
            .filter_map(|failure| Some(failure.restored? - failure.since));
        let mut causes: IndexMap<Cause, usize> = IndexMap::new();
        for failure in &failures {
            *causes.entry(failure.cause).or_default() += 1;
        }
        causes.sort_unstable_keys();
        let unknown = deployed.iter().filter(|change| change.lead_times.is_none());
        let open = failures.iter().filter(|failure| failure.restored.is_none());
        Self {
            changes: inside.len(),
            deployments: deployed.len(),
            deployments_per_day: per_day(deployed.len(), window),
            lead_time: Quantiles::of(waited.flatten().copied()),
            without_lead_time: unknown.count(),
            failed: failures.len(),
            change_failure_rate: share(failures.len(), inside.len()),
            failures: causes,
            time_to_restore: Quantiles::of(restored),
            unrestored: open.count(),
        }
    }
}

impl Quantiles {
    fn of(times: impl Iterator<Item = Duration>) -> Option<Self> {
        let mut seconds: Vec<u64> = times.map(|time| time.as_secs()).collect();
        seconds.sort_unstable();
        let count = seconds.len();
        let last = count.checked_sub(1)?;
        let (low, high) = (seconds[last / 2], seconds[count / 2]);
        Some(Self {
            count,
            sum: seconds
                .iter()
                .fold(0, |sum, each| sum.saturating_add(*each)),
            median: low + (high - low) / 2,
            p90: seconds[(count * 9).div_ceil(10) - 1],
        })
    }
}

fn per_day(deployments: usize, window: Window) -> Option<f64> {
    let days = window.days();
    (deployments > 0 && days > 0.0).then(|| round(count(deployments) / days))
}

fn share(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| round(count(part) / count(whole)))
}

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

/// Rounds to four digits: more would say nothing.
fn round(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quantiles(seconds: &[u64]) -> Option<(u64, u64)> {
        let times = seconds.iter().copied().map(Duration::from_secs);
        Quantiles::of(times).map(|each| (each.median, each.p90))
    }

    #[test]
    fn quantiles_of_few_times() {
        assert_eq!(quantiles(&[]), None);
        assert_eq!(quantiles(&[7]), Some((7, 7)));
        assert_eq!(quantiles(&[10, 20]), Some((15, 20)));
        assert_eq!(quantiles(&[30, 10, 20]), Some((20, 30)));
        let ten: Vec<u64> = (1..=10).collect();
        assert_eq!(quantiles(&ten), Some((5, 9)));
        let eleven: Vec<u64> = (1..=11).collect();
        assert_eq!(quantiles(&eleven), Some((6, 10)));
    }

    #[test]
    fn nothing_deployed_is_no_data() {
        let window = Window {
            since: "2026-01-01T00:00:00Z".parse().unwrap(),
            until: "2026-02-01T00:00:00Z".parse().unwrap(),
        };
        let measures = Measures::over(&[], window);
        assert_eq!(measures.deployments, 0);
        assert_eq!(
            (measures.deployments_per_day, measures.change_failure_rate),
            (None, None)
        );
        assert_eq!((measures.lead_time, measures.time_to_restore), (None, None));
    }
}
