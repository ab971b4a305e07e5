//! Rollout strategies.

use super::setters::setters;
use crate::manifest::draft::{Map, Node};

/// How a version reaches its users.
pub trait Rollout: Into<Node> {
    /// The strategy's name.
    const NAME: &'static str;
}

/// Waves of a growing share of the traffic, each baked, then promoted or rolled back.
///
/// ```
/// use cascade_core::builder::Canary;
/// let canary = Canary::new(".github/workflows/promote.yaml", ".github/workflows/rollback.yaml")
///     .steps([10, 50, 100])
///     .bake_time("10m");
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Canary {
    map: Map,
}

impl Canary {
    /// A canary that `promote` completes and `rollback` undoes.
    #[must_use]
    pub fn new(promote: impl Into<String>, rollback: impl Into<String>) -> Self {
        Self { map: Map::new() }
            .set("promote_callback", promote.into())
            .set("rollback_callback", rollback.into())
    }
}

setters! {
    Canary {
        /// The share of the only wave, in percent.
        percent: number,
        /// The shares of several waves, rising.
        steps: list,
        /// How long each wave is watched, at most `5h`.
        bake_time: text,
        /// A workflow that judges each wave.
        analysis: text,
        /// The environments with a canary; elsewhere the deploy is direct.
        environments: list,
    }
}

/// A copy beside the running version, then a switch.
#[derive(Debug, Clone, PartialEq)]
pub struct BlueGreen {
    map: Map,
}

impl BlueGreen {
    /// A rollout that `cutover` switches.
    #[must_use]
    pub fn new(cutover: impl Into<String>) -> Self {
        Self { map: Map::new() }.set("cutover_callback", cutover.into())
    }
}

setters! {
    BlueGreen {
        /// The workflow that takes the version back.
        rollback_callback: text,
        /// How long the new version is watched before the switch, at most `5h`.
        bake_time: text,
        /// The environments with a switch; elsewhere the deploy is direct.
        environments: list,
    }
}

impl From<Canary> for Node {
    fn from(canary: Canary) -> Self {
        Self::Map(canary.map)
    }
}

impl From<BlueGreen> for Node {
    fn from(switch: BlueGreen) -> Self {
        Self::Map(switch.map)
    }
}

impl Rollout for Canary {
    const NAME: &'static str = "canary";
}

impl Rollout for BlueGreen {
    const NAME: &'static str = "blue_green";
}
