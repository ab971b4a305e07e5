//! The GitHub host answers as GitHub's own description says, and refuses what GitHub refuses.

mod access;
mod actions;
mod comments;
mod contents;
mod deployments;
mod faults;
mod issues;
mod pulls;
mod releases;
mod settings;
mod transport;

use crate::support::client::{APP, Host, PERSON, READER, WORKFLOW, host};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn plain() -> Host {
    host(|shop| shop)
}

fn git(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new("git");
    command
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_TERMINAL_PROMPT", "0")
        .args(["-c", "user.name=ada", "-c", "user.email=ada@localhost"])
        .args(["-c", "init.defaultBranch=main"])
        .args(arguments)
        .current_dir(folder);
    command.output().unwrap()
}

fn done(folder: &Path, arguments: &[&str]) -> String {
    let output = git(folder, arguments);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "git {arguments:?}: {error}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn refused(folder: &Path, arguments: &[&str]) -> String {
    let output = git(folder, arguments);
    assert!(!output.status.success(), "git {arguments:?} should fail");
    String::from_utf8(output.stderr).unwrap()
}

impl Host {
    /// An address with a token in it.
    fn remote(&self, token: &str) -> String {
        let url = self.shop.clone_url();
        url.replace("http://", &format!("http://x-access-token:{token}@"))
    }

    /// A checkout whose first commit, with a workflow, is pushed by a person.
    fn checkout(&self) -> PathBuf {
        let folder = self.folder.path().join("checkout");
        std::fs::create_dir_all(&folder).unwrap();
        done(&folder, &["init", "--quiet"]);
        done(&folder, &["remote", "add", "person", &self.remote(PERSON)]);
        done(&folder, &["remote", "add", "app", &self.remote(APP)]);
        done(&folder, &["remote", "add", "run", &self.remote(WORKFLOW)]);
        done(&folder, &["remote", "add", "reader", &self.remote(READER)]);
        commit(&folder, ".github/workflows/deploy.yaml", DEPLOY);
        commit(&folder, "README.md", "hello\n");
        done(&folder, &["push", "--quiet", "person", "main"]);
        folder
    }
}

const DEPLOY: &str = "\
name: Deploy
on:
  workflow_dispatch:
    inputs:
      environment: { type: string, required: true }
      percent: { type: number, default: 100 }
  push: {}
jobs: {}
";

fn commit(folder: &Path, file: &str, content: &str) -> String {
    let path = folder.join(file);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, content).unwrap();
    done(folder, &["add", "--all"]);
    done(
        folder,
        &["commit", "--quiet", "--message", &format!("feat: {file}")],
    );
    done(folder, &["rev-parse", "HEAD"])
}

fn put(content: &str, sha: Option<&str>) -> Value {
    let mut body =
        json!({"message": "chore: write [skip ci]", "content": STANDARD.encode(content)});
    if let Some(sha) = sha {
        body["sha"] = json!(sha);
    }
    body
}
