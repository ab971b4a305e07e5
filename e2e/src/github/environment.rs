//! Environments, and whom they wait for.
//!
//! Source: GitHub's REST API, "Deployment environments" and "Deployment branch policies".

use serde_json::{Value, json};

use super::exchange::{Answer, Refusal, Reply};
use super::page;
use super::repository::Scene;
use super::user;

/// An environment of a repository.
#[derive(Debug, Clone, Default)]
pub(super) struct Environment {
    id: u64,
    wait_timer: u64,
    /// The numbers of accounts.
    reviewers: Vec<u64>,
    policy: Value,
    /// Kind and pattern.
    patterns: Vec<(u64, String, String)>,
}

/// An environment that is deployed to is there.
pub(super) fn remember(scene: &mut Scene<'_>, name: &str) {
    let site = scene.site;
    let environments = &mut scene.repository.environments;
    environments
        .entry(name.to_owned())
        .or_insert_with(|| Environment {
            id: site.id(),
            ..Environment::default()
        });
}

/// `environments/{name}` and what is below it.
pub(super) fn answer(scene: &mut Scene<'_>, rest: &[&str]) -> Answer {
    match (scene.request.method.as_str(), rest) {
        ("GET", [name]) => get(scene, name),
        ("PUT", [name]) => put(scene, name),
        ("GET", [name, field @ ("secrets" | "variables")]) => {
            super::settings::names(scene, field, Some(name))
        }
        ("GET", [name, "deployment-branch-policies"]) => patterns(scene, name),
        ("POST", [name, "deployment-branch-policies"]) => add_pattern(scene, name),
        ("DELETE", [name, "deployment-branch-policies", id]) => {
            let environment = known(scene, name)?;
            environment
                .patterns
                .retain(|(known, ..)| known.to_string() != *id);
            Ok(Reply::nothing())
        }
        _ => Err(Refusal::not_found()),
    }
}

fn known<'a>(scene: &'a mut Scene<'_>, name: &str) -> Result<&'a mut Environment, Refusal> {
    let environments = &mut scene.repository.environments;
    environments.get_mut(name).ok_or_else(Refusal::not_found)
}

fn get(scene: &Scene<'_>, name: &str) -> Answer {
    let environment = scene.repository.environments.get(name);
    let environment = environment.ok_or_else(Refusal::not_found)?;
    Ok(Reply::ok(json(scene, name, environment)))
}

fn put(scene: &mut Scene<'_>, name: &str) -> Answer {
    let wanted: Value = scene.request.body().unwrap_or_default();
    let protected = &wanted["deployment_branch_policy"];
    if protected.is_object()
        && protected["protected_branches"] == protected["custom_branch_policies"]
    {
        return Err(Refusal::unprocessable(
            "protected_branches and custom_branch_policies cannot have the same value",
        ));
    }
    remember(scene, name);
    let environment = known(scene, name)?;
    environment.wait_timer = wanted["wait_timer"].as_u64().unwrap_or_default();
    let reviewers = wanted["reviewers"].as_array().into_iter().flatten();
    environment.reviewers = reviewers.filter_map(|each| each["id"].as_u64()).collect();
    environment.policy = protected.clone();
    get(scene, name)
}

fn patterns(scene: &Scene<'_>, name: &str) -> Answer {
    let environment = scene.repository.environments.get(name);
    let environment = environment.ok_or_else(Refusal::not_found)?;
    let field = "branch_policies";
    let patterns = environment.patterns.iter().collect();
    page::list_under(scene.site, scene.request, field, patterns, pattern_json)
}

fn pattern_json((id, kind, name): &(u64, String, String)) -> Value {
    json!({ "id": id, "node_id": format!("DBP_{id}"), "name": name, "type": kind })
}

fn add_pattern(scene: &mut Scene<'_>, name: &str) -> Answer {
    let wanted: Value = scene.request.body()?;
    let id = scene.site.id();
    let environment = known(scene, name)?;
    let kind = wanted["type"].as_str().unwrap_or("branch").to_owned();
    let pattern = wanted["name"].as_str().unwrap_or_default().to_owned();
    let added = (id, kind, pattern);
    environment.patterns.push(added.clone());
    Ok(Reply::ok(pattern_json(&added)))
}

fn json(scene: &Scene<'_>, name: &str, environment: &Environment) -> Value {
    let path = format!("/environments/{}", page::encode(name));
    let created = &scene.repository.created_at;
    let mut rules = Vec::new();
    let node = |kind: &str| format!("GA_{kind}_{}", environment.id);
    if environment.wait_timer > 0 {
        rules.push(json!({
            "id": environment.id + 1, "node_id": node("wait"), "type": "wait_timer",
            "wait_timer": environment.wait_timer,
        }));
    }
    if !environment.reviewers.is_empty() {
        let reviewers = environment.reviewers.iter().filter_map(|id| {
            let login = scene.site.login(*id)?;
            Some(json!({ "type": "User", "reviewer": user::json(scene.site, &login) }))
        });
        rules.push(json!({
            "id": environment.id + 2, "node_id": node("reviewers"), "type": "required_reviewers",
            "prevent_self_review": false, "reviewers": reviewers.collect::<Vec<_>>(),
        }));
    }
    if !environment.policy.is_null() {
        rules.push(json!({
            "id": environment.id + 3, "node_id": node("branches"), "type": "branch_policy",
        }));
    }
    json!({
        "id": environment.id,
        "node_id": user::node("EN", environment.id),
        "name": name,
        "url": scene.url(&path),
        "html_url": scene.repository.html(scene.site, &path),
        "created_at": created,
        "updated_at": created,
        "protection_rules": rules,
        "deployment_branch_policy": environment.policy,
    })
}
