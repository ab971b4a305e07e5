//! What starts a run.

use super::{SMALL, files, steps, text};
use cascade_core::check::check;
use cascade_core::contract::Contracts;
use cascade_core::generate::File;
use cascade_core::manifest::yaml::Manifest;
use serde_yaml::Value;

#[test]
fn one_environment_takes_no_hotfix() {
    let single = SMALL.replace("[dev, prod]", "[prod]");
    let has = |files: &[File]| {
        files
            .iter()
            .any(|file| file.path.ends_with("cascade-hotfix.yaml"))
    };
    assert!(!has(&files(&single)));
    assert!(has(&files(SMALL)));
}

#[test]
fn a_merge_is_handed_over_and_nothing_else_runs_for_it() {
    let files = files(&SMALL.replace("dev, prod", "dev, uat, prod"));
    let workflow: Value = serde_yaml::from_str(text(&files, "cascade-hotfix.yaml")).unwrap();
    let closed = &workflow["on"]["pull_request"];
    assert_eq!(closed["types"], Value::from(vec!["closed"]));
    assert_eq!(closed["branches"], Value::from(vec!["env/uat", "env/prod"]));
    assert_eq!(workflow["concurrency"]["queue"], "max");
    let jobs = &workflow["jobs"];
    let scopes: Vec<_> = ["actions", "contents", "pull-requests"]
        .map(|scope| {
            jobs["merged"]["permissions"][scope]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .into();
    assert_eq!(scopes, ["write", "read", "read"]);
    let step = &steps(&jobs["merged"])[2];
    assert_eq!(step["run"], "cascade hotfix dispatch --gha-output");
    let checked_out = &steps(&jobs["merged"])[0]["with"]["ref"];
    assert_eq!(
        checked_out, "refs/heads/main",
        "never what the pull request brings"
    );
    let dispatched = "github.event_name == 'workflow_dispatch'";
    assert_eq!(jobs["setup"]["if"], dispatched);
    for (id, job) in jobs.as_mapping().unwrap() {
        let alone = ["merged", "setup"].contains(&id.as_str().unwrap());
        let waits = serde_yaml::to_string(&job["needs"])
            .unwrap()
            .contains("setup");
        assert!(
            alone || waits,
            "{id:?} waits for what only a dispatch starts"
        );
    }
}

#[test]
fn forks_run_nothing_by_themselves() {
    let nightly = format!("{SMALL}extra_triggers:\n  schedule: [{{ cron: \"0 1 * * *\" }}]\n");
    let guard = "if: \"!github.event.repository.fork || github.event_name != 'schedule'\"";
    assert!(text(&files(&nightly), "orchestrate.yaml").contains(guard));
    assert!(!text(&files(SMALL), "orchestrate.yaml").contains("repository.fork"));
}

#[test]
fn only_runs_that_succeeded_are_followed() {
    let follows = format!(
        "{SMALL}extra_triggers:\n  workflow_run: {{ workflows: [Tests], types: [requested, completed] }}\n"
    );
    let files = files(&follows);
    let orchestrate: Value = serde_yaml::from_str(text(&files, "orchestrate.yaml")).unwrap();
    let setup = &orchestrate["jobs"]["setup"];
    let guard =
        "github.event_name != 'workflow_run' || github.event.workflow_run.conclusion == 'success'";
    assert_eq!(setup["if"], guard);
    let types = &orchestrate["on"]["workflow_run"]["types"];
    assert_eq!(
        *types,
        serde_yaml::from_str::<Value>("[completed]").unwrap()
    );
    let decides = setup["steps"].as_sequence().unwrap().last().unwrap();
    let head = "${{ github.event.workflow_run.head_sha }}";
    assert_eq!(decides["env"]["HEAD_SHA"], head);
}

#[test]
fn a_trigger_that_only_sees_unfinished_runs_never_fires() {
    let text = "ci:\n  config:\n    trunk_branch: main\n    extra_triggers: { workflow_run: { workflows: [Tests], types: [requested] } }\n";
    let manifest = Manifest::read(text.as_bytes(), "ci").unwrap();
    let checked = check(manifest.config(), &Contracts::unavailable());
    let codes = checked.findings.iter().map(|finding| finding.rule.code);
    assert!(
        codes.collect::<Vec<_>>().contains(&"C118"),
        "{:#?}",
        checked.findings
    );
}

/// Source: GitHub, "Workflow syntax for GitHub Actions", "Filter pattern cheat sheet".
#[test]
fn a_trunk_is_a_literal_where_github_takes_a_pattern_and_where_it_takes_a_name() {
    for (trunk, pattern) in [
        ("main", "main"),
        ("release+1", "release\\+1"),
        ("c++", "c\\+\\+"),
        ("!odd", "\\!odd"),
        ("a]b", "a\\]b"),
        ("release/2.x", "release/2.x"),
    ] {
        let followed = "extra_triggers: { workflow_run: { workflows: [CI] } }\n";
        let config = SMALL.replace("trunk_branch: main", &format!("trunk_branch: \"{trunk}\""));
        let files = files(&format!("{config}{followed}"));
        let workflow: Value = serde_yaml::from_str(text(&files, "orchestrate.yaml")).unwrap();
        for event in ["push", "workflow_run"] {
            let branches = &workflow["on"][event]["branches"];
            assert_eq!(branches, &Value::from(vec![pattern]), "{event}");
        }
        let hotfix = text(&files, "cascade-hotfix.yaml");
        assert!(hotfix.contains(&format!("refs/heads/{trunk}")), "{hotfix}");
        assert!(trunk == pattern || !hotfix.contains(pattern), "{hotfix}");
    }
}
