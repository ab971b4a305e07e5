//! Workflow runs, which whoever runs the workflows makes known.

use serde_json::{Value, json};

use super::exchange::{Answer, Refusal, Reply};
use super::repository::Scene;
use super::{page, user};

/// A run of a workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Its number in the API.
    pub id: u64,
    /// The workflow's file: `.github/workflows/deploy.yaml`.
    pub workflow: String,
    /// The workflow's name.
    pub name: String,
    /// The event that started it.
    pub event: String,
    /// The branch.
    pub branch: String,
    /// The commit.
    pub sha: String,
    /// The user who started it.
    pub actor: String,
    /// `queued`, `in_progress` or `completed`.
    pub status: String,
    /// `success`, `failure`, `cancelled`, ... once it is completed.
    pub conclusion: Option<String>,
    /// The time at which it was made.
    pub created_at: String,
    /// The time of its last change.
    pub updated_at: String,
    /// The number of times that it has been started; queued again, it waits for whoever runs it.
    pub attempt: u64,
    /// Somebody asked to cancel it.
    pub cancel_requested: bool,
    /// Its jobs.
    pub jobs: Vec<Job>,
}

/// A job of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Its name.
    pub name: String,
    /// `queued`, `in_progress` or `completed`.
    pub status: String,
    /// `success`, `failure`, `cancelled`, `skipped`, ... once it is completed.
    pub conclusion: Option<String>,
    /// The time at which it started.
    pub started_at: String,
    /// The time at which it ended.
    pub completed_at: Option<String>,
}

impl Run {
    /// A run that has begun; `at` is an RFC 3339 time, as [`super::Clock::stamp`] makes it.
    #[must_use]
    pub fn started(id: u64, workflow: &str, event: &str, sha: &str, at: &str) -> Self {
        Self {
            id,
            workflow: workflow.to_owned(),
            name: workflow.to_owned(),
            event: event.to_owned(),
            branch: "main".to_owned(),
            sha: sha.to_owned(),
            actor: "github-actions[bot]".to_owned(),
            status: "in_progress".to_owned(),
            conclusion: None,
            created_at: at.to_owned(),
            updated_at: at.to_owned(),
            attempt: 1,
            cancel_requested: false,
            jobs: Vec::new(),
        }
    }

    /// The same run, over.
    #[must_use]
    pub fn completed(mut self, conclusion: &str, at: &str) -> Self {
        "completed".clone_into(&mut self.status);
        self.conclusion = Some(conclusion.to_owned());
        at.clone_into(&mut self.updated_at);
        self
    }

    fn belongs_to(&self, workflow: &str) -> bool {
        self.workflow.rsplit('/').next() == Some(workflow)
            || user::number(&self.workflow).to_string() == workflow
    }
}

/// `GET actions/runs`, or only those of a workflow: the newest first.
pub(super) fn list(scene: &Scene<'_>, workflow: Option<&str>) -> Answer {
    let request = scene.request;
    let is = |field: &str, name: &str| request.query(name).is_none_or(|wanted| wanted == field);
    let status = |run: &Run| {
        request
            .query("status")
            .is_none_or(|wanted| run.status == wanted || run.conclusion.as_deref() == Some(wanted))
    };
    let created = |run: &Run| {
        let wanted = request.query("created");
        wanted.is_none_or(|range| within(&run.created_at, range))
    };
    let runs = scene.repository.runs.iter().filter(|run| {
        workflow.is_none_or(|workflow| run.belongs_to(workflow))
            && is(&run.branch, "branch")
            && is(&run.event, "event")
            && is(&run.actor, "actor")
            && is(&run.sha, "head_sha")
            && status(run)
            && created(run)
    });
    let mut runs: Vec<_> = runs.collect();
    runs.sort_by(|one, other| (&other.created_at, other.id).cmp(&(&one.created_at, one.id)));
    page::wrapped(
        scene.site,
        request,
        runs,
        |run| json(scene, run),
        |page, total| json!({"total_count": total, "workflow_runs": page}),
    )
}

/// Returns true if a time lies in GitHub's notation of a range. RFC 3339 in UTC orders like text.
fn within(time: &str, range: &str) -> bool {
    if let Some((from, to)) = range.split_once("..") {
        return time >= from && (to == "*" || time <= to);
    }
    let after = |from: &str| time >= from;
    None.or_else(|| range.strip_prefix(">=").map(after))
        .or_else(|| range.strip_prefix('>').map(|from| time > from))
        .or_else(|| range.strip_prefix("<=").map(|to| time <= to))
        .or_else(|| range.strip_prefix('<').map(|to| time < to))
        .unwrap_or_else(|| time.starts_with(range))
}

/// `GET actions/runs/{id}`.
pub(super) fn get(scene: &Scene<'_>, id: &str) -> Answer {
    Ok(Reply::ok(json(scene, find(scene, id)?)))
}

/// `GET actions/runs/{id}/artifacts`: only whether somebody may ask. Stand-ins of the actions keep the
/// artifacts themselves.
pub(super) fn artifacts(scene: &Scene<'_>, id: &str) -> Answer {
    find(scene, id)?;
    Ok(Reply::ok(json!({"total_count": 0, "artifacts": []})))
}

