//! What git is set up to do on a machine or in a repository changes no answer, and history that is
//! not there is not taken for history that never was.

use crate::support::host::{Host, error};
use crate::support::{git, write};
use e2e::hostile;
use std::path::Path;
use std::process::Command;

const PIPELINE: &str = "\
ci:
  config:
    schema_version: 1
    trunk_branch: main
    environments: [dev, prod]
    changelog: { contributors: true }
    deploys: [{ name: web, workflow: .github/workflows/deploy-web.yaml, permissions: {}, triggers: [\"src/**\", \"vendor\"] }]
";
/// A repository with a release and what configurations are about: a submodule, names and messages
/// beyond ASCII, an author whom a mailmap renames.
fn repository() -> (Host, std::path::PathBuf, String) {
    let host = Host::new(PIPELINE);
    let clone = host.clone_as("clone");
    git(&clone, &["tag", "v1.4.0"]);
    write(&clone, "src/übung.txt", "1");
    write(
        &clone,
        ".gitmodules",
        "[submodule \"lib\"]\n\tpath = vendor\n\turl = ../lib\n\tignore = all\n",
    );
    git(&clone, &["add", "--all"]);
    git(
        &clone,
        &[
            "commit",
            "--quiet",
            "--author=Jörg <j@example.com>",
            "--message=feat: Übung\n\nBREAKING CHANGE: größer",
        ],
    );
    let base = git(&clone, &["rev-parse", "HEAD"]);
    let link = format!("160000,{base},vendor");
    git(&clone, &["update-index", "--add", "--cacheinfo", &link]);
    git(
        &clone,
        &["commit", "--quiet", "--message=fix: another library"],
    );
    let latin = clone.join("message");
    std::fs::write(&latin, b"fix: gr\xfc\xdfe\n").unwrap();
    git(
        &clone,
        &[
            "-c",
            "i18n.commitEncoding=ISO-8859-1",
            "commit",
            "--quiet",
            "--allow-empty",
            "--file=message",
        ],
    );
    std::fs::remove_file(latin).unwrap();
    git(&clone, &["update-ref", "refs/remotes/origin/main", "HEAD"]);
    let bare = host.repository.folder();
    git(
        &clone,
        &[
            "push",
            "--quiet",
            bare.to_str().unwrap(),
            "HEAD:main",
            "v1.4.0",
        ],
    );
    std::fs::write(host.folder().join("clock"), "1767225600").unwrap();
    (host, clone, base)
}

/// Every command that asks git for an answer and changes nothing.
fn commands(base: &str) -> Vec<Vec<&str>> {
    vec![
        vec!["next-version"],
        vec!["generate-changelog"],
        vec!["generate-changelog", "--from", "v1.4.0"],
        vec!["detect-changes", "--base-sha", base, "--json"],
        vec!["status"],
        vec!["status", "consistency"],
        vec!["simulate", "orchestrate", "--json"],
        vec!["simulate", "promote", "--json"],
        vec!["orchestrate", "setup", "--json"],
        vec!["promote", "preflight", "--json"],
        vec!["rollback", "--environment", "prod", "--dry-run", "--json"],
        vec![
            "manage-release",
            "--action",
            "draft",
            "--version",
            "v2.0.0-rc.0",
            "--dry-run",
            "--json",
        ],
        vec!["verify"],
        vec!["lint"],
    ]
}

fn run(host: &Host, clone: &Path, arguments: &[&str], set_up: impl Fn(&mut Command)) -> String {
    let mut command = host.verb(clone, arguments);
    command
        .env_remove("GITHUB_ACTIONS")
        .env("E2E_CLOCK", host.folder().join("clock"))
        .env("GIT_CONFIG_GLOBAL", "/dev/null");
    set_up(&mut command);
    let output = command.output().unwrap();
    format!(
        "{:?}\n{}\n{}",
        output.status.code(),
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

#[test]
fn no_setting_changes_an_answer() {
    let (host, clone, base) = repository();
    let plain: Vec<String> = commands(&base)
        .iter()
        .map(|arguments| run(&host, &clone, arguments, |_| {}))
        .collect();
    assert!(plain[0].contains("v2.0.0-rc.0"), "{}", plain[0]);
    for words in ["Übung", "größer", "grüße"] {
        assert!(plain[1].contains(words), "{}", plain[1]);
    }
    assert!(plain[3].contains("web"), "a submodule moved: {}", plain[3]);

    // In this clone alone, other commits stand in the place of those that were made.
    let head = git(&clone, &["rev-parse", "HEAD"]);
    let tree = git(&clone, &["rev-parse", "HEAD^{tree}"]);
    let other = git(
        &clone,
        &["commit-tree", &tree, "-m", "chore: nothing at all"],
    );
    git(&clone, &["replace", &head, &other]);
    let hooks = clone.join(".git/hooks");
    write(&hooks, "pre-push", "#!/bin/sh\nexit 1\n");
    for (arguments, plain) in commands(&base).iter().zip(&plain) {
        let hostile = run(&host, &clone, arguments, |command| {
            hostile::set_up(command, host.folder()).unwrap();
        });
        assert_eq!(&hostile, plain, "{arguments:?}");
    }
}

/// A clone of the host's repository with a part of its history.
fn part(host: &Host, name: &str, options: &[&str]) -> std::path::PathBuf {
    let clone = host.folder().join(name);
    std::fs::create_dir_all(&clone).unwrap();
    let url = format!("file://{}", host.repository.folder().display());
    git(
        &clone,
        &[&["clone", "--quiet"], options, &[&url, "."]].concat(),
    );
    clone
}

#[test]
fn a_shallow_clone_is_not_a_young_repository() {
    let (host, _, base) = repository();
    for (depth, tags) in [("1", "--no-tags"), ("1", "--tags"), ("2", "--tags")] {
        let name = format!("shallow-{depth}{tags}");
        let shallow = part(&host, &name, &["--depth", depth, tags]);
        for arguments in commands(&base) {
            // A rollback fetches what it lacks of the state's history.
            let needs_history =
                !matches!(arguments[0], "verify" | "lint" | "rollback") && arguments != ["status"];
            let said = run(&host, &shallow, &arguments, |_| {});
            let refused = said.starts_with("Some(2)") && said.contains("this clone is shallow");
            assert_eq!(refused, needs_history, "{arguments:?}: {said}");
        }
        let said = run(&host, &shallow, &["next-version"], |_| {});
        assert!(said.contains("fetch-depth: 0"), "{said}");
    }
}

#[test]
fn a_question_about_history_that_is_here_is_answered() {
    let (host, _, base) = repository();
    let shallow = part(&host, "deep-enough", &["--depth", "3"]);
    let arguments = ["detect-changes", "--base-sha", &base, "--json"];
    let said = run(&host, &shallow, &arguments, |_| {});
    assert!(said.starts_with("Some(0)"), "{said}");
    let before = format!("{base}^");
    let arguments = ["detect-changes", "--base-sha", &before, "--json"];
    let said = run(&host, &shallow, &arguments, |_| {});
    assert!(said.contains("this clone is shallow"), "{said}");
}

#[test]
fn what_a_workflow_calls_says_shallow_too() {
    let (host, _, _) = repository();
    let shallow = part(&host, "shallow", &["--depth", "1"]);
    for arguments in [
        vec!["orchestrate", "setup"],
        vec!["promote", "preflight"],
        vec!["hotfix", "plan"],
    ] {
        let said = run(&host, &shallow, &arguments, |command| {
            command.env("GITHUB_ACTIONS", "true");
        });
        assert!(
            said.starts_with("Some(2)") && said.contains("this clone is shallow"),
            "{arguments:?}: {said}"
        );
    }
}

#[test]
fn a_clone_without_tags_is_not_a_repository_without_releases() {
    let (host, _, _) = repository();
    let clone = part(&host, "no-tags", &["--no-tags"]);
    for arguments in [
        vec!["next-version"],
        vec!["generate-changelog"],
        vec!["simulate", "orchestrate"],
        vec!["status", "consistency"],
    ] {
        let said = run(&host, &clone, &arguments, |_| {});
        assert!(
            said.starts_with("Some(2)") && said.contains("without tags"),
            "{arguments:?}: {said}"
        );
    }
    git(&clone, &["fetch", "--quiet", "--tags"]);
    let said = run(&host, &clone, &["next-version"], |_| {});
    assert!(said.contains("v2.0.0-rc.0"), "{said}");
}

#[test]
fn a_change_that_is_not_here_is_said_to_be_missing() {
    let (host, clone, _) = repository();
    let nowhere = "0123456789abcdef0123456789abcdef01234567";
    let mut command = host.verb(&clone, &["detect-changes", "--base-sha", nowhere]);
    let output = command.env_remove("GITHUB_ACTIONS").output().unwrap();
    assert_ne!(output.status.code(), Some(101), "{}", error(&output));
    assert!(
        error(&output).contains(nowhere) || output.status.success(),
        "{}",
        error(&output)
    );
}
