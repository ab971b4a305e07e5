//! The promotion order and its gates.

use super::{Kind, Part, address, gates};
use crate::manifest::Role;
use crate::pipeline::{Component, Environment};

pub(super) fn draw(component: &Component, part: &mut Part) {
    let mut last: Option<String> = None;
    let published = component.published_before();
    for (index, environment) in component.environments.iter().enumerate() {
        if index == published {
            release(part, &mut last);
        }
        let name = format!("env_{}", environment.name);
        let lines = label(component, environment, index);
        let id = part.linked(Kind::Environment, &name, lines, address(environment));
        if let Some(last) = &last {
            part.edge(last, &id, Some("promote"), false);
        }
        last = Some(id);
    }
    if published >= component.environments.len() {
        release(part, &mut last);
    }
}

fn release(part: &mut Part, last: &mut Option<String>) {
    let id = part.node(Kind::Release, "release", vec!["release".to_owned()]);
    if let Some(from) = last.replace(id.clone()) {
        part.edge(&from, &id, Some("promote"), false);
    }
}

fn label(component: &Component, environment: &Environment, index: usize) -> Vec<String> {
    let mut lines = vec![environment.name.to_string()];
    match role(component, environment, index) {
        Some(Role::Release) => lines.push("release".to_owned()),
        Some(Role::Prerelease) => lines.push("prerelease".to_owned()),
        None => {}
    }
    if let Some(gate) = &environment.gha_environment {
        lines.push(format!("GitHub environment {gate}"));
    }
    lines.extend(gates(environment));
    lines
}

/// Returns the role of an environment, named or by its place below the release.
fn role(component: &Component, environment: &Environment, index: usize) -> Option<Role> {
    let published = component
        .published_before()
        .min(component.environments.len() - 1);
    let prereleased = component
        .environments
        .iter()
        .any(|each| each.role == Some(Role::Prerelease));
    match environment.role {
        Some(role) => Some(role),
        None if index == published => Some(Role::Release),
        None if index + 1 == published && !prereleased => Some(Role::Prerelease),
        None => None,
    }
}
