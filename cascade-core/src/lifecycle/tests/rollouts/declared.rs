//! Rollouts as they are declared, and how their jobs end.

use proptest::prelude::*;

/// The declaration of a rollout.
#[derive(Debug, Clone)]
pub(super) struct Declared {
    /// None: blue/green.
    pub(super) waves: Option<usize>,
    pub(super) bakes: bool,
    /// True if waves are analysed, or the switch has a rollback callback.
    pub(super) more: bool,
    pub(super) retries: u8,
}

/// The results of the jobs of a run, in the order in which they run, and the one that is cancelled.
#[derive(Debug, Clone)]
pub(super) struct Fate {
    pub(super) fails: Vec<bool>,
    pub(super) cancelled: Option<usize>,
}

impl Declared {
    pub(super) fn config(&self) -> String {
        let bake = if self.bakes { "bake_time: 1m, " } else { "" };
        let block = match self.waves {
            Some(waves) => {
                let steps: Vec<String> = (1..=waves).map(|wave| (wave * 20).to_string()).collect();
                let analysis = if self.more { "analysis: X, " } else { "" };
                format!(
                    "strategy: canary, canary: {{ steps: [{}], {bake}{analysis}promote_callback: X, rollback_callback: X }}",
                    steps.join(", ")
                )
            }
            None => {
                let back = if self.more {
                    "rollback_callback: X, "
                } else {
                    ""
                };
                format!("strategy: blue_green, blue_green: {{ {bake}{back}cutover_callback: X }}")
            }
        };
        let block = block.replace('X', ".github/workflows/deploy.yaml");
        format!(
            "environments: [dev]\ndeploys:\n  - {{ name: web, retries: {}, {block}, deploy! }}\n",
            self.retries
        )
    }

    pub(super) const fn has_rollback_callback(&self) -> bool {
        self.waves.is_some() || self.more
    }

    pub(super) const fn completing(&self) -> &'static str {
        match self.waves {
            Some(_) => "promote",
            None => "cutover",
        }
    }

    /// The job that the first users, or none yet, see something of.
    pub(super) const fn first(&self) -> &'static str {
        match self.waves {
            Some(_) => "canary-1",
            None => "green",
        }
    }
}

pub(super) fn declared() -> impl Strategy<Value = Declared> {
    let waves = prop::option::weighted(0.7, 1_usize..4);
    (waves, any::<bool>(), any::<bool>(), 0_u8..3).prop_map(|(waves, bakes, more, retries)| {
        Declared {
            waves,
            bakes,
            more,
            retries,
        }
    })
}

pub(super) fn fate() -> impl Strategy<Value = Fate> {
    let fails = prop::collection::vec(prop::bool::weighted(0.2), 24);
    (fails, prop::option::weighted(0.3, 0_usize..12))
        .prop_map(|(fails, cancelled)| Fate { fails, cancelled })
}
