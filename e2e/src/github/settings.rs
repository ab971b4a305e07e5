//! Settings of a repository: Actions, secrets and variables by name, immutable releases.
//!
//! Sources: GitHub's REST API, "Permissions for GitHub Actions", "Secrets", "Variables",
//! "Repositories".

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::exchange::{Answer, Refusal, Reply};
use super::page;
use super::repository::Scene;

/// The settings that the owner of a repository may change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// True if workflows run.
    pub actions_enabled: bool,
    /// `all`, `local_only` or `selected`.
    pub allowed_actions: String,
    /// Of selected actions: those of GitHub.
    pub github_owned_allowed: bool,
    /// Of selected actions: those of verified creators.
    pub verified_allowed: bool,
    /// Of selected actions: those that these patterns match.
    pub patterns_allowed: Vec<String>,
    /// True if actions must be pinned to commits.
    pub sha_pinning_required: bool,
    /// `read` or `write`.
    pub default_workflow_permissions: String,
    /// True if `GITHUB_TOKEN` may open and approve pull requests.
    pub can_approve_pull_request_reviews: bool,
    /// Names of secrets.
    pub secrets: BTreeSet<String>,
    /// Names of variables.
    pub variables: BTreeSet<String>,
    /// Names of secrets, by environment.
    pub environment_secrets: BTreeMap<String, BTreeSet<String>>,
    /// Names of variables, by environment.
    pub environment_variables: BTreeMap<String, BTreeSet<String>>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            actions_enabled: true,
            allowed_actions: "all".to_owned(),
            github_owned_allowed: false,
            verified_allowed: false,
            patterns_allowed: Vec::new(),
            sha_pinning_required: false,
            default_workflow_permissions: "read".to_owned(),
            can_approve_pull_request_reviews: false,
            secrets: BTreeSet::new(),
            variables: BTreeSet::new(),
            environment_secrets: BTreeMap::new(),
            environment_variables: BTreeMap::new(),
        }
    }
}

/// `actions/permissions` and what is below it.
pub(super) fn permissions(scene: &mut Scene<'_>, rest: &[&str]) -> Answer {
    match (scene.request.method.as_str(), rest) {
        ("GET", []) => Ok(Reply::ok(permissions_json(scene))),
        ("PUT", []) => {
            let wanted: Value = scene.request.body()?;
            let settings = &mut scene.repository.settings;
            let enabled = wanted["enabled"].as_bool();
            settings.actions_enabled =
                enabled.ok_or_else(|| Refusal::unprocessable("\"enabled\" wasn't supplied."))?;
            if let Some(allowed) = wanted["allowed_actions"].as_str() {
                allowed.clone_into(&mut settings.allowed_actions);
            }
            Ok(Reply::nothing())
        }
        (method, ["selected-actions"]) => selected(scene, method == "PUT"),
        ("GET", ["workflow"]) => {
            let settings = &scene.repository.settings;
            Ok(Reply::ok(json!({
                "default_workflow_permissions": settings.default_workflow_permissions,
                "can_approve_pull_request_reviews": settings.can_approve_pull_request_reviews,
            })))
        }
        ("PUT", ["workflow"]) => {
            let wanted: Value = scene.request.body()?;
            let settings = &mut scene.repository.settings;
            if let Some(default) = wanted["default_workflow_permissions"].as_str() {
                default.clone_into(&mut settings.default_workflow_permissions);
            }
            if let Some(can) = wanted["can_approve_pull_request_reviews"].as_bool() {
                settings.can_approve_pull_request_reviews = can;
            }
            Ok(Reply::nothing())
        }
        _ => Err(Refusal::not_found()),
    }
}

fn permissions_json(scene: &Scene<'_>) -> Value {
    let settings = &scene.repository.settings;
    let mut permissions = json!({
        "enabled": settings.actions_enabled,
        "allowed_actions": settings.allowed_actions,
        "sha_pinning_required": settings.sha_pinning_required,
    });
    if settings.allowed_actions == "selected" {
        let url = scene.url("/actions/permissions/selected-actions");
        permissions["selected_actions_url"] = url.into();
    }
    permissions
}

/// Only a repository that allows selected actions has a list of them.
fn selected(scene: &mut Scene<'_>, put: bool) -> Answer {
    if scene.repository.settings.allowed_actions != "selected" {
        return Err(Refusal::new(
            409,
            "The repository does not allow selected actions",
        ));
    }
    if put {
        let wanted: Value = scene.request.body()?;
        let settings = &mut scene.repository.settings;
        if let Some(patterns) = wanted["patterns_allowed"].as_array() {
            let patterns = patterns.iter().filter_map(Value::as_str);
            settings.patterns_allowed = patterns.map(str::to_owned).collect();
        }
        if let Some(allowed) = wanted["github_owned_allowed"].as_bool() {
            settings.github_owned_allowed = allowed;
        }
        if let Some(allowed) = wanted["verified_allowed"].as_bool() {
            settings.verified_allowed = allowed;
        }
        return Ok(Reply::nothing());
    }
    let settings = &scene.repository.settings;
    Ok(Reply::ok(json!({
        "github_owned_allowed": settings.github_owned_allowed,
        "verified_allowed": settings.verified_allowed,
        "patterns_allowed": settings.patterns_allowed,
    })))
}

/// Names of secrets (`secrets`) or variables (`variables`), of the repository or an environment.
pub(super) fn names(scene: &Scene<'_>, field: &str, environment: Option<&str>) -> Answer {
    if environment.is_some_and(|name| !scene.repository.environments.contains_key(name)) {
        return Err(Refusal::not_found());
    }
    let settings = &scene.repository.settings;
    let names = match (field, environment) {
        ("secrets", None) => Some(&settings.secrets),
        ("secrets", Some(name)) => settings.environment_secrets.get(name),
        (_, None) => Some(&settings.variables),
        (_, Some(name)) => settings.environment_variables.get(name),
    };
    listed(scene, field, names.into_iter().flatten().collect())
}

/// Names that an organization shares with the repository: none, since a person owns it.
pub(super) fn shared_names(scene: &Scene<'_>, field: &str) -> Answer {
    listed(scene, field, Vec::new())
}

fn listed(scene: &Scene<'_>, field: &str, names: Vec<&String>) -> Answer {
    let stamp = &scene.repository.created_at;
    page::list_under(scene.site, scene.request, field, names, |name| {
        let mut item = json!({ "name": name, "created_at": stamp, "updated_at": stamp });
        if field == "variables" {
            item["value"] = "x".into();
        }
        item
    })
}

/// `GET immutable-releases`: 404 where they are off.
pub(super) fn immutable(scene: &Scene<'_>) -> Answer {
    match scene.repository.immutable_releases {
        true => Ok(Reply::ok(
            json!({ "enabled": true, "enforced_by_owner": false }),
        )),
        false => Err(Refusal::not_found()),
    }
}

/// `PATCH` of the repository itself: its default branch.
pub(super) fn update(scene: &mut Scene<'_>) -> Answer {
    scene.must_write(super::Scope::Administration)?;
    let wanted: Value = scene.request.body()?;
    if let Some(branch) = wanted["default_branch"].as_str() {
        if scene.git().branch(branch).is_none() {
            return Err(Refusal::unprocessable(format!(
                "The branch {branch} was not found. Please push that ref first or create it via the Git Data API."
            )));
        }
        branch.clone_into(&mut scene.repository.default_branch);
    }
    Ok(Reply::ok(scene.repository.json(scene.site)))
}
