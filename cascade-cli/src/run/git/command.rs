//! Running `git`.

use super::Git;
use crate::error::Failure;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::io::Write;
use std::process::{Command, Output, Stdio};

impl Git {
    pub(super) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        command
            .arg("-C")
            .arg(&self.root)
            .args(arguments)
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("LC_ALL", "C")
            .env_remove("GITHUB_TOKEN")
            .env_remove("GH_TOKEN")
            .env_remove("RELEASE_TOKEN")
            .env_remove("PRIMARY_REPO_TOKEN")
            .env_remove("NOTIFY_TOKEN")
            .env_remove("INTEGRATION_TOKEN")
            .stdin(Stdio::null());
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

    pub(super) fn run(&self, arguments: &[&str]) -> Result<Output, Failure> {
        self.command(arguments).output().map_err(missing)
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
    if output.status.success() {
        return Ok(text(&output.stdout));
    }
    let said = text(&output.stderr);
    Err(Failure::new(failure).cause(said.trim().lines().next().unwrap_or("git says nothing")))
}

fn missing(error: std::io::Error) -> Failure {
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
