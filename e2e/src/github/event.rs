//! The events for which GitHub would start workflows.

use serde_json::Value;

/// Something that starts workflows.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// `owner/name`.
    pub repository: String,
    /// The trigger's name: `push`, `workflow_dispatch`, ...
    pub name: String,
    /// The activity type, if the event has one: `closed`, the type of a `repository_dispatch`, ...
    pub action: Option<String>,
    /// The ref that a run would check out (`github.ref`).
    pub reference: String,
    /// The commit that a run would check out (`github.sha`).
    pub sha: String,
    /// The user who caused it.
    pub actor: String,
    /// The only workflow that starts, for a dispatch: `.github/workflows/deploy.yaml`.
    pub workflow: Option<String>,
    /// The webhook payload (`github.event`).
    pub payload: Value,
}

impl Event {
    /// Returns true if even a `GITHUB_TOKEN` starts it.
    pub(super) fn is_dispatch(&self) -> bool {
        matches!(
            self.name.as_str(),
            "workflow_dispatch" | "repository_dispatch"
        )
    }
}

/// Returns true if a commit message asks that pushes and pull requests start nothing.
pub(super) fn skips(message: &str) -> bool {
    const MARKS: [&str; 5] = [
        "[skip ci]",
        "[ci skip]",
        "[no ci]",
        "[skip actions]",
        "[actions skip]",
    ];
    MARKS.iter().any(|mark| message.contains(mark))
}
