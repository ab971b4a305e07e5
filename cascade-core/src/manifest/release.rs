//! Releases and changelogs.

use super::{RelativePath, TagPrefix, TagSeparator, TagToken, WorkflowRef};
use crate::manifest::draft::Defaulted;
use crate::manifest::draft::Required;
use crate::manifest::draft::block::block;

block! {
    /// How versions are written as tags.
    pub struct TagGrammarBlock;
    /// What stands before the version.
    prefix: Defaulted<TagPrefix> = "v",
    /// What marks a release candidate.
    prerelease_token: Defaulted<TagToken> = "rc",
    /// What stands between the token and the counter.
    prerelease_separator: Defaulted<TagSeparator> = ".",
    /// What marks a version of a dry run.
    dryrun_token: Defaulted<TagToken> = "dryrun",
    /// Whether tags without the prefix are ignored.
    strict_prefix: Defaulted<bool> = false,
}

block! {
    /// How a release is cut.
    pub struct ReleaseBuildBlock;
    /// Whether no release is made.
    disabled: Defaulted<bool> = false,
    /// The output of a build that names the tag, `build.output`, when another tool makes releases.
    tag: Option<String>,
    /// A workflow that is dispatched on the published tag.
    workflow: Option<String>,
    /// Whether only the tag is made.
    tag_only: Defaulted<bool> = false,
    /// Files that force the next bump or version.
    version_overrides: Option<VersionOverridesBlock>,
}

block! {
    /// Files that force the next bump or version.
    pub struct VersionOverridesBlock;
    /// The folder of the files.
    dir: Required<RelativePath>,
}

block! {
    /// How the changelog is written.
    pub struct ChangelogBlock;
    /// Whether there is none.
    disabled: Defaulted<bool> = false,
    /// A workflow that writes it instead.
    workflow: Option<WorkflowRef>,
    /// Whether it thanks contributors.
    contributors: Defaulted<bool> = false,
}
