//! The source of the `cascade` program in workflows, as a manifest declares it and checked.

use super::{CommitHash, ExactVersion, GitUrl, RelativePath, Repository, Sha256, Token};
use crate::manifest::draft::Defaulted;
use crate::manifest::draft::block::block;
use crate::manifest::value::choice::choice;
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
    source: Defaulted<CliSource> = "preinstalled",
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
