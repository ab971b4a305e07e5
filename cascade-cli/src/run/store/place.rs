//! The place of the state: which file of which branch, and how it is read.

use crate::cli::error::Failure;
use cascade_core::manifest::yaml::Manifest;
use cascade_core::state::{Home, Managed, Misplaced, STATE_FILE, StateFile};
use std::path::PathBuf;

/// The place that keeps the state of a pipeline.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// The place that the configuration names.
    pub(crate) home: Home,
    /// The manifest's path in the repository.
    pub(crate) manifest: String,
    /// The manifest in the working tree.
    pub(crate) work_tree: PathBuf,
    /// The key that the manifest's body stands under.
    pub(crate) key: String,
    /// The trunk.
    pub(crate) trunk: String,
}

impl Place {
    /// Returns the branch that is written.
    pub(crate) fn branch(&self) -> &str {
        match &self.home {
            Home::Manifest(_) => &self.trunk,
            Home::Branch(branch) => branch,
        }
    }

    /// Returns the file that is written.
    pub(crate) fn path(&self) -> &str {
        match &self.home {
            Home::Manifest(path) => path,
            Home::Branch(_) => STATE_FILE,
        }
    }

    /// Returns the subject of a commit. What is pushed to the trunk must start no workflow; a state
    /// branch has no workflow files, so nothing can start there.
    pub(super) fn subject(&self, what: &str) -> String {
        match &self.home {
            Home::Manifest(_) => format!("chore(cascade): {what} [skip ci]"),
            Home::Branch(_) => format!("chore(cascade): {what}"),
        }
    }

    /// Reads the managed sections of a manifest.
    pub(crate) fn sections(&self, bytes: &[u8]) -> Result<Managed, Failure> {
        let unreadable = || {
            Failure::new(format!(
                "{} on `{}` cannot be read",
                self.manifest, self.trunk
            ))
        };
        let manifest = Manifest::read(bytes, &self.key).map_err(|errors| {
            let first = errors.into_iter().next().map(|error| error.message);
            unreadable().cause(first.unwrap_or_default())
        })?;
        Managed::read(&manifest).map_err(|error| unreadable().cause(error))
    }

    /// Returns the text that holds a state, in place of the present text.
    pub(super) fn text(
        &self,
        present: Option<&[u8]>,
        managed: &Managed,
    ) -> Result<String, Failure> {
        let written = match &self.home {
            Home::Manifest(_) => {
                let text = String::from_utf8_lossy(present.unwrap_or_default());
                managed.write(&text, &self.key)
            }
            Home::Branch(_) => StateFile::Held(Box::new(managed.clone())).text(),
        };
        written.map_err(|error| {
            Failure::new(format!("{} cannot be written", self.path())).cause(error)
        })
    }
}

/// Reads the file of a state branch; `place` says where it is.
pub(crate) fn state_file(bytes: &[u8], place: &str) -> Result<StateFile, Failure> {
    StateFile::read(bytes).map_err(|error| {
        Failure::new(format!("{STATE_FILE} {place} cannot be read"))
            .cause(error)
            .help("push a commit on top that has the file as it was: `git log -p` of the branch shows every state")
    })
}

/// Returns the failure that a run ends with where the state is elsewhere.
pub(crate) fn misplaced(misplaced: &Misplaced) -> Failure {
    Failure::new(misplaced.to_string()).help(misplaced.help())
}
