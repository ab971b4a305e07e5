//! Issues; a pull request is one, too.

mod comments;
mod labels;
mod shape;

pub(super) use comments::{change_comment, comment, comments, timeline};
pub(super) use labels::{labels, put_labels, remove_label};
pub(super) use shape::json;

use super::exchange::{Answer, Refusal, Reply};
use super::repository::{Repository, Scene};
use super::site::Site;
use super::{guard, label, page, pull};
use labels::{Named, names, set_labels, wear};
use serde::Deserialize;
use serde_json::json;

/// An issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// Its number in the API.
    pub id: u64,
    /// Its number in the repository.
    pub number: u64,
    /// The title.
    pub title: String,
    /// The text.
    pub body: Option<String>,
    /// Not closed.
    pub open: bool,
    /// `completed`, `not_planned`, `reopened`.
    pub state_reason: Option<String>,
    /// The names of its labels.
    pub labels: Vec<String>,
    /// The user who opened it.
    pub author: String,
    /// The time at which it was opened.
    pub created_at: String,
    /// The time of its last change.
    pub updated_at: String,
    /// The time at which it was closed.
    pub closed_at: Option<String>,
    /// Its comments.
    pub comments: Vec<Comment>,
    /// The other events of the issue.
    pub events: Vec<IssueEvent>,
}

/// A comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// Its number in the API.
    pub id: u64,
    /// The user who wrote it.
    pub author: String,
    /// The text of the comment.
    pub body: String,
    /// The time at which it was written.
    pub created_at: String,
}

/// Something that happened to an issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssueEvent {
    /// Its number in the API.
    pub id: u64,
    /// `labeled`, `unlabeled`, `closed`, `reopened`.
    pub event: String,
    /// The label.
    pub label: Option<String>,
    /// Whose doing it was.
    pub actor: String,
    /// The time at which it happened.
    pub created_at: String,
}

/// An issue to be.
#[derive(Debug, Clone, Default)]
pub struct NewIssue {
    /// The title.
    pub title: String,
    /// The text.
    pub body: Option<String>,
    /// The names of its labels.
    pub labels: Vec<String>,
    /// The user who opens it.
    pub author: String,
}

/// Opens an issue.
pub(super) fn open<'a>(
    site: &Site,
    repository: &'a mut Repository,
    new: NewIssue,
) -> &'a mut Issue {
    let now = site.now();
    let at = repository.issues.len();
    let names = new.labels.iter();
    let labels: Vec<_> = names
        .map(|name| label::ensure(site, repository, name))
        .collect();
    let mut issue = Issue {
        id: site.id(),
        number: at as u64 + 1,
        title: new.title,
        body: new.body,
        open: true,
        state_reason: None,
        labels: Vec::new(),
        author: new.author.clone(),
        created_at: now.clone(),
        updated_at: now,
        closed_at: None,
        comments: Vec::new(),
        events: Vec::new(),
    };
    wear(site, &mut issue, labels, &new.author);
    repository.issues.push(issue);
    &mut repository.issues[at]
}

/// Notes an event.
pub(super) fn happened(
    site: &Site,
    issue: &mut Issue,
    event: &str,
    label: Option<&str>,
    actor: &str,
) {
    let now = site.now();
    issue.updated_at.clone_from(&now);
    issue.events.push(IssueEvent {
        id: site.id(),
        event: event.to_owned(),
        label: label.map(str::to_owned),
        actor: actor.to_owned(),
        created_at: now,
    });
}

/// Opens or closes an issue; whether that changed anything.
pub(super) fn set_open(site: &Site, issue: &mut Issue, open: bool, actor: &str) -> bool {
    if issue.open == open {
        return false;
    }
    issue.open = open;
    issue.closed_at = (!open).then(|| site.now());
    issue.state_reason = Some(if open { "reopened" } else { "completed" }.to_owned());
    happened(
        site,
        issue,
        if open { "reopened" } else { "closed" },
        None,
        actor,
    );
    true
}

