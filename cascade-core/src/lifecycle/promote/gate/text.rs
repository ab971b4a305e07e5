//! Gates as people read them.

use super::{Closed, Gate};
use crate::commits::short;
use std::fmt;

impl fmt::Display for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} -> {}: {}", self.from, self.to, self.closed)
    }
}

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoState => {
                f.write_str("the source has no state: nothing has been deployed there yet")
            }
            Self::NotOnTrunk { sha } => write!(
                f,
                "{} is not on trunk; promote a commit that is",
                short(sha)
            ),
            Self::Incomplete { version, deploys } => write!(
                f,
                "the source is incomplete: only {} of it moved to {version}, or may have; wait for the run that deploys it, or deploy to the source again, which deploys what differs",
                deploys.join(", "),
            ),
            Self::OtherDeploys { recorded, declared } => write!(
                f,
                "the source was deployed with {}, and the pipeline has {}: nothing of it can be deployed; let a push deploy the new deploys first",
                recorded.join(", "),
                declared.join(", ")
            ),
            Self::OutputNotRecorded {
                producer,
                output,
                consumer,
            } => write!(
                f,
                "`{consumer}` reads the output `{output}` of `{producer}`, which is not recorded; let a run of orchestrate make it, and promote that"
            ),
            other => other.of_target(f),
        }
    }
}

impl Closed {
    /// Describes what blocks the target, or the step between the two.
    fn of_target(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SourceDiverged { branch } => write!(
                f,
                "the source is diverged on {branch}; promote into it first, so that it is back on trunk"
            ),
            Self::PatchMissing { patch } => write!(
                f,
                "the target is diverged and holds the fix {}, which the incoming commit lacks; `force` drops it",
                short(patch)
            ),
            Self::Breaking { commits } => write!(
                f,
                "breaking changes since the target's release need `allow_breaking_changes`: {}",
                commits.join("; ")
            ),
            Self::Downgrade { held, incoming } => write!(
                f,
                "{incoming} is a downgrade from {held} and needs `allow_downgrade`"
            ),
            Self::Rejected { sha } => write!(
                f,
                "a rollback of the target rejected {}; `force` brings it back",
                short(sha)
            ),
            Self::HotfixOpen => f.write_str(
                "a hotfix pull request into the target is open; merge or close it first",
            ),
            Self::RolloutUnfinished { deploy } => write!(
                f,
                "the rollout of `{deploy}` in the source is not finished; `cascade rollout resume` or `cascade rollout abort` first"
            ),
            other => other.of_release(f),
        }
    }

    /// Describes what blocks a release.
    fn of_release(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Train {
                member,
                holds,
                place,
            } => left_behind(f, member, holds, place),
            Self::ForeignWorkflows { sha } => write!(
                f,
                "the workflow files of {} differ from the trunk's, and GITHUB_TOKEN cannot make a tag there; use a GitHub App with `workflows: write` (`release_token_app`)",
                short(sha)
            ),
            Self::Published { version } => write!(
                f,
                "{version} is published already, from another commit; what trunk gets next has a higher version"
            ),
            Self::ForeignTag(foreign) => write!(
                f,
                "{foreign}; somebody moved or made it: delete it, or promote what has a version of its own"
            ),
            Self::NoVersion { version } => write!(
                f,
                "`{version}` is no version of the tag grammar, so no release can be named after it"
            ),
            Self::NoState
            | Self::NotOnTrunk { .. }
            | Self::Incomplete { .. }
            | Self::OtherDeploys { .. }
            | Self::OutputNotRecorded { .. }
            | Self::SourceDiverged { .. }
            | Self::PatchMissing { .. }
            | Self::Breaking { .. }
            | Self::Downgrade { .. }
            | Self::Rejected { .. }
            | Self::HotfixOpen
            | Self::RolloutUnfinished { .. } => Ok(()),
        }
    }
}

fn left_behind(f: &mut fmt::Formatter<'_>, member: &str, holds: &str, place: &str) -> fmt::Result {
    let holds = match holds {
        "" => "nothing",
        version => version,
    };
    write!(
        f,
        "`{member}` is released together with this component, and {place} of it holds {holds}; bring the same version there first, or release without it with `force`"
    )
}
