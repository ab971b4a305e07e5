//! One environment, or one deploy of it, through the events.

use super::commit_graph::CommitGraph;
use super::event::{Event, Kind, Point};
use crate::lifecycle::Operation;
use crate::time::Time;
use serde::Serialize;
use std::collections::HashSet;
use std::time::Duration;

const ROLLBACK: &str = Operation::Rollback.as_str();

/// An environment, or one deploy of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject<'a> {
    /// The component, if the repository has several.
    pub component: Option<&'a str>,
    /// The environment; `release` for releases.
    pub environment: &'a str,
    /// The deploy; `None` for the environment as a whole.
    pub deploy: Option<&'a str>,
}

/// One version that was brought to a subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The version.
    pub to: Point,
    /// The time at which it was deployed; of one that never was, at which that was recorded.
    pub at: Time,
    /// True if the subject held it with all of its deploys.
    pub deployed: bool,
    /// The failure of this change, if it failed.
    pub failure: Option<Failure>,
    /// The time that each of its commits waited; `None` if that cannot be told.
    pub lead_times: Option<Vec<Duration>>,
}

/// A failure of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The sign of it.
    pub cause: Cause,
    /// The time since which the subject held the failed version.
    pub since: Time,
    /// The time at which it held another one.
    pub restored: Option<Time>,
}

/// A sign of failure in the history of the state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// A rollback rejected it.
    RolledBack,
    /// It got a hotfix.
    Hotfixed,
    /// Some of its deploys did not follow.
    Incomplete,
    /// Its rollout was rolled back.
    RolloutFailed,
}

impl Subject<'_> {
    /// Returns true if an event happened where it is.
    fn is_at(&self, event: &Event) -> bool {
        event.component.as_deref() == self.component
            && event.environment == self.environment
            && event.kind != Kind::External
    }

    /// Returns true if an event changed it.
    fn moved(&self, event: &Event) -> bool {
        let moved = |name: &str| event.deploys.iter().any(|each| each.name == name);
        self.deploy.is_none_or(moved)
    }

    /// Returns what an event brought to it, and what it held before.
    fn points<'e>(&self, event: &'e Event) -> (&'e Point, &'e Point) {
        let mut deploys = event.deploys.iter();
        let own = deploys.find(|each| Some(each.name.as_str()) == self.deploy);
        match own {
            Some(moved) if event.kind != Kind::RolloutFailed => (&moved.to, &moved.from),
            _ => (&event.to, &event.from),
        }
    }
}

/// Returns every version that was brought to a subject, oldest first.
#[must_use]
pub fn changes(events: &[Event], subject: Subject<'_>, graph: &CommitGraph) -> Vec<Change> {
    let mut follower = Follower {
        subject,
        graph,
        reached: HashSet::new(),
        begun: false,
        current: None,
        held_since: Time::default(),
        open: Vec::new(),
        changes: Vec::new(),
    };
    for event in events.iter().filter(|event| subject.is_at(event)) {
        match subject.moved(event) {
            true => follower.follow(event),
            false => follower.look(event),
        }
    }
    follower.changes
}

struct Follower<'a> {
    subject: Subject<'a>,
    graph: &'a CommitGraph,
    /// The commits that were deployed before.
    reached: HashSet<&'a str>,
    /// Something is known to have been deployed before.
    begun: bool,
    /// The change that is held now.
    current: Option<usize>,
    held_since: Time,
    /// The changes that are incomplete.
    open: Vec<usize>,
    changes: Vec<Change>,
}

