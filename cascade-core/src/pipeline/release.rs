//! Releases and changelogs.

use super::Callback;
use crate::manifest::{Name, RelativePath};

/// The grammar of versions as tags, with everything resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TagGrammar {
    /// The prefix of a version.
    pub prefix: String,
    /// The token that marks a release candidate.
    pub prerelease_token: String,
    /// The separator between the token and the counter.
    pub prerelease_separator: String,
    /// The token that marks a version of a dry run.
    pub dryrun_token: String,
    /// True if tags without the prefix are ignored.
    pub strict_prefix: bool,
}

/// The settings of releases.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReleaseBuild {
    /// True if no release is made.
    pub disabled: bool,
    /// The output that names the tag, when another tool makes tags and releases.
    pub tag: Option<NamedTag>,
    /// A workflow that is dispatched on the published tag.
    pub workflow: Option<String>,
    /// True if only the tag is made.
    pub tag_only: bool,
    /// The folder of the files that force the next bump or version.
    pub version_overrides: Option<RelativePath>,
}

/// The output of a build that names the tag of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NamedTag {
    /// The build.
    pub build: Name,
    /// Its output.
    pub output: String,
}

impl ReleaseBuild {
    /// Returns true if cascade makes tags.
    #[must_use]
    pub const fn makes_tags(&self) -> bool {
        !self.disabled && self.tag.is_none()
    }

    /// Returns true if cascade makes releases on GitHub.
    #[must_use]
    pub const fn makes_releases(&self) -> bool {
        !self.tag_only && self.makes_tags()
    }
}

/// The settings of the changelog.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Changelog {
    /// True if there is none.
    pub disabled: bool,
    /// The callback that writes it instead.
    pub workflow: Option<Callback>,
    /// True if it thanks contributors.
    pub contributors: bool,
}
