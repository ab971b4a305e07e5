//! The place that a pipeline is written to: the repository, and its trunk.

use super::pipeline::name_like;
use crate::author::pipeline_crate::source::leaf;
use crate::cli::error::Failure;
use crate::cli::runner::Runner;
use crate::git::{Git, Trunk};
use crate::repository::{MANIFEST, is_git_top};
use cascade_core::manifest::Branch;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

/// The trunk of a new repository if git is not configured otherwise: GitHub's default.
const DEFAULT: &str = "main";

/// The repository that a pipeline is written into.
#[derive(Debug)]
pub(in crate::author) struct Place {
    /// Its top.
    pub(in crate::author) root: PathBuf,
    /// Its checkout; `None` if the folder belongs to no git repository.
    pub(in crate::author) git: Option<Git>,
    /// Its trunk.
    pub(in crate::author) trunk: Branch,
    /// The way in which the trunk was found.
    pub(in crate::author) found: Found,
    /// True if the top is above the folder that was asked for.
    pub(in crate::author) is_above: bool,
}

/// A way in which a trunk was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::author) enum Found {
    /// Somebody said so.
    Named,
    /// It is what the HEAD of this remote names.
    Remote(String),
    /// It is checked out.
    Current,
    /// There is no other.
    Only,
    /// Nothing is there yet.
    Default,
}

impl Place {
    /// Finds the repository around a folder, which may not exist yet.
    pub(in crate::author) fn find(folder: &Path, trunk: Option<&str>) -> Result<Self, Failure> {
        let folder = existing(folder)?;
        refuse_git_folder(&folder)?;
        let is_top = |at: &&Path| is_git_top(at) || at.join(MANIFEST).symlink_metadata().is_ok();
        let top = folder.ancestors().find(is_top).map(Path::to_path_buf);
        let root = top.unwrap_or_else(|| folder.clone());
        let git = Git::around(&root);
        let (trunk, found) = branch(&root, git.as_ref(), trunk)?;
        Ok(Self {
            is_above: root != folder,
            root,
            git,
            trunk,
            found,
        })
    }

    /// Returns the name of what is delivered unless somebody names it: that of the folder.
    pub(in crate::author) fn name(&self) -> String {
        let folder = self.root.file_name().unwrap_or_default();
        let name = name_like(&folder.to_string_lossy());
        name.map_or_else(|| "app".to_owned(), |name| name.to_string())
    }
}

/// Returns the folder without links, as far as it exists.
fn existing(folder: &Path) -> Result<PathBuf, Failure> {
    if folder.exists() && !folder.is_dir() {
        let failure = Failure::new(format!("{} is not a folder", folder.display()));
        return Err(failure.help("name a folder with `--dir`"));
    }
    let unreadable = |error: std::io::Error| {
        Failure::new(format!("cannot read the folder {}", folder.display()))
            .cause(error)
            .help("name another one with `--dir`")
    };
    for at in folder.ancestors() {
        if at.symlink_metadata().is_ok() {
            let real = fs::canonicalize(at).map_err(unreadable)?;
            let rest = folder.strip_prefix(at).unwrap_or(Path::new(""));
            return Ok(match rest.as_os_str().is_empty() {
                true => real,
                false => real.join(rest),
            });
        }
    }
    Ok(folder.to_owned())
}

/// Refuses a bare repository, and the folder of git's own files.
fn refuse_git_folder(folder: &Path) -> Result<(), Failure> {
    let is_git = |at: &&Path| {
        at.join("HEAD").is_file() && at.join("objects").is_dir() && at.join("refs").is_dir()
    };
    let above = folder.ancestors().take_while(|at| !is_git_top(at));
    match above.into_iter().find(is_git) {
        Some(bare) => {
            let failure = Failure::new(format!(
                "{} holds a repository's history and no files (a bare repository, or git's own folder)",
                bare.display()
            ));
            Err(failure.help("clone it, and run it in the clone"))
        }
        None => Ok(()),
    }
}

fn branch(root: &Path, git: Option<&Git>, named: Option<&str>) -> Result<(Branch, Found), Failure> {
    if let Some(named) = named {
        return Ok((leaf("--trunk", named)?, Found::Named));
    }
    let (name, found) = match git.map_or(Trunk::Unknown, Git::trunk) {
        Trunk::Remote(remote, branch) => (branch, Found::Remote(remote)),
        Trunk::Current(branch) => (branch, Found::Current),
        Trunk::Only(branch) => (branch, Found::Only),
        Trunk::Unknown => (configured(root), Found::Default),
        Trunk::Several(branches) => {
            let failure = Failure::new(format!(
                "no branch is checked out, and the repository has several: {}",
                branches.join(", ")
            ));
            return Err(failure
                .help("name the one that releases flow from with `--trunk`; nothing was written"));
        }
    };
    Ok((leaf("--trunk", &name)?, found))
}

/// Returns the name that `git init` would give the first branch.
fn configured(root: &Path) -> String {
    let folder = root.ancestors().find(|at| at.is_dir()).unwrap_or(root);
    let git = Git::new(folder, &Runner::read(), None);
    git.config("init.defaultBranch")
        .unwrap_or_else(|| DEFAULT.to_owned())
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named => f.write_str("as you said"),
            Self::Remote(remote) => write!(f, "the default branch of `{remote}`"),
            Self::Current => f.write_str("the branch that is checked out"),
            Self::Only => f.write_str("the only branch"),
            Self::Default => f.write_str("what git calls the first branch"),
        }
    }
}
