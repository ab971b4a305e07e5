//! The comments of an issue, and its timeline.

use super::{Comment, Issue, IssueEvent, find};
use crate::github::exchange::{Answer, Refusal, Reply};
use crate::github::repository::Scene;
use crate::github::{page, user};
use serde::Deserialize;
use serde_json::{Value, json};

/// `GET issues/{number}/comments`.
pub(in crate::github) fn comments(scene: &Scene<'_>, number: &str) -> Answer {
    let issue = &scene.repository.issues[find(scene.repository, number)?];
    let comments = issue.comments.iter().collect();
    page::list(scene.site, scene.request, comments, |one| {
        comment_json(scene, issue, one)
    })
}

#[derive(Deserialize)]
struct NewComment {
    body: String,
}

/// `POST issues/{number}/comments`.
pub(in crate::github) fn comment(scene: &mut Scene<'_>, number: &str) -> Answer {
    let body = text(scene)?;
    let at = find(scene.repository, number)?;
    let comment = Comment {
        id: scene.site.id(),
        author: scene.token.login.clone(),
        body,
        created_at: scene.site.now(),
    };
    let issue = &mut scene.repository.issues[at];
    issue.updated_at.clone_from(&comment.created_at);
    issue.comments.push(comment.clone());
    let issue = &scene.repository.issues[at];
    Ok(Reply::created(comment_json(scene, issue, &comment)))
}

/// `PATCH issues/comments/{id}`.
pub(in crate::github) fn change_comment(scene: &mut Scene<'_>, id: &str) -> Answer {
    let body = text(scene)?;
    let now = scene.site.now();
    let comment = |issue: &Issue| issue.comments.iter().position(|it| it.id.to_string() == id);
    let mut issues = scene.repository.issues.iter();
    let at = issues.position(|issue| comment(issue).is_some());
    let at = at.ok_or_else(Refusal::not_found)?;
    let issue = &mut scene.repository.issues[at];
    issue.updated_at = now;
    let place = comment(issue).ok_or_else(Refusal::not_found)?;
    issue.comments[place].body = body;
    let issue = &scene.repository.issues[at];
    Ok(Reply::ok(comment_json(
        scene,
        issue,
        &issue.comments[place],
    )))
}

/// The text of a comment, which has a limit.
fn text(scene: &Scene<'_>) -> Result<String, Refusal> {
    const LONGEST: usize = 65_536;
    let NewComment { body } = scene.request.body()?;
    match body.chars().count() {
        0 => Err(Refusal::unprocessable("Body can't be blank")),
        length if length > LONGEST => Err(Refusal::unprocessable(
            "Body is too long (maximum is 65536 characters)",
        )),
        _ => Ok(body),
    }
}

fn comment_json(scene: &Scene<'_>, issue: &Issue, comment: &Comment) -> Value {
    let number = issue.number;
    let html = format!("/issues/{number}#issuecomment-{}", comment.id);
    json!({
        "id": comment.id,
        "node_id": user::node("IC", comment.id),
        "url": scene.url(&format!("/issues/comments/{}", comment.id)),
        "html_url": scene.repository.html(scene.site, &html),
        "issue_url": scene.url(&format!("/issues/{number}")),
        "body": comment.body,
        "user": user::json(scene.site, &comment.author),
        "created_at": comment.created_at,
        "updated_at": comment.created_at,
        "author_association": "CONTRIBUTOR",
    })
}

/// `GET issues/{number}/timeline`: comments and events as they happened.
pub(in crate::github) fn timeline(scene: &Scene<'_>, number: &str) -> Answer {
    let issue = &scene.repository.issues[find(scene.repository, number)?];
    let comments = issue.comments.iter().map(|comment| {
        let mut json = comment_json(scene, issue, comment);
        json["event"] = json!("commented");
        json["actor"] = user::json(scene.site, &comment.author);
        (comment.id, json)
    });
    let events = issue.events.iter();
    let events = events.map(|event| (event.id, event_json(scene, event)));
    let mut all: Vec<_> = comments.chain(events).collect();
    all.sort_by_key(|(id, _)| *id);
    page::list(scene.site, scene.request, all, |(_, json)| json)
}

fn event_json(scene: &Scene<'_>, event: &IssueEvent) -> Value {
    let mut json = json!({
        "id": event.id,
        "node_id": user::node("EV", event.id),
        "url": scene.url(&format!("/issues/events/{}", event.id)),
        "actor": user::json(scene.site, &event.actor),
        "event": event.event,
        "commit_id": null,
        "commit_url": null,
        "created_at": event.created_at,
        "performed_via_github_app": null,
    });
    match &event.label {
        Some(name) => json["label"] = json!({"name": name, "color": "ededed"}),
        None => json["state_reason"] = Value::Null,
    }
    json
}
