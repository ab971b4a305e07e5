//! Recording a rollback.

use super::Plan;
use crate::lifecycle::base::Standing;
use crate::lifecycle::outcome::of;
use crate::lifecycle::record::{Recording, Settled};
use crate::lifecycle::step::carry;
use crate::lifecycle::{Base, Deploying, Ended, Recorded, StalePlan, rollout};
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
) -> Result<Recorded, StalePlan> {
    let step = &plan.step;
    let recording = Recording {
        step,
        deploying,
        component,
        ended,
    };
    let mut state = state.clone();
    let environment = state.environments.entry(step.environment.clone());
    let environment = environment.or_default();
    let branch = format!("rollback/{}", step.environment);
    let found = Base::from(&*environment);
    let landed = found.is(&step.sha, &step.version)
        && found.git_ref.as_deref() == Some(branch.as_str())
        && step.deploys_landed(environment);
    if landed {
        recording.settle(environment, settled(plan, true));
        return Ok(done(state, true));
    }
    let held = match found == step.base {
        true => Ok(Standing::Still),
        false => Err(StalePlan {
            place: step.environment.clone(),
            planned: Box::new(step.base.clone()),
            found: Box::new(found),
        }),
    };
    if let Some(refused) = recording.refusal(environment, &held) {
        return Ok(recording.in_doubt(state, refused));
    }
    held?;
    let complete = ended.gate.is_success()
        && step
            .deploys
            .keys()
            .all(|name| of(ended.results, name).is_success());
    rollout::finish(environment, step, ended.results, deploying.stamp);
    rollout::settle(environment, step, ended.results, deploying.stamp);
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
        carry(&mut environment.held.external, step);
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
    let step = &plan.step;
    let complete = environment.complete_deploys();
    let external = environment.complete_external();
    step.base.is(&step.sha, &step.version)
        && step.deploys.iter().all(|(name, planned)| {
            let deploy = complete.get(name).is_some_and(|held| planned.is(held));
            deploy
                || external
                    .get(name)
                    .is_some_and(|record| planned.is_external(record))
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
    let step = &plan.step;
    let left = Rejected {
        sha: environment.held.sha.clone(),
        version: environment.held.version.clone(),
        ..Rejected::default()
    };
    if plan.deployable.is_none() {
        environment.reject_newest();
        environment.held.sha = Some(step.sha.clone());
        environment.held.version = Some(step.version.clone());
        environment.held.builds.clone_from(&step.builds);
    }
    environment.held.committed_at = Some(deploying.stamp.at.clone());
    environment.held.committed_by = Some(deploying.stamp.by.clone());
    environment.git_ref = Some(branch.to_owned());
    environment.base_sha.clone_from(&left.sha);
    environment.rejected = Some(left);
}
