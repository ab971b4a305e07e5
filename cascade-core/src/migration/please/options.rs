//! Options of release-please that a pipeline has nothing for.

/// Options that a pipeline does not need: they say how release-please works, or are its defaults.
const SILENT: &[&str] = &[
    "$schema",
    "packages",
    "include-v-in-tag",
    "include-component-in-tag",
    "tag-separator",
    "component",
    "package-name",
    "skip-changelog",
    "include-commit-authors",
    "release-search-depth",
    "commit-search-depth",
    "sequential-calls",
    "changelog-host",
    "skip-labeling",
    "always-link-local",
];

/// The answers of cascade to options, by option.
///
/// Source: release-please, "Manifest Driven release-please" and the schema of its configuration.
const INSTEAD: &[(&[&str], &str)] = &[
    (
        &["changelog-sections"],
        "the sections of a changelog are Features, Fixes, Performance, Reverts, Documentation and \
         Other changes, after the breaking ones",
    ),
    (
        &["changelog-path", "changelog-type"],
        "the changelog is the text of the release on GitHub; no file is written",
    ),
    (
        &[
            "release-type",
            "version-file",
            "extra-files",
            "initial-version",
            "snapshot-labels",
        ],
        "cascade writes no version into files: the build callback has it as its input `version`",
    ),
    (
        &["release-as"],
        "`release_build.version_overrides.dir` names a folder whose files force the next version",
    ),
    (
        &["bump-minor-pre-major", "bump-patch-for-minor-pre-major"],
        "a breaking change raises the major version, a feature the minor one, below 1.0 too; \
         `release_build.version_overrides.dir` names a folder whose files force another bump",
    ),
    (
        &["versioning", "prerelease", "prerelease-type"],
        "each run on the trunk makes a candidate such as `v1.2.0-rc.0`; `tag_grammar.prerelease_token` \
         names another word than `rc`",
    ),
    (
        &["draft", "skip-github-release", "force-tag-creation"],
        "a candidate is a draft or a prerelease until `promote` publishes it; `release_build` has \
         `tag_only` and `disabled`",
    ),
    (
        &["bootstrap-sha", "last-release-sha"],
        "changes are counted from the last release tag",
    ),
    (
        &["plugins"],
        "no version follows from that of another package, and no dependency is changed",
    ),
    (
        &["exclude-paths", "additional-paths"],
        "`triggers` takes such paths: `!docs/**` leaves one out",
    ),
    (
        &[
            "separate-pull-requests",
            "draft-pull-request",
            "label",
            "labels",
            "release-label",
            "extra-label",
            "always-update",
            "signoff",
            "reviewers",
        ],
        PULL_REQUESTS,
    ),
];

const PULL_REQUESTS: &str = "cascade opens no release pull request: each push to the trunk makes a \
                             candidate, and the workflow `promote` publishes it";

/// Returns what cascade does instead of an option; `None` if there is nothing to say about it.
pub(super) fn instead(option: &str) -> Option<&'static str> {
    if SILENT.contains(&option) {
        return None;
    }
    let found = INSTEAD
        .iter()
        .find(|(options, _)| options.contains(&option));
    Some(match found {
        Some((_, help)) => help,
        None if option.contains("pull-request") => PULL_REQUESTS,
        None => "cascade has nothing like it",
    })
}
