//! The place of the state: what was found in each place, judged.
//!
//! A ref beside the branches, the bookmark, points to the newest commit of the state branch. It
//! tells a branch that was never made from one that somebody deleted, and a configuration that is
//! behind a move from one that is not.

use super::{Destination, Managed, StateFile};
use std::fmt;

/// The place where the configuration says that the state is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Home {
    /// The manifest on the trunk, by its path.
    Manifest(String),
    /// A branch of its own.
    Branch(String),
}

/// The state as it was found in each place.
#[derive(Debug, Clone, Copy, Default)]
pub struct Found<'a> {
    /// The file of the branch that the configuration names.
    pub branch: Option<&'a StateFile>,
    /// The file in the commit that the bookmark points to.
    pub bookmark: Option<&'a StateFile>,
    /// The sections of the manifest on the trunk.
    pub manifest: Option<&'a Managed>,
    /// The state below the commit that moved it off its branch, where the bookmark points to that.
    pub moved: Option<&'a Managed>,
}

/// A reason why there is no state where the configuration looks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Misplaced {
    /// The configuration names a branch, and the manifest still holds the state.
    InManifest {
        /// The branch.
        branch: String,
    },
    /// The state was moved after the configuration was written.
    Moved {
        /// The place that the configuration names.
        from: Home,
        /// The place that has it.
        to: Destination,
    },
    /// The configuration names the manifest, and a branch holds the state.
    OnBranch,
    /// The state was moved to the manifest, and the manifest on the trunk does not have it.
    NotArrived,
    /// The state branch was there, and is not any more.
    Gone {
        /// The branch.
        branch: String,
    },
}

/// Returns the state at the place that the configuration names; an empty one before the first run.
///
/// # Errors
/// The state is elsewhere, or was lost.
pub fn locate(home: &Home, found: Found<'_>) -> Result<Managed, Misplaced> {
    match home {
        Home::Manifest(_) => on_trunk(home, found),
        Home::Branch(branch) => on_branch(home, branch, found),
    }
}

fn on_trunk(home: &Home, found: Found<'_>) -> Result<Managed, Misplaced> {
    let is_filled = |managed: Option<&Managed>| managed.is_some_and(|each| !each.is_empty());
    match found.bookmark {
        Some(StateFile::Moved(Destination::Manifest(_)))
            if is_filled(found.moved) && !is_filled(found.manifest) =>
        {
            Err(Misplaced::NotArrived)
        }
        None | Some(StateFile::Moved(Destination::Manifest(_))) => {
            Ok(found.manifest.cloned().unwrap_or_default())
        }
        Some(StateFile::Moved(to)) => Err(Misplaced::Moved {
            from: home.clone(),
            to: to.clone(),
        }),
        Some(StateFile::Held(_)) => Err(Misplaced::OnBranch),
    }
}

fn on_branch(home: &Home, branch: &str, found: Found<'_>) -> Result<Managed, Misplaced> {
    let moved = |to: &Destination| Misplaced::Moved {
        from: home.clone(),
        to: to.clone(),
    };
    let in_manifest = found.manifest.is_some_and(|managed| !managed.is_empty());
    match (found.branch, found.bookmark) {
        (Some(StateFile::Held(managed)), _) if !managed.is_empty() || !in_manifest => {
            Ok(managed.as_ref().clone())
        }
        (Some(StateFile::Moved(to)), _) | (None, Some(StateFile::Moved(to))) => Err(moved(to)),
        (None, Some(StateFile::Held(_))) => Err(Misplaced::Gone {
            branch: branch.to_owned(),
        }),
        (None, None) if !in_manifest => Ok(Managed::default()),
        (None | Some(StateFile::Held(_)), _) => Err(Misplaced::InManifest {
            branch: branch.to_owned(),
        }),
    }
}

impl Misplaced {
    /// Returns the way out.
    #[must_use]
    pub fn help(&self) -> String {
        match self {
            Self::InManifest { branch } => format!(
                "run `cascade state move {branch}` in a clone: it moves the state and loses nothing"
            ),
            Self::Moved { .. } => "merge the change of the manifest that `cascade state move` made, and start a new run: running an old one again uses the old configuration".to_owned(),
            Self::NotArrived => "merge the change of the manifest that `cascade state move --to-manifest` made, or run it again in a clone: it takes the state from the ref `refs/cascade/state`".to_owned(),
            Self::OnBranch => "write `state: { branch: ... }` with the name of that branch into the configuration on the trunk, or run `cascade state move --to-manifest` in a clone".to_owned(),
            Self::Gone { branch } => format!(
                "run `cascade state move {branch}` in a clone: it makes the branch again from the ref `refs/cascade/state`, which has the last state"
            ),
        }
    }
}

