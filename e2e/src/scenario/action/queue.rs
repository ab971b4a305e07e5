//! A pull request enters the merge queue.
//!
//! Source: GitHub's documentation, "Events that trigger workflows", `merge_group`: the run is of the
//! group's commit, on a branch below `gh-readonly-queue/`; "Webhook events and payloads",
//! `merge_group`.

use anyhow::Context;
use serde_json::json;

use super::Done;
use super::runs::{dispatch, head};
use crate::scenario::git;
use crate::scenario::launch::Disturbance;
use crate::scenario::step::Queue;
use crate::scenario::world::{Repository, World};

/// Makes the commit that the queue tests, and asks for its checks.
pub(super) fn enter(
    world: &mut World,
    repository: &Repository,
    queue: &Queue,
    done: &mut Done,
) -> anyhow::Result<()> {
    let pulls = repository.handle.pulls()?;
    let found = pulls.iter().find(|(issue, _)| issue.number == queue.number);
    let (issue, pull) = found.context("there is no such pull request")?;
    let base = head(repository, &pull.base)?;
    let bare = repository.handle.folder();
    let sides = [base.as_str(), pull.head_sha.as_str()];
    let tree = git::run(&bare, &["merge-tree", "--write-tree", sides[0], sides[1]])?;
    let message = format!("Merge pull request #{} into {}", issue.number, pull.base);
    let commit = [
        "commit-tree",
        tree.trim(),
        "-p",
        sides[0],
        "-p",
        sides[1],
        "-m",
        &message,
    ];
    let commit = git::run(&bare, &commit)?.trim().to_owned();
    let branch = format!("gh-readonly-queue/{}/pr-{}-{base}", pull.base, issue.number);
    let reference = format!("refs/heads/{branch}");
    repository.handle.set_ref(&reference, Some(&commit))?;
    let payload = json!({
        "action": "checks_requested",
        "merge_group": {
            "head_sha": commit,
            "head_ref": reference,
            "base_sha": base,
            "base_ref": format!("refs/heads/{}", pull.base),
            "head_commit": { "id": commit, "message": message },
        },
    });
    let mut event = world.event(repository, "merge_group", &commit, payload);
    event.action = Some("checks_requested".to_owned());
    event.reference.clone_from(&reference);
    dispatch(world, &event, &Disturbance::default(), done)?;
    repository.handle.set_ref(&reference, None)
}
