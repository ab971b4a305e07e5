//! `man`.

use crate::cli::error::{CommandResult, Failure};
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use std::fs;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The folder, which is made if it is not there
    folder: PathBuf,
}

/// Writes a page for each command of `tree`.
pub(crate) fn run(args: &Args, tree: clap::Command, terminal: &Terminal) -> CommandResult {
    let folder = &args.folder;
    let written = fs::create_dir_all(folder).and_then(|()| clap_mangen::generate_to(tree, folder));
    written.map_err(|error| {
        Failure::new(format!("cannot write man pages into {}", folder.display())).cause(error)
    })?;
    if !terminal.quiet() {
        terminal.note(&format!("man pages are in {}\n", folder.display()));
    }
    Ok(ExitStatus::Success)
}
