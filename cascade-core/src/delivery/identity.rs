//! The identity of deployments: two records with the same one are the same deployment.

use super::event::{Event, Point};
use std::collections::HashSet;

/// A deployment, wherever it is recorded: a moved state, a merge and a reverted commit record it
/// again.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Identity {
    component: Option<String>,
    environment: String,
    to: Point,
    stamp: String,
}

/// The deployments that were seen.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// With the deploys that each changed.
    moves: HashSet<(Identity, Vec<String>)>,
    any: HashSet<Identity>,
}

impl Seen {
    /// Notes an event; returns true if it is new.
    ///
    /// An environment that `appears` in a commit may have been moved there, so whatever is recorded
    /// of that deployment already counts.
    pub(super) fn add(&mut self, event: &Event, stamp: &str, appears: bool) -> bool {
        let identity = Identity {
            component: event.component.clone(),
            environment: event.environment.clone(),
            to: event.to.clone(),
            stamp: match stamp.is_empty() {
                true => event.commit.clone(),
                false => stamp.to_owned(),
            },
        };
        let known = appears && self.any.contains(&identity);
        self.any.insert(identity.clone());
        let deploys = event.deploys.iter().map(|each| each.name.clone());
        let mut deploys: Vec<String> = deploys.collect();
        deploys.sort_unstable();
        self.moves.insert((identity, deploys)) && !known
    }
}
