//! Releases of cascade itself: the checksums of their archives, and the attestation of these.

use crate::cli::error::Failure;
use crate::cli::runner::Runner;
use crate::github::GitHub;
use cascade_core::manifest::{ArchiveTarget, CHECKSUMS, ExactVersion, Repository};
use serde_json::Value;
use std::io::{ErrorKind, Write};
use std::process::Command;

/// The exit code of `gh` when it has no credential.
///
/// Source: GitHub CLI manual, "Exit codes".
const NOT_LOGGED_IN: i32 = 4;

/// A release of cascade.
#[derive(Debug)]
pub(crate) struct OwnRelease {
    /// The repository.
    pub(crate) repository: Repository,
    /// The version.
    pub(crate) version: ExactVersion,
    /// The SHA-256 of each archive.
    pub(crate) checksums: Vec<(ArchiveTarget, String)>,
    /// The file that says so.
    file: Vec<u8>,
}

/// The answer of `gh` about the attestation of a file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Attestation {
    /// The file was built by a workflow of the repository.
    Verified,
    /// Nobody could say: why.
    Unknown(String),
}

impl OwnRelease {
    /// Asks GitHub for the checksums of a release.
    ///
    /// # Errors
    /// GitHub does not answer, there is no such release, or it has no checksums.
    pub(crate) fn fetch(
        environment: &Runner,
        repository: Repository,
        version: ExactVersion,
    ) -> Result<Self, Failure> {
        let name = repository.to_string();
        let github = GitHub::reading(environment, &name, environment.token.as_ref())?;
        let answer = github.release_of(&format!("v{version}"))?;
        if answer.status == 404 {
            let failure = Failure::new(format!("{name} has no release v{version}"));
            return Err(failure.cause(answer.message()).help(
                "name another version or `--repository`; a private repository needs GITHUB_TOKEN, with permission to read its contents",
            ));
        }
        let answer = answer.accepted()?;
        let named = |asset: &&Value| asset["name"] == CHECKSUMS;
        let asset = answer.items("assets")?.iter().find(named).ok_or_else(|| {
            Failure::new(format!(
                "release v{version} of {name} has no file {CHECKSUMS}"
            ))
            .help("it is not a release of cascade, or it is not finished")
        })?;
        let file = github.asset(asset["id"].as_u64().unwrap_or_default())?;
        let checksums = ArchiveTarget::checksums(&String::from_utf8_lossy(&file));
        if checksums.is_empty() {
            let failure = Failure::new(format!(
                "{CHECKSUMS} of release v{version} of {name} names no archive of cascade"
            ));
            return Err(failure.help(format!(
                "it should have lines such as `<checksum>  {}`",
                ArchiveTarget::LinuxX64.archive()
            )));
        }
        Ok(Self {
            repository,
            version,
            checksums,
            file,
        })
    }

    /// Has `gh`, where it is there, compare the checksums with the attestation that the release's
    /// workflow signed.
    ///
    /// # Errors
    /// There is no attestation of this file by that repository.
    pub(crate) fn attestation(&self) -> Result<Attestation, Failure> {
        let cannot_write = |error| Failure::new("cannot write a temporary file").cause(error);
        let mut copy = tempfile::NamedTempFile::new().map_err(cannot_write)?;
        copy.write_all(&self.file).map_err(cannot_write)?;
        let name = self.repository.to_string();
        let mut gh = Command::new("gh");
        gh.args(["attestation", "verify"])
            .arg(copy.path())
            .args(["--repo", &name]);
        let output = match gh.output() {
            Ok(output) => output,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Ok(Attestation::Unknown("`gh` is not installed".to_owned()));
            }
            Err(error) => return Err(Failure::new("cannot run `gh`").cause(error)),
        };
        match output.status.code() {
            Some(0) => Ok(Attestation::Verified),
            Some(NOT_LOGGED_IN) => Ok(Attestation::Unknown("`gh` is not logged in".to_owned())),
            _ => {
                let failure = Failure::new(format!(
                    "{CHECKSUMS} of release v{} of {name} is not attested by a workflow of that repository",
                    self.version
                ));
                let said = String::from_utf8_lossy(&output.stderr);
                Err(failure.cause(said.trim()).help(
                    "do not use this release before you know why; `--skip-attestation` pins it all the same",
                ))
            }
        }
    }
}
