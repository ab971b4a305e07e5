//! The run that a companion follows, and the pull request that it was of.
//!
//! The pull request is found with what GitHub says of the run, never with what a report says: open,
//! from the branch and the repository of the run, with the run's commit as its head.

use crate::cli::error::Failure;
use crate::cli::runner::{self, Runner};
use crate::github::{GitHub, Pulls};
use cascade_core::commits::{is_hash, short};
use cascade_core::protocol::variable::{self, Variable};
use cascade_core::pull_request::Followed;
use serde_json::Value;

/// The run that a companion follows, as GitHub's event tells it.
pub(super) struct FollowedRun {
    pub(super) followed: Followed,
    /// The branch of its commit.
    pub(super) branch: String,
    /// The repository of its commit.
    pub(super) repository: String,
}

impl FollowedRun {
    pub(super) fn read(environment: &Runner) -> Result<Self, Failure> {
        let head = of_event(variable::HEAD_SHA)?;
        let run: u64 = of_event(variable::RUN)?
            .parse()
            .map_err(|_| wrong(variable::RUN))?;
        if !is_hash(&head) {
            return Err(wrong(variable::HEAD_SHA));
        }
        let repository = environment.repository.clone().unwrap_or_default();
        let page = format!("{}/{repository}/actions/runs/{run}", environment.server_url);
        Ok(Self {
            followed: Followed { page, head },
            branch: runner::variable(variable::HEAD_BRANCH).unwrap_or_default(),
            repository: runner::variable(variable::HEAD_REPOSITORY).unwrap_or_default(),
        })
    }

    /// Returns the open pull request into the trunk whose head is the commit of the run.
    pub(super) fn pull(&self, github: &GitHub, trunk: &str) -> Result<Option<Value>, Failure> {
        // A fork may be gone, and its branch with it.
        if self.repository.is_empty() || self.branch.is_empty() {
            return Ok(None);
        }
        let owner = self.repository.split('/').next().unwrap_or_default();
        let head = format!("{owner}:{}", self.branch);
        let open = github.pulls(Pulls {
            state: "open",
            head: Some(&head),
            base: Some(trunk),
        })?;
        let is_it = |pull: &Value| {
            pull["head"]["sha"] == self.followed.head.as_str()
                && pull["head"]["repo"]["full_name"] == self.repository.as_str()
                && pull["number"].is_u64()
        };
        Ok(open.into_iter().find(is_it))
    }

    /// Says that the run is of no pull request any more.
    pub(super) fn outdated(&self) -> String {
        format!(
            "{} is not the head of an open pull request any more",
            short(&self.followed.head)
        )
    }
}

/// The client of the run's own token.
pub(super) fn client(github: Option<GitHub>) -> Result<GitHub, Failure> {
    github.ok_or_else(|| {
        Failure::new("this needs GITHUB_REPOSITORY and GITHUB_TOKEN")
            .help("a workflow that follows the check sets them")
    })
}

fn of_event(variable: Variable) -> Result<String, Failure> {
    runner::variable(variable).ok_or_else(|| {
        Failure::new(format!("the variable {variable} is not set"))
            .help("only a workflow that follows the check knows it: see `docs/checks.md`")
    })
}

fn wrong(variable: Variable) -> Failure {
    Failure::new(format!(
        "the variable {variable} is not what GitHub sets it to"
    ))
    .help("generate the workflow again with `cascade generate`")
}
