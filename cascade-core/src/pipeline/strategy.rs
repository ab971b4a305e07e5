//! Rollout strategies of a deploy.

use super::Callback;
use crate::manifest::{Percent, StrategyKind, TimeSpan};

/// A strategy with everything that it needs.
#[derive(Debug, Clone, PartialEq)]
pub enum Strategy {
    /// Waves of a growing share.
    Canary(Box<Canary>),
    /// A copy beside the running version, then a switch.
    BlueGreen(Box<BlueGreen>),
}

/// A canary with everything that it needs.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Canary {
    /// The shares, rising, at least one.
    pub steps: Vec<Percent>,
    /// The time for which each wave is watched.
    pub bake_time: Option<TimeSpan>,
    /// The callback that judges each wave.
    pub analysis: Option<Callback>,
    /// The callback that brings the version to all users.
    pub promote: Callback,
    /// The callback that rolls the version back.
    pub rollback: Callback,
    /// The environments with a canary; all if none is named.
    pub environments: Vec<String>,
}

/// A switch with everything that it needs.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct BlueGreen {
    /// The callback that switches to the new version.
    pub cutover: Callback,
    /// The callback that rolls the version back.
    pub rollback: Option<Callback>,
    /// The time for which the new version is watched before the switch.
    pub bake_time: Option<TimeSpan>,
    /// The environments with a switch; all if none is named.
    pub environments: Vec<String>,
}

impl Strategy {
    /// Returns the kind of this strategy.
    #[must_use]
    pub const fn kind(&self) -> StrategyKind {
        match self {
            Self::Canary(_) => StrategyKind::Canary,
            Self::BlueGreen(_) => StrategyKind::BlueGreen,
        }
    }

    /// Returns the environments whose deployments follow it; all if none is named.
    #[must_use]
    pub fn environments(&self) -> &[String] {
        match self {
            Self::Canary(canary) => &canary.environments,
            Self::BlueGreen(switch) => &switch.environments,
        }
    }

    /// Returns true if deploys to this environment follow it.
    #[must_use]
    pub fn applies_to(&self, environment: &str) -> bool {
        let named = self.environments();
        named.is_empty() || named.iter().any(|name| name == environment)
    }

    /// Returns true if something is called when it fails.
    #[must_use]
    pub const fn has_rollback_callback(&self) -> bool {
        match self {
            Self::Canary(_) => true,
            Self::BlueGreen(switch) => switch.rollback.is_some(),
        }
    }

    /// The callbacks of its stages besides the deploy's own.
    pub fn callbacks(&self) -> impl Iterator<Item = &Callback> {
        let (first, second, third) = match self {
            Self::Canary(canary) => (
                Some(&canary.promote),
                Some(&canary.rollback),
                canary.analysis.as_ref(),
            ),
            Self::BlueGreen(switch) => (Some(&switch.cutover), switch.rollback.as_ref(), None),
        };
        [first, second, third].into_iter().flatten()
    }
}
