//! Pull requests.

mod gate;
mod merge;
mod shape;

pub use gate::Gate;
pub(super) use gate::enable;
pub(super) use merge::merge;

use super::commit::{self, changes};
use super::event::skips;
use super::exchange::{Answer, Refusal, Reply};
use super::git::{Git, ZERO};
use super::guard::{self, Moved};
use super::issue::{self, Issue, NewIssue};
use super::page;
use super::repository::{Repository, Scene};
use super::site::Site;
use super::token::Token;
use serde::Deserialize;
use serde_json::json;
use shape::{full, short};

/// The parts that a pull request has besides those of an issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pull {
    /// `owner/name` of the repository that the changes come from.
    pub head_repository: String,
    /// The branch that the changes come from.
    pub head: String,
    /// Its commit.
    pub head_sha: String,
    /// The branch that the changes go to.
    pub base: String,
    /// Its commit when the pull request was opened or merged.
    pub base_sha: String,
    /// Not ready.
    pub draft: bool,
    /// The time at which it was merged, and the user who did it.
    pub merged: Option<(String, String)>,
    /// The commit that merged it.
    pub merge_commit: Option<String>,
    /// The time at which it was opened, in seconds since 1970.
    pub opened: u64,
    /// The method with which GitHub merges it as soon as it may.
    pub auto_merge: Option<String>,
}

#[derive(Deserialize)]
struct Create {
    title: String,
    head: String,
    /// The name of the head's repository, where one owner has both.
    head_repo: Option<String>,
    base: String,
    body: Option<String>,
    #[serde(default)]
    draft: bool,
}

/// `POST pulls`.
pub(super) fn create(scene: &mut Scene<'_>) -> Answer {
    let new: Create = scene.request.body()?;
    let owner = scene.repository.owner().to_owned();
    let (from, head) = new.head.split_once(':').unwrap_or((&owner, &new.head));
    let invalid = |field| move || Refusal::invalid("PullRequest", field, "invalid");
    let head_repository = match (&new.head_repo, from == owner) {
        (Some(name), _) => format!("{from}/{name}"),
        (None, true) => scene.repository.name.clone(),
        (None, false) => commit::relative(scene, from).unwrap_or_default(),
    };
    let head_sha = commit::fetch(scene, &head_repository, head)?.ok_or_else(invalid("head"))?;
    let base_sha = scene.git().branch(&new.base).ok_or_else(invalid("base"))?;
    if scene.git().is_ancestor(&head_sha, &base_sha) {
        return Err(Refusal::unprocessable(format!(
            "Validation Failed: No commits between {} and {}",
            new.base, new.head
        )));
    }
    let pull = Pull {
        head_repository,
        head: head.to_owned(),
        head_sha,
        base: new.base,
        base_sha,
        draft: new.draft,
        merged: None,
        merge_commit: None,
        opened: scene.site.clock.seconds(),
        auto_merge: None,
    };
    if open_twin(scene.repository, &pull) {
        return Err(Refusal::unprocessable(format!(
            "Validation Failed: A pull request already exists for {from}:{head}."
        )));
    }
    let opened = NewIssue {
        title: new.title,
        body: new.body,
        labels: Vec::new(),
        author: scene.token.login.clone(),
    };
    let issue = issue::open(scene.site, scene.repository, opened).clone();
    point_head(scene.git(), issue.number, &pull.head_sha);
    scene.repository.pulls.insert(issue.number, pull.clone());
    let Scene {
        site,
        repository,
        token,
        ..
    } = scene;
    announce(site, repository, token, (&issue, &pull), "opened");
    Ok(Reply::created(full(site, repository, &issue, &pull)))
}

fn open_twin(repository: &Repository, pull: &Pull) -> bool {
    let issues = repository.issues.iter().filter(|issue| issue.open);
    issues
        .filter_map(|issue| repository.pulls.get(&issue.number))
        .any(|other| {
            (&other.head_repository, &other.head, &other.base)
                == (&pull.head_repository, &pull.head, &pull.base)
        })
}

