//! The transition of one environment between two states.

use super::event::{Kind, Moved, Point};
use crate::state::{Deploy, Environment, External, Incomplete, Snapshot};
use indexmap::IndexMap;

/// The transition of an environment in one commit.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Transition {
    pub(super) kind: Kind,
    pub(super) to: Point,
    pub(super) deploys: Vec<Moved>,
    pub(super) external: Vec<Moved>,
    /// The time, and the person or bot, as the state says.
    pub(super) stamp: Option<(String, Option<String>)>,
    /// The time at which a rollout began.
    pub(super) began: Option<String>,
}

/// Both states of an environment.
struct Between<'a> {
    before: &'a Environment,
    after: &'a Environment,
    deploys: Vec<Moved>,
    external: Vec<Moved>,
}

pub(super) fn transitions(before: &Environment, after: &Environment) -> Vec<Transition> {
    let between = Between {
        before,
        after,
        deploys: moved_deploys(before, after),
        external: moved_external(before, after),
    };
    let mut all = between.failed_rollouts();
    all.extend(between.kind().map(|kind| between.transition(kind)));
    all
}

impl Between<'_> {
    fn advanced(&self) -> bool {
        let now = point(self.after);
        !now.is_empty() && now != point(self.before)
    }

    fn kind(&self) -> Option<Kind> {
        let moved = !self.deploys.is_empty() || self.advanced();
        if let Some(open) = &self.after.incomplete {
            let known = self.before.incomplete.as_ref();
            let same = known.is_some_and(|known| target(known) == target(open));
            return (!same || moved).then_some(Kind::Incomplete);
        }
        if self.is_restored() {
            return Some(Kind::Restored);
        }
        if !moved {
            let closed = self.before.incomplete.as_ref().map(|_| Kind::Restored);
            return closed.or((!self.external.is_empty()).then_some(Kind::External));
        }
        Some(match () {
            () if self.is_hotfix() => Kind::Hotfixed,
            () if self.is_rollback() => Kind::RolledBack,
            () => Kind::Deployed,
        })
    }

    /// Returns true if what an incomplete deployment brought is gone, and nothing else came.
    fn is_restored(&self) -> bool {
        let Some(open) = &self.before.incomplete else {
            return false;
        };
        let back = open.deploys.iter().all(|(name, base)| {
            let now = self.after.held.deploys.get(name).map(of_deploy);
            now.unwrap_or_default() == of_deploy(base)
        });
        back && !self.advanced() && self.after.rejected == self.before.rejected
    }

    fn is_hotfix(&self) -> bool {
        let own_branch = |branch: &String| !branch.starts_with("rollback/");
        self.advanced()
            && self.after.git_ref.as_ref().is_some_and(own_branch)
            && (self.after.patches != self.before.patches
                || self.after.git_ref != self.before.git_ref)
    }

    fn is_rollback(&self) -> bool {
        let branch = self.after.git_ref.as_deref().unwrap_or_default();
        let rejects = self.after.rejected.is_some();
        let newly = rejects && self.after.rejected != self.before.rejected;
        // Several deploys of one rejected version may be rolled back one by one.
        let further = rejects && branch.starts_with("rollback/") && self.deploys_return();
        newly || further || (self.advanced() && self.returns())
    }

    /// Returns true if each deploy that moved held this before.
    fn deploys_return(&self) -> bool {
        let held = |moved: &Moved| {
            let mut earlier = self.before.previous.iter();
            earlier.any(|each| {
                let deploy = each.held.deploys.get(&moved.name);
                deploy.map(of_deploy).as_ref() == Some(&moved.to)
            })
        };
        self.deploys.iter().all(held)
    }

    /// Returns true if the environment held this before it first held what it held until now.
    fn returns(&self) -> bool {
        let place = |wanted: &Point| {
            let matches = |each: &Snapshot| of_snapshot(each) == *wanted;
            self.before.previous.iter().rposition(matches)
        };
        match (place(&point(self.after)), place(&point(self.before))) {
            (Some(target), Some(current)) => target > current,
            (Some(_), None) => true,
            (None, _) => false,
        }
    }

    fn transition(&self, kind: Kind) -> Transition {
        let to = match (&self.after.incomplete, kind) {
            (Some(open), Kind::Incomplete) => target(open),
            _ => self.narrowed().unwrap_or_else(|| point(self.after)),
        };
        Transition {
            kind,
            to,
            deploys: self.deploys.clone(),
            external: self.external.clone(),
            stamp: self.stamp(),
            began: None,
        }
    }

    /// Returns where single deploys went while the environment stayed.
    fn narrowed(&self) -> Option<Point> {
        let first = self.deploys.first()?;
        let alike = self.deploys.iter().all(|each| each.to == first.to);
        (!self.advanced() && alike).then(|| first.to.clone())
    }

    fn stamp(&self) -> Option<(String, Option<String>)> {
        let (now, then) = (&self.after.held, &self.before.held);
        if let Some(at) = now
            .committed_at
            .clone()
            .filter(|_| now.committed_at != then.committed_at)
        {
            return Some((at, now.committed_by.clone()));
        }
        let deploys = self.deploys.iter();
        let deploys = deploys.filter_map(|each| self.after.held.deploys.get(&each.name));
        let deploys =
            deploys.filter_map(|each| Some((each.deployed_at.clone()?, each.deployed_by.clone())));
        let external = self.external.iter();
        let external = external.filter_map(|each| self.after.held.external.get(&each.name));
        let external =
            external.filter_map(|each| Some((each.deployed_at.clone()?, each.deployed_by.clone())));
        deploys.chain(external).max()
    }

    fn failed_rollouts(&self) -> Vec<Transition> {
        let deploys = self.after.held.deploys.iter();
        let failed = deploys.filter_map(|(name, deploy)| {
            let before = self.before.held.deploys.get(name);
            let rollout = deploy.rollout.as_ref()?;
            let known = before.and_then(|before| before.rollout.as_ref());
            let again = known.is_some_and(|known| {
                known.phase == rollout.phase && known.started_at == rollout.started_at
            });
            if rollout.phase.as_deref() != Some("rolled_back") || again {
                return None;
            }
            let to = Point {
                sha: None,
                version: rollout.version.clone(),
            };
            let moved = Moved {
                name: name.clone(),
                to: to.clone(),
                from: before.map(of_deploy).unwrap_or_default(),
            };
            Some(Transition {
                kind: Kind::RolloutFailed,
                to,
                deploys: vec![moved],
                external: Vec::new(),
                stamp: rollout.finished_at.clone().map(|at| (at, None)),
                began: rollout.started_at.clone(),
            })
        });
        failed.collect()
    }
}

