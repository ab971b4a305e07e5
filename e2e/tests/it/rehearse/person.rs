//! A person's repository, and rehearsals in it.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::support::{git, write};

const MANIFEST: &str = "\
ci:
  config:
    trunk_branch: main
    cli: { source: preinstalled }
    runs_on: self-hosted
    environments: [dev, { name: prod, gha_environment: production }]
    builds:
      - { name: image, workflow: .github/workflows/build.yaml, triggers: [\"src/**\"] }
    deploys:
      - name: web
        workflow: .github/workflows/deploy.yaml
        depends_on: [image]
        inputs: { tag: { from: image.outputs.tag } }
        secrets: { DEPLOY_KEY: DEPLOY_KEY }
      - { name: api, workflow: acme/ci/.github/workflows/deploy.yaml@v1 }
";
const BUILD: &str = "\
on:
  workflow_call:
    inputs:
      sha: { type: string, required: true }
    outputs:
      tag: { value: \"${{ jobs.build.outputs.tag }}\" }
jobs:
  build:
    runs-on: ubuntu-latest
    outputs:
      tag: ${{ steps.tag.outputs.tag }}
    steps:
      - id: tag
        run: echo \"tag=really-built\" >> \"$GITHUB_OUTPUT\"
";
const DEPLOY: &str = "\
on:
  workflow_call:
    inputs:
      environment: { type: string, required: true }
      sha: { type: string, required: true }
      tag: { type: string, required: true }
    secrets:
      DEPLOY_KEY: { required: true }
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - run: exit 1
";
/// A workflow of the person's own, which a push starts, too.
const OWN: &str =
    "on: push\njobs:\n  x:\n    runs-on: ubuntu-latest\n    steps: [{ run: exit 1 }]\n";

/// The repository of a person.
pub(super) struct Person {
    folder: tempfile::TempDir,
}

/// A rehearsal that is over.
#[derive(Debug)]
pub(super) struct Rehearsed {
    pub(super) code: Option<i32>,
    /// The report; null if there is none.
    pub(super) report: Value,
    pub(super) stderr: String,
}

impl Person {
    /// A repository with a pipeline, generated and committed.
    pub(super) fn new() -> Self {
        let person = Self {
            folder: e2e::scratch::folder().unwrap(),
        };
        let root = person.root();
        write(&root, ".github/manifest.yaml", MANIFEST);
        write(&root, ".github/workflows/build.yaml", BUILD);
        write(&root, ".github/workflows/deploy.yaml", DEPLOY);
        write(&root, ".github/workflows/own.yaml", OWN);
        write(&root, "src/main.c", "int main() {}\n");
        git(&root, &["init", "--quiet", "--initial-branch=main"]);
        let generated = person.cascade(&["generate"]).output().unwrap();
        assert!(generated.status.success(), "{generated:?}");
        git(&root, &["add", "--all"]);
        git(&root, &["commit", "--quiet", "--message=feat: begin"]);
        person
    }

    pub(super) fn root(&self) -> PathBuf {
        self.folder.path().join("shop")
    }

    pub(super) fn cascade(&self, arguments: &[&str]) -> Command {
        let mut command = program(env!("CARGO_BIN_EXE_e2e"), arguments, &self.root());
        command.arg0("cascade");
        command
    }

    /// Rehearses, and reads the report.
    pub(super) fn rehearse(&self, arguments: &[&str]) -> Rehearsed {
        rehearse(&self.root(), arguments)
    }

    /// Everything that a rehearsal must not change.
    pub(super) fn everything(&self) -> Vec<String> {
        let root = self.root();
        let mut all = vec![
            git(&root, &["for-each-ref"]),
            git(&root, &["status", "--porcelain"]),
            git(&root, &["ls-files", "--stage"]),
            git(&root, &["count-objects"]),
        ];
        all.push(std::fs::read_to_string(root.join(".git/config")).unwrap());
        all
    }
}

/// Rehearses in a folder, and reads the report.
pub(super) fn rehearse(folder: &Path, arguments: &[&str]) -> Rehearsed {
    rehearse_with(folder, arguments, &[])
}

/// Rehearses with some variables.
pub(super) fn rehearse_with(
    folder: &Path,
    arguments: &[&str],
    variables: &[(&str, OsString)],
) -> Rehearsed {
    let mut command = program(env!("CARGO_BIN_EXE_cascade-rehearse"), arguments, folder);
    let variables = variables.iter().map(|(name, value)| (name, value));
    let output = command.envs(variables).arg("--json").output().unwrap();
    Rehearsed {
        code: output.status.code(),
        report: serde_json::from_slice(&output.stdout).unwrap_or_default(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

fn program(file: &str, arguments: &[&str], folder: &Path) -> Command {
    let mut command = Command::new(file);
    command
        .args(arguments)
        .current_dir(folder)
        .env_remove("GITHUB_TOKEN")
        .env_remove("GH_TOKEN")
        .env_remove("GITHUB_REPOSITORY");
    command
}

impl Rehearsed {
    fn runs(&self) -> impl Iterator<Item = &Value> {
        self.report["runs"].as_array().into_iter().flatten()
    }

    /// The calls of a callback.
    pub(super) fn calls(&self, callback: &str) -> Vec<&Value> {
        let calls = self.runs().flat_map(|run| run["calls"].as_array().unwrap());
        calls.filter(|call| call["callback"] == callback).collect()
    }

    /// The results of the runs.
    pub(super) fn results(&self) -> Vec<&str> {
        self.runs()
            .map(|run| run["result"].as_str().unwrap())
            .collect()
    }

    /// The names of what is different afterwards.
    pub(super) fn changed(&self, list: &str) -> Vec<&str> {
        let changes = self.report["changes"][list].as_array().unwrap();
        let what = changes.iter().map(|change| change["what"].as_str());
        what.map(Option::unwrap).collect()
    }

    pub(super) fn has_note(&self, part: &str) -> bool {
        let mut notes = self.report["notes"].as_array().unwrap().iter();
        notes.any(|note| note.as_str().unwrap().contains(part))
    }
}
