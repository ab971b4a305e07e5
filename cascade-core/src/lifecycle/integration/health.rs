//! The health of the integrations.

use super::{Entry, Event, Issue, State, Trigger};
use crate::time::Time;
use serde::Serialize;
use std::cmp::Reverse;
use std::time::Duration;

/// The number of the oldest issues that are named.
const NAMED: usize = 10;

/// So many of so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Share {
    /// Those that count.
    pub part: usize,
    /// All of them.
    pub whole: usize,
}

/// The health of the integrations, computed from the notes in their issues.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Health {
    /// The number of issues in each state, without those that are done.
    pub states: Vec<(State, usize)>,
    /// The number of issues for which somebody was told that nobody acts.
    pub escalated: usize,
    /// Issues whose labels contradict each other.
    pub contradictory: Vec<u64>,
    /// The oldest that are not done: the issue, its state, and for how many seconds it has been
    /// in it.
    pub oldest: Vec<(u64, State, u64)>,
    /// Integrations that led to a pull request, of those that ended.
    pub succeeded: Share,
    /// Integrations that a person started.
    pub manual: Share,
    /// Changes of which the monitor found that nobody had started them.
    pub caught: Share,
    /// Done changes of which every step is noted.
    pub complete: Share,
    /// The median of the seconds until a person acted.
    pub response: Option<u64>,
    /// The median of the seconds from the sync to trunk.
    pub to_trunk: Option<u64>,
    /// The median of the seconds from a conflict or failure to the pull request.
    pub recovery: Option<u64>,
}

impl Health {
    /// Looks at open and closed issues.
    pub fn new<'a>(issues: impl IntoIterator<Item = &'a Issue>, now: Time) -> Self {
        let mut health = Self::default();
        let mut times = Times::default();
        for issue in issues {
            health.stand(issue, now);
            health.count(issue);
            times.add(issue);
        }
        health
            .oldest
            .sort_by_key(|(number, _, age)| (Reverse(*age), *number));
        health.oldest.truncate(NAMED);
        health.response = median(times.response);
        health.to_trunk = median(times.to_trunk);
        health.recovery = median(times.recovery);
        health
    }

    fn stand(&mut self, issue: &Issue, now: Time) {
        let Ok(status) = &issue.status else {
            self.contradictory.push(issue.number);
            return;
        };
        if status.state == State::Done {
            return;
        }
        match self
            .states
            .iter_mut()
            .find(|(state, _)| *state == status.state)
        {
            Some((_, count)) => *count += 1,
            None => self.states.push((status.state, 1)),
        }
        self.escalated += usize::from(status.escalated);
        let age = (now - issue.since()).as_secs();
        self.oldest.push((issue.number, status.state, age));
    }

    fn count(&mut self, issue: &Issue) {
        let has = |holds: fn(&Event) -> bool| issue.trail.last(holds).is_some();
        let mut asked = None;
        for Entry { event, .. } in &issue.trail.entries {
            match event {
                Event::Triggered { why } => asked = Some(*why),
                Event::TriggerFailed => asked = None,
                Event::Started => self.manual.add(asked.take().is_none()),
                Event::Ready { .. } => self.succeeded.add(true),
                Event::Conflicted | Event::Failed | Event::Orphaned => self.succeeded.add(false),
                _ => {}
            }
        }
        if has(|event| matches!(event, Event::Started)) {
            let caught = |event: &Event| {
                matches!(
                    event,
                    Event::Triggered {
                        why: Trigger::Missed
                    }
                )
            };
            self.caught.add(issue.trail.last(caught).is_some());
        }
        if has(|event| matches!(event, Event::Done)) {
            let whole = has(|event| matches!(event, Event::Opened))
                && has(|event| matches!(event, Event::Started))
                && has(|event| matches!(event, Event::Ready { .. }));
            self.complete.add(whole);
        }
    }
}

impl Share {
    fn add(&mut self, counts: bool) {
        self.whole += 1;
        self.part += usize::from(counts);
    }

    /// The share in percent, 0 to 100; nothing of nothing.
    #[must_use]
    pub fn percent(self) -> Option<usize> {
        (self.part * 100).checked_div(self.whole)
    }
}

#[derive(Default)]
struct Times {
    response: Vec<Duration>,
    to_trunk: Vec<Duration>,
    recovery: Vec<Duration>,
}

impl Times {
    fn add(&mut self, issue: &Issue) {
        let mut opened = None;
        let mut asked_of_a_person = None;
        let mut broken = None;
        for Entry { at, event, .. } in &issue.trail.entries {
            match event {
                Event::Opened => {
                    opened = Some(*at);
                    asked_of_a_person = Some(*at);
                }
                // The monitor's answer is none of a person.
                Event::Triggered {
                    why: Trigger::Missed | Trigger::Held,
                } => asked_of_a_person = None,
                Event::Released | Event::Started => {
                    self.response
                        .extend(asked_of_a_person.take().map(|since| *at - since));
                }
                Event::Conflicted | Event::Failed | Event::Orphaned => {
                    asked_of_a_person = Some(*at);
                    broken.get_or_insert(*at);
                }
                Event::Ready { .. } => {
                    self.recovery.extend(broken.take().map(|since| *at - since));
                }
                Event::Done => self.to_trunk.extend(opened.take().map(|since| *at - since)),
                _ => {}
            }
        }
    }
}

fn median(mut times: Vec<Duration>) -> Option<u64> {
    times.sort_unstable();
    let middle = times.len() / 2;
    let upper = times.get(middle)?.as_secs();
    if times.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = times.get(middle.checked_sub(1)?)?.as_secs();
    Some(u64::midpoint(lower, upper))
}
