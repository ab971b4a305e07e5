//! An issue as JSON.

use super::Issue;
use crate::github::repository::Repository;
use crate::github::site::Site;
use crate::github::{label, user};
use serde_json::{Value, json};

pub(in crate::github) fn json(site: &Site, repository: &Repository, issue: &Issue) -> Value {
    let number = issue.number;
    let url = repository.url(site, &format!("/issues/{number}"));
    let pull = repository.pulls.get(&number);
    let kind = if pull.is_some() { "pull" } else { "issues" };
    let html = repository.html(site, &format!("/{kind}/{number}"));
    let mut json = json!({
        "id": issue.id,
        "node_id": user::node("I", issue.id),
        "url": url,
        "repository_url": repository.url(site, ""),
        "labels_url": format!("{url}/labels{{/name}}"),
        "comments_url": format!("{url}/comments"),
        "events_url": format!("{url}/events"),
        "html_url": html,
        "number": number,
        "state": if issue.open { "open" } else { "closed" },
        "state_reason": issue.state_reason,
        "title": issue.title,
        "body": issue.body,
        "user": user::json(site, &issue.author),
        "labels": label::worn(site, repository, &issue.labels),
        "assignee": null,
        "assignees": [],
        "milestone": null,
        "locked": false,
        "active_lock_reason": null,
        "comments": issue.comments.len(),
        "closed_at": issue.closed_at,
        "created_at": issue.created_at,
        "updated_at": issue.updated_at,
        "author_association": "CONTRIBUTOR",
    });
    if let Some(pull) = pull {
        json["pull_request"] = json!({
            "url": repository.url(site, &format!("/pulls/{number}")),
            "html_url": html,
            "diff_url": format!("{html}.diff"),
            "patch_url": format!("{html}.patch"),
            "merged_at": pull.merged.as_ref().map(|(at, _)| at),
        });
    }
    json
}
