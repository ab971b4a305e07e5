//! Git past the host: commits, clones.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, bail};

use crate::github;

/// `git`, without the machine's configuration and variables.
pub(crate) fn command(folder: &Path) -> Command {
    let mut command = github::git_command();
    command.current_dir(folder);
    for (role, name) in [("AUTHOR", "octocat"), ("COMMITTER", "octocat")] {
        command.env(format!("GIT_{role}_NAME"), name);
        command.env(format!("GIT_{role}_EMAIL"), "octocat@example.com");
    }
    command
}

/// Runs `git` and returns what it prints, without the last line break.
pub(super) fn run(folder: &Path, arguments: &[&str]) -> anyhow::Result<String> {
    finish(command(folder).args(arguments), b"")
}

/// A person's clone of a repository, with a credential for when the host asks for one.
pub(super) fn clone(bare: &Path, url: &str, token: &str, folder: &Path) -> anyhow::Result<()> {
    let bare = bare.to_str().context("a folder that is no text")?;
    run(folder, &["clone", "--quiet", "--no-local", bare, "."])?;
    run(folder, &["remote", "set-url", "origin", url])?;
    let helper = format!("!printf 'username=x-access-token\\npassword=%s\\n' {token}; :");
    run(folder, &["config", "--local", "credential.helper", &helper])?;
    Ok(())
}

/// Runs a command of git to its end, with an input; returns what it prints, without the last line break.
pub(crate) fn finish(command: &mut Command, input: &[u8]) -> anyhow::Result<String> {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .context("`git` does not start")?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(input)?;
    }
    let output = child.wait_with_output()?;
    if !output.status.success() {
        bail!(
            "{command:?}: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    let printed = String::from_utf8_lossy(&output.stdout);
    Ok(printed.trim_end().to_owned())
}

/// A commit to be, in a bare repository.
#[derive(Debug)]
pub(super) struct Commit<'a> {
    pub(super) parent: Option<&'a str>,
    /// A further parent, of a merge.
    pub(super) merged: Option<&'a str>,
    pub(super) message: &'a str,
    /// Seconds since 1970.
    pub(super) at: u64,
}

impl Commit<'_> {
    /// Makes the commit: the parent's files with these over them. No ref moves.
    pub(super) fn make<Content: AsRef<[u8]>>(
        &self,
        bare: &Path,
        files: &BTreeMap<String, Option<Content>>,
    ) -> anyhow::Result<String> {
        let aside = crate::scratch::folder()?;
        let index = aside.path().join("index");
        let git = || {
            let mut git = command(bare);
            git.env("GIT_INDEX_FILE", &index);
            git
        };
        if let Some(parent) = self.parent {
            finish(git().args(["read-tree", parent]), b"")?;
        }
        let mut changes = String::new();
        for (path, content) in files {
            if let Some(content) = content {
                let blob = finish(
                    git().args(["hash-object", "-w", "--stdin"]),
                    content.as_ref(),
                )?;
                changes.push_str(&format!("100644 {blob}\t{path}\0"));
            } else {
                changes.push_str(&format!("0 {}\t{path}\0", "0".repeat(40)));
            }
        }
        finish(
            git().args(["update-index", "-z", "--index-info"]),
            changes.as_bytes(),
        )?;
        let tree = finish(git().arg("write-tree"), b"")?;
        let mut commit = git();
        commit.args(["commit-tree", &tree]);
        for parent in self.parent.iter().chain(&self.merged) {
            commit.args(["-p", parent]);
        }
        let at = format!("@{} +0000", self.at);
        commit
            .env("GIT_AUTHOR_DATE", &at)
            .env("GIT_COMMITTER_DATE", &at);
        finish(&mut commit, self.message.as_bytes())
    }
}
