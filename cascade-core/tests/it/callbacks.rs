//! Callbacks that are sound by themselves, and not in the calls that a pipeline makes.

use cascade_core::check::check;
use cascade_core::contract::{Contracts, MemorySource};
use cascade_core::manifest::yaml::Manifest;

/// Returns the codes of a pipeline whose callbacks all have this line above their jobs, without
/// those of short examples.
fn codes(line: &str, lines: &str) -> Vec<String> {
    let callback = format!(
        "on:\n  workflow_call:\n    inputs:\n      environment: {{ type: string }}\n      os: {{ type: string }}\n      deploy_name: {{ type: string }}\n{line}\npermissions: {{}}\njobs:\n  a: {{ runs-on: x, steps: [{{ run: x }}] }}\n"
    );
    let source = ["a", "b", "c"]
        .into_iter()
        .fold(MemorySource::new(), |source, name| {
            source.with(format!(".github/workflows/{name}.yaml"), callback.clone())
        });
    let lines: String = lines.lines().map(|line| format!("    {line}\n")).collect();
    let text = format!(
        "ci:\n  config:\n    schema_version: 1\n    runs_on: self-hosted\n    trunk_branch: main\n    cli: {{ source: preinstalled }}\n    environments: [dev, prod]\n{lines}"
    );
    let manifest = Manifest::read(text.as_bytes(), "ci").unwrap();
    let found = check(manifest.config(), &Contracts::new(&source)).findings;
    let codes = found
        .into_iter()
        .map(|finding| finding.rule.code.to_owned());
    codes.collect()
}

fn matrix(more: &str) -> String {
    format!(
        "builds:\n  - {{ name: app, workflow: .github/workflows/a.yaml, permissions: {{}}, matrix: {{ dimensions: {{ os: [a, b, c] }}{more} }} }}"
    )
}

fn deploys(files: &[&str]) -> String {
    let deploy = |(at, file): (usize, &&str)| {
        format!(
            "  - {{ name: d{at}, workflow: .github/workflows/{file}.yaml, permissions: {{}} }}\n"
        )
    };
    let deploys: String = files.iter().enumerate().map(deploy).collect();
    format!("deploys:\n{deploys}")
}

#[test]
fn calls_of_one_run_do_not_cancel_each_other() {
    let fixed = "concurrency: fixed";
    let cancels = "concurrency: { group: fixed, cancel-in-progress: true }";
    let by_ref = "concurrency: { group: \"x-${{ github.ref }}\", cancel-in-progress: true }";
    let by_input = "concurrency: { group: \"x-${{ inputs.os }}\", cancel-in-progress: true }";
    let by_name =
        "concurrency: { group: \"x-${{ inputs.deploy_name }}\", cancel-in-progress: true }";
    let may_cancel =
        "concurrency: { group: x, cancel-in-progress: \"${{ github.event_name == 'push' }}\" }";
    let queues = "concurrency: { group: fixed, queue: max }";
    for (line, lines, is_found) in [
        (fixed, matrix(""), true),
        (cancels, matrix(""), true),
        (by_ref, matrix(""), true),
        (may_cancel, matrix(""), true),
        (by_input, matrix(""), false),
        (queues, matrix(""), false),
        (cancels, matrix(", max_parallel: 1"), false),
        (by_ref, deploys(&["a"]), false),
        (by_ref, deploys(&["a", "a"]), true),
        (by_ref, deploys(&["a", "b"]), true),
        (by_name, deploys(&["a", "a"]), false),
        (fixed, deploys(&["a", "b"]), false),
        (fixed, deploys(&["a", "b", "c"]), true),
        ("", deploys(&["a", "a", "a"]), false),
    ] {
        let found = codes(line, &lines);
        assert_eq!(
            found.contains(&"C313".to_owned()),
            is_found,
            "{line}\n{lines}: {found:?}"
        );
    }
}

#[test]
fn a_call_does_not_wait_for_its_caller() {
    for (group, is_found) in [
        ("cascade-promote", true),
        ("Cascade-Orchestrate-push", true),
        ("\"cascade-env-${{ inputs.environment }}\"", true),
        ("deploy-cascade", false),
    ] {
        let line = format!("concurrency: {group}");
        for lines in [
            deploys(&["a"]),
            "validate: { workflow: .github/workflows/a.yaml, permissions: {} }".to_owned(),
        ] {
            let found = codes(&line, &lines);
            assert_eq!(
                found.contains(&"C313".to_owned()),
                is_found,
                "{line}: {found:?}"
            );
        }
    }
}

#[test]
fn secrets_that_another_repository_inherits_are_a_warning() {
    let remote = "acme/workflows/.github/workflows/x.yaml@1111111111111111111111111111111111111111";
    let deploy = |workflow: &str, secrets: &str| {
        format!(
            "deploys:\n  - {{ name: web, workflow: {workflow}, permissions: {{}}, secrets: {secrets} }}"
        )
    };
    for (lines, is_found) in [
        (deploy(remote, "inherit"), true),
        (deploy(remote, "{ TOKEN: OTHER }"), false),
        (deploy(".github/workflows/a.yaml", "inherit"), false),
    ] {
        let found = codes("", &lines);
        assert_eq!(
            found.contains(&"C314".to_owned()),
            is_found,
            "{lines}: {found:?}"
        );
    }
}

#[test]
fn a_generated_file_is_never_offered_as_a_callback() {
    let callback = "on: workflow_call\njobs:\n  a: { runs-on: x, steps: [{ run: x }] }\n";
    let text = "ci:\n  config:\n    schema_version: 1\n    trunk_branch: main\n    environments: [dev]\n    deploys:\n      - { name: web, workflow: .github/workflows/cascade-deplo.yaml }\n";
    let manifest = Manifest::read(text.as_bytes(), "ci").unwrap();
    let help = |first_line: &str| {
        let file = format!("{first_line}\n{callback}");
        let source = MemorySource::new().with(".github/workflows/cascade-deploy.yaml", file);
        let found = check(manifest.config(), &Contracts::new(&source)).findings;
        let missing = found.iter().find(|each| each.rule.code == "C301").unwrap();
        missing.help.as_ref().unwrap().to_string()
    };
    assert!(help("# Deploys.").contains("did you mean `cascade-deploy.yaml`"));
    let generated = help("# Generated by cascade 1.0.0; do not edit.");
    assert!(!generated.contains("did you mean"), "{generated}");
}