/// `GET issues`: the newest first, pull requests among them.
pub(super) fn list(scene: &Scene<'_>) -> Answer {
    let request = scene.request;
    let state = request.query("state").unwrap_or("open");
    let wanted = request.query("labels").unwrap_or_default();
    let labels: Vec<_> = wanted.split(',').filter(|name| !name.is_empty()).collect();
    let wears = |issue: &Issue, name: &str| {
        let mut worn = issue.labels.iter();
        worn.any(|worn| worn.eq_ignore_ascii_case(name.trim()))
    };
    let since = request.query("since").unwrap_or_default();
    let found = scene.repository.issues.iter().filter(|issue| {
        (state == "all" || issue.open == (state == "open"))
            && labels.iter().all(|name| wears(issue, name))
            && issue.updated_at.as_str() >= since
    });
    let mut found: Vec<_> = found.collect();
    if request.query("direction") != Some("asc") {
        found.reverse();
    }
    page::list(scene.site, request, found, |issue| {
        json(scene.site, scene.repository, issue)
    })
}

#[derive(Deserialize)]
struct Create {
    title: String,
    body: Option<String>,
    #[serde(default)]
    labels: Vec<Named>,
}

/// `POST issues`.
pub(super) fn create(scene: &mut Scene<'_>) -> Answer {
    let new: Create = scene.request.body()?;
    if new.title.is_empty() {
        return Err(Refusal::invalid("Issue", "title", "missing_field"));
    }
    let new = NewIssue {
        title: new.title,
        body: new.body,
        labels: names(new.labels).collect(),
        author: scene.token.login.clone(),
    };
    let issue = open(scene.site, scene.repository, new).clone();
    announce(scene, &issue, "opened");
    Ok(Reply::created(json(scene.site, scene.repository, &issue)))
}

/// `GET issues/{number}`.
pub(super) fn get(scene: &Scene<'_>, number: &str) -> Answer {
    let issue = find(scene.repository, number)?;
    let issue = &scene.repository.issues[issue];
    Ok(Reply::ok(json(scene.site, scene.repository, issue)))
}

#[derive(Deserialize)]
struct Update {
    title: Option<String>,
    body: Option<String>,
    state: Option<String>,
    state_reason: Option<String>,
    labels: Option<Vec<Named>>,
}

/// `PATCH issues/{number}`.
pub(super) fn update(scene: &mut Scene<'_>, number: &str) -> Answer {
    let wanted: Update = scene.request.body()?;
    let at = find(scene.repository, number)?;
    if let Some(labels) = wanted.labels {
        set_labels(scene, at, names(labels).collect());
    }
    let issue = &mut scene.repository.issues[at];
    if let Some(title) = wanted.title {
        issue.title = title;
    }
    if wanted.body.is_some() {
        issue.body = wanted.body;
    }
    issue.updated_at = scene.site.now();
    let open = match wanted.state.as_deref() {
        None => issue.open,
        Some("open") => true,
        Some("closed") => false,
        Some(_) => return Err(Refusal::invalid("Issue", "state", "invalid")),
    };
    let changed = set_open(scene.site, issue, open, &scene.token.login);
    if wanted.state_reason.is_some() {
        issue.state_reason = wanted.state_reason;
    }
    let issue = issue.clone();
    if changed {
        announce(scene, &issue, if open { "reopened" } else { "closed" });
    }
    Ok(Reply::ok(json(scene.site, scene.repository, &issue)))
}

/// Finds the position of an issue by its number.
pub(super) fn find(repository: &Repository, number: &str) -> Result<usize, Refusal> {
    let mut issues = repository.issues.iter();
    issues
        .position(|issue| issue.number.to_string() == number)
        .ok_or_else(Refusal::not_found)
}

fn announce(scene: &Scene<'_>, issue: &Issue, action: &str) {
    let Scene {
        site,
        repository,
        token,
        ..
    } = scene;
    if let Some(pull) = repository.pulls.get(&issue.number) {
        pull::announce(site, repository, token, (issue, pull), action);
        return;
    }
    let reference = format!("refs/heads/{}", repository.default_branch);
    let sha = repository.git.resolve(&reference, "commit");
    let payload = json!({"action": action, "issue": json(site, repository, issue)});
    let at = (reference.as_str(), sha.as_deref().unwrap_or_default());
    let event = guard::event(site, repository, token, "issues", at, payload);
    site.emit(token, &event);
}
