//! The source of the `cascade` program in workflows, as a manifest declares it and checked.

use super::choice::choice;
use super::{
    ArchiveTarget, CommitHash, ExactVersion, GitUrl, RelativePath, Repository, SecretName, Sha256,
    Token,
};
use crate::draft::block::block;
use indexmap::IndexMap;

choice! {
    /// A kind of source of the `cascade` program.
    pub enum CliSource {
        /// From a release of a repository, checked against checksums.
        Release = "release",
        /// Built from one commit of a repository, once in each run.
        Git = "git",
        /// Built from a pipeline crate of this repository, once in each run.
        Workspace = "workspace",
        /// It is on the runner already.
        Preinstalled = "preinstalled",
    }
}

block! {
    /// The source of the `cascade` program in workflows.
    pub struct CliBlock;
    /// The kind of source.
    source: Option<CliSource> = "preinstalled",
    /// The version that runs use, without a range; by default the generating one.
    version: Option<ExactVersion>,
    /// The repository whose releases carry it (`release`).
    repository: Option<Repository>,
    /// The SHA-256 of each platform's archive, as `SHA256SUMS` of the release has it (`release`); `cascade pin` writes them.
    checksums: IndexMap<String, Sha256>,
    /// The repository that it is built from, as `git clone` takes it (`git`).
    url: Option<GitUrl>,
    /// The full commit that it is built from (`git`).
    rev: Option<CommitHash>,
    /// Cargo features that it is built with (`git`).
    features: Vec<String>,
    /// The secret that reads the repository, where it is private (`release`, `git`).
    token: Option<Token>,
    /// The pipeline crate that it is built from (`workspace`).
    path: Option<RelativePath>,
}

/// The source of the `cascade` program in workflows, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cli {
    /// From the releases of a repository.
    Release(CliRelease),
    /// Built from one commit of a repository.
    Git(CliGit),
    /// Built from a pipeline crate of this repository.
    Workspace(RelativePath),
    /// It is on the runner already.
    Preinstalled,
}

/// A release that carries cascade.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CliRelease {
    /// The repository.
    pub repository: Repository,
    /// The SHA-256 of the archives.
    pub checksums: Vec<(ArchiveTarget, Sha256)>,
    /// The secret that reads the repository; `None` if anybody may.
    pub token: Option<SecretName>,
}

/// A commit that cascade is built from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CliGit {
    /// The repository.
    pub url: GitUrl,
    /// The commit.
    pub rev: CommitHash,
    /// Cargo features.
    pub features: Vec<String>,
    /// The secret that reads the repository; `None` if anybody may.
    pub token: Option<SecretName>,
}

impl Cli {
    /// Returns what reads cascade's repository, if not everybody may.
    #[must_use]
    pub const fn token(&self) -> Option<&SecretName> {
        match self {
            Self::Release(release) => release.token.as_ref(),
            Self::Git(git) => git.token.as_ref(),
            Self::Workspace(_) | Self::Preinstalled => None,
        }
    }

    /// Returns true if each run builds cascade and hands it on to its jobs.
    #[must_use]
    pub const fn is_built(&self) -> bool {
        matches!(self, Self::Git(_) | Self::Workspace(_))
    }
}
