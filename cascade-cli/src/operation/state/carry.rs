//! The commits of a move, their one push, and the manifest.
//!
//! Everything that is pushed goes in one atomic push, so the state is at no moment in two places or
//! in none. The manifest of the working tree is edited afterwards; until that is merged, no run
//! writes state, because each sees that it was moved.

use super::found::Found;
use crate::cli::error::{Error, Failure};
use crate::cli::staged;
use crate::git::{Pushed, RefMove};
use crate::github::refusal::{Move, explained};
use crate::run::Workspace;
use crate::run::store::Place;
use cascade_core::check::check;
use cascade_core::contract::Contracts;
use cascade_core::finding::rules;
use cascade_core::manifest::yaml::Manifest;
use cascade_core::manifest::yaml::splice::{Edit, Edits, set_state_branch, splice};
use cascade_core::state::{Destination, Home, Origin, Relocation, STATE_FILE, StateFile};

/// A move that is ready to be made.
#[derive(Debug, Default)]
pub(super) struct Carried {
    /// Each a commit and its branch.
    commits: Vec<(String, String)>,
    moves: Vec<RefMove>,
    /// The manifest of the working tree, its path and text, if it changes.
    manifest: Option<(String, String)>,
}

impl Carried {
    pub(super) fn is_empty(&self) -> bool {
        self.commits.is_empty() && self.moves.is_empty() && self.manifest.is_none()
    }

    /// Returns the branches that are pushed.
    pub(super) fn branches(&self) -> Vec<&str> {
        let branches = self.commits.iter();
        branches.map(|(_, branch)| branch.as_str()).collect()
    }

    /// Returns the file of the working tree that changes.
    pub(super) fn edits(&self) -> Option<&str> {
        self.manifest.as_ref().map(|(path, _)| path.as_str())
    }
}

/// Makes the commits, which are on no branch yet.
pub(super) fn prepare(
    session: &Workspace,
    found: &Found,
    (target, moved): (&Home, &Relocation),
    commits: bool,
) -> Result<Carried, Failure> {
    let place = session.place();
    let edited = |text: &str| manifest(session, &place, text, (target, moved));
    let mut carried = Carried::default();
    if moved.closes_origin {
        close(session, found, (target, moved), &mut carried)?;
    }
    if moved.writes_target {
        open(session, found, (target, moved), &mut carried)?;
    }
    let (before, after) = match commits {
        true => (&found.trunk_text, edited(&found.trunk_text)?),
        false => (&found.here_text, edited(&found.here_text)?),
    };
    if after == *before {
        return Ok(carried);
    }
    if commits {
        let message = format!("chore(cascade): move the state {} [skip ci]", to(target));
        let file = (place.manifest.as_str(), after.as_bytes());
        let git = &session.git;
        let commit = git.commit_file(&[&found.trunk], file, &message, &session.person())?;
        carried.commits.push((commit, place.trunk));
    } else {
        carried.manifest = Some((place.manifest, after));
    }
    Ok(carried)
}

/// Code is changed by its author, before the state moves.
fn require_declared(session: &Workspace, place: &Place, target: &Home) -> Result<(), Failure> {
    if !session.is_declared_in_code() || place.home == *target {
        return Ok(());
    }
    let failure = Failure::new(format!("the pipeline keeps the state {}", place.home));
    Err(failure.help(match target {
        Home::Branch(branch) => format!(
            "write `state(branch = \"{branch}\")` into `#[pipeline(...)]`, then run the command again"
        ),
        Home::Manifest(_) => {
            "remove `state(...)` from `#[pipeline(...)]`, then run the command again".to_owned()
        }
    }))
}

fn to(target: &Home) -> String {
    match target {
        Home::Branch(branch) => format!("to the branch {branch}"),
        Home::Manifest(_) => "to the manifest".to_owned(),
    }
}

