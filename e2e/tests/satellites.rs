//! Satellites that report at the same moment, and hostile centers: many processes on one trunk, as
//! the generated workflows start them.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use e2e::github::{NewRepository, Permissions, RepositoryHandle, Server, Token};
use serde_json::{Value, json};

const TOKEN: &str = "satellite-token";
const MANIFEST: &str = ".github/manifest.yaml";
const SATELLITES: usize = 8;

/// A primary whose trunk holds a manifest with these entries.
struct Primary {
    folder: tempfile::TempDir,
    server: Server,
    repository: RepositoryHandle,
}

impl Primary {
    fn new(entries: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let server = Server::start(folder.path().join("host")).unwrap();
        let repository = server.create(&NewRepository::new("acme/primary")).unwrap();
        let token = Token::workflow(TOKEN).may("acme/primary", Permissions::write_all());
        server.register(token);
        let first = folder.path().join("first");
        std::fs::create_dir_all(first.join(".github")).unwrap();
        let text = format!(
            "ci:\n  config:\n    trunk_branch: main\n    environments: [dev]\n    external:\n{entries}"
        );
        std::fs::write(first.join(MANIFEST), text).unwrap();
        git(&first, &["init", "--quiet", "--initial-branch=main"]);
        git(&first, &["add", "--all"]);
        git(&first, &["commit", "--quiet", "--message=feat: begin"]);
        let bare = repository.folder();
        git(
            &first,
            &["push", "--quiet", bare.to_str().unwrap(), "HEAD:main"],
        );
        Self {
            folder,
            server,
            repository,
        }
    }

    fn clone_as(&self, name: &str) -> PathBuf {
        let folder = self.folder.path().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        let bare = self.repository.folder();
        git(&folder, &["clone", "--quiet", bare.to_str().unwrap(), "."]);
        let url = self.repository.clone_url();
        git(&folder, &["remote", "set-url", "origin", &url]);
        folder
    }

