//! The state of an integration, as the labels of its issue say it.

use crate::pipeline::Labels;
use serde::Serialize;
use std::fmt;

/// The state of the integration of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// A person must merge the change into the mirror and start the integration.
    Waiting,
    /// A run integrates it.
    Active,
    /// A conflict waits for a person.
    Blocked,
    /// A run failed, and a person must look.
    Failed,
    /// A person has looked: it may be started again.
    RetryReady,
    /// A pull request into trunk waits for a person.
    ProductionReady,
    /// Trunk has it.
    Done,
}

/// A state, and what is said besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Status {
    /// The state.
    pub state: State,
    /// True if somebody was told that nobody acts.
    pub escalated: bool,
    /// True if the last attempt to start a run failed.
    pub trigger_failed: bool,
}

/// Labels that name no state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Contradiction {
    /// The label of a tracked change is missing.
    Untracked {
        /// That label.
        sync: String,
    },
    /// No label names a state.
    Stateless {
        /// The label that would.
        human: String,
    },
    /// Several labels do.
    Several(Vec<String>),
    /// A run is active, and a person must act.
    ActiveForAPerson {
        /// The label of the run.
        active: String,
        /// The label of the person.
        human: String,
    },
}

impl State {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Waiting,
        Self::Active,
        Self::Blocked,
        Self::Failed,
        Self::RetryReady,
        Self::ProductionReady,
        Self::Done,
    ];

    /// Returns true if cascade or a person may take an integration from this state to `next`.
    ///
    /// A conflict is left by an integration only. Whatever trunk has is done; a run that went on without its issue is caught up with (`Waiting` to
    /// `ProductionReady`); a pull request that somebody closed is a failure.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        use State as S;
        matches!(
            (self, next),
            (S::Waiting, S::Active | S::ProductionReady | S::Done)
                | (
                    S::Active,
                    S::Blocked | S::Failed | S::RetryReady | S::ProductionReady | S::Done
                )
                | (S::Blocked, S::Active | S::Done)
                | (S::Failed, S::RetryReady | S::Active | S::Done)
                | (S::RetryReady, S::Active | S::Failed | S::Done)
                | (S::ProductionReady, S::Active | S::Failed | S::Done)
        )
    }

    /// Returns true if it keeps other integrations from beginning.
    #[must_use]
    pub const fn is_in_flight(self) -> bool {
        !matches!(self, Self::Waiting | Self::Done)
    }

    /// Returns true if it waits for a person who may have to be reminded.
    #[must_use]
    pub const fn may_be_stale(self) -> bool {
        matches!(self, Self::Blocked | Self::Failed | Self::RetryReady)
    }

    /// Its name, as reports have it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Active => "active",
            Self::Blocked => "blocked",
            Self::Failed => "failed",
            Self::RetryReady => "retry-ready",
            Self::ProductionReady => "production-ready",
            Self::Done => "done",
        }
    }

    /// The labels that say it besides that of a tracked change; what is done keeps those that it
    /// had.
    fn labels(self, labels: &Labels) -> Vec<&str> {
        match self {
            Self::Waiting => vec![&labels.human],
            Self::Active => vec![&labels.active],
            Self::Blocked => vec![&labels.blocked],
            Self::Failed => vec![&labels.failed, &labels.human],
            Self::RetryReady => vec![&labels.failed],
            Self::ProductionReady | Self::Done => vec![&labels.ready],
        }
    }
}

impl Status {
    /// A state of which nothing more is said.
    #[must_use]
    pub const fn new(state: State) -> Self {
        Self {
            state,
            escalated: false,
            trigger_failed: false,
        }
    }

    /// Reads the labels of an issue. Those that cascade does not know do not matter, and GitHub
    /// does not tell labels apart by case.
    ///
    /// # Errors
    /// [`Contradiction`] if they name no state, or several.
    pub fn read(labels: &Labels, worn: &[String], open: bool) -> Result<Self, Contradiction> {
        let has = |name: &String| worn.iter().any(|each| same(each, name));
        if !has(&labels.sync) {
            let sync = labels.sync.clone();
            return Err(Contradiction::Untracked { sync });
        }
        let state = match open {
            true => state(labels, has)?,
            false => State::Done,
        };
        Ok(Self {
            state,
            escalated: has(&labels.escalated),
            trigger_failed: has(&labels.trigger_failed),
        })
    }

