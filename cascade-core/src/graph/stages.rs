//! The way of a commit from its push to its release.

use super::{Kind, Part, address, gates};
use crate::manifest::ReleaseTrigger;
use crate::pipeline::{Callback, Component, Environment, Settings, Strategy};

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
        let mut label = stage(&format!("deploy to {}", environment.name), deploys);
        label.extend(strategies(component, environment));
        label.extend(gates(environment));
        let id = format!("deploy_{}", environment.name);
        let id = part.linked(Kind::Environment, &id, label, address(environment));
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

/// Returns the other triggers of a run, a line each.
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
        lines.push(few(&names));
    }
    lines
}

/// Returns the first names, and how many more there are.
fn few(names: &[&str]) -> String {
    const MOST: usize = 8;
    match names.len().checked_sub(MOST) {
        None | Some(0 | 1) => names.join(", "),
        Some(more) => format!("{} and {more} more", names[..MOST].join(", ")),
    }
}

/// Returns the strategies with which an environment is deployed to, a line each.
fn strategies(component: &Component, environment: &Environment) -> Vec<String> {
    let mut lines: Vec<(&str, Vec<&str>)> = Vec::new();
    for deploy in &component.deploys {
        let applies = |strategy: &&Strategy| strategy.applies_to(environment.name.as_str());
        let Some(strategy) = deploy.strategy.as_ref().filter(applies) else {
            continue;
        };
        let (kind, name) = (strategy.kind().as_str(), deploy.callback.name.as_str());
        match lines.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, names)) => names.push(name),
            None => lines.push((kind, vec![name])),
        }
    }
    let lines = lines.into_iter();
    lines
        .map(|(kind, names)| format!("{kind}: {}", few(&names)))
        .collect()
}