impl fmt::Display for Misplaced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InManifest { branch } => write!(
                f,
                "the configuration keeps the state on the branch `{branch}`, and the state is still in the manifest"
            ),
            Self::Moved { from, to } => write!(
                f,
                "the configuration keeps the state {from}, and the state was moved to {to}"
            ),
            Self::NotArrived => f.write_str(
                "the state was moved to the manifest, and the manifest on the trunk does not have it",
            ),
            Self::OnBranch => f.write_str(
                "the configuration keeps the state in the manifest, and the state is on a branch",
            ),
            Self::Gone { branch } => write!(
                f,
                "the state is not on `{branch}`: the branch was deleted or renamed, or lost its file"
            ),
        }
    }
}

impl fmt::Display for Home {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Manifest(_) => f.write_str("in the manifest"),
            Self::Branch(branch) => write!(f, "on the branch `{branch}`"),
        }
    }
}

impl std::error::Error for Misplaced {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::LatestRelease;

    fn filled() -> Managed {
        Managed {
            latest_release: LatestRelease {
                version: Some("v1.0.0".to_owned()),
                ..LatestRelease::default()
            },
            ..Managed::default()
        }
    }

    fn held(managed: Managed) -> StateFile {
        StateFile::Held(Box::new(managed))
    }

    fn branch() -> Home {
        Home::Branch("state".to_owned())
    }

    fn manifest() -> Home {
        Home::Manifest("m.yaml".to_owned())
    }

    #[test]
    fn a_first_run_begins_with_nothing() {
        for home in [branch(), manifest()] {
            assert_eq!(locate(&home, Found::default()), Ok(Managed::default()));
        }
        let empty = Managed::default();
        let found = Found {
            manifest: Some(&empty),
            ..Found::default()
        };
        assert_eq!(locate(&branch(), found), Ok(Managed::default()));
    }

    #[test]
    fn the_branch_is_believed_where_it_has_state() {
        let (file, old) = (held(filled()), filled());
        let found = Found {
            branch: Some(&file),
            manifest: Some(&old),
            ..Found::default()
        };
        assert_eq!(locate(&branch(), found), Ok(filled()));
    }

    #[test]
    fn state_that_is_still_in_the_manifest_is_never_taken_for_none() {
        let (old, empty) = (filled(), held(Managed::default()));
        for file in [None, Some(&empty)] {
            let found = Found {
                branch: file,
                bookmark: file,
                manifest: Some(&old),
                ..Found::default()
            };
            let misplaced = locate(&branch(), found).unwrap_err();
            let branch = "state".to_owned();
            assert_eq!(misplaced, Misplaced::InManifest { branch });
            assert!(misplaced.help().contains("cascade state move"));
        }
    }

    #[test]
    fn a_branch_that_was_deleted_is_no_first_run() {
        let last = held(filled());
        let found = Found {
            bookmark: Some(&last),
            ..Found::default()
        };
        let gone = Misplaced::Gone {
            branch: "state".to_owned(),
        };
        assert_eq!(locate(&branch(), found), Err(gone));
    }

    #[test]
    fn a_configuration_behind_a_move_is_refused() {
        let live = held(filled());
        let found = Found {
            bookmark: Some(&live),
            ..Found::default()
        };
        assert_eq!(locate(&manifest(), found), Err(Misplaced::OnBranch));
        for to in [
            Destination::Branch("other".to_owned()),
            Destination::Manifest("m.yaml".to_owned()),
        ] {
            let moved = StateFile::Moved(to.clone());
            let found = Found {
                branch: Some(&moved),
                bookmark: Some(&moved),
                ..Found::default()
            };
            let from = branch();
            assert_eq!(locate(&from, found), Err(Misplaced::Moved { from, to }));
        }
    }

    #[test]
    fn what_was_moved_to_the_manifest_must_have_arrived() {
        let moved = StateFile::Moved(Destination::Manifest("m.yaml".to_owned()));
        let (before, empty) = (filled(), Managed::default());
        let found = |manifest| Found {
            bookmark: Some(&moved),
            manifest: Some(manifest),
            moved: Some(&before),
            ..Found::default()
        };
        assert_eq!(
            locate(&manifest(), found(&empty)),
            Err(Misplaced::NotArrived)
        );
        assert_eq!(locate(&manifest(), found(&before)), Ok(filled()));
        let nothing = Found {
            moved: Some(&empty),
            ..found(&empty)
        };
        assert_eq!(locate(&manifest(), nothing), Ok(Managed::default()));
    }
}