/// Notes on the branch that had the state where it went.
fn close(
    session: &Workspace,
    found: &Found,
    (target, moved): (&Home, &Relocation),
    carried: &mut Carried,
) -> Result<(), Failure> {
    let destination = match target {
        Home::Branch(branch) => Destination::Branch(branch.clone()),
        Home::Manifest(path) => Destination::Manifest(path.clone()),
    };
    let bookmark = found.noted.bookmark.as_deref();
    let (branches, tip) = match (session.place().home, moved.origin) {
        (Home::Branch(branch), Origin::Configured) => {
            (vec![branch], found.configured.tip.as_deref())
        }
        _ => (found.at_bookmark.clone(), bookmark),
    };
    let to_manifest = matches!(target, Home::Manifest(_));
    let Some(tip) = tip.filter(|_| to_manifest || !branches.is_empty()) else {
        return Ok(());
    };
    let commit = commit(session, &[tip], &StateFile::Moved(destination), target)?;
    if to_manifest {
        carried.moves.push(RefMove::bookmark(bookmark, &commit));
    }
    let commits = branches.into_iter().map(|branch| (commit.clone(), branch));
    carried.commits.extend(commits);
    Ok(())
}

/// Puts the state on the target's branch, on top of every history that there is of it.
fn open(
    session: &Workspace,
    found: &Found,
    (target, moved): (&Home, &Relocation),
    carried: &mut Carried,
) -> Result<(), Failure> {
    let Home::Branch(branch) = target else {
        return Ok(());
    };
    let bookmark = found.noted.bookmark.as_deref();
    let mut parents: Vec<&str> = Vec::new();
    for tip in [
        found.target.tip.as_deref(),
        found.configured.tip.as_deref(),
        bookmark,
    ] {
        let Some(tip) = tip else { continue };
        let mut is_new = true;
        for parent in &parents {
            is_new &= *parent != tip && !session.git.is_ahead(parent, tip)?;
        }
        if is_new {
            parents.push(tip);
        }
    }
    let file = StateFile::Held(Box::new(moved.state.clone()));
    let commit = commit(session, &parents, &file, target)?;
    carried.moves.push(RefMove::bookmark(bookmark, &commit));
    carried.commits.push((commit, branch.clone()));
    Ok(())
}

fn commit(
    session: &Workspace,
    parents: &[&str],
    file: &StateFile,
    target: &Home,
) -> Result<String, Failure> {
    let text = file
        .text()
        .map_err(|error| Failure::new("the state cannot be written").cause(error))?;
    let message = format!("chore(cascade): move the state {}", to(target));
    let file = (STATE_FILE, text.as_bytes());
    session
        .git
        .commit_file(parents, file, &message, &session.person())
}

/// Returns the manifest as it is after the move.
fn manifest(
    session: &Workspace,
    place: &Place,
    text: &str,
    (target, moved): (&Home, &Relocation),
) -> Result<String, Failure> {
    let failed = |cause: &dyn std::fmt::Display| {
        Failure::new(format!("{} cannot be edited", place.manifest)).cause(cause)
    };
    let branch = match target {
        Home::Branch(branch) => Some(branch.as_str()),
        Home::Manifest(_) => None,
    };
    let text = configured(session, place, text, branch)?;
    let remove = Edits {
        state: Edit::Remove,
        latest_release: Edit::Remove,
    };
    match branch {
        Some(_) => splice(&text, &place.key, remove).map_err(|error| failed(&error)),
        None => {
            let written = moved.state.write(&text, &place.key);
            written.map_err(|error| failed(&error))
        }
    }
}

/// Returns the manifest with the branch in its configuration, which code has already.
fn configured(
    session: &Workspace,
    place: &Place,
    text: &str,
    branch: Option<&str>,
) -> Result<String, Failure> {
    if session.is_declared_in_code() {
        return Ok(text.to_owned());
    }
    set_state_branch(text, &place.key, branch).map_err(|error| {
        Failure::new(format!("{} cannot be edited", place.manifest))
            .cause(error)
            .help("write `state: { branch: ... }` into the configuration by hand, or remove it to move the state back; then run the command again")
    })
}

