//! Conditions that keep pull requests into a branch from being merged, and what people do meanwhile.
//!
//! Sources: GitHub, "Automatically merging a pull request": it must be allowed for the repository,
//! and something must keep the pull request from being merged now; REST API, "Merge a pull request":
//! 405 where a required check is missing.

use std::time::Duration;

use serde_json::{Value, json};

use super::merge::{merged_tree, perform};
use super::{Pull, close};
use crate::github::exchange::{Answer, Refusal, Reply};
use crate::github::issue::Issue;
use crate::github::repository::{Repository, Scene};
use crate::github::site::Site;
use crate::github::token::Scope;

/// The demands of a branch on pull requests into it, and what becomes of them.
#[derive(Debug, Clone, Default)]
pub struct Gate {
    /// The time that its required checks take.
    pub checks: Option<Duration>,
    /// The time after which somebody closes them.
    pub closed: Option<Duration>,
}

/// Returns the state of a pull request that is open, in the words of `mergeable_state`.
pub(super) fn state(site: &Site, repository: &Repository, pull: &Pull) -> &'static str {
    let tip = repository.git.branch(&pull.base);
    let tip = tip.as_deref().unwrap_or(&pull.base_sha);
    let gate = repository.gates.get(&pull.base);
    let checks = gate.and_then(|gate| gate.checks);
    match merged_tree(&repository.git, tip, &pull.head_sha) {
        None => "dirty",
        Some(_) if !has_passed(site, pull, checks.unwrap_or_default()) => "blocked",
        Some(_) => "clean",
    }
}

fn has_passed(site: &Site, pull: &Pull, time: Duration) -> bool {
    site.clock.seconds() >= pull.opened + time.as_secs()
}

/// Lets happen what time has brought: people close pull requests, and GitHub merges those that it
/// was told to merge.
pub(super) fn settle(scene: &mut Scene<'_>) -> Result<(), Refusal> {
    let open = scene.repository.issues.iter().filter(|issue| issue.open);
    let open: Vec<(Issue, Pull)> = open
        .filter_map(|issue| {
            let pull = scene.repository.pulls.get(&issue.number)?;
            Some((issue.clone(), pull.clone()))
        })
        .collect();
    for (issue, pull) in open {
        let gate = scene.repository.gates.get(&pull.base);
        let closed = gate.and_then(|gate| gate.closed);
        if closed.is_some_and(|time| has_passed(scene.site, &pull, time)) {
            close(scene.site, scene.repository, scene.token, issue.number);
        } else if let Some(method) = &pull.auto_merge
            && state(scene.site, scene.repository, &pull) == "clean"
        {
            let method = method.clone();
            perform(scene, (&issue, &pull), Some(&method))?;
        }
    }
    Ok(())
}

/// The mutation `enablePullRequestAutoMerge` for a pull request of the scene's repository.
pub(in crate::github) fn enable(scene: &mut Scene<'_>, number: u64, method: &str) -> Answer {
    settle(scene)?;
    let writes = |scope| scene.repository.writable(scene.token, scope);
    if !writes(Scope::PullRequests) || !writes(Scope::Contents) {
        return Ok(refused(
            "FORBIDDEN",
            "Resource not accessible by integration",
        ));
    }
    let pull = scene.repository.pulls.get(&number).cloned();
    let pull = pull.ok_or_else(Refusal::not_found)?;
    if !scene.repository.auto_merge {
        let said = "Pull request Auto merge is not allowed for this repository";
        return Ok(refused("UNPROCESSABLE", said));
    }
    if state(scene.site, scene.repository, &pull) == "clean" {
        let said = "Pull request Pull request is in clean status";
        return Ok(refused("UNPROCESSABLE", said));
    }
    if let Some(pull) = scene.repository.pulls.get_mut(&number) {
        pull.auto_merge = Some(method.to_lowercase());
    }
    Ok(Reply::ok(json!({
        "data": { "enablePullRequestAutoMerge": { "pullRequest": { "id": number.to_string() } } },
    })))
}

fn refused(kind: &str, message: &str) -> Reply {
    Reply::ok(json!({
        "data": { "enablePullRequestAutoMerge": Value::Null },
        "errors": [{ "type": kind, "path": ["enablePullRequestAutoMerge"], "message": message }],
    }))
}
