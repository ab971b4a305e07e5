//! Deployments, their statuses, environments.

use serde::Deserialize;
use serde_json::{Value, json};

use super::exchange::{Answer, Refusal, Reply};
use super::repository::Scene;
use super::{environment, guard, page, user};

/// A deployment.
#[derive(Debug, Clone, PartialEq)]
pub struct Deployment {
    /// Its number in the API.
    pub id: u64,
    /// The ref that was asked for.
    pub reference: String,
    /// The commit.
    pub sha: String,
    /// `deploy`.
    pub task: String,
    /// The name of the environment.
    pub environment: String,
    /// The text that the creator gave it.
    pub description: Option<String>,
    /// Anything.
    pub payload: Value,
    /// The user who made it.
    pub creator: String,
    /// The time at which it was made.
    pub created_at: String,
    /// The statuses that it was given, the oldest first.
    pub statuses: Vec<DeploymentStatus>,
}

/// A status of a deployment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeploymentStatus {
    /// Its number in the API.
    pub id: u64,
    /// `queued`, `in_progress`, `success`, `failure`, `error`, `inactive`, `pending`.
    pub state: String,
    /// In words.
    pub description: String,
    /// The address of the log.
    pub log_url: String,
    /// The address of the deployed thing.
    pub environment_url: String,
    /// The user who set it.
    pub creator: String,
    /// The time at which it was set.
    pub created_at: String,
}

#[derive(Deserialize)]
struct Create {
    r#ref: String,
    #[serde(default)]
    task: Option<String>,
    environment: Option<String>,
    description: Option<String>,
    #[serde(default)]
    payload: Value,
}

/// `POST deployments`.
pub(super) fn create(scene: &mut Scene<'_>) -> Answer {
    let new: Create = scene.request.body()?;
    let Some(sha) = scene.git().commit_of(&new.r#ref) else {
        return Err(Refusal::unprocessable(format!(
            "No ref found for: {}",
            new.r#ref
        )));
    };
    let deployment = Deployment {
        id: scene.site.id(),
        reference: new.r#ref,
        sha,
        task: new.task.unwrap_or_else(|| "deploy".to_owned()),
        environment: new.environment.unwrap_or_else(|| "production".to_owned()),
        description: new.description,
        payload: if new.payload.is_null() {
            json!({})
        } else {
            new.payload
        },
        creator: scene.token.login.clone(),
        created_at: scene.site.now(),
        statuses: Vec::new(),
    };
    environment::remember(scene, &deployment.environment);
    scene.repository.deployments.push(deployment.clone());
    let shown = json(scene, &deployment);
    announce(
        scene,
        &deployment,
        "deployment",
        json!({"deployment": shown}),
    );
    Ok(Reply::created(shown))
}

fn announce(scene: &Scene<'_>, deployment: &Deployment, name: &str, payload: Value) {
    let at = (deployment.reference.as_str(), deployment.sha.as_str());
    let event = guard::event(scene.site, scene.repository, scene.token, name, at, payload);
    scene.site.emit(scene.token, &event);
}

/// `GET deployments`: the newest first.
pub(super) fn list(scene: &Scene<'_>) -> Answer {
    let is = |field: &str, name: &str| {
        let wanted = scene.request.query(name);
        wanted.is_none_or(|wanted| wanted == field || wanted == "none")
    };
    let found = scene.repository.deployments.iter().filter(|one| {
        is(&one.sha, "sha")
            && is(&one.reference, "ref")
            && is(&one.task, "task")
            && is(&one.environment, "environment")
    });
    page::list(scene.site, scene.request, found.rev().collect(), |one| {
        json(scene, one)
    })
}

/// `GET deployments/{id}`.
pub(super) fn get(scene: &Scene<'_>, id: &str) -> Answer {
    let deployment = &scene.repository.deployments[find(scene, id)?];
    Ok(Reply::ok(json(scene, deployment)))
}

/// `GET deployments/{id}/statuses`: the newest first.
pub(super) fn statuses(scene: &Scene<'_>, id: &str) -> Answer {
    let deployment = &scene.repository.deployments[find(scene, id)?];
    let statuses = deployment.statuses.iter().rev().collect();
    page::list(scene.site, scene.request, statuses, |status| {
        status_json(scene, deployment, status)
    })
}