impl Follower<'_> {
    fn follow(&mut self, event: &Event) {
        let (to, from) = self.subject.points(event);
        self.start(from);
        match event.kind {
            Kind::Deployed | Kind::Released => self.deployed(event, to),
            Kind::Hotfixed => {
                self.fail(Cause::Hotfixed, event.at);
                self.deployed(event, to);
            }
            Kind::RolledBack => self.rolled_back(event.at, to),
            Kind::Incomplete if event.operation.as_deref() == Some(ROLLBACK) => self.undone(),
            Kind::Incomplete => self.incomplete(event.at, to),
            Kind::Restored => self.close(event.at),
            Kind::RolloutFailed => self.rollout_failed(event, to),
            Kind::External => {}
        }
    }

    /// Ends what is incomplete with an event that changed other deploys alone.
    fn look(&mut self, event: &Event) {
        match event.kind {
            Kind::Deployed | Kind::Hotfixed if self.opened(&event.to).is_some() => {
                self.deployed(event, &event.to);
            }
            Kind::Deployed | Kind::Hotfixed | Kind::RolledBack | Kind::Restored => {
                self.close(event.at);
            }
            Kind::Incomplete | Kind::RolloutFailed | Kind::External | Kind::Released => {}
        }
    }

    /// Returns the change that is incomplete with this version.
    fn opened(&self, to: &Point) -> Option<usize> {
        let mut open = self.open.iter().copied();
        open.find(|index| self.changes[*index].to == *to)
    }

    /// Reaches the commits of what was held before the first event.
    fn start(&mut self, from: &Point) {
        if !self.begun
            && let Some(sha) = &from.sha
        {
            self.begun = self.graph.reach(sha, &mut self.reached).is_some();
        }
    }

    fn deployed(&mut self, event: &Event, to: &Point) {
        let lead_times = self.lead_times(event, to);
        let index = match self.opened(to) {
            Some(index) => index,
            None => self.add(to, event.at),
        };
        self.close(event.at);
        let change = &mut self.changes[index];
        change.at = event.at;
        change.deployed = true;
        change.lead_times = lead_times;
        self.current = Some(index);
        self.held_since = event.at;
    }

    fn rolled_back(&mut self, at: Time, to: &Point) {
        self.fail(Cause::RolledBack, at);
        self.close(at);
        let mut earlier = self.changes.iter();
        self.current = earlier.rposition(|change| change.deployed && change.to == *to);
        self.held_since = at;
    }

    /// Notes that a rollback of what is held has not come to its end.
    fn undone(&mut self) {
        let since = self.held_since;
        let Some(current) = self.current else {
            return;
        };
        self.changes[current].failure.get_or_insert(Failure {
            cause: Cause::RolledBack,
            since,
            restored: None,
        });
        if !self.open.contains(&current) {
            self.open.push(current);
        }
    }

    fn incomplete(&mut self, at: Time, to: &Point) {
        if self.opened(to).is_some() {
            return;
        }
        let index = match self.changes.len().checked_sub(1) {
            Some(last) if self.is_same_attempt(last, to) => last,
            _ => self.add(to, at),
        };
        let failure = Failure {
            cause: Cause::Incomplete,
            since: at,
            restored: None,
        };
        let failure = self.changes[index].failure.take().unwrap_or(failure);
        self.changes[index].failure = Some(Failure {
            restored: None,
            ..failure
        });
        self.open.push(index);
    }

    /// Returns true if a change is a rollout of this version that was rolled back: what it left
    /// behind is the same failure.
    fn is_same_attempt(&self, index: usize, to: &Point) -> bool {
        let change = &self.changes[index];
        let cause = change.failure.as_ref().map(|failure| failure.cause);
        cause == Some(Cause::RolloutFailed) && !change.deployed && change.to.version == to.version
    }

    fn rollout_failed(&mut self, event: &Event, to: &Point) {
        let open = |index: &usize| self.changes[*index].to.version == to.version;
        if self.open.iter().any(open) {
            return;
        }
        let index = self.add(to, event.at);
        self.changes[index].failure = Some(Failure {
            cause: Cause::RolloutFailed,
            since: event.began.unwrap_or(event.at).min(event.at),
            restored: Some(event.at),
        });
    }

    fn add(&mut self, to: &Point, at: Time) -> usize {
        self.changes.push(Change {
            to: to.clone(),
            at,
            deployed: false,
            failure: None,
            lead_times: None,
        });
        self.changes.len() - 1
    }

    /// Notes that the version that is held failed, and holds no longer.
    fn fail(&mut self, cause: Cause, restored: Time) {
        let since = self.held_since;
        let Some(change) = self.current.and_then(|index| self.changes.get_mut(index)) else {
            return;
        };
        change.failure.get_or_insert(Failure {
            cause,
            since,
            restored: Some(restored),
        });
    }

    /// Ends what is incomplete.
    fn close(&mut self, at: Time) {
        for index in self.open.drain(..) {
            if let Some(failure) = &mut self.changes[index].failure {
                failure.restored = Some(at);
            }
        }
    }

    /// Returns how long each commit waited that was never deployed before. Of the first deployment
    /// nothing tells which of its commits are new.
    fn lead_times(&mut self, event: &Event, to: &Point) -> Option<Vec<Duration>> {
        let (graph, component) = (self.graph, self.subject.component);
        let fixes: Vec<&str> = event
            .patches
            .iter()
            .filter_map(|sha| graph.name(sha))
            .collect();
        let fixes: Vec<&str> = fixes
            .into_iter()
            .filter(|sha| self.reached.insert(sha))
            .collect();
        let brought = graph.reach(to.sha.as_deref()?, &mut self.reached)?;
        if !std::mem::replace(&mut self.begun, true) {
            return None;
        }
        let commits = match event.patches.is_empty() {
            true => brought,
            false => fixes,
        };
        let changes = commits
            .into_iter()
            .filter(|sha| graph.is_change(sha, component));
        let waited = changes.filter_map(|sha| Some(event.at - graph.time(sha)?));
        Some(waited.collect())
    }
}
