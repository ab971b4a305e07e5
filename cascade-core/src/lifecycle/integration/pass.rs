//! The decisions of each pass of the monitor.

use super::{Board, Event, Issue, Progress, State, Trigger};
use crate::pipeline::Monitor;
use serde::Serialize;
use std::time::Duration;

/// The most issues that one pass escalates; the next one goes on.
const ESCALATIONS: usize = 20;

/// A pass of the monitor. Each looks for itself, and finds nothing to do right after itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pass {
    /// The pass that marks as done what trunk has, and takes up what that held back.
    Completion,
    /// The pass that starts integrations that nobody has started.
    MissedTrigger,
    /// The pass that starts integrations again that a person released.
    Recovery,
    /// The pass that frees integrations that no run works on any more.
    Orphan,
    /// Somebody is told that nobody acts.
    Stale,
    /// The pass that reports on the health of the integrations.
    Report,
}

/// An action that a pass asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "action")]
pub enum Action {
    /// An issue goes to another state.
    Advance {
        /// The issue.
        issue: u64,
        /// The state.
        to: State,
        /// Because of this.
        event: Event,
    },
    /// A run is asked for.
    Trigger {
        /// The issue.
        issue: u64,
        /// The reason.
        why: Trigger,
        /// The number of the attempt, from 1.
        attempt: usize,
    },
    /// A run was asked for as often as that may be, and people are told.
    GiveUp {
        /// The issue.
        issue: u64,
    },
    /// An issue for what the mirror has is opened.
    Open {
        /// The upstream's commit at the head of the mirror.
        change: String,
    },
    /// Somebody is told that nobody acts.
    Escalate {
        /// The issue.
        issue: u64,
        /// For how many seconds nobody has.
        seconds: u64,
    },
}

impl Pass {
    /// All of them, in the order in which they run.
    pub const ALL: [Self; 6] = [
        Self::Completion,
        Self::Orphan,
        Self::MissedTrigger,
        Self::Recovery,
        Self::Stale,
        Self::Report,
    ];

    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Completion => "completion",
            Self::MissedTrigger => "missed-trigger",
            Self::Recovery => "recovery",
            Self::Orphan => "orphan",
            Self::Stale => "stale",
            Self::Report => "report",
        }
    }
}

/// Decides the actions of a pass.
#[must_use]
pub fn decide(pass: Pass, board: &Board, monitor: &Monitor) -> Vec<Action> {
    match pass {
        Pass::Completion => completion(board, monitor),
        Pass::MissedTrigger => missed(board, monitor),
        Pass::Recovery => recovery(board, monitor),
        Pass::Orphan => orphans(board),
        Pass::Stale => stale(board, monitor),
        Pass::Report => Vec::new(),
    }
}

fn completion(board: &Board, monitor: &Monitor) -> Vec<Action> {
    let mut actions: Vec<Action> = board
        .issues
        .iter()
        .filter_map(|issue| settled(board, issue))
        .collect();
    let over = |issue: &Issue| {
        actions.iter().any(|action| {
            matches!(action, Action::Advance { issue: done, to: State::Done, .. } if *done == issue.number)
        })
    };
    let free = board
        .issues
        .iter()
        .all(|issue| over(issue) || !issue.state().is_some_and(State::is_in_flight));
    let held = board.standing(State::Waiting).find(|issue| {
        let since = issue
            .trail
            .since(|event| matches!(event, Event::Triggered { .. }));
        let held = |event: &Event| matches!(event, Event::Held { .. });
        let here = board.facts.mirrored.contains(&issue.number);
        here && !over(issue) && since.iter().any(|entry| held(&entry.event))
    });
    let next = held.filter(|_| free && startable(board));
    actions.extend(next.and_then(|issue| trigger(board, monitor, issue, Trigger::Held)));
    actions
}

/// Returns the move of an issue whose change is on trunk, or whose pull request was declined.
fn settled(board: &Board, issue: &Issue) -> Option<Action> {
    let state = issue.state()?;
    if state == State::Active && board.is_worked_on(issue) {
        return None;
    }
    let advance = |to, event| Action::Advance {
        issue: issue.number,
        to,
        event,
    };
    let pull = board.pull_of(issue).map(|pull| pull.progress);
    let landed = board.facts.landed.contains(&issue.number);
    let ready = state == State::ProductionReady;
    // An issue that people opened may say nothing but its labels.
    let nothing_left = issue.trail.change.is_none()
        && board.facts.mirror.is_some()
        && !board.facts.pending
        && pull != Some(Progress::Open);
    let merged = pull == Some(Progress::OnTrunk) || nothing_left;
    if (landed || ready && merged) && state.may_become(State::Done) {
        return Some(advance(State::Done, Event::Done));
    }
    let declined = ready && pull == Some(Progress::Closed) && board.open_pull().is_none();
    declined.then(|| advance(State::Failed, Event::Declined))
}

