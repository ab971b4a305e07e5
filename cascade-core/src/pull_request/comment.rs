//! The one comment that a companion keeps up to date.

use super::{Kind, Report};
use crate::commits::short;

/// The most characters of a comment that GitHub takes.
///
/// Source: the refusal of GitHub's REST API, "body is too long (maximum is 65536 characters)".
const LONGEST: usize = 65_536;

/// A run of a check that a companion follows, as the event tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followed {
    /// The address of its page.
    pub page: String,
    /// The commit of the pull request's head.
    pub head: String,
}

/// A comment that is there already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Its number in the API.
    pub id: u64,
    /// The account that wrote it.
    pub author: String,
    /// Its text.
    pub body: String,
}

/// The fate of a companion's comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Comment {
    /// Nothing is said, and nothing was.
    None,
    /// It is as it should be.
    Same(u64),
    /// A new comment.
    New(String),
    /// Another text for the comment that is there.
    Changed(u64, String),
}

/// The account of the token that each run has.
///
/// Source: GitHub's documentation, "GITHUB_TOKEN"; comments are by its App, `github-actions`.
const AUTHOR: &str = "github-actions[bot]";

impl Comment {
    /// Decides what becomes of the comment; without a report, the check did not come to its end.
    ///
    /// A comment of somebody else is never changed, whatever it says.
    #[must_use]
    pub fn about<R: Report>(report: Option<&R>, followed: &Followed, all: &[Written]) -> Self {
        let mark = R::KIND.mark();
        let own = |each: &&Written| each.author == AUTHOR && each.body.starts_with(mark);
        let there = all.iter().find(own);
        if there.is_none() && report.is_some_and(Report::is_clean) {
            return Self::None;
        }
        let body = body(report, followed);
        match there {
            None => Self::New(body),
            Some(there) if there.body == body => Self::Same(there.id),
            Some(there) => Self::Changed(there.id, body),
        }
    }
}

fn body<R: Report>(report: Option<&R>, followed: &Followed) -> String {
    let Followed { page, head } = followed;
    let mark = R::KIND.mark();
    let said = report.map_or_else(|| unfinished(R::KIND), Report::markdown);
    let origin = format!(
        "\n<sub>Of {}, by [this run]({page}) of the pull request's own code.</sub>\n",
        short(head)
    );
    let room = LONGEST - mark.len() - origin.len() - 2;
    let said = match said.chars().count() > room {
        // What is cut off could be a half of what keeps text from being markup.
        true => format!(
            "### {}: too much to show\n\nThe summary of the run has all of it.\n",
            R::KIND.title()
        ),
        false => said,
    };
    format!("{mark}\n{said}{origin}")
}

fn unfinished(kind: Kind) -> String {
    format!(
        "### {}: not finished\n\nThe check left no result. The run says why.\n",
        kind.title()
    )
}
