//! A repository on the simulated GitHub, and verbs as the generated steps start them.

use std::collections::BTreeMap;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use e2e::github::{NewRepository, Permissions, RepositoryHandle, Server, Token};
use serde_json::{Value, json};

use super::{git, write};

pub(crate) const MANIFEST: &str = ".github/manifest.yaml";
pub(crate) const CALLBACK: &str = ".github/workflows/deploy-web.yaml";
const STUB: &str = "\
on:
  workflow_call:
    inputs:
      environment: { type: string }
      sha: { type: string }
jobs:
  call:
    runs-on: ubuntu-latest
    steps: [{ run: echo }]
";
/// The branch of manifests that [`on_state_branch`] wrote.
const STATE_BRANCH: &str = "cascade-state";
/// An entry of another repository, `producer`.
pub(crate) const PRODUCER: &str = "      - { mode: pull, repo: acme/producer, version: ^1 }\n";
pub(crate) const TOKEN: &str = "workflow-token";

/// A repository with a manifest and one callback, on a host of its own.
pub(crate) struct Host {
    folder: tempfile::TempDir,
    pub(crate) server: Server,
    pub(crate) repository: RepositoryHandle,
    /// The first commit.
    pub(crate) head: String,
}

impl Host {
    pub(crate) fn new(manifest: &str) -> Self {
        let folder = e2e::scratch::folder().unwrap();
        let server = Server::start(folder.path().join("host")).unwrap();
        let repository = server.create(&NewRepository::new("acme/app")).unwrap();
        let first = folder.path().join("first");
        write(&first, MANIFEST, manifest);
        write(&first, CALLBACK, STUB);
        git(&first, &["init", "--quiet", "--initial-branch=main"]);
        git(&first, &["add", "--all"]);
        git(&first, &["commit", "--quiet", "--message=feat: begin"]);
        let bare = repository.folder();
        git(
            &first,
            &["push", "--quiet", bare.to_str().unwrap(), "HEAD:main"],
        );
        let head = git(&first, &["rev-parse", "HEAD"]);
        let host = Self {
            folder,
            server,
            repository,
            head,
        };
        host.register(TOKEN);
        host
    }

    /// A repository whose manifest has these entries of other repositories.
    pub(crate) fn with_external(entries: &str) -> Self {
        Self::new(&format!(
            "ci:\n  config:\n    trunk_branch: main\n    environments: [dev]\n    external:\n{entries}"
        ))
    }

    /// Another repository, whose only commit has these tags; and that commit.
    pub(crate) fn producer(&self, name: &str, tags: &[&str]) -> (RepositoryHandle, String) {
        let producer = self.server.create(&NewRepository::new(name)).unwrap();
        let bare = producer.folder();
        let tree = git(&bare, &["hash-object", "-t", "tree", "-w", "/dev/null"]);
        let commit = git(&bare, &["commit-tree", &tree, "-m", "feat: begin"]);
        for tag in tags {
            git(&bare, &["tag", tag, &commit]);
        }
        (producer, commit)
    }

    /// Lets a token of a workflow do everything in the repository.
    pub(crate) fn register(&self, token: &str) {
        let token = Token::workflow(token);
        self.server
            .register(token.may("acme/app", Permissions::write_all()));
    }

    /// A folder beside the clones.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A checkout of the trunk whose `origin` is the host.
    pub(crate) fn clone_as(&self, name: &str) -> PathBuf {
        let folder = self.folder.path().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        let bare = self.repository.folder();
        let bare = bare.to_str().unwrap();
        git(&folder, &["clone", "--quiet", "--shared", bare, "."]);
        let url = self.repository.clone_url();
        git(&folder, &["remote", "set-url", "origin", &url]);
        folder
    }