/// `refs/pull/{number}/head`, which GitHub keeps for every pull request.
fn point_head(git: &Git, number: u64, sha: &str) {
    let name = format!("refs/pull/{number}/head");
    // Only a corrupt repository refuses; the pull request's own record is what counts.
    let _ = git.run(&["update-ref", &name, sha]);
}

/// `GET pulls`: the newest first.
pub(super) fn list(scene: &mut Scene<'_>) -> Answer {
    refresh(scene)?;
    let request = scene.request;
    let state = request.query("state").unwrap_or("open");
    let head = |pull: &Pull| {
        request.query("head").is_none_or(|wanted| {
            let owner = pull.head_repository.split('/').next().unwrap_or_default();
            wanted == format!("{owner}:{}", pull.head)
        })
    };
    let base = |pull: &Pull| {
        request
            .query("base")
            .is_none_or(|wanted| wanted == pull.base)
    };
    let issues = scene.repository.issues.iter();
    let mut found: Vec<_> = issues
        .filter_map(|issue| Some((issue, scene.repository.pulls.get(&issue.number)?)))
        .filter(|(issue, pull)| {
            (state == "all" || issue.open == (state == "open")) && head(pull) && base(pull)
        })
        .collect();
    if request.query("direction") != Some("asc") {
        found.reverse();
    }
    page::list(scene.site, request, found, |(issue, pull)| {
        short(scene.site, scene.repository, issue, pull)
    })
}

/// Looks where the heads in other repositories are now; pushes there tell nobody here.
fn refresh(scene: &mut Scene<'_>) -> Result<(), Refusal> {
    let open = scene.repository.issues.iter().filter(|issue| issue.open);
    let foreign: Vec<_> = open
        .filter_map(|issue| Some((issue.number, scene.repository.pulls.get(&issue.number)?)))
        .filter(|(_, pull)| pull.head_repository != scene.repository.name)
        .map(|(number, pull)| (number, pull.head_repository.clone(), pull.head.clone()))
        .collect();
    for (number, repository, head) in foreign {
        if let Some(sha) = commit::fetch(scene, &repository, &head)? {
            point_head(scene.git(), number, &sha);
            if let Some(pull) = scene.repository.pulls.get_mut(&number) {
                pull.head_sha = sha;
            }
        }
    }
    gate::settle(scene)
}

fn find<'a>(scene: &'a Scene<'_>, number: &str) -> Result<(&'a Issue, &'a Pull), Refusal> {
    let issue = &scene.repository.issues[issue::find(scene.repository, number)?];
    let pull = scene.repository.pulls.get(&issue.number);
    Ok((issue, pull.ok_or_else(Refusal::not_found)?))
}

/// `GET pulls/{number}`.
pub(super) fn get(scene: &mut Scene<'_>, number: &str) -> Answer {
    refresh(scene)?;
    let (issue, pull) = find(scene, number)?;
    Ok(Reply::ok(full(scene.site, scene.repository, issue, pull)))
}

#[derive(Deserialize)]
struct Update {
    base: Option<String>,
}

/// `PATCH pulls/{number}`.
pub(super) fn update(scene: &mut Scene<'_>, number: &str) -> Answer {
    let Update { base } = scene.request.body()?;
    let number_of = find(scene, number)?.0.number;
    if let Some(base) = base {
        let Some(base_sha) = scene.git().branch(&base) else {
            return Err(Refusal::invalid("PullRequest", "base", "invalid"));
        };
        if let Some(pull) = scene.repository.pulls.get_mut(&number_of) {
            pull.base = base;
            pull.base_sha = base_sha;
        }
    }
    issue::update(scene, number)?;
    let (issue, pull) = find(scene, number)?;
    Ok(Reply::ok(full(scene.site, scene.repository, issue, pull)))
}

/// `GET pulls/{number}/files`.
pub(super) fn files(scene: &mut Scene<'_>, number: &str) -> Answer {
    refresh(scene)?;
    let (_, pull) = find(scene, number)?;
    let files = changes(scene.git(), &fork_point(scene.git(), pull), &pull.head_sha)?;
    page::list(scene.site, scene.request, files, |file| {
        file.json(scene.site, scene.repository, &pull.head_sha)
    })
}

