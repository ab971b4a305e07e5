//! A pipeline that is declared in code, without macros: the draft, and the command line for it.

use cascade_core::manifest::draft::{Map, Node};
use std::process::ExitCode;

fn main() -> ExitCode {
    let entry = |key: &str, value: Node| (key.to_owned(), value);
    let deploy = Map::from_iter([
        entry("name", "web".into()),
        entry("workflow", ".github/workflows/deploy.yaml".into()),
        entry("permissions", Map::new().into()),
    ]);
    let mut draft = Map::from_iter([
        entry("schema_version", 1.into()),
        entry("trunk_branch", "main".into()),
        entry(
            "cli",
            Map::from_iter([entry("source", "preinstalled".into())]).into(),
        ),
        entry("runs_on", "self-hosted".into()),
        entry("environments", vec!["dev", "prod"].into()),
        entry("deploys", vec![Node::from(deploy)].into()),
    ]);
    // A test changes the code by this variable.
    let branch = std::env::var("EXAMPLE_STATE_BRANCH").unwrap_or_default();
    if !branch.is_empty() {
        let state = Map::from_iter([entry("branch", branch.as_str().into())]);
        draft.insert("state".to_owned(), state.into());
    }
    cascade::run_draft(draft.into(), None)
}
