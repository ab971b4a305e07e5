//! The end of a run.

use super::Collected;
use crate::lifecycle::base::Standing;
use crate::lifecycle::external::take;
use crate::lifecycle::promotion_order::{Place, promotion_order};
use crate::lifecycle::step::carry;
use crate::lifecycle::{StalePlan, Stamp, Step};
use crate::pipeline::Component;
use crate::state::{Environment, ReleaseRecord, State};

/// The result of recording the end of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Finished {
    /// The state afterwards.
    pub state: State,
    /// True if the first place of the promotion order holds the run's commit and version now, or held them
    /// before a later run moved it on.
    pub advanced: bool,
}

/// Records a run in which nothing was deployed; one that deployed was recorded there.
///
/// Finishing twice changes nothing the second time.
///
/// # Errors
/// The place holds something that the run was not planned for.
pub fn finish(
    state: &State,
    component: &Component,
    collected: &Collected,
    deployed: bool,
    stamp: &Stamp,
) -> Result<Finished, StalePlan> {
    let mut state = take(component, state, &collected.elsewhere, stamp).state;
    let step = &collected.step;
    let place = promotion_order(component).swap_remove(0);
    let target = (step.sha.as_str(), step.version.as_str());
    let found = place.base(&state);
    if deployed {
        let advanced = found.is(target.0, target.1) || held_before(&state, &place, target);
        return Ok(Finished { state, advanced });
    }
    let held = step.base.still_holds(place.name(), found.clone(), target)?;
    let environment = state.environments.get(place.name());
    let advances = step.advance && !environment.is_some_and(|now| step.leaves_some_out(now));
    // What an earlier attempt recorded is not recorded again.
    let moves = advances
        && held == Standing::Still
        && !step.sha.is_empty()
        && !found.is(target.0, target.1);
    match place {
        Place::Environment(name) => {
            let environment = state.environments.entry(name.clone()).or_default();
            into_environment(environment, step, moves, stamp);
            if *environment == Environment::default() {
                state.environments.shift_remove(&name);
            }
        }
        Place::Prerelease | Place::Release => {
            let record = state.prerelease.get_or_insert_default();
            into_record(record, step, moves, stamp);
            if *record == ReleaseRecord::default() {
                state.prerelease = None;
            }
        }
    }
    let advanced = advances || held == Standing::Already;
    Ok(Finished { state, advanced })
}

fn held_before(state: &State, place: &Place, (sha, version): (&str, &str)) -> bool {
    let held = state.environments.get(place.name());
    held.is_some_and(|held| {
        held.previous.iter().any(|earlier| {
            earlier.held.sha.as_deref() == Some(sha)
                && earlier.held.version.as_deref() == Some(version)
        })
    })
}

fn into_environment(environment: &mut Environment, step: &Step, moves: bool, stamp: &Stamp) {
    if moves {
        environment.remember();
        environment.held.sha = Some(step.sha.clone());
        environment.held.version = Some(step.version.clone());
        environment.held.committed_at = Some(stamp.at.clone());
        environment.held.committed_by = Some(stamp.by.clone());
        // Nothing was deployed because nothing differs any more.
        environment.incomplete = None;
        environment.begun = None;
    }
    carry(&mut environment.held.external, step);
    environment.held.builds.extend(step.builds.clone());
}

fn into_record(record: &mut ReleaseRecord, step: &Step, moves: bool, stamp: &Stamp) {
    if moves {
        record.held.sha = Some(step.sha.clone());
        record.held.version = Some(step.version.clone());
        record.held.committed_at = Some(stamp.at.clone());
        record.held.committed_by = Some(stamp.by.clone());
    }
    carry(&mut record.held.external, step);
    record.held.builds.extend(step.builds.clone());
}
