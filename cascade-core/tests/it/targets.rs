//! Rules of deploy targets, and the jobs that they become.

use cascade_core::check::check;
use cascade_core::contract::{Contracts, MemorySource};
use cascade_core::generate::generate;
use cascade_core::manifest::yaml::Manifest;
use serde_yaml::Value;

/// A manifest with one build and one deploy with these keys.
fn manifest(keys: &str, environments: &str) -> String {
    format!(
        "ci:\n  config:\n    schema_version: 1\n    trunk_branch: main\n    cli: {{ source: preinstalled }}\n    runs_on: own\n    environments: [{environments}]\n    builds: [{{ name: app, workflow: .github/workflows/build.yaml }}]\n    deploys:\n      - {{ name: web, {keys} }}\n      - {{ name: api, workflow: .github/workflows/deploy.yaml, depends_on: [web] }}\n"
    )
}

fn files() -> MemorySource {
    let outputs = "outputs: { artifact_id: { value: x }, tag: { value: x } }";
    let file = |outputs: &str| {
        format!(
            "on: {{ workflow_call: {{ {outputs} }} }}\npermissions: {{}}\njobs: {{ a: {{ runs-on: own, steps: [{{ run: x }}] }} }}\n"
        )
    };
    MemorySource::new()
        .with(".github/workflows/build.yaml", file(outputs))
        .with(".github/workflows/deploy.yaml", file(""))
        .with(".github/workflows/promote.yaml", file(""))
}

/// The findings of a manifest, each as its code and place.
fn found(keys: &str, environments: &str) -> Vec<String> {
    let text = manifest(keys, environments);
    let manifest = Manifest::read(text.as_bytes(), "ci").unwrap();
    let files = files();
    let checked = check(manifest.config(), &Contracts::new(&files));
    let findings = checked.findings.iter();
    findings
        .map(|each| format!("{} {}", each.rule.code, each.at))
        .collect()
}

const GITOPS: &str = "deploy_target: { mode: gitops, repo: acme/infra, path: a.yaml, field: tag";

#[test]
fn what_a_target_needs_and_cannot_have_is_named_at_its_place() {
    for (keys, expected) in [
        (format!("{GITOPS} }}"), ""),
        (format!("{GITOPS}, value: artifact_id }}, depends_on: [app]"), ""),
        (format!("{GITOPS}, value: \"{{app.outputs.tag}}\" }}, depends_on: [app]"), ""),
        (format!("{GITOPS}, value: artifact_id }}"), "C408 deploys[0].deploy_target.value"),
        (format!("{GITOPS}, value: latest }}"), "C408 deploys[0].deploy_target.value"),
        (format!("{GITOPS}, value: app.outputs.tag }}"), "C208 deploys[0].deploy_target.value"),
        (format!("{GITOPS}, value: app.outputs.none }}, depends_on: [app]"), "C309 deploys[0].deploy_target.value"),
        (format!("{GITOPS}, branch: \"{{env}}\" }}"), "C408 deploys[0].deploy_target.branch"),
        (format!("{GITOPS}, token: GITHUB_TOKEN }}"), "C409 deploys[0].deploy_target.token"),
        (format!("{GITOPS}, token: A, token_app: {{ app_id: B, private_key: C }} }}"), "C114 deploys[0].deploy_target.token_app"),
        (format!("{GITOPS}, timeout: 5m }}"), "C408 deploys[0].deploy_target.timeout"),
        (format!("{GITOPS}, pull_request: true, timeout: 6h }}"), "C408 deploys[0].deploy_target.timeout"),
        (format!("{GITOPS}, pull_request: true, timeout: 1h, token_app: {{ app_id: B, private_key: C }} }}"), "C408 deploys[0].deploy_target.timeout"),
        (format!("{GITOPS} }}, secrets: inherit"), "C408 deploys[0].secrets"),
        (format!("{GITOPS} }}, inputs: {{ a: b }}"), "C408 deploys[0].inputs"),
        (format!("{GITOPS} }}, workflow: .github/workflows/deploy.yaml, strategy: blue_green, blue_green: {{ cutover_callback: .github/workflows/promote.yaml }}"), "C408 deploys[0].deploy_target"),
        ("deploy_target: { mode: gitops, path: a.yaml, field: tag }".to_owned(), "C408 deploys[0].deploy_target.mode"),
        ("deploy_target: { mode: gitops, path: a.yaml, field: tag, branch: main }".to_owned(), "C408 deploys[0].deploy_target.branch"),
        ("deploy_target: { mode: gitops, path: a.yaml, field: tag, branch: \"env/{environment}\" }".to_owned(), "C408 deploys[0].deploy_target.branch"),
        ("deploy_target: { mode: gitops, path: ../a.yaml, field: tag, repo: a/b }".to_owned(), "C019 deploys[0].deploy_target.path"),
        ("deploy_target: { mode: gitops, path: a.toml, field: tag, repo: a/b }".to_owned(), "C019 deploys[0].deploy_target.path"),
        ("deploy_target: { mode: gitops, path: a.yaml, field: \"a..b\", repo: a/b }".to_owned(), "C408 deploys[0].deploy_target.field"),
        ("deploy_target: { mode: dispatch, repo: acme/infra }".to_owned(), "C003 deploys[0].workflow"),
        ("workflow: .github/workflows/none.yaml, deploy_target: { mode: dispatch, repo: acme/infra }".to_owned(), ""),
        ("workflow: \"acme/infra/.github/workflows/x.yaml@0123456789012345678901234567890123456789\", deploy_target: { mode: dispatch, repo: acme/infra }".to_owned(), "C408 deploys[0].workflow"),
        ("workflow: .github/workflows/none.yaml, deploy_target: { mode: dispatch, repo: acme/infra, field: a }".to_owned(), "C604 deploys[0].deploy_target.field"),
        ("workflow: .github/workflows/none.yaml, deploy_target: { mode: dispatch, repo: acme/infra }, state_tags: [a]".to_owned(), "C408 deploys[0].state_tags"),
        ("depends_on: [app]".to_owned(), "C003 deploys[0].workflow"),
    ] {
        let expected: Vec<&str> = Some(expected).filter(|at| !at.is_empty()).into_iter().collect();
        assert_eq!(found(&keys, "dev"), expected, "{keys}");
    }
}