/// Returns true if the mirror has something that nobody works on.
fn startable(board: &Board) -> bool {
    board.facts.pending && !board.running() && board.open_pull().is_none()
}

fn missed(board: &Board, monitor: &Monitor) -> Vec<Action> {
    if !monitor.auto_trigger || board.in_flight(None).is_some() || !startable(board) {
        return Vec::new();
    }
    let mut waiting = board.standing(State::Waiting);
    let issue = waiting.find(|issue| board.facts.mirrored.contains(&issue.number));
    match issue {
        Some(issue) => Vec::from_iter(trigger(board, monitor, issue, Trigger::Missed)),
        None => {
            let change = board.facts.mirror.clone().filter(|_| board.facts.ahead);
            Vec::from_iter(change.map(|change| Action::Open { change }))
        }
    }
}

/// A run for an issue, as often as that may be, unless one that was asked for may still come.
fn trigger(board: &Board, monitor: &Monitor, issue: &Issue, why: Trigger) -> Option<Action> {
    let last = issue
        .trail
        .last(|event| matches!(event, Event::Triggered { .. } | Event::TriggerFailed));
    if last.is_some_and(|last| last.event != Event::TriggerFailed && board.awaited(last.at)) {
        return None;
    }
    let attempt = attempts(issue, why) + 1;
    let most = usize::from(monitor.max_retries).max(1);
    if attempt <= most {
        let issue = issue.number;
        return Some(Action::Trigger {
            issue,
            why,
            attempt,
        });
    }
    let told = issue
        .trail
        .since(|event| matches!(event, Event::Triggered { .. }))
        .iter()
        .any(|entry| entry.event == Event::Exhausted);
    (!told).then_some(Action::GiveUp {
        issue: issue.number,
    })
}

/// Counts how often a run was asked for: for the change as it is now, or to try it again.
fn attempts(issue: &Issue, why: Trigger) -> usize {
    let entries = match why {
        Trigger::Retry => issue.trail.entries.as_slice(),
        Trigger::Missed | Trigger::Held => issue
            .trail
            .since(|event| matches!(event, Event::Opened | Event::MovedOn)),
    };
    let counts = |event: &Event| match (event, why) {
        (
            Event::Triggered {
                why: Trigger::Retry,
            },
            why,
        ) => why == Trigger::Retry,
        (Event::Triggered { .. }, why) => why != Trigger::Retry,
        _ => false,
    };
    entries.iter().filter(|entry| counts(&entry.event)).count()
}

fn recovery(board: &Board, monitor: &Monitor) -> Vec<Action> {
    let mut ready = board.standing(State::RetryReady);
    let Some(issue) = ready.next().filter(|_| monitor.retry) else {
        return Vec::new();
    };
    if attempts(issue, Trigger::Retry) >= usize::from(monitor.max_retries) {
        return vec![Action::Advance {
            issue: issue.number,
            to: State::Failed,
            event: Event::Exhausted,
        }];
    }
    if board.running() || board.holds_back(issue.number).is_some() {
        return Vec::new();
    }
    Vec::from_iter(trigger(board, monitor, issue, Trigger::Retry))
}

fn orphans(board: &Board) -> Vec<Action> {
    // An integration that went on without its issue has left its pull request.
    let pull = board
        .open_pull()
        .filter(|_| !board.facts.ahead && !board.running());
    let mut pull = pull.map(|pull| Event::Ready { pull });
    let mut freed = Vec::new();
    for issue in &board.issues {
        // What trunk has is completed, not freed.
        let landed = board.facts.landed.contains(&issue.number);
        let state = match issue.state().filter(|_| !landed) {
            Some(State::Active) if !board.is_worked_on(issue) => State::Active,
            Some(State::Waiting) => State::Waiting,
            _ => continue,
        };
        let alone = board.in_flight(Some(issue.number)).is_none();
        let own = alone && board.facts.mirrored.contains(&issue.number);
        let (to, event) = match (pull.take_if(|_| own), state) {
            (Some(ready), _) => (State::ProductionReady, ready),
            (None, State::Active) => (State::Failed, Event::Orphaned),
            (None, _) => continue,
        };
        let issue = issue.number;
        freed.push(Action::Advance { issue, to, event });
    }
    freed
}

fn stale(board: &Board, monitor: &Monitor) -> Vec<Action> {
    let after = Duration::from_secs(monitor.stale_after.seconds());
    let escalate = |issue: &Issue| {
        let status = issue.status.as_ref().ok()?;
        let waited = board.facts.now - issue.since();
        let stale = status.state.may_be_stale() && !status.escalated && waited >= after;
        stale.then_some(Action::Escalate {
            issue: issue.number,
            seconds: waited.as_secs(),
        })
    };
    let all = board.issues.iter().filter_map(escalate);
    all.take(ESCALATIONS).collect()
}
