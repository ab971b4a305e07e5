//! What a merge into the branch of an environment brought, and who vouches for it.
//!
//! Sources: GitHub's REST API. A review counts for the commit that it names (`commit_id`), and of
//! a person's reviews the last one that approves, asks for changes or was dismissed. Anybody may
//! review a public repository: `author_association` tells who belongs to it. The author of a commit
//! is whatever the commit says; who pushed is told by the repository's activity.

use super::git::origins;
use super::github::{GitHub, encoded};
use super::session::Session;
use crate::error::Failure;
use cascade_core::lifecycle::History;
use cascade_core::lifecycle::hotfix::{Brought, Merge, Origin, Pull, Resolution};
use indexmap::IndexMap;
use serde_json::Value;

/// The people whose approval counts.
const MEMBERS: [&str; 3] = ["OWNER", "MEMBER", "COLLABORATOR"];
/// The most movements of a branch that GitHub lists at once.
const MOST: usize = 100;

/// The merge of a pull request, with the fixes that it brought.
pub(crate) fn of_pull(
    session: &Session,
    github: &GitHub,
    pull: &Pull,
    (sha, held): (&str, Option<&str>),
) -> Result<Merge, Failure> {
    let mut merge = of_commit(session, &pull.environment, (sha, held), &pull.note.commits)?;
    merge.number = pull.number;
    merge.unresolved = pull.note.conflict.as_ref() == Some(&pull.head_sha);
    let own = merge.brought.iter().any(|each| each.origin == Origin::Own);
    if let Some(held) = held.filter(|_| own)
        && session.git.picks_conflict(held, &merge.patches)?
    {
        merge.resolution = resolution(github, pull)?;
    }
    Ok(merge)
}

/// The same of a merge whose pull request nobody knows.
///
/// `noted` are the fixes that somebody says it brings. The text of a pull request is anybody's, so
/// they count where a commit does not say itself what it is, and then its files are compared.
pub(crate) fn of_commit(
    session: &Session,
    environment: &str,
    (sha, held): (&str, Option<&str>),
    noted: &[String],
) -> Result<Merge, Failure> {
    let trunk = Trunk::new(session)?;
    let noted = trunk.has(noted.iter().map(String::as_str))?;
    let mut merge = Merge {
        environment: environment.to_owned(),
        sha: sha.to_owned(),
        ..Merge::default()
    };
    for commit in session.git.commits(held, sha)?.iter().rev() {
        let named = trunk.has(origins(&commit.message))?;
        let fixes = if named.is_empty() { &noted } else { &named };
        let origin = origin(session, &commit.sha, fixes)?;
        if origin != Origin::Merge {
            remember(&mut merge.patches, fixes);
        }
        let sha = commit.sha.clone();
        merge.brought.push(Brought { sha, origin });
    }
    Ok(merge)
}

fn origin(session: &Session, commit: &str, fixes: &[String]) -> Result<Origin, Failure> {
    if let Some(plain) = session.git.is_plain_merge(commit)? {
        return Ok(if plain { Origin::Merge } else { Origin::Own });
    }
    let picks = !fixes.is_empty() && session.git.is_pick(commit, fixes)?;
    Ok(if picks { Origin::Pick } else { Origin::Own })
}

fn remember(patches: &mut Vec<String>, fixes: &[String]) {
    for fix in fixes {
        if !patches.contains(fix) {
            patches.push(fix.clone());
        }
    }
}

/// The trunk, asked for its commits.
struct Trunk<'a> {
    session: &'a Session,
    head: String,
}

impl<'a> Trunk<'a> {
    fn new(session: &'a Session) -> Result<Self, Failure> {
        let head = session.git.head()?;
        Ok(Self { session, head })
    }

    /// Those of some commits that the trunk has.
    fn has<'c>(&self, commits: impl Iterator<Item = &'c str>) -> Result<Vec<String>, Failure> {
        let git = &self.session.git;
        let mut found = Vec::new();
        for commit in commits {
            if git.resolve(commit)?.is_some() && git.contains(&self.head, commit)? {
                found.push(commit.to_owned());
            }
        }
        Ok(found)
    }
}

/// Finds an approval of the last commit by somebody who neither wrote nor pushed it.
fn resolution(github: &GitHub, pull: &Pull) -> Result<Resolution, Failure> {
    let pushers = pushers(github, &pull.head)?;
    if pushers.is_empty() || pushers.len() >= MOST {
        let why = "GitHub does not tell who pushed the resolution";
        return Ok(Resolution::Unapproved(why.to_owned()));
    }
    let involved = |login: &str| {
        let mut involved = pushers.iter().chain([&pull.author]);
        involved.any(|each| each.eq_ignore_ascii_case(login))
    };
    let reviews = github.list(&github.path(&format!("/pulls/{}/reviews", pull.number)))?;
    let approvals = last(&reviews).into_iter().filter(|(_, review)| {
        let association = review["author_association"].as_str().unwrap_or_default();
        review["state"] == "APPROVED"
            && review["commit_id"] == pull.head_sha.as_str()
            && MEMBERS.contains(&association)
    });
    let mut independent = approvals.filter(|(login, _)| !involved(login));
    Ok(match independent.next() {
        Some((login, _)) => Resolution::Approved(login.to_owned()),
        None => Resolution::Unapproved(
            "nobody but its author and those who pushed to it approved its last commit".to_owned(),
        ),
    })
}

/// The review of each person that holds.
fn last(reviews: &[Value]) -> IndexMap<&str, &Value> {
    let mut last = IndexMap::new();
    for review in reviews {
        let decides = ["APPROVED", "CHANGES_REQUESTED", "DISMISSED"];
        let state = review["state"].as_str().unwrap_or_default();
        if let Some(login) = review["user"]["login"].as_str()
            && decides.contains(&state)
        {
            last.insert(login, review);
        }
    }
    last
}

/// Whoever pushed to a branch, for every push.
fn pushers(github: &GitHub, branch: &str) -> Result<Vec<String>, Failure> {
    let reference = encoded(&format!("refs/heads/{branch}"));
    let path = github.path(&format!("/activity?ref={reference}&per_page={MOST}"));
    let answer = github.get(&path)?.accepted("GET", &path)?;
    let pushes = answer.list()?;
    let actor = |push: &Value| Some(push["actor"]["login"].as_str()?.to_owned());
    Ok(pushes.iter().filter_map(actor).collect())
}
