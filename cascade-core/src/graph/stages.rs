//! The way of a commit from its push to its release.

use super::{Kind, Part};
use crate::pipeline::{Callback, Lane, ReleaseTrigger, Settings};

pub(super) fn draw(settings: &Settings, lane: &Lane, part: &mut Part) {
    let mut last = Vec::new();
    if lane.release_trigger == ReleaseTrigger::Push {
        let label = vec![format!("push to {}", settings.trunk)];
        last.push(part.node(Kind::Event, "push", label));
    }
    let others = others(lane);
    if !others.is_empty() {
        last.push(part.node(Kind::Event, "started", others));
    }
    if lane.validate.is_some() {
        step(part, &mut last, "validate", vec!["validate".to_owned()]);
    }
    if !lane.builds.is_empty() {
        let names = lane.builds.iter().map(|build| &build.callback);
        step(part, &mut last, "build", stage("build", names));
    }
    let published = published_before(lane);
    for (index, environment) in lane.environments.iter().enumerate() {
        if index == published {
            release(lane, part, &mut last);
        }
        let deploys = lane.deploys.iter().map(|deploy| &deploy.callback);
        let label = stage(&format!("deploy to {}", environment.name), deploys);
        let id = format!("deploy_{}", environment.name);
        let id = part.node(Kind::Environment, &id, label);
        for from in std::mem::replace(&mut last, vec![id.clone()]) {
            part.edge(&from, &id, (index > 0).then_some("promote"), index > 0);
        }
    }
    if published >= lane.environments.len() {
        release(lane, part, &mut last);
    }
}

/// The position in the ladder before which a release is published: the last environment's, or the
/// end where there is but one.
pub(super) fn published_before(lane: &Lane) -> usize {
    match lane.environments.len() {
        several @ 2.. => several - 1,
        few => few,
    }
}

/// The slot between the prerelease and the last environment; publishing hangs on it.
fn release(lane: &Lane, part: &mut Part, last: &mut Vec<String>) {
    let id = part.node(Kind::Release, "release", vec!["release".to_owned()]);
    let promoted = !lane.environments.is_empty();
    for from in std::mem::replace(last, vec![id.clone()]) {
        part.edge(&from, &id, promoted.then_some("promote"), promoted);
    }
    if let Some(publish) = &lane.publish {
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
fn others(lane: &Lane) -> Vec<String> {
    let mut lines = vec!["started by hand".to_owned()];
    lines.extend(lane.schedules.iter().map(|cron| format!("at {cron}")));
    lines.extend(
        lane.repository_dispatch
            .iter()
            .map(|each| format!("event {each}")),
    );
    if let Some(run) = &lane.workflow_run {
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
