//! Running `git`.

use super::{Git, surroundings};
use crate::cli::error::Failure;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::io::Write;
use std::process::{Command, Output, Stdio};

impl Git {
    pub(super) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        command.arg("-C").arg(&self.root);
        surroundings::fix(&mut command);
        command.args(arguments).stdin(Stdio::null());
        if let Some(token) = &self.token {
            let secret = STANDARD.encode(format!("x-access-token:{}", token.expose()));
            command
                .env("GIT_CONFIG_COUNT", "1")
                .env(
                    "GIT_CONFIG_KEY_0",
                    format!("http.{}/.extraheader", self.server),
                )
                .env(
                    "GIT_CONFIG_VALUE_0",
                    format!("AUTHORIZATION: basic {secret}"),
                );
        }
        command
    }

    /// The same for a command that needs the contents of files, which a partial clone fetches then.
    pub(super) fn fetching(&self, arguments: &[&str]) -> Command {
        let mut command = self.command(arguments);
        command.env_remove(surroundings::NO_LAZY_FETCH);
        command
    }

    pub(super) fn run(&self, arguments: &[&str]) -> Result<Output, Failure> {
        self.command(arguments).output().map_err(missing)
    }

    /// Asks a question that git answers with its exit code: what it prints for yes (0), nothing for
    /// no (1). A code of another kind is no answer, and neither is a no with a complaint.
    pub(super) fn ask(&self, arguments: &[&str], failure: &str) -> Result<Option<String>, Failure> {
        let output = self.run(arguments)?;
        match output.status.code() {
            Some(0) => Ok(Some(text(&output.stdout))),
            Some(1) if !complains(&output) || is_unknown_there(&output) => Ok(None),
            _ => Err(explained(failure, &output)),
        }
    }

    pub(super) fn demand(&self, arguments: &[&str], failure: &str) -> Result<String, Failure> {
        finish(self.command(arguments), None, failure)
    }

    pub(super) fn with_input(
        &self,
        arguments: &[&str],
        input: &[u8],
        failure: &str,
    ) -> Result<String, Failure> {
        finish(self.command(arguments), Some(input), failure)
    }
}

pub(super) fn finish(
    mut command: Command,
    input: Option<&[u8]>,
    failure: &str,
) -> Result<String, Failure> {
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    if input.is_some() {
        command.stdin(Stdio::piped());
    }
    let mut child = command.spawn().map_err(missing)?;
    if let (Some(input), Some(mut pipe)) = (input, child.stdin.take()) {
        // If git does not read it all, its exit status tells why.
        let _ = pipe.write_all(input);
    }
    succeeded(&child.wait_with_output().map_err(missing)?, failure)
}

pub(super) fn succeeded(output: &Output, failure: &str) -> Result<String, Failure> {
    match output.status.success() {
        true => Ok(text(&output.stdout)),
        false => Err(explained(failure, output)),
    }
}

/// Returns true if a partial clone has asked its remote for an object that nobody has.
fn is_unknown_there(output: &Output) -> bool {
    text(&output.stderr).contains("upload-pack: not our ref")
}

/// Returns true if git says that something went wrong.
pub(super) fn complains(output: &Output) -> bool {
    let said = text(&output.stderr);
    said.lines()
        .any(|line| line.starts_with("fatal:") || line.starts_with("error:"))
}

/// A failure with git's reason and git's own advice, which follows the reason.
pub(super) fn explained(failure: &str, output: &Output) -> Failure {
    let said = text(&output.stderr);
    let lines: Vec<&str> = said
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    let fatal = lines.iter().position(|line| line.starts_with("fatal:"));
    let cause = match (lines.first(), fatal) {
        (Some(first), Some(fatal)) if first.starts_with("error:") => lines[fatal],
        (Some(first), _) => first,
        (None, _) => "git says nothing",
    };
    let failure = Failure::new(failure).cause(cause);
    let advice = fatal.map_or(&[][..], |fatal| &lines[fatal + 1..]);
    match advice {
        [] if said.contains("unable to read tree") => failure.help(
            "a clone with `--filter=tree:0` lacks its folders: `git fetch --refetch --filter=blob:none` \
             brings them; otherwise the repository is damaged, and a fresh clone is whole again",
        ),
        [] if damaged(&said) => failure.help(
            "the repository is damaged: `git fsck` says where, and a fresh clone is whole again",
        ),
        [] => failure,
        advice => failure.help(advice.join(" ")),
    }
}

/// Returns true if git could not read what it has.
fn damaged(said: &str) -> bool {
    let signs = [
        "is corrupt",
        "is empty",
        "unable to unpack",
        "bad object",
        "unable to read",
        "Could not read",
    ];
    signs.iter().any(|sign| said.contains(sign))
}

pub(super) fn missing(error: std::io::Error) -> Failure {
    Failure::new("git cannot be run")
        .cause(error)
        .help("install git, and put it on PATH")
}

pub(super) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Names that git separates by NUL, so that they may have any other character.
pub(super) fn names(listed: &str) -> Vec<String> {
    let names = listed.split('\0').filter(|name| !name.is_empty());
    names.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::process::ExitStatusExt;
    use std::process::ExitStatus;

    fn failure(stderr: &str) -> String {
        let output = Output {
            status: ExitStatus::from_raw(128 << 8),
            stdout: Vec::new(),
            stderr: stderr.as_bytes().to_owned(),
        };
        explained("no answer", &output).to_string()
    }

    #[test]
    fn gits_reason_and_advice_are_told() {
        let dubious = "fatal: detected dubious ownership in repository at '/x'\nTo add an exception for this directory, call:\n\n\tgit config --global --add safe.directory /x\n";
        assert_eq!(
            failure(dubious),
            "no answer\n  cause: fatal: detected dubious ownership in repository at '/x'\n  help: To add an exception for this directory, call: git config --global --add safe.directory /x"
        );
        let corrupt = "error: inflate: data stream error\nerror: unable to unpack 5e header\nfatal: loose object 5e is corrupt\n";
        let said = failure(corrupt);
        assert!(
            said.contains("cause: fatal: loose object 5e is corrupt\n"),
            "{said}"
        );
        assert!(said.contains("git fsck"), "{said}");
        let said = failure("remote: Repository not found.\nfatal: repository 'x' not found\n");
        assert_eq!(said, "no answer\n  cause: remote: Repository not found.");
        assert_eq!(failure(""), "no answer\n  cause: git says nothing");
    }

    #[test]
    fn a_list_of_names_ends_with_a_zero_and_keeps_what_is_odd_in_them() {
        assert_eq!(names("a b\0c\nd\0"), ["a b", "c\nd"]);
        assert!(names("").is_empty());
    }

    #[test]
    fn damage_of_a_clone_is_seen_in_what_git_says() {
        assert!(damaged("error: object file .git/objects/ab/cd is empty"));
        assert!(damaged("fatal: bad object HEAD"));
        assert!(!damaged("fatal: not a git repository"));
    }
}