#[test]
fn environments_that_write_the_same_field_are_warned_of() {
    let shared = ["C410 deploys[0].deploy_target.path"];
    assert_eq!(found(&format!("{GITOPS} }}"), "dev, prod"), shared);
    let apart = format!("{GITOPS}, branch: \"x-{{environment}}\" }}");
    assert!(found(&apart, "dev, prod").is_empty());
}

#[test]
fn what_a_target_puts_out_cannot_be_taken() {
    let text = manifest(&format!("{GITOPS} }}"), "dev").replace(
        "depends_on: [web] }",
        "depends_on: [web], inputs: { tag: { from: web.outputs.tag } } }",
    );
    let manifest = Manifest::read(text.as_bytes(), "ci").unwrap();
    let checked = check(manifest.config(), &Contracts::unavailable());
    let codes: Vec<&str> = checked.findings.iter().map(|each| each.rule.code).collect();
    assert_eq!(codes, ["C309"], "{:#?}", checked.findings);
}

#[test]
fn a_changelog_must_be_put_out() {
    let text = manifest("workflow: .github/workflows/deploy.yaml", "dev").replace(
        "    environments:",
        "    changelog: { workflow: .github/workflows/build.yaml }\n    environments:",
    );
    let manifest = Manifest::read(text.as_bytes(), "ci").unwrap();
    let files = files();
    let checked = check(manifest.config(), &Contracts::new(&files));
    let findings = checked.findings.iter();
    let found: Vec<String> = findings
        .map(|each| format!("{} {}", each.rule.code, each.at))
        .collect();
    assert_eq!(found, ["C309 changelog.workflow"]);
}

fn deploy_jobs(keys: &str) -> Value {
    let text = manifest(keys, "dev");
    let manifest = Manifest::read(text.as_bytes(), "ci").unwrap();
    let files = files();
    let checked = check(manifest.config(), &Contracts::new(&files));
    let findings = format!("{:#?}", checked.findings);
    let files = generate(&checked.pipeline.expect(&findings), "1.0.0").unwrap();
    let path = ".github/workflows/cascade-deploy.yaml";
    let file = files.iter().find(|file| file.path == path).unwrap();
    serde_yaml::from_str::<Value>(&file.text).unwrap()["jobs"].clone()
}

#[test]
fn a_target_is_changed_by_a_job_of_the_deploy_path() {
    let jobs = deploy_jobs(&format!(
        "{GITOPS}, pull_request: true, timeout: 30m }}, retries: 1"
    ));
    let job = &jobs["deploy-web"];
    assert_eq!(
        job["permissions"],
        serde_yaml::from_str::<Value>("contents: read").unwrap()
    );
    assert_eq!(job["timeout-minutes"], 40);
    let needs: Value = serde_yaml::from_str("[gate, deploy-web]").unwrap();
    assert_eq!(jobs["deploy-web-retry-1"]["needs"], needs);
    let needs = serde_yaml::to_string(&jobs["deploy-api"]["needs"]).unwrap();
    assert!(needs.contains("deploy-web-retry-1"), "{needs}");
    let jobs = deploy_jobs(&format!(
        "{GITOPS} }}, workflow: .github/workflows/deploy.yaml"
    ));
    assert_eq!(
        jobs["deploy-web"]["uses"],
        "./.github/workflows/deploy.yaml"
    );
    let condition = jobs["deploy-web-target"]["if"].as_str().unwrap();
    let expected = "(needs.deploy-web.result == 'success' || inputs.dry_run)";
    assert!(condition.contains(expected), "{condition}");
}

#[test]
fn only_this_repository_is_written_with_the_tokens_of_the_run() {
    let own = "deploy_target: { mode: gitops, path: a.yaml, field: tag, branch: live, pull_request: true }";
    let job = &deploy_jobs(own)["deploy-web"];
    let granted = "contents: write\npull-requests: write";
    assert_eq!(
        job["permissions"],
        serde_yaml::from_str::<Value>(granted).unwrap()
    );
    let step = job["steps"].as_sequence().unwrap().last().unwrap();
    assert_eq!(step["env"]["TARGET_TOKEN"], "${{ github.token }}");
    let job = &deploy_jobs(&format!("{GITOPS} }}"))["deploy-web"];
    let step = job["steps"].as_sequence().unwrap().last().unwrap();
    assert_eq!(
        step["env"]["TARGET_TOKEN"],
        "${{ secrets.CASCADE_TARGET_TOKEN }}"
    );
}
