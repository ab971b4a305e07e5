//! A sandbox with a real history.

use super::Sandbox;
use std::process::Command;

impl Sandbox {
    /// Runs git in the sandbox; what it prints, trimmed.
    pub(crate) fn git(&self, args: &[&str]) -> String {
        self.git_in("", args).trim().to_owned()
    }

    /// Runs git in a folder of the sandbox; what it prints.
    pub(crate) fn git_in(&self, folder: &str, args: &[&str]) -> String {
        let output = Command::new("git")
            .args([
                "-c",
                "user.name=octocat",
                "-c",
                "user.email=octocat@example.com",
            ])
            .args(args)
            .current_dir(self.path(folder))
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_AUTHOR_DATE", "2026-01-15T10:30:00Z")
            .env("GIT_COMMITTER_DATE", "2026-01-15T10:30:00Z")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "git {args:?}: {said}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Commits everything there is; the commit.
    pub(crate) fn commit(&self, message: &str) -> String {
        if !self.exists(".git") {
            self.git(&["init", "--quiet", "--initial-branch=main"]);
        }
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message", message]);
        self.git(&["rev-parse", "HEAD"])
    }

    /// Changes a file and commits it; the commit.
    pub(crate) fn change(&self, path: &str, message: &str) -> String {
        self.write(path, message);
        self.commit(message)
    }
}
