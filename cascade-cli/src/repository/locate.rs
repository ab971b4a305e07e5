//! Finding the manifest, and the root of its repository.

use super::MANIFEST;
use crate::cli::error::Failure;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The location of a manifest and its repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Location {
    /// The root of the repository, without symbolic links.
    pub(crate) root: PathBuf,
    /// The manifest.
    pub(crate) manifest: PathBuf,
}

impl Location {
    /// The manifest's path as messages and workflows name it: relative to the root if it is inside.
    pub(crate) fn shown(&self) -> String {
        let path = self
            .manifest
            .strip_prefix(&self.root)
            .unwrap_or(&self.manifest);
        path.to_string_lossy().replace('\\', "/")
    }
}

/// Finds the manifest: the one that was named, or the nearest `.github/manifest.yaml` upwards
/// within the repository.
pub(crate) fn locate(directory: &Path, named: Option<&Path>) -> Result<Location, Failure> {
    if let Some(named) = named {
        let manifest = named_file(directory, named)?;
        let root = root_of(&manifest)?;
        return Ok(Location { root, manifest });
    }
    for folder in up_to_git(directory) {
        let manifest = folder.join(MANIFEST);
        // A dangling link is found too: reading it says what is wrong with it.
        if manifest.symlink_metadata().is_ok() {
            let manifest = inside_real_folder(&manifest)?;
            let root = root_of(&manifest)?;
            return Ok(Location { root, manifest });
        }
    }
    let message = format!(
        "there is no `{MANIFEST}` in {} or a folder above",
        directory.display()
    );
    Err(Failure::new(message).help(match misnamed(directory) {
        Some(other) => format!("rename `{other}`, or name it with `--config {other}`"),
        None => "`cascade init` writes one, `--config` names one that is elsewhere".to_owned(),
    }))
}

/// Returns the path of a manifest that somebody names, which may be missing, and is no folder.
pub(super) fn named_file(directory: &Path, named: &Path) -> Result<PathBuf, Failure> {
    let path = directory.join(named);
    if !path.is_dir() {
        return inside_real_folder(&path);
    }
    let failure = Failure::new(format!("{} is a folder, and no manifest", named.display()));
    let inside = [MANIFEST, "manifest.yaml"].map(|name| named.join(name));
    let there = inside.iter().find(|file| directory.join(file).is_file());
    Err(match there {
        Some(file) => failure.help(format!("name the manifest itself: {}", file.display())),
        None => failure.help("name the manifest itself"),
    })
}

/// Returns a file that has almost the right name.
fn misnamed(directory: &Path) -> Option<String> {
    const NAMES: [&str; 3] = [".github/manifest.yml", "manifest.yaml", "manifest.yml"];
    let top = git_top(directory)?;
    let found = NAMES.into_iter().find(|name| top.join(name).is_file())?;
    Some(found.to_owned())
}

/// The folder above the nearest `.github` of the repository: a pipeline crate stands in one.
pub(super) fn above_github(path: &Path) -> Option<&Path> {
    let is_github = |folder: &&Path| folder.file_name().is_some_and(|name| name == ".github");
    // A repository may be in a folder of that name, as a clone of an organisation's `.github` is.
    let mut folders = up_to_git(path).filter(|folder| !is_git_top(folder));
    folders.find(is_github).and_then(Path::parent)
}

/// The folders from `start` to the top of its git repository, or to the top of the disk.
pub(super) fn up_to_git(start: &Path) -> impl Iterator<Item = &Path> {
    let mut ended = false;
    start.ancestors().take_while(move |folder| {
        let goes_on = !ended;
        ended = is_git_top(folder);
        goes_on
    })
}

/// The top of the git repository around a folder.
pub(super) fn git_top(start: &Path) -> Option<&Path> {
    start.ancestors().find(|folder| is_git_top(folder))
}

pub(super) fn root_of(manifest: &Path) -> Result<PathBuf, Failure> {
    if let Some(root) = manifest.parent().and_then(above_github) {
        return Ok(root.to_owned());
    }
    manifest.parent().and_then(git_top).map(Path::to_owned).ok_or_else(|| {
        let message = format!("{} belongs to no repository", manifest.display());
        Failure::new(message).help(
            "a manifest is in a folder `.github` of its repository, or somewhere in a git repository",
        )
    })
}

/// Returns true for the top of a git repository.
pub(crate) fn is_git_top(folder: &Path) -> bool {
    folder.join(".git").exists()
}

/// The path with its folder resolved; the file itself may be a link, or missing.
pub(super) fn inside_real_folder(path: &Path) -> Result<PathBuf, Failure> {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(Failure::new(format!("{} is not a file", path.display())));
    };
    Ok(canonical(folder)?.join(name))
}

pub(super) fn canonical(folder: &Path) -> Result<PathBuf, Failure> {
    fs::canonicalize(folder).map_err(|error| {
        let failure = match error.kind() {
            ErrorKind::NotFound => Failure::new(format!("there is no folder {}", folder.display())),
            _ => Failure::new(format!("cannot read the folder {}", folder.display())).cause(error),
        };
        failure.help("check `--config` and the working directory")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_is_the_folder_above_github() {
        let root = |path: &str| above_github(Path::new(path)).map(Path::to_owned);
        assert_eq!(root("/a/.github/pipeline/src"), Some("/a".into()));
        assert_eq!(root("/a/github/x"), None);
    }

    #[test]
    fn a_repository_may_be_in_a_folder_called_github() {
        let folder = tempfile::tempdir().unwrap();
        let top = folder.path().join(".github");
        std::fs::create_dir_all(top.join(".git")).unwrap();
        assert_eq!(root_of(&top.join("ci/pipeline.yaml")).unwrap(), top);
        assert_eq!(root_of(&top.join(".github/manifest.yaml")).unwrap(), top);
    }

    #[test]
    fn a_manifest_elsewhere_belongs_to_the_git_repository_around_it() {
        let folder = tempfile::tempdir().unwrap();
        let manifest = folder.path().join("delivery/ci/pipeline.yaml");
        let failure = root_of(&manifest).unwrap_err().to_string();
        assert!(failure.contains("belongs to no repository"), "{failure}");
        std::fs::create_dir(folder.path().join(".git")).unwrap();
        assert_eq!(root_of(&manifest).unwrap(), folder.path());
    }

    #[test]
    fn a_manifest_under_another_name_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        let below = folder.path().join("src");
        std::fs::create_dir_all(&below).unwrap();
        std::fs::write(folder.path().join("manifest.yml"), "").unwrap();
        assert_eq!(misnamed(&below), None);
        std::fs::create_dir(folder.path().join(".git")).unwrap();
        assert_eq!(misnamed(&below).as_deref(), Some("manifest.yml"));
    }
}
