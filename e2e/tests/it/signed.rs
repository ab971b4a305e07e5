//! Commits and tags with the signature of the pipeline's key.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::json;

use crate::support::host::{Host, error, succeeded};
use crate::support::{git, write};

const MAIL: &str = "bot@example.com";

fn pipeline(git: &str) -> String {
    format!(
        "\
ci:
  config:
    schema_version: 1
    trunk_branch: main
    cli: {{ source: preinstalled }}
    environments: [dev, prod]
    git: {git}
    deploys: [{{ name: web, workflow: .github/workflows/deploy-web.yaml }}]
    external: [{{ repo: acme/net, deploys: [{{ name: net }}] }}]
"
    )
}

fn custom(more: &str) -> String {
    let identity = "mode: custom, user_name: Bot, user_email: bot@example.com";
    pipeline(&format!("{{ {identity}, gpg_key_secret: KEY{more} }}"))
}

fn run(program: &str, arguments: &[&str], home: &Path) -> String {
    let output = Command::new(program)
        .args(arguments)
        .env("GNUPGHOME", home)
        .output()
        .unwrap();
    assert!(output.status.success(), "{program}: {}", error(&output));
    String::from_utf8(output.stdout).unwrap()
}

/// An OpenSSH key, and what makes git know it.
fn ssh(folder: &Path) -> (String, Vec<String>) {
    let key = folder.join("id");
    let path = key.to_str().unwrap();
    run(
        "ssh-keygen",
        &["-q", "-t", "ed25519", "-N", "", "-f", path],
        folder,
    );
    let public = std::fs::read_to_string(folder.join("id.pub")).unwrap();
    write(folder, "signers", &format!("{MAIL} {public}"));
    let signers = folder.join("signers").display().to_string();
    let settings = [
        "gpg.format=ssh".to_owned(),
        format!("gpg.ssh.allowedSignersFile={signers}"),
    ];
    (std::fs::read_to_string(&key).unwrap(), settings.to_vec())
}

/// An OpenPGP key with its id.
fn gpg(home: &Path, user: &str) -> (String, String) {
    let made = [
        "--batch",
        "--passphrase",
        "",
        "--quick-generate-key",
        user,
        "ed25519",
        "sign",
    ];
    run("gpg", &made, home);
    let listed = run(
        "gpg",
        &["--batch", "--with-colons", "--list-secret-keys", user],
        home,
    );
    let id = listed
        .lines()
        .find_map(|line| line.strip_prefix("fpr:"))
        .unwrap();
    let id = id.trim_matches(':').to_owned();
    let key = run(
        "gpg",
        &["--batch", "--armor", "--export-secret-keys", &id],
        home,
    );
    (key, id)
}

/// Reports a version, which writes state, tags a candidate and releases it.
fn writes(host: &Host, clone: &Path, key: Option<&str>) -> [Output; 3] {
    let report = json!({
        "source_repo": "acme/net", "deploy_name": "net", "environment": "dev",
        "sha": "a".repeat(40), "version": "v1.0.0", "artifacts": "{}",
    });
    let mut update = host.verb(clone, &["external", "update", "--commit-push"]);
    update.env("DISPATCH", report.to_string());
    let release = |action, version| {
        let arguments = ["manage-release", "--action", action, "--version", version];
        host.verb(clone, &arguments)
    };
    let mut draft = release("draft", "v0.1.0-rc.0");
    let mut publish = release("publish", "v0.1.0-rc.0");
    [&mut update, &mut draft, &mut publish].map(|command| {
        command
            .envs(key.map(|key| ("SIGNING_KEY", key)))
            .output()
            .unwrap()
    })
}

