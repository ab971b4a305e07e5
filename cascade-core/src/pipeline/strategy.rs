//! Rollout strategies of a deploy.

use super::choice::choice;
use super::{Callback, Duration, WorkflowRef};
use crate::draft::Ranged;
use crate::draft::block::block;

/// A share of the traffic, 1 to 100.
pub type Percent = Ranged<1, 100>;

choice! {
    /// How a version reaches its users.
    pub enum StrategyKind {
        /// A growing share of them at a time.
        Canary = "canary",
        /// All of them at once, from a copy beside the running one.
        BlueGreen = "blue_green",
    }
}

block! {
    /// A canary: waves of a growing share, each baked, then promoted or rolled back.
    pub struct CanaryBlock;
    /// The share of the only wave, in percent.
    percent: Option<Percent> = "10",
    /// The shares of several waves, rising.
    steps: Vec<Percent>,
    /// How long each wave is watched, at most 5h.
    bake_time: Option<Duration>,
    /// A workflow that judges each wave.
    analysis: Option<WorkflowRef>,
    /// The workflow that takes the version to everybody.
    promote_callback: Option<WorkflowRef>,
    /// The workflow that takes the version back.
    rollback_callback: Option<WorkflowRef>,
    /// The environments with a canary; elsewhere the deploy is direct.
    environments: Vec<String>,
}

block! {
    /// Blue/green: deployed beside the running version, then switched.
    pub struct BlueGreenBlock;
    /// The workflow that switches.
    cutover_callback: Option<WorkflowRef>,
    /// The workflow that takes the version back.
    rollback_callback: Option<WorkflowRef>,
    /// How long the new version is watched before the switch, at most 5h.
    bake_time: Option<Duration>,
    /// The environments with a switch; elsewhere the deploy is direct.
    environments: Vec<String>,
}

block! {
    /// The older spelling of strategies.
    pub struct RolloutBlock;
    /// How a version reaches its users; the older spelling of `strategy`.
    r#type: Option<StrategyKind>,
    /// The older spelling of `canary`.
    canary: Option<CanaryBlock>,
    /// The older spelling of `blue_green`.
    blue_green: Option<SwitchBlock>,
    /// How many callbacks run at once inside one environment.
    max_parallel: Option<Ranged<1, 256>>,
    /// Whether one failure stops the rest inside one environment.
    fail_fast: Option<bool> = "false",
}

block! {
    /// The older spelling of blue/green.
    pub struct SwitchBlock;
    /// The workflow that switches.
    switch: Option<WorkflowRef>,
    /// The workflow that takes the version back.
    rollback_callback: Option<WorkflowRef>,
    /// How long the new version is watched before the switch.
    bake_time: Option<Duration>,
}

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
pub struct Canary {
    /// The shares, rising, at least one.
    pub steps: Vec<Percent>,
    /// How long each wave is watched.
    pub bake_time: Option<Duration>,
    /// What judges each wave.
    pub analysis: Option<Callback>,
    /// What takes the version to everybody.
    pub promote: Callback,
    /// What takes the version back.
    pub rollback: Callback,
    /// The environments with a canary; all if none is named.
    pub environments: Vec<String>,
}

/// A switch with everything that it needs.
#[derive(Debug, Clone, PartialEq)]
pub struct BlueGreen {
    /// What switches.
    pub cutover: Callback,
    /// What takes the version back.
    pub rollback: Option<Callback>,
    /// How long the new version is watched before the switch.
    pub bake_time: Option<Duration>,
    /// The environments with a switch; all if none is named.
    pub environments: Vec<String>,
}

impl Strategy {
    /// Which one it is.
    #[must_use]
    pub const fn kind(&self) -> StrategyKind {
        match self {
            Self::Canary(_) => StrategyKind::Canary,
            Self::BlueGreen(_) => StrategyKind::BlueGreen,
        }
    }

    /// Whether deploys to this environment follow it.
    #[must_use]
    pub fn applies_to(&self, environment: &str) -> bool {
        let named = match self {
            Self::Canary(canary) => &canary.environments,
            Self::BlueGreen(switch) => &switch.environments,
        };
        named.is_empty() || named.iter().any(|name| name == environment)
    }

    /// Whether something is called when it fails.
    #[must_use]
    pub const fn takes_back(&self) -> bool {
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
