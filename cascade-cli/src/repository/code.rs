//! Finding the repository of a pipeline that was declared in code.
//!
//! The repository around the working directory decides, or the one of `--config`: the program may
//! have been built in another copy of the repository, or on another machine. What its code says
//! only chooses among the folders of that repository.

use super::locate::{
    Location, above_github, canonical, git_top, locate, named_file, root_of, up_to_git,
};
use crate::cli::error::Failure;
use cascade_core::builder::{Package, PackageRoot, Root};
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
    let root = match above_github(folder) {
        Some(root) => root.to_owned(),
        None => beside(directory, folder, root).map_or_else(|| root_of(&manifest), Ok)?,
    };
    Ok(Location { root, manifest })
}

/// Returns the root for a manifest in a folder of any name: in a git repository its own, and
/// elsewhere the one around the working directory.
fn beside(directory: &Path, folder: &Path, root: &Root) -> Option<PathBuf> {
    if git_top(folder).is_some() {
        return chosen(folder, root).filter(|root| folder.starts_with(root));
    }
    chosen(directory, root).or_else(|| around(directory).ok())
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
    let folders = up_to_git(start);
    let mut packages = folders.flat_map(|folder| [folder.join(&package.folder), folder.to_owned()]);
    let found = packages.find(|folder| is(folder, package))?;
    root_of_package(&canonical(&found).ok()?, start, package)
}

/// Returns the root that belongs to the package that `cargo run` has just built.
fn built(start: &Path, package: &Package) -> Option<PathBuf> {
    let folder = canonical(Path::new(&std::env::var_os(PACKAGE_FOLDER)?)).ok()?;
    let is_meant = is(&folder, package) && counts(&folder, start);
    is_meant.then(|| root_of_package(&folder, start, package))?
}

/// Returns the repository of a package that was found from `start`.
fn root_of_package(folder: &Path, start: &Path, package: &Package) -> Option<PathBuf> {
    match &package.root {
        PackageRoot::Named(root) => canonical(&folder.join(root)).ok(),
        PackageRoot::Above(below) => {
            let below = folder.join(below);
            let mut folders = up_to_git(&below);
            let found = folders.find(|folder| folder.join(".github").is_dir())?;
            let is_same = git_top(start).is_none_or(|top| git_top(found) == Some(top));
            is_same.then(|| canonical(found).ok())?
        }
    }
}

/// Returns true if a folder is of the repository around `start`, or if there is none.
fn counts(folder: &Path, start: &Path) -> bool {
    let bound = git_top(start)
        .map(Path::to_owned)
        .or_else(|| around(start).ok());
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
    let top = git_top(directory)
        .or_else(|| above_github(directory))
        .or_else(|| {
            let mut folders = directory.ancestors();
            folders.find(|folder| folder.join(".github").is_dir())
        });
    canonical(top.ok_or_else(|| {
        let message = format!("{} is in no repository", directory.display());
        Failure::new(message)
            .help("run it in a git repository, or name the manifest with `--config`")
    })?)
}
