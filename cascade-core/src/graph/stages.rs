//! The way of a commit from its push to its release.

use super::{Kind, Part};
use crate::manifest::ReleaseTrigger;
use crate::pipeline::{Callback, Component, Settings};

pub(super) fn draw(settings: &Settings, component: &Component, part: &mut Part) {
    let mut last = Vec::new();
    if component.release_trigger == ReleaseTrigger::Push {
        let label = vec![format!("push to {}", settings.trunk)];
        last.push(part.node(Kind::Event, "push", label));
    }
    let others = others(component);
    if !others.is_empty() {
        last.push(part.node(Kind::Event, "started", others));
    }
    if component.validate.is_some() {
        step(part, &mut last, "validate", vec!["validate".to_owned()]);
    }
    if !component.builds.is_empty() {
        let names = component.builds.iter().map(|build| &build.callback);
        step(part, &mut last, "build", stage("build", names));
    }
    let published = component.published_before();
    for (index, environment) in component.environments.iter().enumerate() {
        if index == published {
            release(component, part, &mut last);
        }
        let deploys = component.deploys.iter().map(|deploy| &deploy.callback);
        let label = stage(&format!("deploy to {}", environment.name), deploys);
        let id = format!("deploy_{}", environment.name);
        let id = part.node(Kind::Environment, &id, label);
        for from in std::mem::replace(&mut last, vec![id.clone()]) {
            part.edge(&from, &id, (index > 0).then_some("promote"), index > 0);
        }
    }
    if published >= component.environments.len() {
        release(component, part, &mut last);
    }
}

/// The release record, between the prerelease and the last environment; publishing hangs on it.
fn release(component: &Component, part: &mut Part, last: &mut Vec<String>) {
    let id = part.node(Kind::Release, "release", vec!["release".to_owned()]);
    let promoted = !component.environments.is_empty();
    for from in std::mem::replace(last, vec![id.clone()]) {
        part.edge(&from, &id, promoted.then_some("promote"), promoted);
    }
    if let Some(publish) = &component.publish {
        step(part, &mut vec![id], "publish", stage("publish", [publish]));
    }
}

fn step(part: &mut Part, last: &mut Vec<String>, name: &str, label: Vec<String>) {
    let id = part.node(Kind::Job, name, label);
    for from in std::mem::replace(last, vec![id.clone()]) {
        part.edge(&from, &id, None, false);
    }
}

/// What else starts a run, a line each.
fn others(component: &Component) -> Vec<String> {
    let mut lines = vec!["started by hand".to_owned()];
    lines.extend(component.schedules.iter().map(|cron| format!("at {cron}")));
    lines.extend(
        component
            .repository_dispatch
            .iter()
            .map(|each| format!("event {each}")),
    );
    if let Some(run) = &component.workflow_run {
        lines.extend(run.workflows.iter().map(|name| format!("after {name}")));
    }
    lines
}

fn stage<'a>(title: &str, callbacks: impl IntoIterator<Item = &'a Callback>) -> Vec<String> {
    let names: Vec<&str> = callbacks
        .into_iter()
        .map(|each| each.name.as_str())
        .collect();
    let mut lines = vec![title.to_owned()];
    if !names.is_empty() && names != [title] {
        lines.push(names.join(", "));
    }
    lines
}
