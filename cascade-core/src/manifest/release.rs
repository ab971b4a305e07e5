//! Releases and changelogs.

use super::{RelativePath, TagPrefix, TagSeparator, TagToken, WorkflowRef};
use crate::manifest::draft::Defaulted;
use crate::manifest::draft::Required;
use crate::manifest::draft::block::block;

block! {
    /// The grammar of tags.
    pub struct TagGrammarBlock;
    /// The text before the version.
    prefix: Defaulted<TagPrefix> = "v",
    /// The token of a release candidate.
    prerelease_token: Defaulted<TagToken> = "rc",
    /// The text between the token and the counter.
    prerelease_separator: Defaulted<TagSeparator> = ".",
    /// The token of a dry run's version.
    dryrun_token: Defaulted<TagToken> = "dryrun",
    /// Ignores tags without the prefix.
    strict_prefix: Defaulted<bool> = false,
}

block! {
    /// The settings of releases.
    pub struct ReleaseBuildBlock;
    /// Makes no release.
    disabled: Defaulted<bool> = false,
    /// The output of a build that names the tag, `build.output`, when another tool makes releases.
    tag: Option<String>,
    /// A workflow that is dispatched on the published tag.
    workflow: Option<String>,
    /// Makes only the tag.
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
    /// The settings of the changelog.
    pub struct ChangelogBlock;
    /// Leaves it out.
    disabled: Defaulted<bool> = false,
    /// A reusable workflow that writes it instead: its output `changelog` is the text of the release.
    workflow: Option<WorkflowRef>,
    /// Names contributors.
    contributors: Defaulted<bool> = false,
}