#[derive(Deserialize)]
struct CreateStatus {
    state: String,
    log_url: Option<String>,
    target_url: Option<String>,
    #[serde(default)]
    description: String,
    #[serde(default)]
    environment_url: String,
    auto_inactive: Option<bool>,
}

/// `POST deployments/{id}/statuses`.
pub(super) fn create_status(scene: &mut Scene<'_>, id: &str) -> Answer {
    const STATES: [&str; 7] = [
        "error",
        "failure",
        "inactive",
        "in_progress",
        "queued",
        "pending",
        "success",
    ];
    let new: CreateStatus = scene.request.body()?;
    if !STATES.contains(&new.state.as_str()) {
        return Err(Refusal::invalid("DeploymentStatus", "state", "invalid"));
    }
    let at = find(scene, id)?;
    if new.state == "success" && new.auto_inactive != Some(false) {
        deactivate(scene, at);
    }
    let status = DeploymentStatus {
        id: scene.site.id(),
        state: new.state,
        description: new.description,
        log_url: new.log_url.or(new.target_url).unwrap_or_default(),
        environment_url: new.environment_url,
        creator: scene.token.login.clone(),
        created_at: scene.site.now(),
    };
    let statuses = &mut scene.repository.deployments[at].statuses;
    statuses.push(status.clone());
    let deployment = &scene.repository.deployments[at];
    let shown = status_json(scene, deployment, &status);
    let payload = json!({"deployment_status": shown, "deployment": json(scene, deployment)});
    announce(scene, deployment, "deployment_status", payload);
    Ok(Reply::created(shown))
}

/// Makes the earlier deployments inactive that were active in the same environment.
fn deactivate(scene: &mut Scene<'_>, at: usize) {
    let environment = scene.repository.deployments[at].environment.clone();
    let others = scene.repository.deployments.iter_mut().enumerate();
    for (other, deployment) in others {
        let last = deployment.statuses.last();
        let active = last.is_some_and(|status| status.state == "success");
        if other != at && deployment.environment == environment && active {
            deployment.statuses.push(DeploymentStatus {
                id: scene.site.id(),
                state: "inactive".to_owned(),
                description: String::new(),
                log_url: String::new(),
                environment_url: String::new(),
                creator: scene.token.login.clone(),
                created_at: scene.site.now(),
            });
        }
    }
}

fn find(scene: &Scene<'_>, id: &str) -> Result<usize, Refusal> {
    let mut deployments = scene.repository.deployments.iter();
    deployments
        .position(|one| one.id.to_string() == id)
        .ok_or_else(Refusal::not_found)
}

fn json(scene: &Scene<'_>, deployment: &Deployment) -> Value {
    let Deployment { id, .. } = deployment;
    let url = scene.url(&format!("/deployments/{id}"));
    let last = deployment.statuses.last();
    let updated = last.map_or(&deployment.created_at, |status| &status.created_at);
    json!({
        "url": url,
        "id": id,
        "node_id": user::node("DE", id),
        "sha": deployment.sha,
        "ref": deployment.reference,
        "task": deployment.task,
        "payload": deployment.payload,
        "original_environment": deployment.environment,
        "environment": deployment.environment,
        "description": deployment.description,
        "creator": user::json(scene.site, &deployment.creator),
        "created_at": deployment.created_at,
        "updated_at": updated,
        "statuses_url": format!("{url}/statuses"),
        "repository_url": scene.url(""),
        "transient_environment": false,
        "production_environment": deployment.environment == "production",
    })
}

fn status_json(scene: &Scene<'_>, deployment: &Deployment, status: &DeploymentStatus) -> Value {
    let url = scene.url(&format!("/deployments/{}", deployment.id));
    json!({
        "url": format!("{url}/statuses/{}", status.id),
        "id": status.id,
        "node_id": user::node("DES", status.id),
        "state": status.state,
        "creator": user::json(scene.site, &status.creator),
        "description": status.description,
        "environment": deployment.environment,
        "target_url": status.log_url,
        "log_url": status.log_url,
        "environment_url": status.environment_url,
        "created_at": status.created_at,
        "updated_at": status.created_at,
        "deployment_url": url,
        "repository_url": scene.url(""),
    })
}
