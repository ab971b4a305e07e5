//! Manifests in the shapes that the documentation of the Go tool describes, one file each: all of them
//! load, generate, and verify.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_yaml::Value;

use crate::support::host::error;
use crate::support::{commit, write};

/// The interface of every callback of the manifests.
const CALLBACK: &str = "\
on:
  workflow_call:
    inputs:
      environment: { type: string }
      sha: { type: string }
      version: { type: string }
      dry_run: { type: boolean }
      percent: { type: number }
      stage: { type: string }
      region: { type: string }
      cluster: { type: string }
      os: { type: string }
      arch: { type: string }
      run_tests: { type: boolean }
      dockerfile: { type: string }
      sign_image: { type: boolean }
    secrets:
      KEY: { required: false }
    outputs:
      tag: { value: x }
      url: { value: x }
      commit_sha: { value: x }
permissions: { contents: read }
jobs:
  call: { if: \"${{ always() }}\", runs-on: ubuntu-latest, steps: [{ run: 'true' }] }
";

fn manifests() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/drop_in/manifests");
    let files = std::fs::read_dir(folder).unwrap();
    let mut files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    files.sort();
    files
}

/// Every local workflow that a manifest names, as a path.
fn workflows(node: &Value) -> Vec<String> {
    match node {
        Value::String(text) if !text.contains(' ') && text.ends_with(".yaml") => {
            let name = text.strip_prefix(".github/workflows/").unwrap_or(text);
            let local = (!name.contains('/')).then(|| format!(".github/workflows/{name}"));
            local.into_iter().collect()
        }
        Value::Sequence(items) => items.iter().flat_map(workflows).collect(),
        Value::Mapping(map) => map.values().flat_map(workflows).collect(),
        _ => Vec::new(),
    }
}

fn repository(manifest: &str) -> tempfile::TempDir {
    let folder = e2e::scratch::folder().unwrap();
    let read: Value = serde_yaml::from_str(manifest).unwrap();
    write(folder.path(), ".github/manifest.yaml", manifest);
    for path in workflows(&read) {
        write(folder.path(), &path, CALLBACK);
    }
    commit(folder.path());
    folder
}

fn cascade(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_e2e"));
    command
        .arg0("cascade")
        .args(arguments)
        .current_dir(folder)
        .env_remove("GITHUB_ACTIONS");
    command.output().unwrap()
}

#[test]
fn they_load_generate_and_verify() {
    let manifests = manifests();
    assert!(manifests.len() >= 30, "{}", manifests.len());
    let mut failures = Vec::new();
    for path in manifests {
        let text = std::fs::read_to_string(&path).unwrap();
        let repository = repository(&text);
        for arguments in [
            &["lint"][..],
            &["generate"],
            &["verify"],
            &["status"],
            &["graph"],
        ] {
            let output = cascade(repository.path(), arguments);
            if !output.status.success() {
                let said = String::from_utf8_lossy(&output.stdout);
                failures.push(format!(
                    "{}: {arguments:?}: {said}{}",
                    path.display(),
                    error(&output)
                ));
                break;
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Command lines of the Go tool that mean the same here.
const COMMANDS: &[&str] = &[
    "parse-config --config .github/manifest.yaml --manifest-key ci --json",
    "detect-changes --base-sha HEAD --head-sha HEAD --json",
    "generate-changelog --base-sha HEAD --head-sha HEAD --contributors --json",
    "generate-workflow -c .github/manifest.yaml --force --dry-run",
    "next-version -e dev --head-sha HEAD --json",
    "orchestrate setup --json",
    "simulate rollback --env prod --to v1.1.0 --deployable services --actor octocat --json",
    "status env prod --key ci --json",
    "status build app",
    "status deploy services",
    "graph --granularity cross-repo --format d2",
    "schema --output schema.json",
    "environments --json -o environments.json",
    "init --topology three-env --dir elsewhere --dry-run --yes --preinstalled --name shop",
];

#[test]
fn its_command_lines_are_taken() {
    let manifest = manifests()
        .into_iter()
        .find(|path| path.ends_with("three-environments.yaml"));
    let text = std::fs::read_to_string(manifest.unwrap()).unwrap();
    let repository = repository(&text);
    let mut refused = Vec::new();
    for line in COMMANDS {
        let arguments: Vec<&str> = line.split(' ').collect();
        let output = cascade(repository.path(), &arguments);
        let said = error(&output);
        if said.contains("Usage:") || said.contains("panicked") {
            refused.push(format!("{line}: {said}"));
        }
    }
    assert!(refused.is_empty(), "{}", refused.join("\n"));
    for file in ["schema.json", "environments.json"] {
        let text = std::fs::read_to_string(repository.path().join(file)).unwrap();
        assert!(text.starts_with('{'), "{file}: {text}");
    }
}

#[test]
fn scripts_find_the_names_of_its_json() {
    let manifest = "ci:\n  config:\n    trunk_branch: main\n    environments: [dev, prod]\n    builds: [{ name: app, workflow: build.yaml }]\n    deploys:\n      - { name: web, workflow: deploy.yaml, depends_on: [app] }\n      - { name: jobs, workflow: deploy.yaml, depends_on: [web] }\n";
    let repository = repository(manifest);
    let document = |arguments: &[&str]| {
        let output = cascade(repository.path(), arguments);
        assert!(output.status.success(), "{}", error(&output));
        serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap()
    };
    let setup = document(&["orchestrate", "setup", "--json"]);
    assert_eq!(setup["triggered_builds"], serde_json::json!(["app"]));
    assert_eq!(setup["has_changes"], true);
    let waves = serde_json::json!([
        { "callbacks": ["app"] }, { "callbacks": ["web"] }, { "callbacks": ["jobs"] }
    ]);
    assert_eq!(setup["execution_plan"]["waves"], waves);
    let changes = document(&["detect-changes", "--json"]);
    assert_eq!(
        changes["triggered_deploys"],
        serde_json::json!(["web", "jobs"])
    );
    assert_eq!(changes["has_changes"], true);
    let log = document(&["generate-changelog", "--json"]);
    assert_eq!(log["has_breaking"], false);
    assert_eq!(log["changelog"], log["markdown"]);
}
