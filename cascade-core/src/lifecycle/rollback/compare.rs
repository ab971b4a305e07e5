//! Deploys that were renamed, split or removed since the target was deployed.

use super::Refusal;
use crate::lifecycle::Step;
use crate::pipeline::Component;
use crate::state::{Environment, Snapshot};

/// Compares the deploys of the target with those of the pipeline, which may have been renamed,
/// split or removed since.
///
/// # Errors
/// The target cannot be carried out.
pub(super) fn compare(
    component: &Component,
    now: &Environment,
    target: &Snapshot,
    step: &Step,
    deployable: Option<&str>,
) -> Result<Vec<String>, Refusal> {
    if target.held.deploys.is_empty() {
        return Ok(Vec::new());
    }
    let asked = |name: &str| deployable.is_none_or(|only| only == name);
    let in_component = |name: &str| {
        component
            .deploys
            .iter()
            .any(|each| each.callback.name.as_str() == name)
    };
    let recorded = target
        .held
        .deploys
        .iter()
        .filter(|(_, deploy)| deploy.sha.is_some());
    let removed = recorded.map(|(name, _)| name.clone());
    let removed: Vec<String> = removed
        .filter(|name| deployable.is_none() && !in_component(name))
        .collect();
    let held = now
        .held
        .deploys
        .iter()
        .filter(|(_, deploy)| deploy.sha.is_some());
    let added = held.map(|(name, _)| name.clone());
    let added: Vec<String> = added
        .filter(|name| in_component(name) && asked(name) && !target.held.deploys.contains_key(name))
        .collect();
    let version = target.held.version.clone().unwrap_or_default();
    let differs = !removed.is_empty() || !added.is_empty();
    if differs && (step.deploys.is_empty() || (!removed.is_empty() && !added.is_empty())) {
        return Err(Refusal::OtherDeploys {
            environment: step.environment.clone(),
            version,
            removed,
            added,
        });
    }
    let gone = removed.iter().map(|name| {
        format!("{version} was deployed with `{name}`, which the pipeline does not have any more")
    });
    let stays = added
        .iter()
        .map(|name| format!("`{name}` stays as it is: {version} was deployed without it"));
    Ok(gone.chain(stays).collect())
}