/// Returns whether git trusts what is at these names in the host's repository.
fn verified(host: &Host, settings: &[String], home: &Path) -> [bool; 3] {
    let folder = host.repository.folder();
    [
        ("verify-commit", "main"),
        ("verify-tag", "v0.1.0-rc.0"),
        ("verify-tag", "v0.1.0"),
    ]
    .map(|(command, name)| {
        let mut git = Command::new("git");
        git.args(settings.iter().flat_map(|setting| ["-c", setting]));
        git.args([command, name]).current_dir(&folder);
        git.env("GNUPGHOME", home)
            .output()
            .unwrap()
            .status
            .success()
    })
}

#[test]
fn commits_and_tags_are_signed_with_an_ssh_key() {
    let folder = e2e::scratch::folder().unwrap();
    let (key, settings) = ssh(folder.path());
    let host = Host::new(&custom(""));
    host.repository.require_signatures("main").unwrap();
    let clone = host.clone_as("clone");
    for output in writes(&host, &clone, Some(&key)) {
        succeeded(&output);
    }
    assert_eq!(
        verified(&host, &settings, folder.path()),
        [true, true, true]
    );
    let bare = host.repository.folder();
    assert_eq!(
        git(&bare, &["log", "-1", "--format=%cn %ce", "main"]),
        "Bot bot@example.com"
    );
    let tagged = git(&bare, &["rev-parse", "v0.1.0-rc.0^{commit}"]);
    assert_eq!(tagged, host.head, "the tag object stands for the commit");
    assert_eq!(git(&clone, &["tag"]), "", "no tag is left in the clone");
}

#[test]
fn the_id_names_one_of_several_openpgp_keys() {
    let folder = e2e::scratch::named("g").unwrap();
    let home = folder.path();
    let (first, _) = gpg(home, "First <first@example.com>");
    let (second, id) = gpg(home, "Bot <bot@example.com>");
    let host = Host::new(&custom(&format!(", gpg_key_id: {id}")));
    let clone = host.clone_as("clone");
    for output in writes(&host, &clone, Some(&format!("{second}{first}"))) {
        succeeded(&output);
    }
    assert_eq!(verified(&host, &[], home), [true, true, true]);
    let signer = git_log_signer(&host, home);
    assert!(id.ends_with(signer.trim()), "{signer} is not {id}");
    run("gpgconf", &["--kill", "all"], home);
}

fn git_log_signer(host: &Host, home: &Path) -> String {
    let mut git = Command::new("git");
    git.args(["log", "-1", "--format=%GK", "main"])
        .env("GNUPGHOME", home);
    let output = git.current_dir(host.repository.folder()).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_key_that_cannot_sign_writes_nothing() {
    let host = Host::new(&custom(""));
    for (key, said) in [
        (None, "the secret `KEY` is empty"),
        (Some("ssh-ed25519 AAAA"), "holds no private key"),
        (
            Some("-----BEGIN OPENSSH PRIVATE KEY-----\nbroken"),
            "cannot be made",
        ),
        (
            Some("-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nbroken"),
            "cannot be signed",
        ),
    ] {
        let clone = host.clone_as(&format!("clone-{}", key.map_or(0, str::len)));
        let [update, ..] = writes(&host, &clone, key);
        assert!(!update.status.success(), "{key:?}");
        let text = error(&update);
        assert!(text.contains(said), "{key:?}: {text}");
        assert!(
            key.is_none_or(|key| !text.contains(key)),
            "the key is not shown: {text}"
        );
    }
    let head = git(&host.repository.folder(), &["rev-parse", "main"]);
    assert_eq!(head, host.head);
}

#[test]
fn an_external_identity_is_whatever_git_says() {
    let host = Host::new(&pipeline("{ mode: external }"));
    let clone = host.clone_as("clone");
    git(&clone, &["config", "user.name", "Runner"]);
    git(&clone, &["config", "user.email", "runner@example.com"]);
    for output in writes(&host, &clone, None) {
        succeeded(&output);
    }
    let bare = host.repository.folder();
    assert_eq!(
        git(&bare, &["log", "-1", "--format=%cn %ce", "main"]),
        "Runner runner@example.com"
    );
}
