//! The reasons why a hotfix is refused.

use crate::commits::short;
use crate::lifecycle::Ineligible;
use std::fmt;

/// The reason why a hotfix is refused; nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The environment cannot be meant.
    Environment(Ineligible),
    /// No commit is named.
    NoCommits,
    /// A fix is not on trunk.
    NotOnTrunk(String),
    /// A fix changes nothing that the component watches.
    NotOfComponent {
        /// The fix.
        sha: String,
        /// The component.
        component: String,
    },
    /// Nothing is recorded for the environment.
    NoState(String),
    /// Some of its deploys went back alone: its commit does not say what it runs.
    PartlyRolledBack(String),
    /// A rollout in it is unfinished: a fix would be built on what is about to go.
    RolloutUnfinished {
        /// The environment.
        environment: String,
        /// The deploy.
        deploy: String,
    },
    /// Another fix is being reviewed.
    Open {
        /// The environment.
        environment: String,
        /// The pull request.
        number: u64,
    },
    /// The fix waits for somebody who resolves its conflicts.
    Conflict {
        /// The environment.
        environment: String,
        /// The pull request.
        number: u64,
    },
    /// Another fix was merged and is not deployed.
    Undeployed {
        /// The environment.
        environment: String,
        /// The pull request.
        number: u64,
        /// The commit that merged it.
        sha: String,
    },
    /// The branch of a hotfixed environment is not where the environment is.
    Drifted {
        /// The branch.
        branch: String,
        /// The commit of the environment.
        held: String,
        /// The commit of the branch.
        tip: String,
    },
    /// The token cannot make branches or tags there.
    ForeignWorkflows {
        /// The environment.
        environment: String,
        /// The commit.
        sha: String,
    },
    /// No pull request of a hotfix was merged by this commit.
    NotMerged(String),
    /// The environment moved on after the pull request was opened.
    MovedOn {
        /// The environment.
        environment: String,
        /// The version that the environment holds.
        held: String,
        /// The commit that was merged.
        sha: String,
    },
    /// A conflict was merged as cascade left it.
    Unresolved {
        /// The pull request.
        number: u64,
    },
    /// A merge names no fix of trunk.
    NoPatches {
        /// The pull request; 0 if none is known.
        number: u64,
        /// The commit that was merged.
        sha: String,
    },
    /// A merge brings something that is not on trunk, although nothing conflicts.
    NotOfTrunk {
        /// The pull request; 0 if none is known.
        number: u64,
        /// The first such commit.
        sha: String,
    },
    /// A conflict was resolved by hand, and nobody else approved that.
    Unapproved {
        /// The pull request; 0 if none is known.
        number: u64,
        /// The first commit that a person wrote.
        sha: String,
        /// The approval that is missing.
        why: String,
    },
    /// The version follows no grammar, so that none can follow it.
    NoVersion {
        /// The environment.
        environment: String,
        /// Its version.
        version: String,
    },
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Environment(Ineligible::Unnamed) => f.write_str("no `target_env` is given"),
            Self::Environment(first @ Ineligible::First(_)) => {
                write!(
                    f,
                    "{first}, which gets every fix from trunk; target one above it"
                )
            }
            Self::Environment(why) => why.fmt(f),
            Self::NoCommits => f.write_str("no `commits` are given; name the fixes on trunk"),
            Self::NotOfComponent { sha, component } => write!(
                f,
                "{} changes no file that `{component}` watches; name the component that it fixes",
                short(sha)
            ),
            Self::NotOnTrunk(sha) => write!(
                f,
                "{} is not on trunk; merge the fix there first, so that no later release is without it",
                short(sha)
            ),
            Self::NoState(name) => write!(f, "nothing was deployed to {name} yet"),
            Self::PartlyRolledBack(name) => write!(
                f,
                "a part of {name} was rolled back alone; roll the whole of it back, or promote into it, first"
            ),
            Self::RolloutUnfinished {
                environment,
                deploy,
            } => write!(
                f,
                "the rollout of `{deploy}` in {environment} is not finished; `cascade rollout resume --env {environment}` or `cascade rollout abort --env {environment}` first"
            ),
            other => other.of_branch(f),
        }
    }
}

impl Refusal {
    /// An obstacle on the branch of the environment.
    fn of_branch(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open {
                environment,
                number,
            } => write!(
                f,
                "another hotfix of {environment} is open: merge or close #{number} first"
            ),
            Self::Conflict {
                environment,
                number,
            } => write!(
                f,
                "the hotfix of {environment} waits in #{number} for somebody who resolves its conflicts; merge it, then run this again"
            ),
            Self::Undeployed {
                environment,
                number,
                sha,
            } => write!(
                f,
                "the hotfix #{number} of {environment} is merged and not deployed: run this workflow with `merge_sha` {sha}, or give it up with `cascade status consistency --fix`"
            ),
            Self::Drifted { branch, held, tip } => write!(
                f,
                "`{branch}` stands at {} and the environment at {}, which a hotfix left; look what was pushed there, then `cascade status consistency --fix` puts it back",
                short(tip),
                short(held)
            ),
            Self::ForeignWorkflows { environment, sha } => write!(
                f,
                "{environment}: the workflow files of {} differ from the trunk's, and GITHUB_TOKEN can make no branch or tag there; use a GitHub App with `workflows: write` (`state_token_app`, `release_token_app`)",
                short(sha)
            ),
            other => other.of_merge(f),
        }
    }

    /// A mistake in a merge.
    fn of_merge(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotMerged(sha) => write!(
                f,
                "no pull request of a hotfix was merged by {}",
                short(sha)
            ),
            Self::MovedOn {
                environment,
                held,
                sha,
            } => write!(
                f,
                "{environment} holds {held} now, on which {} does not stand; start the hotfix again",
                short(sha)
            ),
            Self::Unresolved { number } => write!(
                f,
                "#{number} was merged with its conflicts in it; revert the merge, or resolve them in a further pull request"
            ),
            Self::NoPatches { number, sha } => write!(
                f,
                "{} brings no commit of trunk; a hotfix deploys picks of trunk's commits and nothing else",
                merged(*number, sha)
            ),
            Self::NotOfTrunk { number, sha } => write!(
                f,
                "{} brings {}, which is no pick of a commit of trunk; revert the merge, bring the fix to trunk, and start the hotfix again",
                merged(*number, sha),
                short(sha)
            ),
            Self::Unapproved { number, sha, why } => write!(
                f,
                "{} resolves a conflict in {}, and {why}; revert the merge and start the hotfix again, or have its last commit approved and start this workflow with `merge_sha` again",
                merged(*number, sha),
                short(sha)
            ),
            Self::NoVersion {
                environment,
                version,
            } => write!(
                f,
                "{environment} holds `{version}`, which is no version of the tag grammar, so no fix can be named after it"
            ),
            _ => Ok(()),
        }
    }
}

/// Names what was merged: a pull request, or a commit that is of none.
fn merged(number: u64, sha: &str) -> String {
    match number {
        0 => short(sha).to_owned(),
        number => format!("#{number}"),
    }
}

impl std::error::Error for Refusal {}