fn fork_point(git: &Git, pull: &Pull) -> String {
    git.ask(&["merge-base", &pull.base_sha, &pull.head_sha])
        .unwrap_or_else(|| pull.base_sha.clone())
}

fn close_merged(
    site: &Site,
    repository: &mut Repository,
    token: &Token,
    number: u64,
    commit: &str,
) {
    if let Some(pull) = repository.pulls.get_mut(&number) {
        pull.merged = Some((site.now(), token.login.clone()));
        pull.merge_commit = Some(commit.to_owned());
    }
    close(site, repository, token, number);
}

fn close(site: &Site, repository: &mut Repository, token: &Token, number: u64) {
    let mut issues = repository.issues.iter_mut();
    let Some(issue) = issues.find(|issue| issue.number == number) else {
        return;
    };
    if !issue::set_open(site, issue, false, &token.login) {
        return;
    }
    let issue = issue.clone();
    if let Some(pull) = repository.pulls.get(&number) {
        announce(site, repository, token, (&issue, pull), "closed");
    }
}

/// Applies moved refs to pull requests: they follow their head, they are merged when their base
/// contains it, and they are closed when it is gone.
pub(super) fn refs_moved(site: &Site, repository: &mut Repository, token: &Token, refs: &[Moved]) {
    for moved in refs {
        let Some(branch) = moved.name.strip_prefix("refs/heads/") else {
            continue;
        };
        let open = repository.issues.iter().filter(|issue| issue.open);
        let pulls: Vec<_> = open
            .filter_map(|issue| {
                let pull = repository.pulls.get(&issue.number)?;
                Some((issue.number, pull.clone()))
            })
            .collect();
        for (number, pull) in pulls {
            let ours = pull.head_repository == repository.name && pull.head == branch;
            let git = &repository.git;
            if ours && moved.new == ZERO {
                close(site, repository, token, number);
            } else if ours {
                point_head(git, number, &moved.new);
                follow(site, repository, token, number, &moved.new);
            } else if pull.base == branch
                && moved.new != ZERO
                && git.is_ancestor(&pull.head_sha, &moved.new)
            {
                close_merged(site, repository, token, number, &moved.new);
            }
        }
    }
}

fn follow(site: &Site, repository: &mut Repository, token: &Token, number: u64, sha: &str) {
    if let Some(pull) = repository.pulls.get_mut(&number) {
        sha.clone_into(&mut pull.head_sha);
    }
    let mut issues = repository.issues.iter();
    let issue = issues.find(|issue| issue.number == number);
    if let (Some(issue), Some(pull)) = (issue, repository.pulls.get(&number)) {
        announce(site, repository, token, (issue, pull), "synchronize");
    }
}

/// Tells what happened to a pull request.
///
/// A run is of the merge of the head into the base, and there is none while both conflict.
///
/// Source: GitHub, "Events that trigger workflows", `pull_request`.
pub(super) fn announce(
    site: &Site,
    repository: &Repository,
    token: &Token,
    (issue, pull): (&Issue, &Pull),
    action: &str,
) {
    let head = repository.git.read(&pull.head_sha);
    if head.is_ok_and(|commit| skips(&commit.message)) {
        return;
    }
    let (reference, sha) = match &pull.merge_commit {
        Some(commit) => (format!("refs/heads/{}", pull.base), commit.clone()),
        None => {
            let name = format!("refs/pull/{}/merge", issue.number);
            let Some(commit) = merge::trial(site, &repository.git, pull, &name) else {
                return;
            };
            (name, commit)
        }
    };
    let payload = json!({
        "action": action,
        "number": issue.number,
        "pull_request": full(site, repository, issue, pull),
    });
    let at = (reference.as_str(), sha.as_str());
    let event = guard::event(site, repository, token, "pull_request", at, payload);
    site.emit(token, &event);
}