fn moved_deploys(before: &Environment, after: &Environment) -> Vec<Moved> {
    moved(&before.held.deploys, &after.held.deploys, of_deploy)
}

fn moved_external(before: &Environment, after: &Environment) -> Vec<Moved> {
    let arrived = |each: &External| each.deployed_at.is_some();
    let mut all = moved(&before.held.external, &after.held.external, of_external);
    for (name, now) in &after.held.external {
        let known = before.held.external.get(name);
        let deployed = known.is_some_and(|known| !arrived(known) && arrived(now));
        if deployed && !all.iter().any(|each| each.name == *name) {
            all.push(Moved {
                name: name.clone(),
                to: of_external(now),
                from: of_external(now),
            });
        }
    }
    all
}

fn moved<T>(
    before: &IndexMap<String, T>,
    after: &IndexMap<String, T>,
    point: fn(&T) -> Point,
) -> Vec<Moved> {
    let moved = after.iter().filter_map(|(name, now)| {
        let (to, from) = (point(now), before.get(name).map(point).unwrap_or_default());
        let moved = !to.is_empty() && to != from;
        moved.then(|| Moved {
            name: name.clone(),
            to,
            from,
        })
    });
    moved.collect()
}

pub(super) fn point(environment: &Environment) -> Point {
    Point {
        sha: environment.held.sha.clone(),
        version: environment.held.version.clone(),
    }
}

pub(super) fn of_snapshot(snapshot: &Snapshot) -> Point {
    Point {
        sha: snapshot.held.sha.clone(),
        version: snapshot.held.version.clone(),
    }
}

fn target(incomplete: &Incomplete) -> Point {
    Point {
        sha: incomplete.sha.clone(),
        version: incomplete.version.clone(),
    }
}

fn of_deploy(deploy: &Deploy) -> Point {
    Point {
        sha: deploy.sha.clone(),
        version: deploy.version.clone(),
    }
}

fn of_external(external: &External) -> Point {
    Point {
        sha: external.sha.clone(),
        version: external.version.clone(),
    }
}
