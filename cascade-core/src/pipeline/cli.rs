//! The source of the `cascade` program in workflows, as a manifest declares it and checked.

use crate::manifest::{
    ArchiveTarget, CommitHash, GitUrl, RelativePath, Repository, SecretName, Sha256,
};

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
#[non_exhaustive]
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
#[non_exhaustive]
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
