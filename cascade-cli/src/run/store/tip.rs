//! Reading: the state as it is now, and what a write needs to know of it.

use super::place::{misplaced, state_file};
use super::{Store, Transport, with_begun};
use crate::cli::error::Failure;
use crate::git::{Git, Noted};
use crate::github::GitHub;
use cascade_core::state::{Destination, Found, Home, Managed, STATE_FILE, StateFile, locate};
use std::io::ErrorKind;

/// The file that holds the state, as it is now.
pub(super) struct Tip {
    /// Its bytes; none before the first write to a state branch.
    pub(super) bytes: Option<Vec<u8>>,
    /// The parent that a write must find there.
    pub(super) parent: Parent,
    /// The notes beside the branches.
    pub(super) noted: Noted,
}

/// The state of a branch that a write must find.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Parent {
    /// No such branch.
    Nothing,
    /// This commit at the end of the branch.
    Commit(String),
    /// The branch, with this content of the file, or without the file: GitHub's names of contents.
    Content(Option<String>),
}

impl Parent {
    pub(super) fn commit(&self) -> Option<&str> {
        match self {
            Self::Commit(commit) => Some(commit),
            Self::Nothing | Self::Content(_) => None,
        }
    }
}

impl Store {
    /// Reads the managed part as it is now.
    pub(crate) fn read(&self) -> Result<Managed, Failure> {
        let tip = self.tip()?;
        Ok(self.in_scope(&tip, &self.whole(&tip)?))
    }

    /// Returns the newest commit of the state branch; of the last one, if the state is back in the
    /// manifest.
    pub(crate) fn newest(&self) -> Result<Option<String>, Failure> {
        match &self.place.home {
            Home::Manifest(_) => Ok(self.git.noted(&self.scope)?.bookmark),
            Home::Branch(_) => Ok(self.tip()?.parent.commit().map(str::to_owned)),
        }
    }

    pub(super) fn tip(&self) -> Result<Tip, Failure> {
        match &self.transport {
            Transport::WorkTree => self.tip_of_work_tree(),
            Transport::Local => self.tip_of_clone(),
            Transport::Look | Transport::Git => self.tip_of_remote(),
            Transport::At(commit) => self.tip_at(Some(commit.clone())),
            Transport::Contents(github) => self.tip_of_github(github),
        }
    }

    fn absent(&self) -> Failure {
        let (path, trunk) = (self.place.path(), &self.place.trunk);
        Failure::new(format!("there is no {path} on `{trunk}`"))
            .help("commit the manifest to the trunk first")
    }

    fn tip_of_work_tree(&self) -> Result<Tip, Failure> {
        let file = &self.place.work_tree;
        let bytes = std::fs::read(file).map_err(|error| match error.kind() {
            ErrorKind::NotFound => Failure::new(format!("there is no file {}", file.display()))
                .help("the state is in the manifest; of a pipeline in code, `generate` writes it"),
            _ => Failure::new(format!("cannot read {}", file.display())).cause(error),
        })?;
        // A folder that is in no repository has no notes.
        let bookmark = self.git.bookmark().unwrap_or_default();
        Ok(Tip {
            bytes: Some(bytes),
            parent: Parent::Nothing,
            noted: Noted {
                bookmark,
                ..Noted::default()
            },
        })
    }

    /// By hand the branch of the clone counts if it is ahead: it has what was recorded by hand.
    fn tip_of_clone(&self) -> Result<Tip, Failure> {
        let (git, branch) = (&self.git, self.place.branch());
        let there = git.fetched(branch)?;
        let here = git.resolve(&format!("refs/heads/{branch}"))?;
        let newest = match (there, here) {
            (Some(there), Some(here)) => Some(newer(git, branch, there, here)?),
            (there, here) => there.or(here),
        };
        self.tip_at(newest)
    }

    fn tip_of_remote(&self) -> Result<Tip, Failure> {
        let newest = self.git.fetch_with_noted(self.place.branch())?;
        self.tip_at(newest)
    }

    fn tip_at(&self, newest: Option<String>) -> Result<Tip, Failure> {
        let bytes = match &newest {
            Some(commit) => self.git.show(commit, self.place.path())?,
            None => None,
        };
        if bytes.is_none() && matches!(self.place.home, Home::Manifest(_)) {
            return Err(self.absent());
        }
        Ok(Tip {
            bytes,
            parent: newest.map_or(Parent::Nothing, Parent::Commit),
            noted: self.git.noted(&self.scope)?,
        })
    }

