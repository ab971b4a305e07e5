//! A machine on which git is set up to do everything in another way.

use std::path::{Path, PathBuf};
use std::process::Command;

const SETTINGS: &str = include_str!("../hostile/gitconfig");

/// Variables that such a machine sets besides.
const VARIABLES: [(&str, &str); 16] = [
    ("GIT_DIR", "/nowhere"),
    ("GIT_EXTERNAL_DIFF", "false"),
    ("GIT_DIFF_OPTS", "--unified=0"),
    ("GIT_LITERAL_PATHSPECS", "1"),
    ("GIT_ICASE_PATHSPECS", "1"),
    ("GIT_PAGER", "false"),
    ("GIT_TRACE", "2"),
    ("GIT_TRACE_SETUP", "2"),
    ("GIT_TRACE_PACKET", "2"),
    ("GIT_CURL_VERBOSE", "1"),
    ("GIT_QUARANTINE_PATH", "/nowhere"),
    ("GIT_ATTR_SOURCE", "HEAD~0"),
    ("GIT_DEFAULT_HASH", "sha256"),
    ("GIT_PREFIX", "elsewhere/"),
    ("LANG", "de_DE.UTF-8"),
    ("LANGUAGE", "de"),
];

/// Lets a command run on such a machine, whose configuration lies in `folder`.
///
/// # Errors
/// The configuration cannot be written.
pub fn set_up(command: &mut Command, folder: &Path) -> std::io::Result<()> {
    command
        .env("GIT_CONFIG_GLOBAL", configuration(folder)?)
        .envs(VARIABLES);
    Ok(())
}

/// Returns a script that runs a program on such a machine.
///
/// # Errors
/// The configuration cannot be written.
pub fn script(program: &Path, folder: &Path) -> std::io::Result<String> {
    let mut script = format!(
        "#!/bin/sh\nexport GIT_CONFIG_GLOBAL='{}'\n",
        configuration(folder)?.display()
    );
    for (name, value) in VARIABLES {
        script.push_str(&format!("export {name}='{value}'\n"));
    }
    script.push_str(&format!("exec '{}' \"$@\"\n", program.display()));
    Ok(script)
}

fn configuration(folder: &Path) -> std::io::Result<PathBuf> {
    let path = |name: &str| folder.join(name).display().to_string();
    std::fs::write(folder.join("mailmap"), "Somebody Else <j@example.com>\n")?;
    std::fs::write(folder.join("attributes"), "* merge=hostile diff=hostile\n")?;
    let settings = SETTINGS
        .replace("MAILMAP", &path("mailmap"))
        .replace("ATTRIBUTES", &path("attributes"));
    let file = folder.join("hostile");
    std::fs::write(&file, settings)?;
    Ok(file)
}
