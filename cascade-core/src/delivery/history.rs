//! From commits of the state to what happened.

use super::event::{Event, Kind, Point};
use super::identity::Seen;
use super::state_commit::StateCommit;
use super::transition::{Transition, of_snapshot, point, transitions};
use crate::state::{Environment, Managed, State};
use crate::time::Time;
use indexmap::IndexMap;
use std::collections::HashMap;

/// Everything that the history of the state tells.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct History {
    /// The events, oldest first.
    pub events: Vec<Event>,
    /// The gaps: the places where commits are missing.
    pub gaps: Vec<Gap>,
    /// The time of the oldest commit, or of the first event if that is older.
    pub begins: Option<Time>,
}

/// A deployment that the state remembers and no commit recorded: the history was rewritten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// The component, if the repository has several.
    pub component: Option<String>,
    /// The environment.
    pub environment: String,
    /// The deployment that is missing.
    pub missing: Point,
    /// The commit whose parent should have recorded it.
    pub commit: String,
    /// The time of that commit.
    pub at: Time,
}

impl Gap {
    fn before(event: &Event, missing: Point) -> Self {
        Self {
            component: event.component.clone(),
            environment: event.environment.clone(),
            missing,
            commit: event.commit.clone(),
            at: event.at,
        }
    }
}

/// An event that was read and is not yet known to be new.
struct Candidate {
    event: Event,
    stamp: String,
    appears: bool,
    begins: bool,
    /// The version that the environment held before, as the state remembers it.
    remembers: Option<Point>,
}

/// Reads the history of the state: commits of the manifest, and commits of the state branch, each
/// list with parents before children.
///
/// The order of commits counts, not that of clocks: what was recorded later happened later. The
/// state that the manifest's history begins with is not an event, since nothing tells how it came
/// about.
#[must_use]
pub fn history(manifest: &[StateCommit], branch: &[StateCommit]) -> History {
    let mut found = History::default();
    let mut candidates = Vec::new();
    for (commits, begins) in [(manifest, true), (branch, false)] {
        let mut reader = Reader::new(commits, begins);
        commits.iter().for_each(|commit| reader.read(commit));
        candidates.append(&mut reader.candidates);
        found.gaps.append(&mut reader.gaps);
        let first = commits.first().map(|commit| commit.at);
        found.begins = [found.begins, first].into_iter().flatten().min();
    }
    candidates.sort_by_key(|each| (!each.begins, each.appears, each.event.at));
    let mut seen = Seen::default();
    for each in candidates {
        if seen.add(&each.event, &each.stamp, each.appears) && !each.begins {
            let missing = each.remembers.filter(|_| each.appears);
            found
                .gaps
                .extend(missing.map(|missing| Gap::before(&each.event, missing)));
            found.events.push(each.event);
        }
    }
    found.events.sort_by_key(|event| event.at);
    let first = found.events.first().map(|event| event.at);
    found.begins = [found.begins, first].into_iter().flatten().min();
    found.gaps.sort_by_key(|gap| gap.at);
    found
}

struct Reader<'a> {
    known: HashMap<&'a str, &'a StateCommit>,
    /// A commit without parents begins the history, and nothing came before it.
    begins: bool,
    latest: Time,
    candidates: Vec<Candidate>,
    gaps: Vec<Gap>,
}

type Places<'a> = IndexMap<(Option<&'a str>, &'a str), &'a Environment>;

impl<'a> Reader<'a> {
    fn new(commits: &'a [StateCommit], begins: bool) -> Self {
        let known = commits.iter().map(|each| (each.sha.as_str(), each));
        Self {
            known: known.collect(),
            begins,
            latest: Time::default(),
            candidates: Vec::new(),
            gaps: Vec::new(),
        }
    }

    fn read(&mut self, commit: &StateCommit) {
        let parents = commit.parents.iter();
        let parents: Vec<&Managed> = parents
            .filter_map(|sha| self.known.get(sha.as_str()))
            .map(|parent| &parent.managed)
            .collect();
        let begins = self.begins && parents.is_empty();
        // State that is gone was moved or reset: nothing was deployed.
        if commit.managed.is_empty() || parents.contains(&&commit.managed) {
            return;
        }
        let nothing = Managed::default();
        let before = parents.first().copied().unwrap_or(&nothing);
        let then = places(&before.state);
        let others: Vec<Places<'_>> = parents
            .iter()
            .skip(1)
            .map(|each| places(&each.state))
            .collect();
        let empty = Environment::default();
        for (place, now) in places(&commit.managed.state) {
            if others.iter().any(|other| other.get(&place) == Some(&now)) {
                continue;
            }
            let known = then.get(&place);
            let held = known.copied().unwrap_or(&empty);
            self.environment(commit, place, (held, now), begins, known.is_none());
        }
        self.releases(commit, &parents, begins);
    }