/// Refuses a place that the configuration cannot name, before anything is looked up.
pub(super) fn require_usable(
    session: &Workspace,
    place: &Place,
    target: &Home,
) -> Result<(), Failure> {
    require_declared(session, place, target)?;
    let Home::Branch(branch) = target else {
        return Ok(());
    };
    let text = std::fs::read_to_string(&place.work_tree).map_err(|error| {
        Failure::new(format!("cannot read {}", place.work_tree.display())).cause(error)
    })?;
    let text = configured(session, place, &text, Some(branch))?;
    let Ok(manifest) = Manifest::read(text.as_bytes(), &place.key) else {
        return Ok(());
    };
    let checked = check(manifest.config(), &Contracts::unavailable());
    let mut findings = checked.findings.into_iter();
    match findings.find(|finding| finding.rule.code == rules::STATE_BRANCH.code) {
        Some(finding) => {
            let failure = Failure::new(finding.message);
            Err(finding.help.into_iter().fold(failure, Failure::help))
        }
        None => Ok(()),
    }
}

/// Brings what a run wrote to the manifest while it was moved to the branch as well.
///
/// A run that read the notes before the move pushes to the trunk once more; it cannot be kept from
/// that, because its push names the trunk alone.
pub(super) fn follow(
    session: &Workspace,
    place: &Place,
    (target, moved): (&Home, &Relocation),
) -> Result<(), Error> {
    let mut known = moved.state.clone();
    let Home::Branch(branch) = target else {
        return Ok(());
    };
    loop {
        let trunk = session.git.fetch(&place.trunk)?;
        let bytes = session.git.show(&trunk, &place.manifest)?;
        let now = place.sections(&bytes.unwrap_or_default())?;
        if now == known {
            return Ok(());
        }
        let tip = session.git.fetch_with_noted(branch)?;
        let bookmark = session.git.bookmark()?;
        let file = StateFile::Held(Box::new(now.clone()));
        let commit = commit(session, tip.as_deref().as_slice(), &file, target)?;
        let moves = [RefMove::bookmark(bookmark.as_deref(), &commit)];
        match session.git.push_with(&[(&commit, branch)], &moves)? {
            Pushed::Done => known = now,
            Pushed::Raced | Pushed::Refused(_) => {
                let failure = Failure::new(
                    "a run wrote state to the manifest while it was moved, and the branch does not have that",
                );
                return Err(failure.help("run the command again").into());
            }
        }
    }
}

/// Pushes the move and edits the manifest.
pub(super) fn carry(session: &Workspace, place: &Place, carried: &Carried) -> Result<(), Error> {
    let commits: Vec<(&str, &str)> = carried
        .commits
        .iter()
        .map(|(commit, branch)| (commit.as_str(), branch.as_str()))
        .collect();
    if !commits.is_empty() || !carried.moves.is_empty() {
        match session.git.push_with(&commits, &carried.moves)? {
            Pushed::Done => {}
            Pushed::Raced => {
                let failure = Failure::new("the state changed while it was to be moved");
                return Err(failure
                    .help("nothing was moved: run the command again")
                    .into());
            }
            Pushed::Refused(why) => {
                let failure = Failure::new("the push was refused; nothing was moved");
                let moved = Move {
                    what: "branch",
                    token: "the credential of git",
                };
                return Err(explained(failure, &why, moved).into());
            }
        }
    }
    if let Some((path, text)) = &carried.manifest {
        staged::whole(&place.work_tree, text.as_bytes()).map_err(|error| {
            Failure::new(format!("cannot write {path}"))
                .cause(error)
                .help("the state was moved: run the command again to edit the manifest")
        })?;
    }
    Ok(())
}
