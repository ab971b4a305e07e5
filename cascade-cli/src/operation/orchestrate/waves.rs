//! The callbacks of a run in waves, each of what can run once those before have ended.

use cascade_core::lifecycle::orchestrate::Plan;
use cascade_core::pipeline::{Callback, CallbackKind, Component};
use serde_json::{Value, json};

/// Returns what runs, under the names that scripts of the Go tool read.
pub(super) fn execution(component: &Component, plan: &Plan) -> Value {
    let deploys: Vec<&String> = plan.step.deploys.keys().collect();
    json!({
        "has_changes": !plan.run_builds.is_empty() || !deploys.is_empty(),
        "triggered_builds": plan.run_builds,
        "triggered_deploys": deploys,
        "execution_plan": { "waves": waves(component, plan) },
    })
}

fn waves(component: &Component, plan: &Plan) -> Vec<Value> {
    let builds = component
        .builds
        .iter()
        .map(|each| (CallbackKind::Build, &each.callback));
    let builds = builds.filter(|(_, each)| plan.run_builds.contains(&each.name.to_string()));
    let deploys = component
        .deploy_callbacks()
        .map(|each| (CallbackKind::Deploy, each));
    let deploys = deploys.filter(|(_, each)| plan.step.deploys.contains_key(each.name.as_str()));
    let mut open: Vec<(CallbackKind, &Callback)> = builds.chain(deploys).collect();
    let mut waves = Vec::new();
    while !open.is_empty() {
        let waits = |(kind, callback): &(CallbackKind, &Callback)| {
            let waits_for_builds = *kind == CallbackKind::Deploy
                && open.iter().any(|(other, _)| *other == CallbackKind::Build);
            waits_for_builds
                || callback.dependencies.iter().any(|dependency| {
                    open.iter().any(|(kind, other)| {
                        *kind == dependency.kind && other.name == dependency.name
                    })
                })
        };
        let (later, now): (Vec<_>, Vec<_>) = open.iter().copied().partition(waits);
        let names: Vec<&str> = now.iter().map(|(_, each)| each.name.as_str()).collect();
        waves.push(json!({ "callbacks": names }));
        open = later;
    }
    waves
}
