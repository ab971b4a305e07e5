//! Many writers at once on one trunk: every write lands once, and none overwrites another.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use e2e::github::{NewRepository, Permissions, RepositoryHandle, Server, Token};
use serde_json::{Value, json};

const TOKEN: &str = "contention-token";
const MANIFEST: &str = ".github/manifest.yaml";
const CALLBACK: &str = ".github/workflows/deploy-web.yaml";
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
/// Repetitions, for whoever wants to be surer than a test has time for.
const REPETITIONS: &str = "E2E_CONTENTION_REPETITIONS";

/// A trunk with `environments` environments, and how state is written.
struct Trunk {
    folder: tempfile::TempDir,
    server: Server,
    repository: RepositoryHandle,
    transport: &'static str,
    head: String,
}

impl Trunk {
    fn new(environments: usize, transport: &'static str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let server = Server::start(folder.path().join("host")).unwrap();
        let repository = server.create(&NewRepository::new("acme/app")).unwrap();
        let token = Token::workflow(TOKEN);
        server.register(token.may("acme/app", Permissions::write_all()));
        let first = folder.path().join("first");
        write(&first, MANIFEST, &manifest(environments));
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
        Self {
            folder,
            server,
            repository,
            transport,
            head,
        }
    }

    fn clone_as(&self, name: &str) -> PathBuf {
        let folder = self.folder.path().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        let bare = self.repository.folder();
        let bare = bare.to_str().unwrap();
        git(&folder, &["clone", "--quiet", "--shared", bare, "."]);
        let url = self.repository.clone_url();
        git(&folder, &["remote", "set-url", "origin", &url]);
        folder
    }

