//! Reviews of what a person wrote to resolve a conflict.
//!
//! Source: GitHub's REST reference, "Pull request reviews". A review counts for the commit that it
//! names (`commit_id`). Of one person's reviews, the last one that approves, asks for changes or was
//! dismissed holds.

use super::{Pull, Resolution};
use indexmap::IndexMap;

/// A review that approves, asks for changes or was dismissed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// The account that wrote it.
    pub reviewer: String,
    /// The commit that it is about.
    pub commit: String,
    /// True if it approves.
    pub approves: bool,
    /// True if the account belongs to the repository: anybody may review a public one.
    pub by_member: bool,
}

/// Judges the resolution of a conflict by the reviews of its pull request, the oldest first.
///
/// `pushers` are the accounts that pushed to its branch. The authors of commits do not count: they
/// are whatever a commit says.
#[must_use]
pub fn judge(pull: &Pull, reviews: &[Review], pushers: &[String]) -> Resolution {
    if pushers.is_empty() {
        let why = "GitHub does not tell who pushed the resolution";
        return Resolution::Unapproved(why.to_owned());
    }
    let involved = |login: &str| {
        let mut involved = pushers.iter().chain([&pull.author]);
        involved.any(|each| each.eq_ignore_ascii_case(login))
    };
    let last: IndexMap<&str, &Review> = reviews
        .iter()
        .map(|review| (review.reviewer.as_str(), review))
        .collect();
    let independent = last.into_values().find(|review| {
        review.approves
            && review.by_member
            && review.commit == pull.head_sha
            && !involved(&review.reviewer)
    });
    match independent {
        Some(review) => Resolution::Approved(review.reviewer.clone()),
        None => Resolution::Unapproved(
            "nobody but its author and those who pushed to it approved its last commit".to_owned(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifecycle::hotfix::{Note, Progress};

    fn pull() -> Pull {
        Pull {
            number: 1,
            environment: "prod".to_owned(),
            head: "hotfix/prod/1".to_owned(),
            head_sha: "new".to_owned(),
            author: "cascade[bot]".to_owned(),
            conflict: true,
            progress: Progress::Open,
            note: Note::default(),
        }
    }

    fn approval(reviewer: &str) -> Review {
        Review {
            reviewer: reviewer.to_owned(),
            commit: "new".to_owned(),
            approves: true,
            by_member: true,
        }
    }

    fn judged(reviews: &[Review], pushers: &[&str]) -> Option<String> {
        let pushers: Vec<String> = pushers.iter().map(|each| (*each).to_owned()).collect();
        match judge(&pull(), reviews, &pushers) {
            Resolution::Approved(by) => Some(by),
            Resolution::Unapproved(_) | Resolution::Needless => None,
        }
    }

    #[test]
    fn an_independent_member_approves_the_last_commit() {
        let approved = judged(&[approval("hubot"), approval("octocat")], &["Hubot"]);
        assert_eq!(approved.as_deref(), Some("octocat"));
    }

    #[test]
    fn other_approvals_do_not_count() {
        let older = Review {
            commit: "old".to_owned(),
            ..approval("octocat")
        };
        let stranger = Review {
            by_member: false,
            ..approval("octocat")
        };
        let taken_back = Review {
            approves: false,
            ..approval("octocat")
        };
        for reviews in [
            vec![],
            vec![approval("HUBOT")],
            vec![approval("cascade[bot]")],
            vec![older],
            vec![stranger],
            vec![approval("octocat"), taken_back],
        ] {
            assert_eq!(judged(&reviews, &["hubot"]), None, "{reviews:?}");
        }
        assert_eq!(judged(&[approval("octocat")], &[]), None);
    }
}
