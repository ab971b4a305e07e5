//! Releases and changelogs.

/// How versions are written as tags, with everything resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagGrammar {
    /// What stands before the version.
    pub prefix: String,
    /// What marks a release candidate.
    pub prerelease_token: String,
    /// What stands between the token and the counter.
    pub prerelease_separator: String,
    /// What marks a version of a dry run.
    pub dryrun_token: String,
    /// Whether tags without the prefix are ignored.
    pub strict_prefix: bool,
}
