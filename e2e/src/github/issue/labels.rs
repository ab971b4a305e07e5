//! The labels of an issue.

use super::{Issue, find, happened};
use crate::github::exchange::{Answer, Refusal, Reply};
use crate::github::label;
use crate::github::repository::Scene;
use crate::github::site::Site;
use serde::Deserialize;
use serde_json::Value;

/// Gives an issue exactly these labels.
pub(super) fn wear(site: &Site, issue: &mut Issue, labels: Vec<String>, actor: &str) {
    let old = std::mem::replace(&mut issue.labels, labels);
    let new = issue.labels.clone();
    for name in old.iter().filter(|name| !new.contains(name)) {
        happened(site, issue, "unlabeled", Some(name), actor);
    }
    for name in new.iter().filter(|name| !old.contains(name)) {
        happened(site, issue, "labeled", Some(name), actor);
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Named {
    Name(String),
    Object { name: String },
}

pub(super) fn names(labels: Vec<Named>) -> impl Iterator<Item = String> {
    labels.into_iter().map(|label| match label {
        Named::Name(name) | Named::Object { name } => name,
    })
}

pub(super) fn set_labels(scene: &mut Scene<'_>, at: usize, names: Vec<String>) {
    let mut labels = Vec::new();
    for name in names {
        let name = label::ensure(scene.site, scene.repository, &name);
        if !labels.contains(&name) {
            labels.push(name);
        }
    }
    let actor = &scene.token.login;
    wear(scene.site, &mut scene.repository.issues[at], labels, actor);
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Labels {
    Object { labels: Vec<Named> },
    Array(Vec<Named>),
}

/// `GET issues/{number}/labels`.
pub(in crate::github) fn labels(scene: &Scene<'_>, number: &str) -> Answer {
    let at = find(scene.repository, number)?;
    Ok(Reply::ok(worn(scene, at)))
}

pub(super) fn worn(scene: &Scene<'_>, at: usize) -> Value {
    let names = &scene.repository.issues[at].labels;
    label::worn(scene.site, scene.repository, names)
}

/// `POST` and `PUT issues/{number}/labels`: adds to the labels, or replaces them.
pub(in crate::github) fn put_labels(scene: &mut Scene<'_>, number: &str, replace: bool) -> Answer {
    let wanted: Labels = scene.request.body()?;
    let (Labels::Object { labels } | Labels::Array(labels)) = wanted;
    let at = find(scene.repository, number)?;
    let mut all = if replace {
        Vec::new()
    } else {
        scene.repository.issues[at].labels.clone()
    };
    all.extend(names(labels));
    set_labels(scene, at, all);
    Ok(Reply::ok(worn(scene, at)))
}

/// `DELETE issues/{number}/labels/{name}`.
pub(in crate::github) fn remove_label(scene: &mut Scene<'_>, number: &str, name: &str) -> Answer {
    let at = find(scene.repository, number)?;
    let mut labels = scene.repository.issues[at].labels.clone();
    labels.retain(|worn| !worn.eq_ignore_ascii_case(name));
    if labels.len() == scene.repository.issues[at].labels.len() {
        return Err(Refusal::new(404, "Label does not exist"));
    }
    set_labels(scene, at, labels);
    Ok(Reply::ok(worn(scene, at)))
}
