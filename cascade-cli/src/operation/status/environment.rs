//! One environment.

use super::{Table, commit, document, overview, pairs, word};
use cascade_core::state::{Environment, State};
use serde_json::Value;

pub(super) fn text(name: &str, state: &State) -> String {
    let Some(held) = state.environments.get(name) else {
        return format!("{name} holds nothing yet\n");
    };
    let notes = overview::notes(held);
    let notes = if notes.is_empty() {
        notes
    } else {
        format!("; {notes}")
    };
    let mut text = format!(
        "{name}: {} ({}), {} by {}{notes}\n",
        held.held.version.as_deref().unwrap_or("no version"),
        commit(held.held.sha.as_ref()),
        held.held
            .committed_at
            .as_deref()
            .unwrap_or("at an unknown time"),
        held.held.committed_by.as_deref().unwrap_or("somebody"),
    );
    text.push_str(&builds(held));
    text.push_str(&deploys(held));
    text.push_str(&previous(held));
    text
}

pub(super) fn json(name: &str, state: &State) -> Value {
    let held = state.environments.get(name).cloned().unwrap_or_default();
    document::environment(name, &held)
}

fn builds(held: &Environment) -> String {
    let mut table = Table::new(["BUILD", "SHA", "WHEN", "OUTPUTS"]);
    for (name, build) in &held.held.builds {
        table.row([
            name.clone(),
            commit(build.sha.as_ref()),
            word(build.built_at.as_ref()),
            pairs(&build.tags),
        ]);
    }
    if held.held.builds.is_empty() {
        String::new()
    } else {
        format!("\n{}", table.render())
    }
}

fn deploys(held: &Environment) -> String {
    let mut table = Table::new(["DEPLOY", "VERSION", "SHA", "WHEN", "BY"]);
    for (name, deploy) in &held.held.deploys {
        table.row([
            name.clone(),
            word(deploy.version.as_ref()),
            commit(deploy.sha.as_ref()),
            word(deploy.deployed_at.as_ref()),
            word(deploy.deployed_by.as_ref()),
        ]);
    }
    if held.held.deploys.is_empty() {
        String::new()
    } else {
        format!("\n{}", table.render())
    }
}

fn previous(held: &Environment) -> String {
    let mut table = Table::new(["BEFORE", "SHA", "WHEN", "BY"]);
    for earlier in &held.previous {
        table.row([
            word(earlier.held.version.as_ref()),
            commit(earlier.held.sha.as_ref()),
            word(earlier.held.committed_at.as_ref()),
            word(earlier.held.committed_by.as_ref()),
        ]);
    }
    if held.previous.is_empty() {
        String::new()
    } else {
        format!("\n{}", table.render())
    }
}
