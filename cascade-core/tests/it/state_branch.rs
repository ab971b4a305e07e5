//! A pipeline whose state has a branch of its own: which names that may be, and what is generated.

use cascade_core::check::check;
use cascade_core::contract::{Contracts, WorkflowSource};
use cascade_core::finding::Finding;
use cascade_core::generate::{File, generate};
use cascade_core::manifest::yaml::Manifest;
use cascade_core::pipeline::Pipeline;
use serde_yaml::Value;
use std::path::{Path, PathBuf};

/// The workflow files of an example.
struct Callbacks(PathBuf);

impl WorkflowSource for Callbacks {
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, String> {
        Ok(std::fs::read(self.0.join(path)).ok())
    }

    fn list(&self) -> Vec<String> {
        Vec::new()
    }
}

fn checked(text: &str, contracts: &Contracts<'_>) -> (Option<Pipeline>, Vec<Finding>) {
    let manifest = Manifest::read(text.as_bytes(), "ci").unwrap();
    let checked = check(manifest.config(), contracts);
    (checked.pipeline, checked.findings)
}

/// The code and message of what is wrong with a branch, in a pipeline with these lines more.
fn refusal(branch: &str, more: &str) -> Option<String> {
    let lines = more.lines().map(|line| format!("    {line}\n"));
    let text = format!(
        "ci:\n  config:\n    schema_version: 1\n    trunk_branch: releases/main\n    \
         cli: {{ source: preinstalled }}\n    runs_on: self-hosted\n    state: {{ branch: \"{branch}\" }}\n{}",
        lines.collect::<String>()
    );
    let (pipeline, findings) = checked(&text, &Contracts::unavailable());
    let found = findings.into_iter().next();
    match pipeline {
        Some(pipeline) => {
            let found = pipeline.settings().state_branch.clone().unwrap();
            assert_eq!(found.as_str(), branch);
            None
        }
        None => found.map(|found| format!("{} {}", found.rule.code, found.message)),
    }
}

#[test]
fn a_state_branch_has_no_other_purpose() {
    let fork = "integration: { upstream: acme/base }";
    let named = "integration: { upstream: acme/base, mirror_branch: m, integration_branch: i/j }";
    let target = "environments: [dev]\ndeploys:\n  - { name: web, workflow: .github/workflows/d.yaml, deploy_target: { mode: gitops, path: a, branch: live } }";
    for (branch, more, said) in [
        (
            "releases/main",
            "",
            "`state.branch` and `trunk_branch` are both",
        ),
        (
            "releases",
            "",
            "cannot have `releases/main` beside `releases`",
        ),
        ("releases/main/state", "", "exclude each other"),
        ("env", "", "hotfixes use the branches below `env/`"),
        ("env/dev", "", "hotfixes use"),
        ("hotfix/x", "", "hotfixes use"),
        ("fork_upstream", fork, "`mirror_branch`"),
        ("fork_integration", fork, "`integration_branch`"),
        ("m", named, "`mirror_branch`"),
        ("i", named, "`integration_branch`"),
        ("live", target, "`deploys[0].deploy_target.branch`"),
        ("HEAD", "", "cannot be the name"),
        ("refs/heads/x", "", "cannot be the name"),
        (
            "0123456789abcdef0123456789abcdef01234567",
            "",
            "looks like a commit",
        ),
    ] {
        let refusal = refusal(branch, more).unwrap_or_else(|| panic!("{branch} is taken"));
        assert!(refusal.starts_with("C902 "), "{branch}: {refusal}");
        assert!(refusal.contains(said), "{branch}: {refusal}");
    }
    for branch in ["a b", "", "-x", "a..b"] {
        let refusal = refusal(branch, "").unwrap();
        assert!(refusal.starts_with("C016 "), "{branch}: {refusal}");
    }
    for (branch, more) in [
        ("cascade-state", ""),
        ("main", ""),
        ("releases/main-state", ""),
        ("environments", ""),
        ("fork_upstream", ""),
        ("m2", named),
    ] {
        assert_eq!(refusal(branch, more), None, "{branch}");
    }
}

/// The files of every example, as it is and with the state on a branch.
fn pairs() -> Vec<(String, Vec<File>, Vec<File>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let mut pairs = Vec::new();
    for example in std::fs::read_dir(folder).unwrap() {
        let root = example.unwrap().path();
        let text = std::fs::read_to_string(root.join(".github/manifest.yaml")).unwrap();
        assert!(!text.contains("    state:"), "{}", root.display());
        let key = "    trunk_branch:";
        let state = format!("    state: {{ branch: cascade-state }}\n{key}");
        let generated = |text: &str| {
            let callbacks = Callbacks(root.clone());
            let (pipeline, findings) = checked(text, &Contracts::new(&callbacks));
            let pipeline = pipeline.unwrap_or_else(|| panic!("{findings:#?}"));
            generate(&pipeline, "1.2.3").unwrap()
        };
        let moved = generated(&text.replacen(key, &state, 1));
        pairs.push((root.display().to_string(), generated(&text), moved));
    }
    assert!(pairs.len() > 5);
    pairs
}

fn workflow(file: &File) -> Value {
    serde_yaml::from_str(&file.text).unwrap()
}

#[test]
fn a_push_to_a_state_branch_starts_no_workflow() {
    let mut pushes = 0;
    for (example, _, files) in pairs() {
        for file in files
            .iter()
            .filter(|file| file.path.contains("/workflows/"))
        {
            let workflow = workflow(file);
            let on = workflow.get("on").unwrap().as_mapping().unwrap();
            for (event, filter) in on {
                match event.as_str().unwrap() {
                    "push" => {
                        pushes += 1;
                        let branches = &filter["branches"];
                        assert_eq!(branches.as_sequence().unwrap().len(), 1);
                        assert_ne!(branches[0], "cascade-state", "{example} {}", file.path);
                        assert!(!branches[0].as_str().unwrap().contains('*'));
                        assert!(filter.get("tags").is_none());
                    }
                    "create" | "delete" | "status" => panic!("{example} {}", file.path),
                    _ => {}
                }
            }
        }
    }
    assert!(pushes > 5);
}

/// The steps of a file's jobs that call cascade, without what only a state branch needs.
fn without_reading_tokens(text: &str) -> String {
    let mut workflow: Value = serde_yaml::from_str(text).unwrap();
    let jobs = workflow.get_mut("jobs").and_then(Value::as_mapping_mut);
    for (_, job) in jobs.into_iter().flatten() {
        let steps = job.get_mut("steps").and_then(Value::as_sequence_mut);
        for step in steps.into_iter().flatten().filter(|step| reads(step)) {
            let variables = step.get_mut("env").and_then(Value::as_mapping_mut);
            variables.unwrap().shift_remove("GITHUB_TOKEN");
        }
    }
    serde_yaml::to_string(&workflow).unwrap()
}

fn reads(step: &Value) -> bool {
    let script = step.get("run").and_then(Value::as_str).unwrap_or_default();
    script.contains("external resolve") || script.contains("external gate")
}

#[test]
fn steps_that_only_read_get_a_token_to_fetch_the_state_and_nothing_else_changes() {
    let mut told = 0;
    for (example, files, moved) in pairs() {
        assert_eq!(files.len(), moved.len());
        for (one, other) in files.iter().zip(&moved) {
            if one.text == other.text {
                continue;
            }
            told += 1;
            assert_eq!(
                without_reading_tokens(&one.text),
                without_reading_tokens(&other.text),
                "{example} {}",
                one.path
            );
        }
    }
    assert!(
        told > 0,
        "no example resolves versions of other repositories"
    );
}