    fn cascade(&self, clone: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_e2e-cascade"));
        command
            .arg("external")
            .args(arguments)
            .current_dir(clone)
            .env("HOME", self.folder.path())
            .env("GITHUB_TOKEN", TOKEN)
            .env("GITHUB_ACTIONS", "true")
            .env("GITHUB_ACTOR", "octocat")
            .env("GITHUB_REPOSITORY", "acme/primary")
            .env("GITHUB_API_URL", self.server.api_url())
            .env("GITHUB_SERVER_URL", self.server.url())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    fn slots(&self) -> Value {
        let bytes = self.repository.file("main", MANIFEST).unwrap().unwrap();
        let manifest: Value = serde_yaml::from_slice(&bytes).unwrap();
        manifest["ci"]["state"]["dev"]["external"].clone()
    }
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

fn succeeded(output: &Output) {
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{error}");
}

#[test]
fn satellites_that_report_at_the_same_moment_all_land() {
    let names: Vec<String> = (0..SATELLITES).map(|at| format!("net-{at}")).collect();
    let entry =
        |name: &String| format!("      - {{ repo: acme/{name}, deploys: [{{ name: {name} }}] }}\n");
    for transport in ["git", "api"] {
        let primary = Primary::new(&names.iter().map(entry).collect::<String>());
        let started: Vec<_> = names
            .iter()
            .map(|name| {
                let clone = primary.clone_as(name);
                let report = json!({
                    "source_repo": format!("acme/{name}"), "deploy_name": name,
                    "environment": "dev", "sha": "a".repeat(40), "version": format!("v1.0.0-{name}"),
                    "artifacts": "{}",
                });
                let mut command = primary.cascade(&clone, &["update", "--commit-push"]);
                command
                    .env("DISPATCH", report.to_string())
                    .env("CASCADE_STATE_TRANSPORT", transport);
                (clone, command)
            })
            .map(|(_, mut command)| command.spawn().unwrap())
            .collect();
        for child in started {
            succeeded(&child.wait_with_output().unwrap());
        }
        let slots = primary.slots();
        for name in &names {
            assert_eq!(
                slots[name]["version"],
                format!("v1.0.0-{name}"),
                "{transport}"
            );
        }
        let commits = git(
            &primary.repository.folder(),
            &["rev-list", "--count", "main"],
        );
        assert_eq!(
            commits,
            (SATELLITES + 1).to_string(),
            "{transport}: one commit each"
        );
    }
}

#[test]
fn names_of_tags_are_data() {
    let entry = "      - { mode: pull, repo: acme/center, version: ^1 }\n";
    let primary = Primary::new(entry);
    let center = primary
        .server
        .create(&NewRepository::new("acme/center"))
        .unwrap();
    let bare = center.folder();
    let tree = git(&bare, &["hash-object", "-t", "tree", "-w", "/dev/null"]);
    let commit = git(&bare, &["commit-tree", &tree, "-m", "feat: begin"]);
    // As hostile as git lets a name be.
    let mut names = vec![
        "v1.0.0".to_owned(),
        "v1.0.1;rm${IFS}-rf".to_owned(),
        "v1.0.2$(touch${IFS}pwned)".to_owned(),
        "v1.0.3`id`".to_owned(),
        "v1.0.4\"}]".to_owned(),
        "v1.0.5'||true".to_owned(),
        "v99999999999999999999.0.0".to_owned(),
    ];
    names.push(format!("v1.9.0-{}", "x".repeat(240)));
    names.extend((0..3_000).map(|at| format!("v0.{at}.0")));
    names.sort_unstable();
    let packed: String = names
        .iter()
        .map(|name| format!("{commit} refs/tags/{name}\n"))
        .collect();
    let header = "# pack-refs with: peeled fully-peeled sorted\n";
    std::fs::write(bare.join("packed-refs"), format!("{header}{packed}")).unwrap();
    let clone = primary.clone_as("one");
    let mut command = primary.cascade(&clone, &["resolve", "--json"]);
    let output = command.output().unwrap();
    succeeded(&output);
    let answers: Value = serde_json::from_slice(&output.stdout).unwrap();
    let found = json!({ "version": "v1.0.0", "sha": commit });
    assert_eq!(answers["models"], Value::Null);
    assert_eq!(answers["center"]["found"], found, "{answers}");
    assert!(!clone.join("pwned").exists());
}

#[test]
fn what_did_not_change_is_asked_for_with_one_small_request() {
    let entry = "      - { mode: pull, repo: acme/center }\n";
    let twice =
        format!("{entry}      - {{ mode: pull, repo: acme/center, name: old, version: <2 }}\n");
    let primary = Primary::new(&twice);
    let center = primary
        .server
        .create(&NewRepository::new("acme/center"))
        .unwrap();
    let bare = center.folder();
    let tree = git(&bare, &["hash-object", "-t", "tree", "-w", "/dev/null"]);
    let commit = git(&bare, &["commit-tree", &tree, "-m", "feat: begin"]);
    for tag in ["v1.4.0", "v2.0.0"] {
        git(&bare, &["tag", tag, &commit]);
    }
    let clone = primary.clone_as("one");
    let resolve = || {
        let before = primary.server.requests().len();
        let arguments = ["resolve", "--json", "--cache", "cache"];
        let output = primary.cascade(&clone, &arguments).output().unwrap();
        succeeded(&output);
        let answers: Value = serde_json::from_slice(&output.stdout).unwrap();
        let requests = primary.server.requests().split_off(before);
        let statuses: Vec<u16> = requests.iter().map(|request| request.status).collect();
        (answers, statuses)
    };
    let (first, statuses) = resolve();
    assert_eq!(first["center"]["found"]["version"], "v2.0.0");
    assert_eq!(first["old"]["found"]["version"], "v1.4.0");
    assert_eq!(
        statuses,
        [200],
        "two entries of one center are one question"
    );
    let (again, statuses) = resolve();
    assert_eq!((again, statuses), (first, vec![304]));
    git(&bare, &["tag", "v2.1.0", &commit]);
    let (new, statuses) = resolve();
    assert_eq!(new["center"]["found"]["version"], "v2.1.0");
    assert_eq!(statuses, [200]);
}
