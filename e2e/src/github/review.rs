//! Reviews of pull requests.

use serde::Deserialize;
use serde_json::{Value, json};

use super::exchange::{Answer, Refusal, Reply};
use super::repository::Scene;
use super::{page, user};

/// A review.
#[derive(Debug, Clone)]
pub(super) struct Review {
    id: u64,
    login: String,
    state: String,
    body: String,
    commit: String,
    at: String,
}

#[derive(Deserialize)]
struct Create {
    event: String,
    #[serde(default)]
    body: String,
    commit_id: Option<String>,
}

/// `GET pulls/{number}/reviews`: the oldest first.
pub(super) fn list(scene: &Scene<'_>, number: &str) -> Answer {
    let number = pull(scene, number)?;
    let reviews = scene.repository.reviews.get(&number);
    let reviews: Vec<&Review> = reviews.into_iter().flatten().collect();
    page::list(scene.site, scene.request, reviews, |each| {
        shown(scene, number, each)
    })
}

/// `POST pulls/{number}/reviews`.
pub(super) fn create(scene: &mut Scene<'_>, number: &str) -> Answer {
    let number = pull(scene, number)?;
    let new: Create = scene.request.body()?;
    let login = scene.token.login.clone();
    let state = match new.event.as_str() {
        "APPROVE" => "APPROVED",
        "REQUEST_CHANGES" => "CHANGES_REQUESTED",
        "COMMENT" => "COMMENTED",
        _ => return Err(Refusal::invalid("PullRequestReview", "event", "invalid")),
    };
    let issues = &scene.repository.issues;
    let own = issues
        .iter()
        .any(|issue| issue.number == number && issue.author == login);
    if own && state != "COMMENTED" {
        return Err(Refusal::unprocessable(
            "Unprocessable Entity: Can not approve or request changes on your own pull request",
        ));
    }
    let head = scene.repository.pulls[&number].head_sha.clone();
    let review = Review {
        id: scene.site.id(),
        login,
        state: state.to_owned(),
        body: new.body,
        commit: new.commit_id.unwrap_or(head),
        at: scene.site.now(),
    };
    let answer = shown(scene, number, &review);
    let reviews = scene.repository.reviews.entry(number).or_default();
    reviews.push(review);
    Ok(Reply::ok(answer))
}

fn pull(scene: &Scene<'_>, number: &str) -> Result<u64, Refusal> {
    let number = number.parse().ok();
    let known = number.filter(|number| scene.repository.pulls.contains_key(number));
    known.ok_or_else(Refusal::not_found)
}

fn shown(scene: &Scene<'_>, number: u64, review: &Review) -> Value {
    let pull = scene.url(&format!("/pulls/{number}"));
    let html = format!("{}/pull/{number}", scene.repository.name);
    json!({
        "id": review.id,
        "node_id": user::node("PRR", review.id),
        "user": user::json(scene.site, &review.login),
        "body": review.body,
        "state": review.state,
        "html_url": html,
        "pull_request_url": pull,
        "submitted_at": review.at,
        "commit_id": review.commit,
        "author_association": "MEMBER",
        "_links": { "html": { "href": html }, "pull_request": { "href": pull } },
    })
}
