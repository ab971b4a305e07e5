//! Keys that people write on a callback and that belong elsewhere.

use crate::finding::message::{Phrase, Wording};
use crate::finding::rules;
use crate::manifest::draft::Refused;
use crate::message;

const INLINE: Wording = Wording::new(|| "a callback is a reusable workflow, not a script".into());
const INLINE_HELP: Wording = Wording::new(|| {
    message!(
        "move the script into {} with {}, and name that file under {}",
        value = ".github/workflows/<name>.yaml",
        value = "on: workflow_call",
        key = "workflow"
    )
});

/// Keys that people write on a callback and that belong elsewhere.
pub(super) const REFUSED: &[Refused] = &[
    Refused {
        key: "run",
        rule: &rules::INLINE_SCRIPT,
        message: INLINE,
        help: INLINE_HELP,
    },
    Refused {
        key: "shell",
        rule: &rules::INLINE_SCRIPT,
        message: INLINE,
        help: INLINE_HELP,
    },
    Refused {
        key: "concurrency",
        rule: &rules::MISPLACED_KEY,
        message: Wording::new(|| message!("{} does not belong on a callback", key = "concurrency")),
        help: Wording::new(|| {
            message!(
                "set it {}, or inside the callback's own workflow file",
                phrase = Phrase::Top
            )
        }),
    },
    Refused {
        key: "timeout_minutes",
        rule: &rules::MISPLACED_KEY,
        message: Wording::new(|| {
            message!("{} does not belong on a callback", key = "timeout_minutes")
        }),
        help: Wording::new(|| {
            message!(
                "GitHub has no timeout on a job that calls a workflow: set {} on the jobs of the called file",
                value = "timeout-minutes"
            )
        }),
    },
    Refused {
        key: "runs_on",
        rule: &rules::MISPLACED_KEY,
        message: Wording::new(|| message!("{} does not belong on a callback", key = "runs_on")),
        help: Wording::new(|| {
            message!(
                "a job that calls a workflow has no runner: set {} in the called file",
                value = "runs-on"
            )
        }),
    },
];

/// The keys that only a deploy has.
pub(super) const REFUSED_STRATEGY: &[Refused] = &{
    const fn strategy(key: &'static str) -> Refused {
        Refused {
            key,
            rule: &rules::STRATEGY_PLACE,
            message: Wording::new(|| "only a deploy can have a strategy".into()),
            help: Wording::new(|| message!("move it to {}", phrase = Phrase::Deploy)),
        }
    }
    let [run, shell, concurrency, timeout, runs_on] = REFUSED else {
        panic!()
    };
    [
        Refused { ..*run },
        Refused { ..*shell },
        Refused { ..*concurrency },
        Refused { ..*timeout },
        Refused { ..*runs_on },
        strategy("strategy"),
        strategy("canary"),
        strategy("blue_green"),
        strategy("rollout"),
    ]
};

/// The keys that callbacks in a fixed place of a run do not have.
pub(super) const REFUSED_SINGLE: &[Refused] = &{
    const fn dependency(key: &'static str, message: Wording) -> Refused {
        Refused {
            key,
            rule: &rules::MISPLACED_KEY,
            message,
            help: Wording::new(|| "remove it: its place in a run is fixed".into()),
        }
    }
    let [run, shell, concurrency, timeout, runs_on, strategies @ ..] = REFUSED_STRATEGY else {
        panic!()
    };
    let [strategy, canary, blue_green, rollout] = strategies else {
        panic!()
    };
    [
        Refused { ..*run },
        Refused { ..*shell },
        Refused { ..*concurrency },
        Refused { ..*timeout },
        Refused { ..*runs_on },
        Refused { ..*strategy },
        Refused { ..*canary },
        Refused { ..*blue_green },
        Refused { ..*rollout },
        dependency(
            "depends_on",
            Wording::new(|| message!("{} does not belong here", key = "depends_on")),
        ),
        dependency(
            "optional_depends_on",
            Wording::new(|| message!("{} does not belong here", key = "optional_depends_on")),
        ),
    ]
};
