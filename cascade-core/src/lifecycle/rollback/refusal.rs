//! Reasons for refusing a rollback.

use super::target::SHORTEST;
use crate::lifecycle::eligible::{Ineligible, shown};
use std::fmt;

/// A reason why nothing goes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The environment cannot be meant.
    Environment(Ineligible),
    /// A hotfix took the environment off trunk.
    Hotfixed {
        /// The environment.
        environment: String,
        /// Its branch.
        branch: String,
    },
    /// There is no such deploy.
    UnknownDeploy {
        /// The name that was asked for.
        asked: String,
        /// Advice on what to do next.
        help: String,
    },
    /// Nothing is recorded for the environment.
    NoState(String),
    /// The target names nothing that the environment held.
    Unresolved {
        /// The environment.
        environment: String,
        /// The target that was asked for; empty for the version before.
        target: String,
    },
    /// The deploys of the target are not those of the pipeline.
    OtherDeploys {
        /// The environment.
        environment: String,
        /// The target's version.
        version: String,
        /// The deploys that the target was deployed with and the pipeline does not have.
        removed: Vec<String>,
        /// The deploys that the environment holds and the target was deployed without.
        added: Vec<String>,
    },
    /// The target is too short, or no text that could name one.
    BadTarget(String),
}

pub(super) fn listed(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Environment(Ineligible::Unnamed) => f.write_str("no `environment` is given"),
            Self::Environment(first @ Ineligible::First(_)) => {
                write!(f, "{first} and goes forward only: revert on trunk")
            }
            Self::Environment(why) => why.fmt(f),
            Self::Hotfixed {
                environment,
                branch,
            } => write!(
                f,
                "{environment} is diverged by a hotfix on {branch}; promote a commit with the fix into it"
            ),
            Self::UnknownDeploy { asked, help } => {
                write!(f, "there is no deploy `{asked}`; {help}")
            }
            Self::NoState(name) => write!(f, "nothing was deployed to {name} yet"),
            Self::Unresolved {
                environment,
                target,
            } if target.is_empty() => {
                write!(
                    f,
                    "{environment} held nothing before that was not rolled back already"
                )
            }
            Self::Unresolved {
                environment,
                target,
            } => {
                write!(f, "{environment} never held `{}`", shown(target))
            }
            Self::OtherDeploys {
                environment,
                version,
                removed,
                added,
            } => {
                write!(f, "{environment} cannot go back to {version}: ")?;
                if !removed.is_empty() {
                    write!(
                        f,
                        "it was deployed with {}, which the pipeline does not have any more; ",
                        listed(removed)
                    )?;
                }
                if !added.is_empty() {
                    write!(f, "it was deployed without {}; ", listed(added))?;
                }
                f.write_str(
                    "roll back single deploys with `deployable`, or promote a commit that reverts the change",
                )
            }
            Self::BadTarget(target) => write!(
                f,
                "`{target}` is neither a version nor at least {SHORTEST} characters of a commit"
            ),
        }
    }
}

impl std::error::Error for Refusal {}
