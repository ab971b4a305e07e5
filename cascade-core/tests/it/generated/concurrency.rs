//! Groups and locks.

use super::{SMALL, examples, files, jobs, text};
use cascade_core::generate::File;
use serde_yaml::Value;

#[test]
fn every_workflow_has_a_group_of_its_own() {
    for (path, workflow) in examples() {
        let called = path.ends_with("cascade-deploy.yaml");
        if workflow.get("jobs").is_some() {
            assert_eq!(workflow.get("concurrency").is_none(), called, "{path}");
        }
    }
    let grouped = format!("{SMALL}concurrency: {{ group: \"x-${{{{ github.ref }}}}\" }}\n");
    let files = files(&grouped);
    assert!(
        text(&files, "orchestrate.yaml")
            .contains("group: cascade-orchestrate-x-${{ github.ref }}-")
    );
    assert!(text(&files, "promote.yaml").contains("group: cascade-promote-x-${{ github.ref }}${{"));
}

/// A group and its policy, where `queue: max` keeps every run that waits.
fn group(files: &[File], name: &str) -> (String, bool) {
    let workflow: Value = serde_yaml::from_str(text(files, name)).unwrap();
    let concurrency = &workflow["concurrency"];
    let group = concurrency["group"].as_str().unwrap().to_owned();
    (group, concurrency["queue"] == "max")
}

#[test]
fn a_waiting_run_is_replaced_by_what_has_all_of_it_only() {
    let dry = "${{ inputs.dry_run && '-dry-run' || '' }}";
    let plain = files(SMALL);
    let push = format!("cascade-orchestrate-${{{{ github.event_name }}}}{dry}");
    assert_eq!(group(&plain, "orchestrate.yaml"), (push, false));
    let promote = format!("cascade-promote{dry}");
    assert_eq!(group(&plain, "promote.yaml"), (promote, true));
    let rollback = format!("cascade-rollback-${{{{ inputs.environment }}}}{dry}");
    assert_eq!(group(&plain, "cascade-rollback.yaml"), (rollback, true));
    let hotfix = format!("cascade-hotfix{dry}");
    assert_eq!(group(&plain, "cascade-hotfix.yaml"), (hotfix, true));
    let signalled = files(&format!(
        "{SMALL}rollback: {{ repository_dispatch: {{ types: [undo] }} }}\n\
         extra_triggers: {{ workflow_run: {{ workflows: [Tests] }} }}\n"
    ));
    let (rollback, _) = group(&signalled, "cascade-rollback.yaml");
    for part in [
        "-${{ inputs.environment || github.event.client_payload.environment }}",
        "github.event.client_payload.dry_run == true",
        "github.event.client_payload.dry_run == 'true'",
    ] {
        assert!(rollback.contains(part), "{rollback}");
    }
    let (orchestrate, _) = group(&signalled, "orchestrate.yaml");
    assert!(
        orchestrate.contains("-${{ github.event.workflow_run.conclusion }}-"),
        "{orchestrate}"
    );
}

#[test]
fn dry_runs_have_groups_of_their_own() {
    for (path, workflow) in examples() {
        let inputs = &workflow["on"]["workflow_dispatch"]["inputs"];
        let group = workflow["concurrency"]["group"].as_str();
        if let Some(group) = group.filter(|_| inputs.get("dry_run").is_some()) {
            assert!(group.ends_with("&& '-dry-run' || '' }}"), "{path}: {group}");
        }
    }
}

#[test]
fn lanes_that_deploy_wait_for_the_environment() {
    for (path, job) in jobs() {
        if job
            .get("uses")
            .and_then(Value::as_str)
            .is_some_and(|uses| uses.ends_with("cascade-deploy.yaml"))
        {
            let environment = job["with"]["environment"].as_str().unwrap();
            let group = job["concurrency"]["group"].as_str().unwrap();
            let lock = format!("cascade-env-{environment}${{{{ ");
            assert!(group.starts_with(&lock), "{path}: {group}");
            assert!(group.ends_with("&& '-dry-run' || '' }}"), "{path}: {group}");
            assert_eq!(job["concurrency"]["queue"].as_str(), Some("max"), "{path}");
        }
    }
}
