//! Finding the repository of a pipeline that was declared in code.
//!
//! The repository around the working directory decides, or the one of `--config`: the program may
//! have been built in another copy of the repository, or on another machine. What its code says
//! only chooses among the folders of that repository.

use super::locate::{Location, above_github, canonical, is_git_top, locate, named_file, root_of};
use crate::cli::error::Failure;
use cascade_core::builder::{Package, Root};
use std::fs;
use std::path::{Path, PathBuf};

/// The variable in which `cargo run` names the package's folder.
///
/// Source: The Cargo Book, "Environment Variables".
const PACKAGE_FOLDER: &str = "CARGO_MANIFEST_DIR";

/// Finds the repository of a pipeline that was declared in code; its manifest may still be missing.
pub(crate) fn locate_code(
    directory: &Path,
    named: Option<&Path>,
    root: &Root,
    manifest: &str,
) -> Result<Location, Failure> {
    let Some(named) = named else {
        let root = chosen(directory, root).map_or_else(|| around(directory), Ok)?;
        let manifest = root.join(manifest);
        return Ok(Location { root, manifest });
    };
    let manifest = named_file(directory, named)?;
    let folder = manifest.parent().unwrap_or(directory);
    let known = root_of(&manifest);
    let root = match (known, chosen(folder, root)) {
        (Ok(_), Some(root)) => root,
        (Ok(root), None) => root,
        (Err(failure), _) => chosen(directory, root)
            .or_else(|| around(directory).ok())
            .ok_or(failure)?,
    };
    Ok(Location { root, manifest })
}

/// Returns the folder that the code speaks of, if that is one of the repository around `start`.
fn chosen(start: &Path, root: &Root) -> Option<PathBuf> {
    let start = canonical(start).ok()?;
    match root {
        Root::Around => None,
        Root::Named(folder) if folder.is_relative() => canonical(&start.join(folder)).ok(),
        Root::Named(folder) => canonical(folder).ok().filter(|root| counts(root, &start)),
        Root::Package(package) => seen(&start, package).or_else(|| built(&start, package)),
    }
}

/// Returns the root that is seen from a folder above, within the repository: the package is where it
/// was in it, or is that folder.
fn seen(start: &Path, package: &Package) -> Option<PathBuf> {
    let mut folders = up_to_git(start);
    folders.find_map(|folder| {
        if is(&folder.join(&package.folder), package) {
            return Some(folder.to_owned());
        }
        root_of_package(folder, package)
    })
}

/// Returns the root that belongs to the package that `cargo run` has just built.
fn built(start: &Path, package: &Package) -> Option<PathBuf> {
    let folder = canonical(Path::new(&std::env::var_os(PACKAGE_FOLDER)?)).ok()?;
    root_of_package(&folder, package).filter(|_| counts(&folder, start))
}

fn root_of_package(folder: &Path, package: &Package) -> Option<PathBuf> {
    if !is(folder, package) {
        return None;
    }
    canonical(&folder.join(&package.root)).ok()
}

/// Returns true if a folder is of the repository around `start`, or if there is none.
fn counts(folder: &Path, start: &Path) -> bool {
    let git = start.ancestors().find(|folder| is_git_top(folder));
    let bound = git.map(Path::to_owned).or_else(|| around(start).ok());
    bound.is_none_or(|bound| folder.starts_with(bound))
}

/// Returns true if a folder is that of the package.
fn is(folder: &Path, package: &Package) -> bool {
    let text = fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
    let Ok(manifest) = toml::from_str::<toml::Table>(&text) else {
        return false;
    };
    let name = manifest.get("package").and_then(|own| own.get("name"));
    name.and_then(toml::Value::as_str) == Some(&package.name)
}

/// Finds the repository around a folder.
fn around(directory: &Path) -> Result<PathBuf, Failure> {
    if let Ok(found) = locate(directory, None) {
        return Ok(found.root);
    }
    let top = directory.ancestors().find(|folder| is_git_top(folder));
    let top = top.or_else(|| above_github(directory)).or_else(|| {
        let mut folders = directory.ancestors();
        folders.find(|folder| folder.join(".github").is_dir())
    });
    canonical(top.ok_or_else(|| {
        let message = format!("{} is in no repository", directory.display());
        Failure::new(message)
            .help("run it in a git repository, or name the manifest with `--config`")
    })?)
}

/// The folders from `start` to the top of its git repository, or to the top of the disk.
fn up_to_git(start: &Path) -> impl Iterator<Item = &Path> {
    let mut ended = false;
    start.ancestors().take_while(move |folder| {
        let goes_on = !ended;
        ended = is_git_top(folder);
        goes_on
    })
}
