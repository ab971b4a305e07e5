//! What is called, and what waits for what.

use super::{Kind, Part};
use crate::lifecycle::rollout::stages;
use crate::pipeline::{Callback, CallbackKind, Component, Strategy};

pub(super) fn draw(component: &Component, part: &mut Part) {
    let validate = component
        .validate
        .as_ref()
        .map(|callback| part.node(Kind::Job, "validate", label("validate", callback, None)));
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
        let lines = label("deploy", &deploy.callback, deploy.strategy.as_ref());
        call(
            part,
            CallbackKind::Deploy,
            &deploy.callback,
            lines,
            validate.as_deref(),
        );
    }
    if let Some(publish) = &component.publish {
        let id = part.node(Kind::Job, "publish", label("publish", publish, None));
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
    let id = part.node(Kind::Job, &name(kind, callback), lines);
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
    lines.extend(strategy.map(|strategy| {
        let stages = stages(strategy).into_iter();
        stages
            .map(|(stage, _)| stage)
            .collect::<Vec<_>>()
            .join(" > ")
    }));
    lines.extend(callback.description.clone());
    lines
}
