//! The facts that the monitor sees.

use super::{Contradiction, Entry, Event, State, Status, Trail, Trigger};
use crate::pipeline::Labels;
use crate::time::Time;
use serde::Serialize;
use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;

/// The longest time that a requested run may take to appear.
pub const PATIENCE: Duration = Duration::from_secs(60 * 60);

/// The greatest difference between the clocks of a runner and of GitHub.
const SKEW: Duration = Duration::from_secs(30);

/// An issue that tracks a change of the upstream.
#[derive(Debug, Clone, PartialEq)]
pub struct Issue {
    /// Its number.
    pub number: u64,
    /// Its status, or the contradiction in its labels.
    pub status: Result<Status, Contradiction>,
    /// Its labels.
    pub labels: Vec<String>,
    /// Its text.
    pub body: String,
    /// The events that are noted in its text.
    pub trail: Trail,
    /// The time at which it was opened.
    pub created: Time,
    /// The time at which it was last updated.
    pub updated: Time,
    /// The time at which it was closed.
    pub closed: Option<Time>,
}

/// A move that no integration makes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Illegal {
    /// The issue.
    pub issue: u64,
    /// Its current state; `None` if its labels do not name one.
    pub from: Option<State>,
    /// The state that cannot follow the current one.
    pub to: State,
}

/// The progress of a pull request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// It is open.
    Open,
    /// It is merged, and the trunk has its commit.
    OnTrunk,
    /// It is merged, and the trunk has lost it or not shown it yet.
    Merged,
    /// It was closed without being merged.
    Closed,
}

/// A pull request from the integration branch into trunk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pull {
    /// Its number.
    pub number: u64,
    /// Its progress.
    pub progress: Progress,
}

/// A run of the integration's workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Its number in the API.
    pub id: u64,
    /// The time at which it was asked for.
    pub created: Time,
    /// True if it is over.
    pub over: bool,
}

/// The facts that git and GitHub know besides the issues.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    /// Now.
    pub now: Time,
    /// The commit of the mirror; `None` if there is no such branch.
    pub mirror: Option<String>,
    /// True if the mirror has something that the integration branch does not have.
    pub ahead: bool,
    /// True if the mirror has something that trunk does not have.
    pub pending: bool,
    /// The issues whose change the mirror has, or that do not say what their change is.
    pub mirrored: BTreeSet<u64>,
    /// The issues whose change trunk has.
    pub landed: BTreeSet<u64>,
    /// Pull requests from the integration branch into trunk, newest first.
    pub pulls: Vec<Pull>,
    /// Runs of the integration's workflow, newest first.
    pub runs: Vec<Run>,
}

/// The facts that the monitor sees: open issues, and what git and GitHub know.
#[derive(Debug, Clone, PartialEq)]
pub struct Board {
    /// The issues that are open, oldest first.
    pub issues: Vec<Issue>,
    /// The rest.
    pub facts: Facts,
}

impl Issue {
    /// The state; nothing if the labels name none.
    #[must_use]
    pub fn state(&self) -> Option<State> {
        self.status.as_ref().ok().map(|status| status.state)
    }

    /// Notes that something happened, which left the state as it is.
    pub fn note(&mut self, labels: &Labels, entry: Entry) {
        if let Ok(mut status) = self.status.clone() {
            match entry.event {
                Event::TriggerFailed => status.trigger_failed = true,
                Event::Triggered { .. } => status.trigger_failed = false,
                Event::Escalated => status.escalated = true,
                _ => {}
            }
            self.wear(labels, status);
        }
        self.updated = entry.at;
        self.trail.entries.push(entry);
    }

    /// Takes the issue to another state, because something happened.
    ///
    /// # Errors
    /// [`Illegal`] if no integration goes there from where this one stands, or if nobody can tell
    /// where it stands. Nothing has changed then.
    pub fn advance(&mut self, labels: &Labels, to: State, entry: Entry) -> Result<(), Illegal> {
        let from = self.state().filter(|from| from.may_become(to));
        if from.is_none() {
            return Err(Illegal {
                issue: self.number,
                from: self.state(),
                to,
            });
        }
        let mut status = Status::new(to);
        status.trigger_failed = entry.event == Event::TriggerFailed;
        self.wear(labels, status);
        if to == State::Done {
            self.closed = Some(entry.at);
        }
        self.updated = entry.at;
        self.trail.entries.push(entry);
        Ok(())
    }

    fn wear(&mut self, labels: &Labels, status: Status) {
        self.labels = status.write(labels, &self.labels);
        self.status = Ok(status);
    }

