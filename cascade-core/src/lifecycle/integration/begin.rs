//! The integration that a run begins.

use super::{Board, Issue, State};

/// The decision on how a run begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begin {
    /// It integrates for this issue.
    For(u64),
    /// It integrates, and no issue says so: why.
    Untracked(String),
    /// Another integration is in flight.
    Held {
        /// The issue that waits, which is told.
        issue: Option<u64>,
        /// The issue of the one in flight.
        behind: u64,
        /// The state of that integration.
        state: State,
    },
    /// It does nothing: why, and what to do.
    Refused(String),
}

/// Decides which issue a run is for: the one that is asked for, or the one that waits.
///
/// Of several that wait it is the oldest whose change the mirror has: an integration takes
/// everything that the mirror has, and the others are done with it.
#[must_use]
pub fn begin(board: &Board, asked: Option<u64>, run: Option<u64>) -> Begin {
    let own = |issue: &Issue| {
        let last = issue.trail.entries.iter().rev().find_map(|entry| entry.run);
        run.is_some() && last == run
    };
    // A run that is started again goes on with what it was at.
    let again = board.standing(State::Active).find(|issue| own(issue));
    let Some(number) = asked.or(again.map(|issue| issue.number)) else {
        let mut waiting = board.standing(State::Waiting);
        let issue = waiting.find(|issue| board.facts.mirrored.contains(&issue.number));
        if let Some(other) = board.in_flight(None) {
            return held(issue.map(|issue| issue.number), other);
        }
        return match issue {
            Some(issue) => Begin::For(issue.number),
            None => Begin::Untracked("no open issue waits for what the mirror has".to_owned()),
        };
    };
    let Some(issue) = board.issue(number) else {
        return Begin::Refused(format!(
            "#{number} is no open issue of an integration: leave `issue_number` empty, or name one that is"
        ));
    };
    let state = match &issue.status {
        Ok(status) => status.state,
        Err(contradiction) => {
            return Begin::Refused(format!("#{number} cannot be integrated: {contradiction}"));
        }
    };
    if let Some(other) = board.holds_back(number) {
        return held(Some(number), other);
    }
    match state {
        State::Active if !begun(issue) || own(issue) || !board.is_worked_on(issue) => {
            Begin::For(number)
        }
        State::Active => Begin::Refused(format!(
            "a run works on #{number} already: wait for it, or cancel it first"
        )),
        State::Done => Begin::Refused(format!("#{number} is done")),
        State::Waiting if !board.facts.mirrored.contains(&number) => Begin::Refused(format!(
            "the mirror does not have the change of #{number} yet: merge its pull request into the mirror first (if it was squashed, merge the upstream's branch once more, with a merge commit)"
        )),
        _ => Begin::For(number),
    }
}

/// Returns true if a run has said that it works on it since one was asked for.
fn begun(issue: &Issue) -> bool {
    use super::Event;
    let claim = issue
        .trail
        .last(|event| matches!(event, Event::Started | Event::Triggered { .. }));
    claim.is_some_and(|entry| entry.event == Event::Started)
}

fn held(issue: Option<u64>, other: &Issue) -> Begin {
    Begin::Held {
        issue: issue.filter(|number| *number != other.number),
        behind: other.number,
        state: other.state().unwrap_or(State::Active),
    }
}
