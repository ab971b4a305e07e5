//! The members of a train, which must have come as far as the one that is released.

use super::Closed;
use crate::lifecycle::promotion_order::Place;
use crate::pipeline::{Component, Member};
use crate::state::State;
use indexmap::IndexMap;

/// Returns a closed gate for each member that neither is released with the version nor holds the
/// candidate where it is released from.
pub(super) fn left_behind(
    component: &Component,
    states: &IndexMap<String, State>,
    candidate: &str,
) -> Vec<Closed> {
    let Some(train) = component.train() else {
        return Vec::new();
    };
    let Some(version) = component.tag_grammar.parse(candidate) else {
        return Vec::new();
    };
    let nothing = State::default();
    let mut found = Vec::new();
    for member in &train.members {
        let name = member.name.as_str();
        if component.name() == Some(name) {
            continue;
        }
        let state = states.get(name).unwrap_or(&nothing);
        let place = released_from(member);
        let held = |place: &Place| place.base(state).version;
        let parsed = |version: &str| member.tag_grammar.parse(version);
        let released = held(&Place::Release).and_then(|version| parsed(&version));
        if released.is_some_and(|released| released.core >= version.core) {
            continue;
        }
        let holds = held(&place).unwrap_or_default();
        if parsed(&holds) != Some(version) {
            found.push(Closed::Train {
                member: name.to_owned(),
                holds,
                place: place.name().to_owned(),
            });
        }
    }
    found
}

/// Returns the place whose artifact a release publishes.
fn released_from(member: &Member) -> Place {
    let environments = member.environments.as_slice();
    match environments {
        [] => Place::Prerelease,
        [only] => Place::Environment(only.to_string()),
        [.., below, _] => Place::Environment(below.to_string()),
    }
}