/// `GET actions/runs/{id}/jobs`.
pub(super) fn jobs(scene: &Scene<'_>, id: &str) -> Answer {
    let run = find(scene, id)?;
    let jobs = run.jobs.iter().enumerate().collect();
    page::wrapped(
        scene.site,
        scene.request,
        jobs,
        |(at, one)| job(scene, run, at, one),
        |page, total| json!({"total_count": total, "jobs": page}),
    )
}

/// `POST actions/runs/{id}/cancel`: noted, for whoever runs it to obey.
pub(super) fn cancel(scene: &mut Scene<'_>, id: &str) -> Answer {
    find(scene, id)?;
    let mut runs = scene.repository.runs.iter_mut();
    let run = runs.find(|run| run.id.to_string() == id);
    match run {
        Some(run) if run.status != "completed" => {
            run.cancel_requested = true;
            Ok(Reply::json(202, json!({})))
        }
        _ => Err(Refusal::new(
            409,
            "Cannot cancel a workflow run that is completed.",
        )),
    }
}

/// `POST actions/runs/{id}/rerun-failed-jobs`: queued, for whoever runs it to start.
pub(super) fn rerun_failed(scene: &mut Scene<'_>, id: &str) -> Answer {
    find(scene, id)?;
    let now = scene.site.now();
    let mut runs = scene.repository.runs.iter_mut();
    let run = runs.find(|run| run.id.to_string() == id);
    let run = run.ok_or_else(Refusal::not_found)?;
    let refusal = match (run.status.as_str(), run.conclusion.as_deref()) {
        ("completed", Some("success")) => "This workflow run cannot be retried",
        ("completed", _) => {
            "queued".clone_into(&mut run.status);
            run.conclusion = None;
            run.attempt += 1;
            run.updated_at = now;
            return Ok(Reply::json(201, json!({})));
        }
        _ => "This workflow is already running",
    };
    Err(Refusal::new(403, refusal))
}

fn find<'a>(scene: &'a Scene<'_>, id: &str) -> Result<&'a Run, Refusal> {
    let mut runs = scene.repository.runs.iter();
    runs.find(|run| run.id.to_string() == id)
        .ok_or_else(Refusal::not_found)
}

fn json(scene: &Scene<'_>, run: &Run) -> Value {
    let Run { id, sha, .. } = run;
    let url = scene.url(&format!("/actions/runs/{id}"));
    let repository = scene.repository.json(scene.site);
    let workflow = user::number(&run.workflow);
    let mut json = json!({
        "id": id,
        "name": run.name,
        "node_id": user::node("WFR", id),
        "check_suite_id": id,
        "head_branch": run.branch,
        "head_sha": sha,
        "path": run.workflow,
        "display_title": run.name,
        "run_number": id,
        "run_attempt": run.attempt,
        "event": run.event,
        "status": run.status,
        "conclusion": run.conclusion,
        "workflow_id": workflow,
        "workflow_url": scene.url(&format!("/actions/workflows/{workflow}")),
        "url": url,
        "html_url": scene.repository.html(scene.site, &format!("/actions/runs/{id}")),
        "pull_requests": [],
        "created_at": run.created_at,
        "updated_at": run.updated_at,
        "run_started_at": run.created_at,
        "actor": user::json(scene.site, &run.actor),
        "triggering_actor": user::json(scene.site, &run.actor),
        "check_suite_url": scene.url(&format!("/check-suites/{id}")),
        "head_commit": head(scene, sha),
        "repository": repository,
        "head_repository": repository,
    });
    for name in ["jobs", "logs", "cancel", "rerun", "artifacts"] {
        json[format!("{name}_url")] = json!(format!("{url}/{name}"));
    }
    json
}

fn head(scene: &Scene<'_>, sha: &str) -> Value {
    let found = scene.git().resolve(sha, "commit");
    let Some(commit) = found.and_then(|sha| scene.git().read(&sha).ok()) else {
        return Value::Null;
    };
    json!({
        "id": commit.sha,
        "tree_id": commit.tree,
        "message": commit.message,
        "timestamp": commit.committer.date,
        "author": {"name": commit.author.name, "email": commit.author.email},
        "committer": {"name": commit.committer.name, "email": commit.committer.email},
    })
}

fn job(scene: &Scene<'_>, run: &Run, at: usize, job: &Job) -> Value {
    let id = run.id * 1_000 + at as u64;
    let html = format!("/actions/runs/{}/job/{id}", run.id);
    json!({
        "id": id,
        "run_id": run.id,
        "workflow_name": run.name,
        "head_branch": run.branch,
        "run_url": scene.url(&format!("/actions/runs/{}", run.id)),
        "run_attempt": run.attempt,
        "node_id": user::node("CR", id),
        "head_sha": run.sha,
        "url": scene.url(&format!("/actions/jobs/{id}")),
        "html_url": scene.repository.html(scene.site, &html),
        "status": job.status,
        "conclusion": job.conclusion,
        "created_at": job.started_at,
        "started_at": job.started_at,
        "completed_at": job.completed_at,
        "name": job.name,
        "steps": [],
        "check_run_url": scene.url(&format!("/check-runs/{id}")),
        "labels": ["ubuntu-latest"],
        "runner_id": 1,
        "runner_name": "runner",
        "runner_group_id": 1,
        "runner_group_name": "Default",
    })
}
