//! A machine on which git is set up to do everything in another way.

use super::write;
use std::path::Path;
use std::process::Command;

const SETTINGS: &str = include_str!("hostile.gitconfig");

/// Lets a command run on such a machine, whose configuration lies in `folder`.
pub(crate) fn set_up(command: &mut Command, folder: &Path) {
    let path = |name: &str| folder.join(name).display().to_string();
    write(folder, "mailmap", "Somebody Else <j@example.com>\n");
    write(folder, "attributes", "* merge=hostile diff=hostile\n");
    let settings = SETTINGS
        .replace("MAILMAP", &path("mailmap"))
        .replace("ATTRIBUTES", &path("attributes"));
    write(folder, "hostile", &settings);
    command
        .env("GIT_CONFIG_GLOBAL", folder.join("hostile"))
        .env("GIT_DIR", "/nowhere")
        .env("GIT_EXTERNAL_DIFF", "false")
        .env("GIT_DIFF_OPTS", "--unified=0")
        .env("GIT_LITERAL_PATHSPECS", "1")
        .env("GIT_ICASE_PATHSPECS", "1")
        .env("GIT_PAGER", "false")
        .env("GIT_TRACE", "2")
        .env("GIT_TRACE_SETUP", "2")
        .env("GIT_TRACE_PACKET", "2")
        .env("GIT_CURL_VERBOSE", "1")
        .env("GIT_QUARANTINE_PATH", "/nowhere")
        .env("GIT_ATTR_SOURCE", "HEAD~0")
        .env("GIT_DEFAULT_HASH", "sha256")
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("GIT_PREFIX", "elsewhere/")
        .env("LANG", "de_DE.UTF-8")
        .env("LANGUAGE", "de");
}