    /// A verb in a checkout, with the variables of a runner.
    pub(crate) fn verb(&self, clone: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_e2e"));
        command
            .arg0("cascade")
            .args(arguments)
            .current_dir(clone)
            .env("HOME", self.folder.path())
            .env("GITHUB_TOKEN", TOKEN)
            .env("GITHUB_ACTIONS", "true")
            .env("GITHUB_ACTOR", "octocat")
            .env("GITHUB_REPOSITORY", "acme/app")
            .env("GITHUB_REF", "refs/heads/main")
            .env("GITHUB_API_URL", self.server.api_url())
            .env("GITHUB_SERVER_URL", self.server.url())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Asks other repositories, in a checkout of its own, and remembers what they say.
    pub(crate) fn resolve(&self) -> Command {
        let arguments = ["external", "resolve", "--json", "--cache", "cache"];
        self.verb(&self.clone_as("resolver"), &arguments)
    }

    /// Merges a pull request; its commit.
    pub(crate) fn merge(&self, number: u64) -> String {
        let api = self.server.api_url();
        let url = format!("{api}/repos/acme/app/pulls/{number}/merge");
        let request = ureq::put(&url).header("authorization", format!("Bearer {TOKEN}"));
        let mut answer = request.send_json(json!({})).unwrap();
        let answer: Value = answer.body_mut().read_json().unwrap();
        answer["sha"].as_str().unwrap().to_owned()
    }

    pub(crate) fn manifest(&self) -> String {
        let bytes = self.repository.file("main", MANIFEST).unwrap().unwrap();
        String::from_utf8(bytes).unwrap()
    }

    /// What is recorded: on the state branch, if there is one, else in the manifest.
    pub(crate) fn state(&self) -> Value {
        let file = self.repository.file(STATE_BRANCH, "state.yaml").unwrap();
        if let Some(bytes) = file {
            let recorded: Value = serde_yaml::from_slice(&bytes).unwrap();
            return recorded["state"].clone();
        }
        let manifest: Value = serde_yaml::from_str(&self.manifest()).unwrap();
        manifest["ci"]["state"].clone()
    }

    /// The subjects of what was committed after the first commit, newest first; those of the state
    /// branch, if there is one, before those of the trunk.
    pub(crate) fn subjects(&self) -> Vec<String> {
        let mut subjects = Vec::new();
        if self
            .repository
            .branches()
            .unwrap()
            .contains_key(STATE_BRANCH)
        {
            subjects.extend(self.subjects_in(STATE_BRANCH));
        }
        subjects.extend(self.subjects_in(&format!("{}..main", self.head)));
        subjects
    }

    fn subjects_in(&self, range: &str) -> Vec<String> {
        let log = git(&self.repository.folder(), &["log", "--format=%s", range]);
        log.lines().map(str::to_owned).collect()
    }
}

/// The manifest with the state on a branch of its own.
pub(crate) fn on_state_branch(manifest: &str) -> String {
    let key = "    trunk_branch:";
    let state = format!("    state: {{ branch: {STATE_BRANCH} }}\n{key}");
    manifest.replacen(key, &state, 1)
}

/// A job that succeeded, as `toJSON(needs.job)` says it.
pub(crate) fn success() -> String {
    json!({ "result": "success", "outputs": {} }).to_string()
}

/// The version of [`PRODUCER`] that [`Host::resolve`] found.
pub(crate) fn found(output: &Output) -> Value {
    succeeded(output);
    let answers: Value = serde_json::from_slice(&output.stdout).unwrap();
    answers["producer"]["found"].clone()
}

pub(crate) fn succeeded(output: &Output) {
    assert_eq!(output.status.code(), Some(0), "{}", error(output));
}

pub(crate) fn error(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// What a verb put out for the jobs after it.
pub(crate) fn outputs_in(file: &Path) -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let mut lines = text.lines();
    let mut outputs = BTreeMap::new();
    while let Some((name, mark)) = lines.next().and_then(|line| line.split_once("<<")) {
        let value: Vec<_> = lines.by_ref().take_while(|line| *line != mark).collect();
        outputs.insert(name.to_owned(), value.join("\n"));
    }
    outputs
}