    /// The whole set of labels that says this, with those of `worn` that say nothing of it.
    #[must_use]
    pub fn write(self, labels: &Labels, worn: &[String]) -> Vec<String> {
        let mut all = vec![labels.sync.as_str()];
        all.extend(self.state.labels(labels));
        if self.escalated {
            all.push(&labels.escalated);
        }
        if self.trigger_failed {
            all.push(&labels.trigger_failed);
        }
        let own = [
            &labels.sync,
            &labels.human,
            &labels.active,
            &labels.blocked,
            &labels.failed,
            &labels.ready,
            &labels.escalated,
            &labels.trigger_failed,
        ];
        let foreign = worn
            .iter()
            .filter(|each| !own.iter().any(|own| same(each, own)));
        all.extend(foreign.map(String::as_str));
        all.into_iter().map(str::to_owned).collect()
    }
}

fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

fn state(labels: &Labels, has: impl Fn(&String) -> bool) -> Result<State, Contradiction> {
    let human = has(&labels.human);
    let named = [
        (&labels.active, State::Active),
        (&labels.blocked, State::Blocked),
        (&labels.failed, State::Failed),
        (&labels.ready, State::ProductionReady),
    ];
    let found: Vec<_> = named.into_iter().filter(|(name, _)| has(name)).collect();
    match found.as_slice() {
        [] if human => Ok(State::Waiting),
        [] => Err(Contradiction::Stateless {
            human: labels.human.clone(),
        }),
        [(_, State::Failed)] if !human => Ok(State::RetryReady),
        [(active, State::Active)] if human => Err(Contradiction::ActiveForAPerson {
            active: (*active).clone(),
            human: labels.human.clone(),
        }),
        [(_, state)] => Ok(*state),
        several => Err(Contradiction::Several(
            several.iter().map(|(name, _)| (*name).clone()).collect(),
        )),
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Contradiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Untracked { sync } => write!(f, "the label `{sync}` is missing: add it"),
            Self::Stateless { human } => write!(
                f,
                "no label says where the integration stands: add `{human}` to have it wait for a person"
            ),
            Self::Several(names) => {
                let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
                write!(
                    f,
                    "{} say different things: leave the one that is true",
                    names.join(" and ")
                )
            }
            Self::ActiveForAPerson { active, human } => write!(
                f,
                "`{active}` says that a run works on it and `{human}` that a person must: remove one of them"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn what_is_written_is_read_again() {
        let labels = Labels::default();
        for state in State::ALL {
            let status = Status {
                state,
                escalated: state.may_be_stale(),
                trigger_failed: state == State::Waiting,
            };
            let worn = status.write(
                &labels,
                &set(&["area/db", "CASCADE-Active", "high-priority"]),
            );
            assert_eq!(
                Status::read(&labels, &worn, state != State::Done),
                Ok(status)
            );
            assert!(worn.contains(&"area/db".to_owned()), "{worn:?}");
        }
    }

    #[test]
    fn contradictions_are_named() {
        let labels = Labels::default();
        let read = |names: &[&str]| {
            let read = Status::read(&labels, &set(names), true);
            read.map(|status| status.state)
                .map_err(|contradiction| contradiction.to_string())
        };
        assert_eq!(
            read(&["Upstream-Sync", "human-required"]),
            Ok(State::Waiting)
        );
        assert_eq!(
            read(&["upstream-sync", "cascade-failed"]),
            Ok(State::RetryReady)
        );
        let blocked = ["upstream-sync", "cascade-blocked", "human-required"];
        assert_eq!(read(&blocked), Ok(State::Blocked));
        for (names, says) in [
            (vec!["human-required"], "`upstream-sync` is missing"),
            (vec!["upstream-sync"], "add `human-required`"),
            (
                vec!["upstream-sync", "cascade-active", "production-ready"],
                "`cascade-active` and `production-ready` say different things",
            ),
            (
                vec!["upstream-sync", "cascade-active", "human-required"],
                "remove one of them",
            ),
        ] {
            let said = read(&names).unwrap_err();
            assert!(said.contains(says), "{names:?}: {said}");
        }
    }

    #[test]
    fn a_conflict_is_left_by_an_integration_only() {
        let leaves: Vec<State> = State::ALL
            .into_iter()
            .filter(|next| State::Blocked.may_become(*next))
            .collect();
        assert_eq!(leaves, [State::Active, State::Done]);
        assert!(State::ALL.iter().all(|next| !State::Done.may_become(*next)));
    }
}
