//! Calls of callbacks, and the steps that are told of them.

use super::{SMALL, examples, files, steps, text};
use cascade_core::generate::File;
use serde_yaml::Value;

#[test]
fn a_workflow_of_another_repository_is_passed_the_essentials() {
    let remote = SMALL.replace(
        ".github/workflows/deploy.yaml",
        "acme/ci/.github/workflows/deploy.yaml@v1",
    );
    let files = files(&remote);
    let deploy = text(&files, "cascade-deploy.yaml");
    let call = deploy
        .split("  deploy-web:")
        .nth(1)
        .unwrap()
        .split("\n\n")
        .next()
        .unwrap();
    let passed: Vec<&str> = call
        .lines()
        .filter_map(|line| line.strip_prefix("      ")?.split(':').next())
        .collect();
    assert!(call.contains("uses: acme/ci/.github/workflows/deploy.yaml@v1"));
    for input in ["environment", "sha", "version"] {
        assert!(passed.contains(&input), "{call}");
    }
}

/// A deploy with a strategy in some spelling.
fn rolled_out(spelling: &str) -> Vec<File> {
    let lines = spelling.lines().map(|line| format!("    {line}\n"));
    files(&format!("{SMALL}{}", lines.collect::<String>()))
}

#[test]
fn both_spellings_of_a_canary_give_the_same_bytes() {
    let canary = "canary: { steps: [10, 50], bake_time: 5m, analysis: .github/workflows/a.yaml, \
         promote_callback: .github/workflows/p.yaml, rollback_callback: .github/workflows/r.yaml }\n";
    let now = rolled_out(&format!("strategy: canary\n{canary}"));
    let older = rolled_out(&format!("rollout:\n  type: canary\n  {canary}"));
    assert!(text(&now, "cascade-deploy.yaml").contains("deploy-web-bake-2"));
    assert_eq!(now, older);
}

#[test]
fn both_spellings_of_a_switch_give_the_same_bytes() {
    let rest = "rollback_callback: .github/workflows/r.yaml, bake_time: 5m }\n";
    let now = rolled_out(&format!(
        "strategy: blue_green\nblue_green: {{ cutover_callback: .github/workflows/c.yaml, {rest}"
    ));
    let older = rolled_out(&format!(
        "rollout:\n  type: blue_green\n  blue_green: {{ switch: .github/workflows/c.yaml, {rest}"
    ));
    assert!(text(&now, "cascade-deploy.yaml").contains("deploy-web-cutover"));
    assert_eq!(now, older);
}

#[test]
fn a_strategy_leaves_the_deploys_beside_it_alone() {
    let beside = "  - { name: api, workflow: .github/workflows/api.yaml, depends_on: [] }\n";
    let canary = "strategy: canary\ncanary: { promote_callback: .github/workflows/p.yaml, \
         rollback_callback: .github/workflows/r.yaml }";
    let job = |files: &[File]| {
        let deploy = text(files, "cascade-deploy.yaml");
        let job = deploy.split("\n  deploy-api:\n").nth(1).unwrap();
        job.split("\n\n").next().unwrap().to_owned()
    };
    let without = files(&format!("{SMALL}{beside}"));
    let lines = canary.lines().map(|line| format!("    {line}\n"));
    let with = files(&format!("{SMALL}{}{beside}", lines.collect::<String>()));
    assert_eq!(job(&without), job(&with));
}

/// The variables of earlier jobs that each command reads, by the beginnings of their names.
const READS: [(&str, &[&str]); 11] = [
    ("orchestrate setup", &["RESOLVE"]),
    ("orchestrate finalize", &["VALIDATE", "BUILD_", "DEPLOY_"]),
    ("orchestrate describe", &["CHANGELOG"]),
    ("promote release", &["CHANGELOG"]),
    ("deploy gate", &["VALIDATE", "BUILD_"]),
    ("deploy record", &["VALIDATE", "BUILD_", "GATE", "DEPLOY_"]),
    ("promote finalize", &["DEPLOY_", "RELEASE", "PUBLISH"]),
    ("hotfix finalize", &["BUILD_"]),
    ("external record", &["RESOLVE"]),
    ("external finalize", &["DEPLOY_"]),
    ("integration finalize", &["INTEGRATE", "VALIDATE"]),
];

#[test]
fn a_step_is_told_of_the_jobs_that_its_command_reads() {
    let mut told = std::collections::BTreeSet::new();
    for (file, workflow) in examples() {
        let jobs = workflow["jobs"].as_mapping().into_iter().flatten();
        for step in jobs.flat_map(|(_, job)| steps(job)) {
            let script = step["run"].as_str().unwrap_or_default();
            let names = step["env"]
                .as_mapping()
                .into_iter()
                .flat_map(|env| env.keys());
            let names = names.filter_map(Value::as_str);
            for name in names.filter_map(|name| name.strip_prefix("NEEDS_")) {
                let command = script.strip_prefix("cascade ").unwrap_or(script);
                let reads = READS.iter().find(|(read, _)| command.starts_with(read));
                let known = reads
                    .is_some_and(|(_, begins)| begins.iter().any(|begin| name.starts_with(begin)));
                assert!(known, "{file}: `{script}` does not read NEEDS_{name}");
                told.extend(reads.map(|(command, _)| *command));
            }
        }
    }
    assert_eq!(told.len(), READS.len(), "{told:?}");
}
