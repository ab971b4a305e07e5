//! Merging pull requests.

use super::{Pull, close_merged, find, gate, refresh};
use crate::github::exchange::{Answer, Refusal, Reply};
use crate::github::git::{Git, NewCommit, Signature, WEB};
use crate::github::guard::{self, Moved};
use crate::github::issue::Issue;
use crate::github::repository::Scene;
use crate::github::site::Site;
use crate::github::user;
use serde::Deserialize;
use serde_json::json;

#[derive(Deserialize, Default)]
struct Merge {
    commit_title: Option<String>,
    commit_message: Option<String>,
    sha: Option<String>,
    merge_method: Option<String>,
}

/// `PUT pulls/{number}/merge`: by a merge commit or a squashed one.
pub(in crate::github) fn merge(scene: &mut Scene<'_>, number: &str) -> Answer {
    refresh(scene)?;
    let wanted: Merge = scene.request.body()?;
    let (issue, pull) = find(scene, number)?;
    let (issue, pull) = (issue.clone(), pull.clone());
    if wanted.sha.as_ref().is_some_and(|sha| *sha != pull.head_sha) {
        let message = "Head branch was modified. Review and try the merge again.";
        return Err(Refusal::new(409, message));
    }
    if issue.open && gate::state(scene.site, scene.repository, &pull) == "blocked" {
        return Err(Refusal::new(
            405,
            "Required status check \"ci\" is expected.",
        ));
    }
    let commit = write(scene, (&issue, &pull), &wanted)?;
    let reference = format!("refs/heads/{}", pull.base);
    guard::check(scene, &reference, Some(&commit.sha))?;
    land(scene, (&issue, pull), commit)
}

/// Merges a pull request as GitHub does when it was told to.
pub(super) fn perform(
    scene: &mut Scene<'_>,
    (issue, pull): (&Issue, &Pull),
    method: Option<&str>,
) -> Answer {
    let wanted = Merge {
        merge_method: method.map(str::to_owned),
        ..Merge::default()
    };
    let commit = write(scene, (issue, pull), &wanted)?;
    land(scene, (issue, pull.clone()), commit)
}

/// A merge that is not on its branch yet.
struct Written {
    sha: String,
    /// The commit of the branch before.
    tip: String,
}

fn write(
    scene: &Scene<'_>,
    (issue, pull): (&Issue, &Pull),
    wanted: &Merge,
) -> Result<Written, Refusal> {
    let not_mergeable = || Refusal::new(405, "Pull Request is not mergeable");
    let tip = scene.git().branch(&pull.base).ok_or_else(not_mergeable)?;
    let tree = merged_tree(scene.git(), &tip, &pull.head_sha);
    let tree = tree.filter(|_| issue.open && !pull.draft);
    let tree = tree.ok_or_else(not_mergeable)?;
    let sha = write_merge(scene, (issue, pull), wanted, &tip, &tree)?;
    Ok(Written { sha, tip })
}

/// Moves the branch to the merge.
fn land(scene: &mut Scene<'_>, (issue, mut pull): (&Issue, Pull), written: Written) -> Answer {
    let Written { sha: commit, tip } = written;
    let reference = format!("refs/heads/{}", pull.base);
    if !scene.git().update(&reference, &commit, &tip) {
        let message = "Base branch was modified. Review and try the merge again.";
        return Err(Refusal::new(405, message));
    }
    pull.base_sha.clone_from(&tip);
    scene.repository.pulls.insert(issue.number, pull);
    let Scene {
        site,
        repository,
        token,
        ..
    } = scene;
    close_merged(site, repository, token, issue.number, &commit);
    let moved = Moved {
        name: reference,
        old: tip,
        new: commit.clone(),
    };
    guard::moved(site, repository, token, &[moved]);
    Ok(Reply::ok(json!({
        "sha": commit,
        "merged": true,
        "message": "Pull Request successfully merged",
    })))
}

/// The tree of a merge; nothing if there is a conflict.
pub(super) fn merged_tree(git: &Git, base: &str, head: &str) -> Option<String> {
    git.ask(&["merge-tree", "--write-tree", base, head])
}

/// Merges a head into its base for the runs of a pull request, under a name of GitHub's; nothing if
/// there is a conflict. The same two commits make the same merge.
pub(super) fn trial(site: &Site, git: &Git, pull: &Pull, name: &str) -> Option<String> {
    let tip = git.branch(&pull.base)?;
    let parents = [tip.as_str(), pull.head_sha.as_str()];
    let there = git
        .resolve(name, "commit")
        .and_then(|sha| git.read(&sha).ok());
    if let Some(commit) = there.filter(|commit| commit.parents == parents) {
        return Some(commit.sha);
    }
    let web = Signature {
        name: WEB.0.to_owned(),
        email: WEB.1.to_owned(),
        date: site.now(),
    };
    let commit = git.commit(&NewCommit {
        tree: &merged_tree(git, &tip, &pull.head_sha)?,
        parents: &parents,
        message: &format!("Merge {} into {tip}", pull.head_sha),
        author: &web,
        committer: &web,
    });
    let commit = commit.ok()?;
    git.run(&["update-ref", name, &commit]).ok()?;
    Some(commit)
}

fn write_merge(
    scene: &Scene<'_>,
    (issue, pull): (&Issue, &Pull),
    wanted: &Merge,
    tip: &str,
    tree: &str,
) -> Result<String, Refusal> {
    let squash = match wanted.merge_method.as_deref() {
        None | Some("merge") => false,
        Some("squash") => true,
        Some(_) => {
            return Err(Refusal::new(
                405,
                "Rebase merges are not allowed on this repository.",
            ));
        }
    };
    let number = issue.number;
    let owner = pull.head_repository.split('/').next().unwrap_or_default();
    let (title, text) = if squash {
        (format!("{} (#{number})", issue.title), String::new())
    } else {
        let title = format!("Merge pull request #{number} from {owner}/{}", pull.head);
        (title, issue.title.clone())
    };
    let title = wanted.commit_title.clone().unwrap_or(title);
    let text = wanted.commit_message.clone().unwrap_or(text);
    let both = [tip, pull.head_sha.as_str()];
    let message = format!("{title}\n\n{text}");
    Ok(scene.git().commit(&NewCommit {
        tree,
        parents: if squash { &both[..1] } else { &both },
        message: message.trim_end(),
        author: &user::signature(scene.site, &scene.token.login),
        committer: &Signature {
            name: WEB.0.to_owned(),
            email: WEB.1.to_owned(),
            date: scene.site.now(),
        },
    })?)
}