    fn tip_of_github(&self, github: &GitHub) -> Result<Tip, Failure> {
        let answer = github.file(self.place.path(), self.place.branch())?;
        if answer.status != 404 {
            let answer = answer.accepted()?;
            let content = answer.text("sha")?.to_owned();
            return Ok(Tip {
                bytes: Some(github.content(&answer)?),
                parent: Parent::Content(Some(content)),
                noted: self.fetched_notes()?,
            });
        }
        if matches!(self.place.home, Home::Manifest(_)) {
            return Err(self.absent().cause(answer.message()));
        }
        let parent = match github.has_branch(self.place.branch())? {
            true => Parent::Content(None),
            false => Parent::Nothing,
        };
        Ok(Tip {
            bytes: None,
            parent,
            noted: self.fetched_notes()?,
        })
    }

    fn fetched_notes(&self) -> Result<Noted, Failure> {
        self.git.fetch_noted()?;
        self.git.noted(&self.scope)
    }

    /// Reads everything that is recorded, without the deployments that began.
    pub(super) fn whole(&self, tip: &Tip) -> Result<Managed, Failure> {
        match &self.place.home {
            Home::Manifest(_) => self.in_manifest(tip),
            Home::Branch(_) => self.on_branch(tip),
        }
    }

    /// Returns what is in scope, with the deployments that began.
    pub(super) fn in_scope(&self, tip: &Tip, whole: &Managed) -> Managed {
        with_begun(self.scope.part(whole), &tip.noted.begun)
    }

    fn in_manifest(&self, tip: &Tip) -> Result<Managed, Failure> {
        let sections = self
            .place
            .sections(tip.bytes.as_deref().unwrap_or_default())?;
        let Some(bookmark) = &tip.noted.bookmark else {
            return Ok(sections);
        };
        let file = self.bookmarked(bookmark)?;
        let moved = match &file {
            StateFile::Moved(Destination::Manifest(_)) if sections.is_empty() => {
                state_before(&self.git, bookmark)?
            }
            _ => None,
        };
        let found = Found {
            bookmark: Some(&file),
            manifest: Some(&sections),
            moved: moved.as_ref(),
            ..Found::default()
        };
        locate(&self.place.home, found).map_err(|why| misplaced(&why))
    }

    fn on_branch(&self, tip: &Tip) -> Result<Managed, Failure> {
        let place = format!("on `{}`", self.place.branch());
        let file = tip.bytes.as_deref();
        let file = file.map(|bytes| state_file(bytes, &place)).transpose()?;
        let mut found = Found {
            branch: file.as_ref(),
            ..Found::default()
        };
        // Only a branch without state leaves a question open.
        let is_filled = |file: &StateFile| file.held().is_none_or(|state| !state.is_empty());
        if file.as_ref().is_some_and(is_filled) {
            return locate(&self.place.home, found).map_err(|why| misplaced(&why));
        }
        let bookmark = tip.noted.bookmark.as_deref();
        let bookmark = bookmark.map(|commit| self.bookmarked(commit)).transpose()?;
        let manifest = self.manifest()?;
        found.bookmark = bookmark.as_ref();
        found.manifest = manifest.as_ref();
        locate(&self.place.home, found).map_err(|why| misplaced(&why))
    }

    /// Reads the file behind the bookmark; a commit without one held no state.
    fn bookmarked(&self, commit: &str) -> Result<StateFile, Failure> {
        match self.git.show(commit, STATE_FILE)? {
            Some(bytes) => state_file(&bytes, "in `refs/cascade/state`"),
            None => Ok(StateFile::Held(Box::default())),
        }
    }

    /// Reads the sections of the manifest: on the trunk, by hand in the working tree.
    fn manifest(&self) -> Result<Option<Managed>, Failure> {
        let bytes = match &self.transport {
            Transport::Local => std::fs::read(&self.place.work_tree).ok(),
            _ => {
                let trunk = self.git.fetch(&self.place.trunk)?;
                self.git.show(&trunk, &self.place.manifest)?
            }
        };
        bytes.map(|bytes| self.place.sections(&bytes)).transpose()
    }
}

/// Returns the newer of a branch there and here.
fn newer(git: &Git, branch: &str, there: String, here: String) -> Result<String, Failure> {
    if here == there || git.is_ahead(&there, &here)? {
        return Ok(there);
    }
    if git.is_ahead(&here, &there)? {
        return Ok(here);
    }
    Err(Failure::new(format!(
        "the branch `{branch}` of this clone and that of the remote have different commits"
    ))
    .help(format!(
        "what is on the remote is what runs recorded: `git branch -D {branch}` gives up what was recorded here"
    )))
}

/// Reads the state that the commit below a move holds.
pub(crate) fn state_before(git: &Git, moved: &str) -> Result<Option<Managed>, Failure> {
    let Some(parent) = git.resolve(&format!("{moved}^"))? else {
        return Ok(None);
    };
    let Some(bytes) = git.show(&parent, STATE_FILE)? else {
        return Ok(None);
    };
    let file = state_file(&bytes, "below `refs/cascade/state`")?;
    Ok(file.held().cloned())
}