    fn environment(
        &mut self,
        commit: &StateCommit,
        (component, environment): (Option<&str>, &str),
        (before, after): (&Environment, &Environment),
        begins: bool,
        appears: bool,
    ) {
        let missing = gap(before, after).filter(|_| !begins);
        for each in transitions(before, after) {
            let stamp = each.stamp.as_ref().map(|(at, _)| at.clone());
            let patches = patches(before, after, each.kind);
            let rejected = after
                .rejected
                .as_ref()
                .filter(|_| each.kind == Kind::RolledBack);
            let rejected = rejected.map(|each| Point {
                sha: each.sha.clone(),
                version: each.version.clone(),
            });
            let event = Event {
                operation: operation(after, each.kind),
                component: component.map(str::to_owned),
                environment: environment.to_owned(),
                from: point(before),
                patches,
                rejected,
                ..self.event(commit, each)
            };
            let missing = missing.clone();
            self.gaps
                .extend(missing.map(|missing| Gap::before(&event, missing)));
            self.candidates.push(Candidate {
                event,
                stamp: stamp.unwrap_or_default(),
                appears,
                begins,
                remembers: after.previous.first().map(of_snapshot),
            });
        }
    }

    fn event(&mut self, commit: &StateCommit, transition: Transition) -> Event {
        let stamp = transition.stamp;
        let by = stamp.as_ref().and_then(|(_, by)| by.clone());
        let at = stamp.and_then(|(at, _)| at.parse().ok());
        Event {
            at: self.time(commit, at),
            began: transition.began.and_then(|at| at.parse().ok()),
            kind: transition.kind,
            operation: None,
            component: None,
            environment: String::new(),
            to: transition.to,
            from: Point::default(),
            deploys: transition.deploys,
            external: transition.external,
            patches: Vec::new(),
            rejected: None,
            by: by.unwrap_or_else(|| commit.author.clone()),
            run: commit.run().map(str::to_owned),
            commit: commit.sha.clone(),
        }
    }

    /// Returns when something happened: as the state says, unless its commit is older, and never
    /// before what was recorded before it.
    fn time(&mut self, commit: &StateCommit, stated: Option<Time>) -> Time {
        let at = stated.unwrap_or(commit.at).min(commit.at);
        self.latest = self.latest.max(at);
        self.latest
    }

    fn releases(&mut self, commit: &StateCommit, parents: &[&Managed], begins: bool) {
        let published = releases(&commit.managed);
        let known: Vec<_> = parents.iter().map(|parent| releases(parent)).collect();
        for (component, release) in published {
            let same = |other: &IndexMap<Option<&str>, Published>| {
                other
                    .get(&component)
                    .is_some_and(|each| each.to == release.to)
            };
            if known.iter().any(same) {
                continue;
            }
            let before = known.first().and_then(|known| known.get(&component));
            let transition = Transition {
                kind: Kind::Released,
                to: release.to,
                deploys: Vec::new(),
                external: Vec::new(),
                stamp: release.at.clone().map(|at| (at, release.by)),
                began: None,
            };
            let event = Event {
                component: component.map(str::to_owned),
                environment: super::RELEASE.to_owned(),
                from: before.map(|each| each.to.clone()).unwrap_or_default(),
                ..self.event(commit, transition)
            };
            self.candidates.push(Candidate {
                event,
                stamp: release.at.unwrap_or_default(),
                appears: before.is_none(),
                begins,
                remembers: None,
            });
        }
    }
}

/// A release, as the state records it.
struct Published {
    to: Point,
    at: Option<String>,
    by: Option<String>,
}

fn releases(managed: &Managed) -> IndexMap<Option<&str>, Published> {
    let latest = &managed.latest_release;
    let components = latest.components.iter();
    let components = components.map(|(name, each)| (Some(name.as_str()), each));
    let all = std::iter::once((None, latest)).chain(components);
    let published = all.filter(|(_, each)| each.version.is_some());
    let published = published.map(|(component, each)| {
        let to = Point {
            sha: each.sha.clone(),
            version: each.version.clone(),
        };
        let (at, by) = (each.released_on.clone(), each.released_by.clone());
        (component, Published { to, at, by })
    });
    published.collect()
}

fn places(state: &State) -> Places<'_> {
    let own = state.environments.iter();
    let own = own.map(|(name, each)| ((None, name.as_str()), each));
    let components = state.components.iter().flat_map(|(component, state)| {
        let environments = state.environments.iter();
        environments.map(move |(name, each)| ((Some(component.as_str()), name.as_str()), each))
    });
    own.chain(components).collect()
}

fn operation(after: &Environment, kind: Kind) -> Option<String> {
    let incomplete = after.incomplete.as_ref();
    let incomplete = incomplete.filter(|_| kind == Kind::Incomplete);
    incomplete.and_then(|each| each.operation.clone())
}

fn patches(before: &Environment, after: &Environment, kind: Kind) -> Vec<String> {
    let new = |sha: &&str| !before.patches.iter().any(|each| each.sha() == Some(*sha));
    let all = after.patches.iter().filter(|_| kind == Kind::Hotfixed);
    let new = all.filter_map(|each| each.sha()).filter(new);
    new.map(str::to_owned).collect()
}

/// Returns what the environment held between both states, if the commit that recorded it is missing.
///
/// Compares the newest entry of what an environment held before with what it held until now.
fn gap(before: &Environment, after: &Environment) -> Option<Point> {
    let (held, newest) = (point(before), after.previous.first().map(of_snapshot)?);
    let grew = before.previous.first().map(of_snapshot).as_ref() != Some(&newest);
    let missing = !held.is_empty() && held != point(after) && grew && held != newest;
    missing.then_some(newest)
}
