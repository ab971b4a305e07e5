//! The program that rehearses: beside this one, or on the `PATH`.

use crate::cli::error::Failure;
use crate::cli::request::Request;
use crate::origin;
use std::env;
use std::path::{Path, PathBuf};

const NAME: &str = "cascade-rehearse";

/// Finds the program.
pub(super) fn find(request: &Request) -> Result<PathBuf, Failure> {
    let name = format!("{NAME}{}", env::consts::EXE_SUFFIX);
    let here = env::current_exe().ok();
    let beside = here.as_deref().and_then(Path::parent).map(Path::to_owned);
    let path = env::var_os("PATH").unwrap_or_default();
    beside
        .into_iter()
        .chain(env::split_paths(&path))
        .map(|folder| folder.join(&name))
        .find(|file| file.is_file())
        .ok_or_else(|| missing(request))
}

fn missing(request: &Request) -> Failure {
    let failure = Failure::new(format!(
        "`{NAME}` is neither beside this program nor on the PATH"
    ));
    let archive = "archives of releases have it beside `cascade`";
    failure.help(match origin::of(request) {
        Some(origin) => format!(
            "{archive}; from source: `cargo install --locked --git {} --rev {} e2e --bin {NAME}`",
            origin.url, origin.rev
        ),
        None => format!(
            "{archive}; in a clone of its source: `cargo install --locked --path e2e --bin {NAME}`"
        ),
    })
}
