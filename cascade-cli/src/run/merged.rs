//! The commits that a merge brought into the branch of an environment, and the people who vouch for
//! them.
//!
//! Sources: GitHub's REST API. `author_association` of a review tells who belongs to the
//! repository, and the repository's activity tells who pushed.

use super::session::Session;
use crate::cli::error::Failure;
use crate::git::origins;
use crate::github::GitHub;
use cascade_core::lifecycle::History;
use cascade_core::lifecycle::hotfix::{Brought, Merge, Origin, Pull, Resolution, Review, judge};
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

/// Asks GitHub who reviewed and who pushed the resolution of a conflict.
fn resolution(github: &GitHub, pull: &Pull) -> Result<Resolution, Failure> {
    let pushers = pushers(github, &pull.head)?;
    let reviews = github.reviews(pull.number)?;
    let reviews: Vec<Review> = reviews.iter().filter_map(review).collect();
    Ok(judge(pull, &reviews, &pushers))
}

/// Reads a review; `None` if it only comments.
fn review(review: &Value) -> Option<Review> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let state = text(&review["state"]);
    let decides = ["APPROVED", "CHANGES_REQUESTED", "DISMISSED"];
    decides.contains(&state.as_str()).then_some(())?;
    Some(Review {
        reviewer: review["user"]["login"].as_str()?.to_owned(),
        commit: text(&review["commit_id"]),
        approves: state == "APPROVED",
        by_member: MEMBERS.contains(&text(&review["author_association"]).as_str()),
    })
}

/// Returns who pushed to a branch, for every push; nobody if GitHub may not have listed them all.
fn pushers(github: &GitHub, branch: &str) -> Result<Vec<String>, Failure> {
    let pushes = github.pushes(branch, MOST)?;
    if pushes.len() >= MOST {
        return Ok(Vec::new());
    }
    let actor = |push: &Value| Some(push["actor"]["login"].as_str()?.to_owned());
    Ok(pushes.iter().filter_map(actor).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_fix_is_remembered_once_and_in_its_order() {
        let mut patches = vec!["b".to_owned()];
        remember(
            &mut patches,
            &["c".to_owned(), "b".to_owned(), "a".to_owned()],
        );
        assert_eq!(patches, ["b", "c", "a"]);
    }

    #[test]
    fn only_reviews_that_decide_count() {
        let read = |state: &str, association: &str| {
            review(&json!({
                "state": state, "user": { "login": "ada" }, "commit_id": "c",
                "author_association": association,
            }))
        };
        let approval = read("APPROVED", "MEMBER").unwrap();
        assert!(approval.approves && approval.by_member);
        assert_eq!(
            (approval.reviewer.as_str(), approval.commit.as_str()),
            ("ada", "c")
        );
        let other = read("CHANGES_REQUESTED", "CONTRIBUTOR").unwrap();
        assert!(!other.approves && !other.by_member);
        assert_eq!(read("COMMENTED", "OWNER"), None);
        assert_eq!(review(&json!({ "state": "APPROVED", "user": null })), None);
    }
}