    /// The step that records a deployment, as the generated workflow starts it.
    fn recorder(&self, clone: &Path, environment: &str, version: &str) -> Command {
        let web = json!({ "web": { "sha": self.head, "version": version } });
        let plan = json!({
            "environment": environment, "from": "e0", "sha": self.head, "version": version,
            "base": {}, "advance": true, "restore": true, "deploys": web,
        });
        let success = json!({ "result": "success", "outputs": {} }).to_string();
        let mut command = Command::new(env!("CARGO_BIN_EXE_e2e-cascade"));
        command
            .args(["deploy", "record", "--commit-push"])
            .current_dir(clone)
            .envs([("PLAN", plan.to_string()), ("DEPLOYS", web.to_string())])
            .envs([
                ("NEEDS_GATE", success.clone()),
                ("NEEDS_DEPLOY_WEB", success),
            ])
            .env("LANE", "promote")
            .env("HOME", self.folder.path())
            .env("CASCADE_STATE_TRANSPORT", self.transport)
            .env("GITHUB_TOKEN", TOKEN)
            .env("GITHUB_ACTIONS", "true")
            .env("GITHUB_ACTOR", "octocat")
            .env("GITHUB_REPOSITORY", "acme/app")
            .env("GITHUB_API_URL", self.server.api_url())
            .env("GITHUB_SERVER_URL", self.server.url())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Starts all writers, then waits for all.
    fn race(&self, writes: &[(String, String)]) -> Vec<Output> {
        let clones = 0..writes.len();
        let clones: Vec<_> = clones
            .map(|at| self.clone_as(&format!("writer-{at}")))
            .collect();
        let started: Vec<Child> = writes
            .iter()
            .zip(&clones)
            .map(|((environment, version), clone)| {
                self.recorder(clone, environment, version).spawn().unwrap()
            })
            .collect();
        let ended = started.into_iter().map(Child::wait_with_output);
        ended.map(Result::unwrap).collect()
    }

    fn manifest(&self) -> String {
        let bytes = self.repository.file("main", MANIFEST).unwrap().unwrap();
        String::from_utf8(bytes).unwrap()
    }

    fn state(&self) -> Value {
        let manifest: Value = serde_yaml::from_str(&self.manifest()).unwrap();
        manifest["ci"]["state"].clone()
    }

    /// The subjects of what was committed after the first commit.
    fn subjects(&self) -> Vec<String> {
        let range = format!("{}..main", self.head);
        let log = git(&self.repository.folder(), &["log", "--format=%s", &range]);
        log.lines().map(str::to_owned).collect()
    }
}

fn manifest(environments: usize) -> String {
    let names: Vec<_> = (0..environments).map(|at| format!("e{at}")).collect();
    format!(
        "# The pipeline.\nci:\n  config: # never touched\n    schema_version: 1\n    \
         trunk_branch:   main\n    environments: [{}]\n    deploys:\n      - name: \"web\" \
         # odd spacing stays\n        workflow:  {CALLBACK}\n# At the end.\n",
        names.join(", ")
    )
}

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

fn git(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .args(["-c", "user.name=e2e", "-c", "user.email=e2e@localhost"])
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "git {arguments:?}: {error}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn repetitions() -> usize {
    let text = std::env::var(REPETITIONS).unwrap_or_default();
    text.parse().unwrap_or(1)
}

fn error(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Everything that is not state, byte for byte.
fn without_state(manifest: &str) -> String {
    let lines = manifest.lines();
    let mut inside = false;
    let kept = lines.filter(|line| {
        inside = *line == "  state:" || (inside && line.starts_with("   "));
        !inside
    });
    kept.fold(String::new(), |text, line| text + line + "\n")
}

/// So many writers for an environment each.
fn all_land(writers: usize, transport: &'static str) {
    let trunk = Trunk::new(writers + 1, transport);
    let before = trunk.manifest();
    let writes: Vec<_> = (1..=writers)
        .map(|at| (format!("e{at}"), format!("v0.1.0-rc.{at}")))
        .collect();
    for output in trunk.race(&writes) {
        assert_eq!(output.status.code(), Some(0), "{}", error(&output));
    }
    let mut expected: Vec<_> = writes
        .iter()
        .map(|(environment, version)| {
            format!("chore(cascade): promote {environment} {version} [skip ci]")
        })
        .collect();
    let mut subjects = trunk.subjects();
    expected.sort();
    subjects.sort();
    assert_eq!(subjects, expected);
    let state = trunk.state();
    assert_eq!(state.as_object().unwrap().len(), writers);
    for (environment, version) in &writes {
        let found = &state[environment];
        assert_eq!(found["version"], version.as_str(), "{environment}");
        assert_eq!(found["deploys"]["web"]["version"], version.as_str());
        assert_eq!(found["previous"], Value::Null);
    }
    assert_eq!(without_state(&trunk.manifest()), before);
}

/// Two plans for one environment: whoever is second does not overwrite.
fn one_wins(transport: &'static str) {
    let trunk = Trunk::new(2, transport);
    let versions = ["v0.1.0-rc.1", "v0.1.0-rc.2"];
    let outputs = trunk.race(&versions.map(|version| ("e1".to_owned(), version.to_owned())));
    let won: Vec<_> = (0..2).filter(|at| outputs[*at].status.success()).collect();
    assert_eq!(
        won.len(),
        1,
        "{}",
        outputs.iter().map(error).collect::<String>()
    );
    let lost = &outputs[1 - won[0]];
    assert!(matches!(lost.status.code(), Some(1 | 2)), "{lost:?}");
    assert!(
        error(lost).contains("superseded: e1 holds"),
        "{}",
        error(lost)
    );
    assert_eq!(trunk.state()["e1"]["version"], versions[won[0]]);
    assert_eq!(trunk.subjects().len(), 1);
}

#[test]
fn sixteen_pushes_all_land() {
    for _ in 0..repetitions() {
        all_land(16, "git");
    }
}

#[test]
fn eight_writes_through_the_api_all_land() {
    for _ in 0..repetitions() {
        all_land(8, "api");
    }
}

#[test]
fn two_plans_for_one_environment_are_never_merged() {
    for _ in 0..repetitions() {
        one_wins("git");
        one_wins("api");
    }
}

#[test]
fn a_stale_plan_neither_deploys_nor_records() {
    let trunk = Trunk::new(2, "git");
    let clone = trunk.clone_as("stale");
    let stale = |arguments: &[&str]| {
        let environment = trunk.recorder(&clone, "e1", "v0.1.0-rc.1");
        let mut command = Command::new(env!("CARGO_BIN_EXE_e2e-cascade"));
        command.args(arguments).current_dir(&clone);
        for (name, value) in environment.get_envs() {
            command.env(name, value.unwrap_or_default());
        }
        command.output().unwrap()
    };
    assert!(stale(&["deploy", "gate"]).status.success());
    let other = trunk.race(&[("e1".to_owned(), "v0.1.0-rc.2".to_owned())]);
    assert!(other[0].status.success(), "{}", error(&other[0]));
    git(&clone, &["pull", "--quiet"]);
    for verb in [
        &["deploy", "gate"][..],
        &["deploy", "record", "--commit-push"],
    ] {
        let output = stale(verb);
        assert!(!output.status.success(), "{verb:?}");
        assert!(error(&output).contains("superseded: e1 holds v0.1.0-rc.2"));
    }
    assert_eq!(trunk.state()["e1"]["version"], "v0.1.0-rc.2");
    assert_eq!(trunk.subjects().len(), 1);
}

/// Two lanes finish at once, and each repairs what it believes the other one left out.
#[test]
fn finalizes_at_once_make_each_tag_and_draft_once() {
    let trunk = Trunk::new(2, "git");
    let first = trunk.clone_as("setup");
    let mut setup = trunk.recorder(&first, "e0", "");
    let plan = {
        let mut command = Command::new(env!("CARGO_BIN_EXE_e2e-cascade"));
        command
            .args(["orchestrate", "setup", "--json"])
            .current_dir(&first)
            .envs(
                setup
                    .get_envs()
                    .filter_map(|(name, value)| Some((name, value?))),
            );
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", error(&output));
        let document: Value = serde_json::from_slice(&output.stdout).unwrap();
        document["plan"].clone()
    };
    setup
        .env("LANE", "orchestrate")
        .env("PLAN", plan.to_string());
    setup.env_remove("DEPLOYS");
    let recorded = setup.output().unwrap();
    assert!(recorded.status.success(), "{}", error(&recorded));
    let success = json!({ "result": "success", "outputs": {} }).to_string();
    let started: Vec<_> = (0..6)
        .map(|at| {
            let clone = trunk.clone_as(&format!("finalize-{at}"));
            let environment = trunk.recorder(&clone, "e0", "");
            let mut command = Command::new(env!("CARGO_BIN_EXE_e2e-cascade"));
            command
                .args(["orchestrate", "finalize", "--commit-push"])
                .current_dir(&clone)
                .envs(
                    environment
                        .get_envs()
                        .filter_map(|(name, value)| Some((name, value?))),
                )
                .env("PLAN", plan.to_string())
                .env("NEEDS_DEPLOY_E0", &success)
                .stdout(Stdio::piped())
                .stderr(Stdio::piped());
            command.spawn().unwrap()
        })
        .collect();
    for child in started {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", error(&output));
    }
    let tags = trunk.repository.tags().unwrap();
    assert_eq!(tags.keys().collect::<Vec<_>>(), ["v0.1.0-rc.0"]);
    let releases = trunk.repository.releases().unwrap();
    let drafts: Vec<_> = releases
        .iter()
        .map(|one| (one.tag.as_str(), one.draft))
        .collect();
    assert_eq!(drafts, [("v0.1.0-rc.0", true)]);
    assert_eq!(trunk.subjects().len(), 1);
}
