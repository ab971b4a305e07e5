//! Groups and locks.

use super::{SMALL, examples, files, jobs, text};
use cascade_core::generate::File;
use serde_yaml::Value;

#[test]
fn every_workflow_has_a_group_of_its_own() {
    for (path, workflow) in examples() {
        let called = path.contains("/cascade-deploy");
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
            .is_some_and(|uses| uses.contains("/cascade-deploy"))
        {
            let environment = job["with"]["environment"].as_str().unwrap();
            let group = job["concurrency"]["group"].as_str().unwrap();
            let (file, _) = path.split_once(".yaml").unwrap();
            let component = match file.contains("/monorepo") {
                true => file.rsplit('-').next(),
                false => None,
            };
            let suffix = component.map_or_else(String::new, |name| format!("/{name}"));
            let lock = format!("cascade-env-{environment}{suffix}${{{{ ");
            assert!(group.starts_with(&lock), "{path}: {group}");
            assert!(group.ends_with("&& '-dry-run' || '' }}"), "{path}: {group}");
            assert_eq!(job["concurrency"]["queue"].as_str(), Some("max"), "{path}");
        }
    }
}

/// The group of every workflow and job, with its file.
fn groups(files: &[File]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for file in files {
        let workflow: Value = serde_yaml::from_str(&file.text).unwrap();
        let jobs = workflow["jobs"].as_mapping().into_iter().flatten();
        let jobs = jobs.map(|(_, job)| &job["concurrency"]["group"]);
        let all = std::iter::once(&workflow["concurrency"]["group"]).chain(jobs);
        let all = all.filter_map(Value::as_str);
        found.extend(all.map(|group| (group.to_owned(), file.path.clone())));
    }
    found
}

#[test]
fn no_two_components_share_a_group() {
    // Joined by a hyphen, `prod` of `eu-api` and `prod-eu` of `api` would have one lock.
    let config = "\
trunk_branch: main
environments: [dev, prod, prod-eu]
rollback: { repository_dispatch: { types: [undo] } }
external:
  - { repo: acme/cdk, deploys: [{ name: cdk }] }
  - { mode: pull, repo: acme/models, cadence: poll }
deploys: [{ name: web, workflow: .github/workflows/deploy.yaml }]
components:
  api: { path: api, tag_grammar: { prefix: api-v } }
  eu-api: { path: eu-api, tag_grammar: { prefix: eu-api-v } }
  api-push: { path: push, tag_grammar: { prefix: push-v } }
";
    let of = |path: &str| {
        let name = path.trim_end_matches(".yaml");
        let names = ["api-push", "eu-api", "api"];
        names
            .into_iter()
            .find(|each| name.ends_with(each))
            .map(str::to_owned)
    };
    let mut owners: std::collections::BTreeMap<String, String> = std::collections::BTreeMap::new();
    for (group, path) in groups(&files(config)) {
        let owner = of(&path).unwrap_or_else(|| panic!("{path}"));
        assert!(group.contains(&format!("/{owner}")), "{path}: {group}");
        let first = owners.entry(group.clone()).or_insert_with(|| owner.clone());
        assert_eq!(*first, owner, "{group}");
    }
    assert!(owners.len() > 20, "{owners:?}");
}
