//! Everything that is known of a component at one moment, in the order of its promotions.
//!
//! [`board`] puts together what the state records and what the shell found out besides: the commits
//! that wait, open hotfixes, integrations. What nobody could find out is unknown, which is not the
//! same as nothing.

mod behind;
mod condition;
mod place;

#[cfg(test)]
mod tests;

pub use behind::{Behind, TRUNK, Waiting, behind};
pub use condition::Condition;
pub use place::{Deployed, ExternalVersion, Place, Rollout};

use crate::lifecycle::hotfix::Pull;
use crate::lifecycle::integration::Issue;
use crate::lifecycle::promotion_order::promotion_order;
use crate::pipeline::Component;
use crate::state::{LatestRelease, Managed};
use crate::time::Time;
use indexmap::IndexMap;

/// Everything that is known of a component.
#[derive(Debug, Clone, PartialEq)]
pub struct Board {
    /// Its name, if the repository has several.
    pub component: Option<String>,
    /// Its environments and records, in promotion order.
    pub places: Vec<Place>,
    /// The latest release.
    pub latest_release: LatestRelease,
    /// Hotfixes that are open; `None` if nobody could ask.
    pub hotfixes: Option<Vec<Pull>>,
    /// Integrations that are open; `None` if nobody could ask, nothing in a repository without.
    pub integrations: Option<Vec<Issue>>,
}

/// The facts that the shell collected.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Facts {
    /// The present moment.
    pub now: Time,
    /// The commits that wait for each place, as far as git can tell.
    pub waiting: IndexMap<String, Waiting>,
    /// Hotfixes that are open, if they are known.
    pub hotfixes: Option<Vec<Pull>>,
    /// Integrations that are open, if they are known.
    pub integrations: Option<Vec<Issue>>,
}

/// Puts together what is known of a component.
#[must_use]
pub fn board(component: &Component, managed: &Managed, facts: Facts) -> Board {
    let mut waiting = facts.waiting;
    let places = promotion_order(component).into_iter().map(|place| Place {
        waiting: waiting.shift_remove(&place.to_string()),
        ..Place::new(component, &managed.state, &place, facts.now)
    });
    Board {
        component: component.name().map(str::to_owned),
        places: places.collect(),
        latest_release: managed.latest_release.clone(),
        hotfixes: facts.hotfixes,
        integrations: facts.integrations,
    }
}
