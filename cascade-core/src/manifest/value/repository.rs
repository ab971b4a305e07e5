//! Repositories on GitHub and the workflows in them.

use crate::finding::rules;
use crate::manifest::Branch;
use crate::manifest::draft::{Leaf, Problem, Shape};
use crate::message;
use std::fmt;
use std::str::FromStr;

/// A repository, `owner/name`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Repository {
    owner: String,
    name: String,
}

impl Repository {
    /// The account that it belongs to.
    #[must_use]
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// Its name without the owner.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    fn split(text: &str) -> Option<Self> {
        let (owner, name) = text.split_once('/')?;
        let fits = |part: &str, extra: &str| {
            !part.is_empty()
                && part.len() <= 100
                && part
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || extra.contains(c))
        };
        let good = fits(owner, "-_") && fits(name, "-_.") && name != "." && name != "..";
        good.then(|| Self {
            owner: owner.to_owned(),
            name: name.to_owned(),
        })
    }
}

impl Leaf for Repository {
    const SHAPE: Shape = Shape::Text {
        what: "a repository `owner/name`",
        pattern: Some("^[A-Za-z0-9_-]+/[A-Za-z0-9._-]+$"),
    };
}

impl FromStr for Repository {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        Self::split(text).ok_or_else(|| {
            Problem::new(
                &rules::INVALID_REPOSITORY,
                message!("{} is not a repository", value = text),
            )
            .help(message!(
                "write {}, without an address",
                value = "owner/name"
            ))
        })
    }
}

impl fmt::Display for Repository {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.owner, self.name)
    }
}

/// A reusable workflow: of this repository, or of another one at a ref.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WorkflowRef {
    /// A file below `.github/workflows`, without a leading `./`; a bare name is one, too.
    Local(String),
    /// A file of another repository.
    Remote {
        /// The repository.
        repository: Repository,
        /// The file below its `.github/workflows`.
        path: String,
        /// The commit, tag or branch.
        reference: String,
    },
}

impl WorkflowRef {
    /// The path of the file in this repository, if it is one.
    #[must_use]
    pub fn local(&self) -> Option<&str> {
        match self {
            Self::Local(path) => Some(path),
            Self::Remote { .. } => None,
        }
    }

    /// Returns the repository and the branch or tag of a workflow that runs at whatever commit these
    /// stand for; `None` of one that runs at one commit.
    #[must_use]
    pub fn moving(&self) -> Option<(&Repository, &str)> {
        match self {
            Self::Remote {
                repository,
                reference,
                ..
            } if !is_commit(reference) => Some((repository, reference)),
            Self::Local(_) | Self::Remote { .. } => None,
        }
    }

    /// The last part of the path.
    #[must_use]
    pub fn file_name(&self) -> &str {
        let (Self::Local(path) | Self::Remote { path, .. }) = self;
        path.rsplit('/').next().unwrap_or(path)
    }

    fn split(text: &str) -> Option<Self> {
        let local = text.strip_prefix("./").unwrap_or(text);
        if is_workflow_path(local) {
            return Some(Self::Local(local.to_owned()));
        }
        let bare = format!("{FOLDER}{text}");
        if !text.contains('/') && is_workflow_path(&bare) {
            return Some(Self::Local(bare));
        }
        let (place, reference) = text.split_once('@')?;
        let (repository, path) = place.split_once("/.github/")?;
        let path = format!(".github/{path}");
        let good = is_workflow_path(&path) && Branch::is_ref(reference);
        let repository = Repository::split(repository)?;
        good.then(|| Self::Remote {
            repository,
            path,
            reference: reference.to_owned(),
        })
    }
}

/// The folder in which GitHub looks for workflows.
const FOLDER: &str = ".github/workflows/";

fn is_commit(reference: &str) -> bool {
    matches!(reference.len(), 40 | 64) && reference.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_workflow_path(path: &str) -> bool {
    let file = path.strip_prefix(FOLDER).unwrap_or_default();
    let stem = file
        .strip_suffix(".yaml")
        .or_else(|| file.strip_suffix(".yml"))
        .unwrap_or_default();
    let fits = |c: char| c.is_ascii_alphanumeric() || "-_. ".contains(c);
    !stem.is_empty() && stem.chars().all(fits)
}

impl Leaf for WorkflowRef {
    const SHAPE: Shape = Shape::Text {
        what: "the path of a reusable workflow",
        pattern: Some("\\.ya?ml(@.+)?$"),
    };
}

impl FromStr for WorkflowRef {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        Self::split(text).ok_or_else(|| {
            Problem::new(
                &rules::INVALID_WORKFLOW_REFERENCE,
                message!("{} is not a reusable workflow", value = text),
            )
            .help(message!(
                "write {}, or {}; GitHub reads no subfolders",
                value = ".github/workflows/name.yaml",
                value = "owner/repo/.github/workflows/name.yaml@ref"
            ))
        })
    }
}

impl fmt::Display for WorkflowRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Local(path) => write!(f, "./{path}"),
            Self::Remote {
                repository,
                path,
                reference,
            } => write!(f, "{repository}/{path}@{reference}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_kinds_are_read() {
        assert_eq!(
            WorkflowRef::from_str("./.github/workflows/a.yml")
                .unwrap()
                .local(),
            Some(".github/workflows/a.yml")
        );
        assert_eq!(
            WorkflowRef::from_str("a.yaml").unwrap().local(),
            Some(".github/workflows/a.yaml")
        );
        let remote = WorkflowRef::from_str("acme/ci/.github/workflows/a.yaml@v1").unwrap();
        assert_eq!(remote.to_string(), "acme/ci/.github/workflows/a.yaml@v1");
    }

    #[test]
    fn other_places_are_refused() {
        for text in [
            "",
            "a.txt",
            "./a.yaml",
            ".github/workflows/x/a.yaml",
            ".github/workflows/a.json",
            "acme/ci/.github/workflows/a.yaml",
            ".github/workflows/../a.yaml",
            ".github/workflows/$(x).yaml",
        ] {
            assert!(WorkflowRef::from_str(text).is_err(), "{text}");
        }
    }
}
