//! The effects of a run.

use crate::commits::short;
use crate::lifecycle::outcome::Outcome;
use serde::Serialize;
use std::fmt;

/// Something that a run does, in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "effect", rename_all = "kebab-case")]
pub enum Effect {
    /// Nothing is done, and why.
    Stop {
        /// The reason.
        reason: String,
    },
    /// The validation is called.
    Validate {
        /// At this commit.
        sha: String,
    },
    /// A build is called.
    Build {
        /// The build.
        name: String,
        /// At this commit.
        sha: String,
        /// The outcome.
        result: Outcome,
    },
    /// A deploy is called.
    Deploy {
        /// The environment.
        environment: String,
        /// The deploy.
        name: String,
        /// The commit.
        sha: String,
        /// The version.
        version: String,
        /// The outcome.
        result: Outcome,
    },
    /// A stage of a rollout.
    Rollout {
        /// The environment.
        environment: String,
        /// The deploy.
        name: String,
        /// The version.
        version: String,
        /// The stage: `canary 10%`, `bake 10m`, `analysis`, `promote`, `green`, `cutover`,
        /// `rollback`.
        stage: String,
    },
    /// A deploy is called again at what it had replaced.
    Restore {
        /// The environment.
        environment: String,
        /// The deploy.
        name: String,
        /// The commit.
        sha: String,
        /// The version.
        version: String,
    },
    /// State is written.
    Record {
        /// The environment or release record.
        place: String,
        /// The version.
        version: String,
        /// True if the place holds it afterwards.
        advanced: bool,
    },
    /// A tag is made.
    Tag {
        /// Its name.
        name: String,
        /// Its commit.
        sha: String,
    },
    /// A branch is made or moved.
    Branch {
        /// Its name.
        name: String,
        /// Its commit.
        sha: String,
    },
    /// A pull request is opened.
    PullRequest {
        /// From this branch.
        head: String,
        /// Into this one.
        base: String,
        /// The files with conflicts, which somebody must resolve.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        conflict: Vec<String>,
    },
    /// A pull request is merged.
    Merge {
        /// Into this branch.
        base: String,
    },
    /// A draft is made.
    Draft {
        /// Its tag.
        tag: String,
    },
    /// A draft becomes a prerelease.
    Prerelease {
        /// Its tag.
        tag: String,
    },
    /// A release is published.
    Publish {
        /// Its tag.
        tag: String,
        /// Its commit.
        sha: String,
    },
    /// The publish callback is called.
    PublishBuild {
        /// The build.
        name: String,
        /// The version.
        version: String,
    },
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stop { reason } => write!(f, "stop: {reason}"),
            Self::Validate { sha } => write!(f, "validate {}", short(sha)),
            Self::Build { name, sha, result } => {
                write!(f, "build {name} at {}: {result}", short(sha))
            }
            Self::Deploy {
                environment,
                name,
                version,
                result,
                ..
            } => {
                write!(f, "deploy {name} {version} to {environment}: {result}")
            }
            Self::Rollout {
                environment,
                name,
                version,
                stage,
            } => write!(f, "{stage} of {name} {version} in {environment}"),
            Self::Restore {
                environment,
                name,
                version,
                ..
            } => {
                write!(f, "restore {name} {version} in {environment}")
            }
            Self::Record {
                place,
                version,
                advanced: true,
            } => write!(f, "record {version} in {place}"),
            Self::Record {
                place,
                version,
                advanced: false,
            } => {
                write!(
                    f,
                    "record what succeeded of {version} in {place}, which does not move"
                )
            }
            other => other.of_release(f),
        }
    }
}

impl Effect {
    /// A change of tags, branches, pull requests or releases.
    fn of_release(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tag { name, sha } => write!(f, "tag {name} at {}", short(sha)),
            Self::Branch { name, sha } => write!(f, "branch {name} at {}", short(sha)),
            Self::PullRequest {
                head,
                base,
                conflict,
            } => {
                write!(f, "pull request of {head} into {base}")?;
                match conflict.is_empty() {
                    true => Ok(()),
                    false => write!(f, " with conflicts in {}", conflict.join(", ")),
                }
            }
            Self::Merge { base } => write!(f, "somebody merges into {base}"),
            Self::Draft { tag } => write!(f, "draft release {tag}"),
            Self::Prerelease { tag } => write!(f, "prerelease {tag}"),
            Self::Publish { tag, sha } => write!(f, "publish release {tag} at {}", short(sha)),
            Self::PublishBuild { name, version } => write!(f, "publish build {name} {version}"),
            _ => Ok(()),
        }
    }
}
