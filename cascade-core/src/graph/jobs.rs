//! The calls of a pipeline, and the order between them.

use super::{Kind, Link, Part};
use crate::lifecycle::rollout::stages;
use crate::manifest::OnFailure;
use crate::pipeline::{Callback, CallbackKind, Component, Strategy};

pub(super) fn draw(component: &Component, part: &mut Part) {
    let validate = component.validate.as_ref().map(|callback| {
        let lines = label("validate", callback, None);
        part.linked(Kind::Job, "validate", lines, link(callback))
    });
    for build in &component.builds {
        let mut lines = label("build", &build.callback, None);
        if let Some(matrix) = &build.matrix {
            let names: Vec<&str> = matrix.dimensions.keys().map(String::as_str).collect();
            lines.push(format!("matrix of {}", names.join(" × ")));
        }
        call(
            part,
            CallbackKind::Build,
            &build.callback,
            lines,
            validate.as_deref(),
        );
    }
    for deploy in &component.deploys {
        let mut lines = label("deploy", &deploy.callback, deploy.strategy.as_ref());
        if let Some(repo) = deploy
            .target
            .as_ref()
            .and_then(|target| target.repo.as_ref())
        {
            lines.push(format!("changes {repo}"));
        }
        call(
            part,
            CallbackKind::Deploy,
            &deploy.callback,
            lines,
            validate.as_deref(),
        );
    }
    if let Some(publish) = &component.publish {
        let lines = label("publish", publish, None);
        let id = part.linked(Kind::Job, "publish", lines, link(publish));
        for build in &component.builds {
            let from = part.id(&name(CallbackKind::Build, &build.callback));
            part.edge(&from, &id, Some("on release"), true);
        }
    }
}

fn call(
    part: &mut Part,
    kind: CallbackKind,
    callback: &Callback,
    lines: Vec<String>,
    validate: Option<&str>,
) {
    let id = part.linked(Kind::Job, &name(kind, callback), lines, link(callback));
    for dependency in &callback.dependencies {
        let from = match dependency.kind {
            CallbackKind::Build => format!("build_{}", dependency.name),
            CallbackKind::Deploy => format!("deploy_{}", dependency.name),
        };
        let from = part.id(&from);
        part.edge(&from, &id, None, !dependency.hard);
    }
    if let Some(validate) = validate.filter(|_| callback.dependencies.is_empty()) {
        part.edge(validate, &id, None, false);
    }
}

fn name(kind: CallbackKind, callback: &Callback) -> String {
    let kind = match kind {
        CallbackKind::Build => "build",
        CallbackKind::Deploy => "deploy",
    };
    format!("{kind}_{}", callback.name)
}

fn label(verb: &str, callback: &Callback, strategy: Option<&Strategy>) -> Vec<String> {
    let name = callback.name.as_str();
    let first = if name == verb {
        verb.to_owned()
    } else {
        format!("{verb} {name}")
    };
    let mut lines = vec![first];
    lines.extend(
        callback
            .workflow
            .iter()
            .map(|workflow| workflow.file_name().to_owned()),
    );
    lines.extend(strategy.into_iter().flat_map(rollout));
    match callback.retries {
        0 => {}
        1 => lines.push("1 retry".to_owned()),
        several => lines.push(format!("{several} retries")),
    }
    if callback.on_failure == OnFailure::Continue {
        lines.push("may fail".to_owned());
    }
    lines.extend(callback.description.clone());
    lines
}

/// Returns the stages of a strategy, and on a line of its own where it applies if not everywhere.
fn rollout(strategy: &Strategy) -> Vec<String> {
    let stages = stages(strategy).into_iter().map(|(stage, _)| stage);
    let mut lines = vec![stages.collect::<Vec<_>>().join(" > ")];
    if !strategy.environments().is_empty() {
        lines.push(format!("only in {}", strategy.environments().join(", ")));
    }
    lines
}

fn link(callback: &Callback) -> Option<Link> {
    callback.workflow.clone().map(Link::Workflow)
}
