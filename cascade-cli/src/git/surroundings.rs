//! The surroundings of git: settings and variables that are the same on every machine.
//!
//! Sources: git's documentation, "git-config", and "git", "Environment variables"; "Trace2 API",
//! "Enabling a target"; "partial-clone".

use std::ffi::OsStr;
use std::process::Command;

/// Settings that change what git answers or writes, as cascade needs them, whatever the machine or
/// the repository says.
const SETTINGS: [(&str, &str); 34] = [
    ("advice.graftFileDeprecated", "false"),
    ("color.ui", "false"),
    ("core.fsmonitor", "false"),
    // A hook of a person's clone is about that person's commits.
    ("core.hooksPath", "/dev/null"),
    ("core.quotePath", "false"),
    ("core.warnAmbiguousRefs", "false"),
    ("diff.ignoreSubmodules", "none"),
    // The empty file is git's own way to switch an order file off.
    ("diff.orderFile", "/dev/null"),
    ("diff.relative", "false"),
    ("fetch.prune", "false"),
    ("fetch.pruneTags", "false"),
    ("fetch.recurseSubmodules", "false"),
    ("i18n.commitEncoding", "UTF-8"),
    ("i18n.logOutputEncoding", "UTF-8"),
    ("log.diffMerges", "separate"),
    ("log.follow", "false"),
    ("log.mailmap", "false"),
    ("log.showRoot", "true"),
    ("log.showSignature", "false"),
    // People are known by the file of the repository, not by one of the machine.
    ("mailmap.blob", "HEAD:.mailmap"),
    ("mailmap.file", "/dev/null"),
    ("maintenance.auto", "false"),
    ("merge.conflictStyle", "merge"),
    ("merge.default", "text"),
    ("merge.directoryRenames", "conflict"),
    ("merge.renameLimit", "7000"),
    ("merge.renames", "true"),
    ("merge.renormalize", "false"),
    ("push.followTags", "false"),
    ("push.gpgSign", "false"),
    ("push.negotiate", "false"),
    // An empty value empties the list.
    ("push.pushOption", ""),
    ("push.recurseSubmodules", "no"),
    ("push.useForceIfIncludes", "false"),
];

/// The beginnings of the names of those of git's variables that say how a server is reached, which
/// programs and configuration there are, and who commits. Every other one points git to other
/// objects, has it read its arguments in another way, or makes it talk.
const KEPT: [&str; 14] = [
    "GIT_ALLOW_PROTOCOL",
    "GIT_ASKPASS",
    "GIT_AUTHOR_",
    "GIT_CEILING_DIRECTORIES",
    "GIT_COMMITTER_",
    "GIT_CONFIG_",
    "GIT_DISCOVERY_ACROSS_FILESYSTEM",
    "GIT_EXEC_PATH",
    "GIT_HTTP_",
    "GIT_PROTOCOL",
    "GIT_PROXY_",
    "GIT_SSH",
    "GIT_SSL_",
    "GIT_TEST_",
];

/// Tokens and keys, which reach git only through its configuration.
const TOKENS: [&str; 7] = [
    "GITHUB_TOKEN",
    "GH_TOKEN",
    "RELEASE_TOKEN",
    "PRIMARY_REPO_TOKEN",
    "NOTIFY_TOKEN",
    "INTEGRATION_TOKEN",
    "SIGNING_KEY",
];

/// Keeps git from fetching what a partial clone lacks (git 2.45; older versions ask the remote for
/// each unknown name, which refuses it).
pub(super) const NO_LAZY_FETCH: &str = "GIT_NO_LAZY_FETCH";

/// Gives a command the settings and variables that git runs with.
pub(super) fn fix(command: &mut Command) {
    for (name, value) in SETTINGS {
        command.arg("-c").arg(format!("{name}={value}"));
    }
    for (name, _) in std::env::vars_os().filter(|(name, _)| misleads(name)) {
        command.env_remove(name);
    }
    for token in TOKENS {
        command.env_remove(token);
    }
    command
        // What somebody put in the place of a commit, in this clone alone.
        .env("GIT_NO_REPLACE_OBJECTS", "1")
        .env("GIT_GRAFT_FILE", "/dev/null")
        // What a partial clone lacks is fetched where it is wanted, not wherever a name is looked up.
        .env(NO_LAZY_FETCH, "1")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("LC_ALL", "C");
    for target in ["GIT_TRACE2", "GIT_TRACE2_EVENT", "GIT_TRACE2_PERF"] {
        command.env(target, "0");
    }
}

fn misleads(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    name.starts_with("GIT_") && !KEPT.iter().any(|kept| name.starts_with(kept))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_that_reach_a_server_are_kept_and_those_that_mislead_are_not() {
        for kept in [
            "GIT_SSH_COMMAND",
            "GIT_SSL_CAINFO",
            "GIT_CONFIG_GLOBAL",
            "PATH",
        ] {
            assert!(!misleads(OsStr::new(kept)), "{kept}");
        }
        for dropped in [
            "GIT_DIR",
            "GIT_TRACE",
            "GIT_SHALLOW_FILE",
            "GIT_REPLACE_REF_BASE",
        ] {
            assert!(misleads(OsStr::new(dropped)), "{dropped}");
        }
    }
}
