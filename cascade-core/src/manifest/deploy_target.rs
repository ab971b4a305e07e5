//! A repository that is the target of a deployment.

use super::config::TokenAppBlock;
use super::{Repository, TargetBranch, TargetField, TargetPath, TargetValue, TimeSpan, Token};
use crate::manifest::draft::block::block;
use crate::manifest::draft::{Defaulted, Required};
use crate::manifest::value::choice::choice;

choice! {
    /// The way in which a deployment reaches its target.
    pub enum TargetMode {
        /// By dispatching a workflow of the repository.
        Dispatch = "dispatch",
        /// By writing a file of a repository that something else watches.
        Gitops = "gitops",
    }
}

block! {
    /// A repository that is the target of a deployment.
    pub struct DeployTargetBlock;
    /// The way in which the deployment reaches it.
    mode: Required<TargetMode>,
    /// The repository; this one if absent.
    repo: Option<Repository>,
    /// The YAML or JSON file that is written; `{environment}` is the environment.
    path: Option<TargetPath>,
    /// The field of the file, like `image.tag` or `containers[0].image`.
    field: Option<TargetField>,
    /// The text that is written: `version`, `sha`, `artifact_id`, or a text with `{version}`, `{sha}`, `{environment}`, `{artifact_id}` or `{build.outputs.name}` in it.
    value: Defaulted<TargetValue> = "version",
    /// The branch that is written, or that has the dispatched workflow; by default the repository's default branch.
    branch: Option<TargetBranch>,
    /// Records the commit that was written.
    track_sha: Defaulted<bool> = false,
    /// Proposes the change as a pull request that is merged by itself; the deployment is done when it is.
    pull_request: Defaulted<bool> = false,
    /// The time in which the pull request must be merged: at most 5h, with an App 55m.
    timeout: Defaulted<TimeSpan> = "45m",
    /// The secret with a token for the repository; `CASCADE_TARGET_TOKEN` for another one, `state_token` for this one.
    token: Option<Token>,
    /// The GitHub App that mints a token for the repository.
    token_app: Option<TokenAppBlock>,
}
