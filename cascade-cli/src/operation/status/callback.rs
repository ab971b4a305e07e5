//! One build or deploy in every environment.

use super::{Table, commit, document, pairs, word};
use cascade_core::pipeline::Component;
use cascade_core::state::{Build, Deploy, State};
use serde_json::{Value, json};

pub(super) fn build_text(component: &Component, name: &str, state: &State) -> String {
    let mut table = Table::new(["ENVIRONMENT", "SHA", "WHEN", "ARTIFACT", "OUTPUTS"]);
    for (environment, build) in builds(component, name, state) {
        let build = build.cloned().unwrap_or_default();
        table.row([
            environment.to_owned(),
            commit(build.sha.as_ref()),
            word(build.built_at.as_ref()),
            word(build.artifact_id.as_ref()),
            pairs(&build.tags),
        ]);
    }
    table.render()
}

pub(super) fn build_json(component: &Component, name: &str, state: &State) -> Value {
    let rows = builds(component, name, state);
    let rows = rows
        .map(|(environment, build)| entry(environment, build.map_or(Value::Null, document::build)));
    json!({ "name": name, "environments": rows.collect::<Vec<_>>() })
}

pub(super) fn deploy_text(component: &Component, name: &str, state: &State) -> String {
    let mut table = Table::new(["ENVIRONMENT", "VERSION", "SHA", "WHEN", "BY", "ROLLOUT"]);
    for (environment, deploy) in deploys(component, name, state) {
        let deploy = deploy.cloned().unwrap_or_default();
        table.row([
            environment.to_owned(),
            word(deploy.version.as_ref()),
            commit(deploy.sha.as_ref()),
            word(deploy.deployed_at.as_ref()),
            word(deploy.deployed_by.as_ref()),
            word(
                deploy
                    .rollout
                    .as_ref()
                    .and_then(|rollout| rollout.phase.as_ref()),
            ),
        ]);
    }
    table.render()
}

pub(super) fn deploy_json(component: &Component, name: &str, state: &State) -> Value {
    let rows = deploys(component, name, state);
    let rows = rows.map(|(environment, deploy)| {
        entry(environment, deploy.map_or(Value::Null, document::deploy))
    });
    json!({ "name": name, "environments": rows.collect::<Vec<_>>() })
}

fn builds<'a>(
    component: &'a Component,
    name: &'a str,
    state: &'a State,
) -> impl Iterator<Item = (&'a str, Option<&'a Build>)> {
    component.environments.iter().map(move |environment| {
        let environment = environment.name.as_str();
        let held = state.environments.get(environment);
        (
            environment,
            held.and_then(|held| held.held.builds.get(name)),
        )
    })
}

fn deploys<'a>(
    component: &'a Component,
    name: &'a str,
    state: &'a State,
) -> impl Iterator<Item = (&'a str, Option<&'a Deploy>)> {
    component.environments.iter().map(move |environment| {
        let environment = environment.name.as_str();
        let held = state.environments.get(environment);
        (
            environment,
            held.and_then(|held| held.held.deploys.get(name)),
        )
    })
}

fn entry(environment: &str, recorded: Value) -> Value {
    let mut entry = json!({ "environment": environment });
    entry["recorded"] = recorded;
    entry
}