    /// Since when it has stood where it stands; without a note of that, since it changed last.
    #[must_use]
    pub fn since(&self) -> Time {
        let moved = |event: &Event| {
            matches!(
                (self.state(), event),
                (Some(State::Waiting), Event::Opened)
                    | (
                        Some(State::Active),
                        Event::Started
                            | Event::Triggered {
                                why: Trigger::Retry
                            }
                    )
                    | (Some(State::Blocked), Event::Conflicted)
                    | (
                        Some(State::Failed | State::RetryReady),
                        Event::Failed | Event::Orphaned | Event::Declined | Event::Exhausted
                    )
                    | (Some(State::ProductionReady), Event::Ready { .. })
            )
        };
        let waiting = self.state() == Some(State::Waiting);
        let otherwise = if waiting { self.created } else { self.updated };
        self.trail.last(moved).map_or(otherwise, |entry| entry.at)
    }
}

impl Board {
    /// An issue that is open.
    #[must_use]
    pub fn issue(&self, number: u64) -> Option<&Issue> {
        self.issues.iter().find(|issue| issue.number == number)
    }

    /// The issues in a state, oldest first.
    pub fn standing(&self, state: State) -> impl Iterator<Item = &Issue> {
        let here = move |issue: &&Issue| issue.state() == Some(state);
        self.issues.iter().filter(here)
    }

    /// The issue of the integration that is in flight, unless it is this one.
    #[must_use]
    pub fn in_flight(&self, besides: Option<u64>) -> Option<&Issue> {
        self.issues.iter().find(|issue| {
            Some(issue.number) != besides && issue.state().is_some_and(State::is_in_flight)
        })
    }

    /// Returns the issue that holds another one back: an integration that runs, or an older one in
    /// flight. So one of several can always go on.
    #[must_use]
    pub fn holds_back(&self, number: u64) -> Option<&Issue> {
        self.issues.iter().find(|issue| {
            let state = issue.state().filter(|state| state.is_in_flight());
            let first = state == Some(State::Active) || issue.number < number;
            issue.number != number && state.is_some() && first
        })
    }

    /// The issue that a new change of the upstream goes to: one that waits, and whose own change
    /// nobody has merged into the mirror yet. Without one, the change gets an issue of its own.
    #[must_use]
    pub fn unmerged(&self) -> Option<&Issue> {
        self.standing(State::Waiting)
            .find(|issue| !self.facts.mirrored.contains(&issue.number))
    }

    /// The pull request that is open.
    #[must_use]
    pub fn open_pull(&self) -> Option<u64> {
        let open = |pull: &&Pull| pull.progress == Progress::Open;
        self.facts.pulls.iter().find(open).map(|pull| pull.number)
    }

    /// The pull request into trunk of an issue; the newest one if the issue does not say.
    #[must_use]
    pub fn pull_of(&self, issue: &Issue) -> Option<&Pull> {
        let mut pulls = self.facts.pulls.iter();
        match issue.trail.pull() {
            Some(number) => pulls.find(|pull| pull.number == number),
            None => pulls.next(),
        }
    }

    /// Returns true if a run is queued or going on.
    #[must_use]
    pub fn running(&self) -> bool {
        self.facts.runs.iter().any(|run| !run.over)
    }

    /// Returns true if a run that was asked for then may still appear or go on.
    #[must_use]
    pub fn awaited(&self, asked: Time) -> bool {
        let mut runs = self
            .facts
            .runs
            .iter()
            .filter(|run| run.created >= asked - SKEW);
        match runs.next() {
            Some(first) => !first.over || runs.any(|run| !run.over),
            None => self.facts.now - asked < PATIENCE,
        }
    }

    /// Returns true if somebody works on an active issue: the run that says so, or one that was
    /// asked for.
    #[must_use]
    pub fn is_worked_on(&self, issue: &Issue) -> bool {
        let claim = issue
            .trail
            .last(|event| matches!(event, Event::Started | Event::Triggered { .. }));
        match claim {
            None => self.running(),
            Some(Entry {
                event: Event::Started,
                run: Some(id),
                ..
            }) => {
                let own = self.facts.runs.iter().find(|run| run.id == *id);
                own.is_some_and(|run| !run.over)
            }
            Some(entry) => self.awaited(entry.at),
        }
    }
}

impl fmt::Display for Illegal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { issue, from, to } = self;
        match from {
            Some(from) => write!(f, "#{issue} is {from}, which does not become {to}"),
            None => write!(
                f,
                "the labels of #{issue} contradict each other, so that it cannot become {to}"
            ),
        }
    }
}

impl std::error::Error for Illegal {}
