//! A repository on a host, and the clone that is looked at.

use crate::support::{git, write};
use e2e::github::{NewRepository, Permissions, RepositoryHandle, Server, Settings, Token};
use serde_json::Value;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, Output};

pub(super) const ADMIN: &str = "admin-token";

pub(super) const WRITER: &str = "writer-token";

/// A pipeline with something of everything that GitHub must be set up for.
const PIPELINE: &str = "\
ci:
  config:
    schema_version: 1
    trunk_branch: main
    cli: { source: git, url: \"HOST/acme/cascade.git\", rev: REV }
    state: { branch: cascade-state }
    environments:
      - dev
      - name: prod
        gha_environment: production
        required_reviewers: [octocat]
        wait_timer: 30
        branch_policy: custom
        branch_patterns: [main]
        secrets: [DEPLOY_KEY]
        variables: [REGION]
    deploys:
      - name: web
        workflow: .github/workflows/deploy-web.yaml
        permissions: {}
        secrets: { KEY: WEB_KEY }
        inputs: { target: \"${{ vars.TARGET }}\" }
    integration: { upstream: acme/base }
";

const CALLBACK: &str = "\
on:
  workflow_call:
    inputs:
      environment: { type: string }
      target: { type: string }
    secrets: { KEY: { required: true } }
jobs: { call: { runs-on: ubuntu-latest, steps: [{ run: echo }] } }
";

/// A repository on a host, and the clone that a doctor looks at.
pub(super) struct Patient {
    pub(super) folder: tempfile::TempDir,
    pub(super) server: Server,
    pub(super) shop: RepositoryHandle,
    pub(super) clone: PathBuf,
}

impl Patient {
    /// A repository in which nothing is wrong but what GitHub has by default.
    pub(super) fn new() -> Self {
        let folder = e2e::scratch::folder().unwrap();
        let server = Server::start(folder.path().join("host")).unwrap();
        let shop = server.create(&NewRepository::new("acme/shop")).unwrap();
        let cascade = server.create(&NewRepository::new("acme/cascade")).unwrap();
        for token in [
            Token::personal(ADMIN, "ada").may("acme/shop", Permissions::write_all()),
            Token::personal(WRITER, "ada").may("acme/shop", Permissions::read_all()),
        ] {
            server.register(token);
        }
        let bare = cascade.folder();
        let tree = git(&bare, &["hash-object", "-t", "tree", "-w", "/dev/null"]);
        let rev = git(&bare, &["commit-tree", &tree, "-m", "feat: begin"]);
        git(&bare, &["update-ref", "refs/heads/main", &rev]);
        let clone = folder.path().join("clone");
        let pipeline = PIPELINE.replace("HOST", &server.url()).replace("REV", &rev);
        write(&clone, ".github/manifest.yaml", &pipeline);
        write(&clone, ".github/workflows/deploy-web.yaml", CALLBACK);
        git(&clone, &["init", "--quiet", "--initial-branch=main"]);
        git(&clone, &["remote", "add", "origin", &shop.clone_url()]);
        let patient = Self {
            folder,
            server,
            shop,
            clone,
        };
        patient.push();
        patient
    }

    fn push(&self) {
        let bare = self.shop.folder();
        git(&self.clone, &["add", "--all"]);
        git(
            &self.clone,
            &[
                "commit",
                "--quiet",
                "--allow-empty",
                "--message=ci: pipeline",
            ],
        );
        git(
            &self.clone,
            &["push", "--quiet", bare.to_str().unwrap(), "HEAD:main"],
        );
    }

    /// Makes what GitHub cannot be told by `--fix`: secrets and variables.
    pub(super) fn with_names(self) -> Self {
        self.set(|settings| {
            settings.secrets.insert("WEB_KEY".to_owned());
            settings.variables.insert("TARGET".to_owned());
            let keys = ["DEPLOY_KEY".to_owned()].into();
            settings
                .environment_secrets
                .insert("production".to_owned(), keys);
            let regions = ["REGION".to_owned()].into();
            settings
                .environment_variables
                .insert("production".to_owned(), regions);
        });
        self
    }

    /// A repository that is set up: nothing is wrong.
    pub(super) fn healthy() -> Self {
        let patient = Self::new().with_names();
        let fixed = patient.doctor(&["--fix"]);
        assert_eq!(fixed.code, Some(0), "{fixed:?}");
        patient
    }

    pub(super) fn set(&self, change: impl FnOnce(&mut Settings)) {
        self.shop.set(change).unwrap();
    }

    pub(super) fn edit(&self, from: &str, to: &str) {
        let file = ".github/manifest.yaml";
        let text = std::fs::read_to_string(self.clone.join(file)).unwrap();
        assert!(text.contains(from), "{from}");
        write(&self.clone, file, &text.replace(from, to));
    }

    /// Writes a pipeline crate that takes cascade from a folder.
    pub(super) fn build_crate(&self, folder: &str) {
        let cargo = format!("[dependencies]\ncascade-cli = {{ path = \"{folder}\" }}\n");
        write(&self.clone, "pipeline/Cargo.toml", &cargo);
        write(&self.clone, "pipeline/Cargo.lock", "version = 4\n");
        write(&self.clone, "cascade-cli/Cargo.toml", "");
    }

    pub(super) fn doctor(&self, arguments: &[&str]) -> Run {
        self.doctor_with(ADMIN, arguments)
    }

    pub(super) fn doctor_with(&self, token: &str, arguments: &[&str]) -> Run {
        let mut command = Command::new(env!("CARGO_BIN_EXE_e2e"));
        command
            .arg0("cascade")
            .args(["doctor", "--json"])
            .args(arguments)
            .current_dir(&self.clone)
            .env_remove("GITHUB_REPOSITORY")
            .env("HOME", self.folder.path())
            .env("GITHUB_TOKEN", token)
            .env("GITHUB_API_URL", self.server.api_url())
            .env("GITHUB_SERVER_URL", self.server.url());
        Run::of(&command.output().unwrap())
    }
}

#[derive(Debug)]
pub(super) struct Run {
    pub(super) code: Option<i32>,
    pub(super) items: Vec<Value>,
    pub(super) fixed: Vec<Value>,
    pub(super) error: String,
}

impl Run {
    pub(super) fn of(output: &Output) -> Self {
        let document: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        let list = |field: &str| document[field].as_array().cloned().unwrap_or_default();
        Self {
            code: output.status.code(),
            items: list("items"),
            fixed: list("fixed"),
            error: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// The subjects of one verdict.
    pub(super) fn subjects(&self, verdict: &str) -> Vec<&str> {
        let items = self.items.iter().filter(|item| item["verdict"] == verdict);
        items
            .map(|item| item["subject"].as_str().unwrap())
            .collect()
    }

    pub(super) fn said(&self, subject: &str) -> String {
        let item = self.items.iter().find(|item| item["subject"] == subject);
        let item = item.unwrap_or_else(|| panic!("{subject}: {self:?}"));
        format!("{} {}", item["message"], item["fix"])
    }
}
