//! Labels.

use serde::Deserialize;
use serde_json::{Value, json};

use super::exchange::{Answer, Refusal, Reply};
use super::page;
use super::repository::{Repository, Scene};
use super::site::Site;
use super::user;

/// A label of a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Its number in the API.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// Six hexadecimal digits.
    pub color: String,
    /// The text that says what it means.
    pub description: Option<String>,
}

#[derive(Deserialize)]
struct Create {
    name: String,
    #[serde(default)]
    color: Option<String>,
    description: Option<String>,
}

#[derive(Deserialize)]
struct Update {
    new_name: Option<String>,
    color: Option<String>,
    description: Option<String>,
}

/// `GET labels`.
pub(super) fn list(scene: &Scene<'_>) -> Answer {
    let labels = scene.repository.labels.iter().collect();
    page::list(scene.site, scene.request, labels, |label| {
        json(scene.site, scene.repository, label)
    })
}

/// `POST labels`.
pub(super) fn create(scene: &mut Scene<'_>) -> Answer {
    let new: Create = scene.request.body()?;
    if find(scene.repository, &new.name).is_some() {
        return Err(Refusal::invalid("Label", "name", "already_exists"));
    }
    let color = new.color.unwrap_or_else(|| "ededed".to_owned());
    check_color(&color)?;
    let label = Label {
        id: scene.site.id(),
        name: new.name,
        color,
        description: new.description,
    };
    scene.repository.labels.push(label.clone());
    Ok(Reply::created(json(scene.site, scene.repository, &label)))
}

fn check_color(color: &str) -> Result<(), Refusal> {
    if color.len() == 6 && color.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(());
    }
    Err(Refusal::invalid("Label", "color", "invalid"))
}

/// `GET labels/{name}`.
pub(super) fn get(scene: &Scene<'_>, name: &str) -> Answer {
    let label = find(scene.repository, name).ok_or_else(Refusal::not_found)?;
    let label = &scene.repository.labels[label];
    Ok(Reply::ok(json(scene.site, scene.repository, label)))
}

/// `PATCH labels/{name}`.
pub(super) fn update(scene: &mut Scene<'_>, name: &str) -> Answer {
    let wanted: Update = scene.request.body()?;
    let at = find(scene.repository, name).ok_or_else(Refusal::not_found)?;
    if let Some(color) = &wanted.color {
        check_color(color)?;
    }
    let old = scene.repository.labels[at].clone();
    let label = Label {
        id: old.id,
        name: wanted.new_name.unwrap_or(old.name.clone()),
        color: wanted.color.unwrap_or(old.color),
        description: wanted.description.or(old.description),
    };
    for issue in &mut scene.repository.issues {
        for worn in issue.labels.iter_mut().filter(|worn| **worn == old.name) {
            worn.clone_from(&label.name);
        }
    }
    scene.repository.labels[at] = label.clone();
    Ok(Reply::ok(json(scene.site, scene.repository, &label)))
}

/// `DELETE labels/{name}`.
pub(super) fn delete(scene: &mut Scene<'_>, name: &str) -> Answer {
    let at = find(scene.repository, name).ok_or_else(Refusal::not_found)?;
    let label = scene.repository.labels.remove(at);
    for issue in &mut scene.repository.issues {
        issue.labels.retain(|worn| *worn != label.name);
    }
    Ok(Reply::nothing())
}

/// Names of labels do not differ by case alone.
fn find(repository: &Repository, name: &str) -> Option<usize> {
    let mut labels = repository.labels.iter();
    labels.position(|label| label.name.eq_ignore_ascii_case(name))
}

/// The label's name as it is spelt; one that does not exist is made, as GitHub does for whoever
/// may label.
pub(super) fn ensure(site: &Site, repository: &mut Repository, name: &str) -> String {
    if let Some(at) = find(repository, name) {
        return repository.labels[at].name.clone();
    }
    repository.labels.push(Label {
        id: site.id(),
        name: name.to_owned(),
        color: "ededed".to_owned(),
        description: None,
    });
    name.to_owned()
}

pub(super) fn json(site: &Site, repository: &Repository, label: &Label) -> Value {
    json!({
        "id": label.id,
        "node_id": user::node("LA", label.id),
        "url": repository.url(site, &format!("/labels/{}", page::encode(&label.name))),
        "name": label.name,
        "description": label.description,
        "color": label.color,
        "default": false,
    })
}

/// The labels with these names, as an array.
pub(super) fn worn(site: &Site, repository: &Repository, names: &[String]) -> Value {
    names
        .iter()
        .filter_map(|name| find(repository, name))
        .map(|at| json(site, repository, &repository.labels[at]))
        .collect()
}
