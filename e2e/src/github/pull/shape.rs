//! A pull request as JSON.

use serde_json::{Value, json};

use super::{Pull, fork_point, gate};
use crate::github::commit::changes;
use crate::github::issue::Issue;
use crate::github::repository::Repository;
use crate::github::site::Site;
use crate::github::{label, user};

/// A pull request as lists show it.
pub(super) fn short(site: &Site, repository: &Repository, issue: &Issue, pull: &Pull) -> Value {
    let number = issue.number;
    let url = repository.url(site, &format!("/pulls/{number}"));
    let html = repository.html(site, &format!("/pull/{number}"));
    let issue_url = repository.url(site, &format!("/issues/{number}"));
    let statuses = repository.url(site, &format!("/statuses/{}", pull.head_sha));
    let link = |href: &str| json!({"href": href});
    let labels = label::worn(site, repository, &issue.labels);
    json!({
        "url": url,
        "id": issue.id,
        "node_id": user::node("PR", issue.id),
        "html_url": html,
        "diff_url": format!("{html}.diff"),
        "patch_url": format!("{html}.patch"),
        "issue_url": issue_url,
        "commits_url": format!("{url}/commits"),
        "review_comments_url": format!("{url}/comments"),
        "review_comment_url": format!("{}/pulls/comments{{/number}}", repository.url(site, "")),
        "comments_url": format!("{issue_url}/comments"),
        "statuses_url": statuses,
        "number": number,
        "state": if issue.open { "open" } else { "closed" },
        "locked": false,
        "title": issue.title,
        "user": user::json(site, &issue.author),
        "body": issue.body,
        "labels": labels,
        "milestone": null,
        "active_lock_reason": null,
        "created_at": issue.created_at,
        "updated_at": issue.updated_at,
        "closed_at": issue.closed_at,
        "merged_at": pull.merged.as_ref().map(|(at, _)| at),
        "merge_commit_sha": pull.merge_commit,
        "assignee": null,
        "assignees": [],
        "requested_reviewers": [],
        "requested_teams": [],
        "head": side(site, repository, (&pull.head_repository, &pull.head, &pull.head_sha)),
        "base": side(site, repository, (&repository.name, &pull.base, &pull.base_sha)),
        "_links": {
            "self": link(&url),
            "html": link(&html),
            "issue": link(&issue_url),
            "comments": link(&format!("{issue_url}/comments")),
            "review_comments": link(&format!("{url}/comments")),
            "review_comment": link(&format!("{url}/comments{{/number}}")),
            "commits": link(&format!("{url}/commits")),
            "statuses": link(&statuses),
        },
        "author_association": "CONTRIBUTOR",
        "auto_merge": null,
        "draft": pull.draft,
    })
}

fn side(site: &Site, repository: &Repository, (name, branch, sha): (&str, &str, &str)) -> Value {
    let (owner, short) = name.split_once('/').unwrap_or_default();
    let mut shown = repository.json(site);
    if name != repository.name {
        shown["id"] = json!(user::number(name));
        shown["name"] = json!(short);
        shown["full_name"] = json!(name);
        shown["owner"] = user::json(site, owner);
        shown["url"] = json!(site.api(&format!("/repos/{name}")));
        shown["html_url"] = json!(format!("{}/{name}", site.base));
        shown["clone_url"] = json!(format!("{}/{name}.git", site.base));
    }
    json!({
        "label": format!("{owner}:{branch}"),
        "ref": branch,
        "sha": sha,
        "user": user::json(site, owner),
        "repo": shown,
    })
}

/// A pull request by itself.
pub(super) fn full(site: &Site, repository: &Repository, issue: &Issue, pull: &Pull) -> Value {
    let git = &repository.git;
    let state = gate::state(site, repository, pull);
    let files = changes(git, &fork_point(git, pull), &pull.head_sha).unwrap_or_default();
    let range = format!("{}..{}", pull.base_sha, pull.head_sha);
    let commits = git.ask(&["rev-list", "--count", &range]);
    let commits = commits.and_then(|count| count.parse::<u64>().ok());
    let mut json = short(site, repository, issue, pull);
    let open = issue.open;
    json["merged"] = json!(pull.merged.is_some());
    json["merged_by"] = pull
        .merged
        .as_ref()
        .map_or(Value::Null, |(_, login)| user::json(site, login));
    json["mergeable"] = if open {
        json!(state != "dirty")
    } else {
        Value::Null
    };
    json["mergeable_state"] = json!(if open { state } else { "unknown" });
    json["rebaseable"] = Value::Null;
    json["maintainer_can_modify"] = json!(false);
    json["comments"] = json!(issue.comments.len());
    json["review_comments"] = json!(0);
    json["commits"] = json!(commits.unwrap_or(0));
    json["additions"] = json!(files.iter().map(|file| file.additions).sum::<u64>());
    json["deletions"] = json!(files.iter().map(|file| file.deletions).sum::<u64>());
    json["changed_files"] = json!(files.len());
    json
}
