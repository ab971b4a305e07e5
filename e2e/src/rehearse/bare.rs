//! git, for the bare repository of a rehearsal and for the person's folder.

use std::path::Path;
use std::process::Command;

pub(super) use crate::scenario::git_finish as finish;

/// Makes a commit; no ref moves.
pub(super) fn commit(
    bare: &Path,
    tree: &str,
    parents: &[&str],
    message: &str,
) -> anyhow::Result<String> {
    let mut git = crate::scenario::git_command(bare);
    git.args(["commit-tree", tree]);
    for parent in parents {
        git.args(["-p", parent]);
    }
    finish(&mut git, message.as_bytes())
}

/// Points refs at commits.
pub(super) fn update(bare: &Path, refs: &[(String, String)]) -> anyhow::Result<()> {
    let lines = refs
        .iter()
        .map(|(name, sha)| format!("update {name} {sha}\n"));
    let lines: String = lines.collect();
    let mut git = crate::scenario::git_command(bare);
    finish(git.args(["update-ref", "--stdin"]), lines.as_bytes()).map(drop)
}

/// Asks git in the bare repository.
pub(super) fn run(bare: &Path, arguments: &[&str]) -> anyhow::Result<String> {
    finish(crate::scenario::git_command(bare).args(arguments), b"")
}

/// Asks git in the person's folder, with the person's settings.
pub(super) fn read(folder: &Path, arguments: &[&str]) -> anyhow::Result<String> {
    finish(reader(folder).args(arguments), b"")
}

/// git in the person's folder, with the person's settings, which takes no locks there.
pub(super) fn reader(folder: &Path) -> Command {
    let mut git = Command::new("git");
    crate::github::forget_variables(&mut git);
    git.arg("--no-optional-locks").current_dir(folder);
    git
}
