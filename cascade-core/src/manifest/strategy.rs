//! Rollout strategies of a deploy.

use super::{TimeSpan, WorkflowRef};
use crate::manifest::draft::Defaulted;
use crate::manifest::draft::Ranged;
use crate::manifest::draft::block::block;
use crate::manifest::value::choice::choice;

/// A share of the traffic, 1 to 100.
pub type Percent = Ranged<1, 100>;

choice! {
    /// The strategy of a rollout.
    pub enum StrategyKind {
        /// A growing share of them at a time.
        Canary = "canary",
        /// All of them at once, from a copy beside the running one.
        BlueGreen = "blue_green",
    }
}

choice! {
    /// The older spelling of the strategy of a rollout.
    pub enum RolloutType {
        /// None.
        Default = "default",
        /// None: what is deployed decides how it replaces itself.
        Rolling = "rolling",
        /// A canary.
        Canary = "canary",
        /// Blue/green.
        BlueGreen = "blue_green",
    }
}

block! {
    /// A canary: waves of a growing share, each baked, then promoted or rolled back.
    pub struct CanaryBlock;
    /// The share of the only wave, in percent.
    percent: Defaulted<Percent> = 10,
    /// The shares of several waves, rising.
    steps: Vec<Percent>,
    /// The time for which each wave is watched, at most 5h.
    bake_time: Option<TimeSpan>,
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
    /// The time for which the new version is watched before the switch, at most 5h.
    bake_time: Option<TimeSpan>,
    /// The environments with a switch; elsewhere the deploy is direct.
    environments: Vec<String>,
}

block! {
    /// Bounds inside one environment, and the older spelling of strategies.
    pub struct RolloutBlock;
    /// The number of callbacks that run at once inside one environment, no limit if absent or 0; the smallest of all deploys counts.
    max_parallel: Option<Ranged<0, 256>>,
    /// Stops what waits for the deploy, or for its turn, when the deploy fails.
    fail_fast: Defaulted<bool> = false,
    ; older {
        /// The strategy of a rollout; the older spelling of `strategy`.
        r#type: Option<RolloutType> => "strategy",
        /// The older spelling of `canary`.
        canary: Option<CanaryBlock> => "canary",
        /// The older spelling of `blue_green`.
        blue_green: Option<SwitchBlock> => "blue_green",
    }
}

block! {
    /// The older spelling of blue/green.
    pub struct SwitchBlock;
    /// The workflow that switches.
    switch: Option<WorkflowRef>,
    /// The workflow that takes the version back.
    rollback_callback: Option<WorkflowRef>,
    /// The time for which the new version is watched before the switch.
    bake_time: Option<TimeSpan>,
}
