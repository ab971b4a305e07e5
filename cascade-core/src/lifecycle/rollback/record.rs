//! Recording a rollback.

use super::Plan;
use crate::lifecycle::base::Held;
use crate::lifecycle::outcome::of;
use crate::lifecycle::record::{Recording, Settled};
use crate::lifecycle::stage::carry;
use crate::lifecycle::{Base, Deploying, Ended, Recorded, Superseded, rollout};
use crate::pipeline::Component;
use crate::state::{Environment, Rejected, State};

/// Records a rollback: each deploy that succeeded, and the environment if all in scope did.
///
/// Recording twice changes nothing the second time.
///
/// # Errors
/// The environment holds something that the rollback was not planned for.
pub fn record(
    state: &State,
    plan: &Plan,
    deploying: Deploying<'_>,
    component: &Component,
    ended: Ended<'_>,
) -> Result<Recorded, Superseded> {
    let stage = &plan.stage;
    let recording = Recording {
        stage,
        deploying,
        component,
        ended,
    };
    let mut state = state.clone();
    let environment = state.environments.entry(stage.environment.clone());
    let environment = environment.or_default();
    let branch = format!("rollback/{}", stage.environment);
    let found = Base::from(&*environment);
    let landed = found.is(&stage.sha, &stage.version)
        && found.git_ref.as_deref() == Some(branch.as_str())
        && stage.deploys_landed(environment);
    if landed {
        recording.settle(environment, settled(plan, true));
        return Ok(done(state, true));
    }
    let held = match found == stage.base {
        true => Ok(Held::Still),
        false => Err(Superseded {
            place: stage.environment.clone(),
            planned: Box::new(stage.base.clone()),
            found: Box::new(found),
        }),
    };
    if let Some(refused) = recording.refusal(environment, &held) {
        return Ok(recording.in_doubt(state, refused));
    }
    held?;
    let complete = ended.gate.is_success()
        && stage
            .deploys
            .keys()
            .all(|name| of(ended.results, name).is_success());
    rollout::finish(environment, stage, ended.results, deploying.stamp);
    rollout::settle(environment, stage, ended.results, deploying.stamp);
    // What is broken off or repaired moves nothing: what it was to replace is still recorded.
    let diverges = complete && !returns(environment, plan);
    if diverges {
        environment.remember();
    }
    recording.deploys(environment);
    if diverges {
        diverge(environment, plan, &branch, deploying);
    }
    if complete && plan.deployable.is_none() {
        carry(&mut environment.external, stage);
    }
    recording.settle(environment, settled(plan, complete));
    Ok(done(state, complete))
}

fn done(state: State, advanced: bool) -> Recorded {
    Recorded {
        state,
        advanced,
        restore: None,
        refused: None,
    }
}

/// Returns true if the environment goes back to what it holds while it is complete.
fn returns(environment: &Environment, plan: &Plan) -> bool {
    let stage = &plan.stage;
    let complete = environment.complete_deploys();
    let slots = environment.complete_external();
    stage.base.is(&stage.sha, &stage.version)
        && stage.deploys.iter().all(|(name, planned)| {
            let deploy = complete.get(name).is_some_and(|held| planned.is(held));
            deploy || slots.get(name).is_some_and(|slot| planned.is_slot(slot))
        })
}

const fn settled(plan: &Plan, complete: bool) -> Settled {
    match (complete, plan.deployable.is_some()) {
        (false, _) => Settled::Unmoved,
        (true, true) => Settled::Own,
        (true, false) => Settled::All,
    }
}

fn diverge(environment: &mut Environment, plan: &Plan, branch: &str, deploying: Deploying<'_>) {
    let stage = &plan.stage;
    let left = Rejected {
        sha: environment.sha.clone(),
        version: environment.version.clone(),
        ..Rejected::default()
    };
    if plan.deployable.is_none() {
        environment.reject_newest();
        environment.sha = Some(stage.sha.clone());
        environment.version = Some(stage.version.clone());
        environment.builds.clone_from(&stage.builds);
    }
    environment.committed_at = Some(deploying.stamp.at.clone());
    environment.committed_by = Some(deploying.stamp.by.clone());
    environment.git_ref = Some(branch.to_owned());
    environment.base_sha.clone_from(&left.sha);
    environment.rejected = Some(left);
}
