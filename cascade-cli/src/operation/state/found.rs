//! The search for the state: in the manifest, on the branches, and noted beside them.

use crate::cli::error::Failure;
use crate::git::{Git, Noted};
use crate::run::Workspace;
use crate::run::store::{Place, state_before, state_file};
use cascade_core::state::{Home, Managed, STATE_FILE, Scene, Scope, StateFile};

/// A branch with its file.
#[derive(Debug, Default)]
pub(super) struct Branch {
    /// The newest commit; none if there is no such branch.
    pub(super) tip: Option<String>,
    file: Option<StateFile>,
}

/// The state of every place, as it was found.
#[derive(Debug)]
pub(super) struct Found {
    /// The newest commit of the trunk.
    pub(super) trunk: String,
    /// The manifest there.
    pub(super) trunk_text: String,
    /// The manifest in the working tree.
    pub(super) here_text: String,
    /// The branch that is the target, if one is.
    pub(super) target: Branch,
    /// The branch that the configuration names, if it is another one.
    pub(super) configured: Branch,
    /// The notes beside the branches.
    pub(super) noted: Noted,
    /// The branches that stand where the bookmark is, besides the target: the configuration may not
    /// name the branch any more that has the state.
    pub(super) at_bookmark: Vec<String>,
    running: Vec<(String, String)>,
    here: Managed,
    on_trunk: Managed,
    bookmark: Option<StateFile>,
    moved: Option<Managed>,
    is_known: bool,
}

impl Found {
    /// Looks everywhere, on the remote as it is now.
    pub(super) fn look(session: &Workspace, place: &Place, target: &Home) -> Result<Self, Failure> {
        let git = &session.git;
        if !git.has_remote()? {
            return Err(
                Failure::new("the state cannot be moved: there is no remote `origin`")
                    .help("the state is kept where the workflows run: name the repository with `git remote add origin`"),
            );
        }
        let trunk = git.fetch(&place.trunk)?;
        git.fetch_noted()?;
        let (here_text, trunk_text) = texts(git, place, &trunk)?;
        let other = Some(&place.home).filter(|home| *home != target);
        let configured = branch(git, other)?;
        let name = match target {
            Home::Branch(name) => name.clone(),
            Home::Manifest(_) => String::new(),
        };
        let target = branch(git, Some(target))?;
        let noted = git.noted(&Scope::default())?;
        let file = |commit: &String| file(git, commit, "in `refs/cascade/state`");
        let bookmark = noted.bookmark.as_ref().map(file).transpose()?.flatten();
        let moved = match (&bookmark, &noted.bookmark) {
            (Some(StateFile::Moved(_)), Some(commit)) => state_before(git, commit)?,
            _ => None,
        };
        let on_trunk = place.sections(trunk_text.as_bytes())?;
        let tips = [&target.tip, &configured.tip, &noted.bookmark];
        let is_known = knows(git, tips, &on_trunk)?;
        let at_bookmark = at_bookmark(git, &noted, [&place.trunk, &name])?;
        let running = noted.begun.iter().map(|(environment, (_, begun))| {
            (environment.clone(), begun.run.clone().unwrap_or_default())
        });
        Ok(Self {
            running: running.collect(),
            here: place.sections(here_text.as_bytes())?,
            trunk,
            trunk_text,
            here_text,
            target,
            configured,
            noted,
            at_bookmark,
            on_trunk,
            bookmark,
            moved,
            is_known,
        })
    }

    /// Returns the facts that a move is decided by.
    pub(super) fn scene<'a>(&'a self, configured: &'a Home, target: &'a Home) -> Scene<'a> {
        Scene {
            target,
            configured,
            running: &self.running,
            here: &self.here,
            trunk: &self.on_trunk,
            at_target: self.target.file.as_ref(),
            at_configured: self.configured.file.as_ref(),
            bookmark: self.bookmark.as_ref(),
            moved: self.moved.as_ref(),
            is_known: self.is_known,
        }
    }
}

fn texts(git: &Git, place: &Place, trunk: &str) -> Result<(String, String), Failure> {
    let here = std::fs::read(&place.work_tree).map_err(|error| {
        Failure::new(format!("cannot read {}", place.work_tree.display())).cause(error)
    })?;
    let there = git.show(trunk, &place.manifest)?.ok_or_else(|| {
        Failure::new(format!(
            "there is no {} on `{}`",
            place.manifest, place.trunk
        ))
        .help("commit the manifest to the trunk first")
    })?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ok((text(&here), text(&there)))
}

fn branch(git: &Git, home: Option<&Home>) -> Result<Branch, Failure> {
    let Some(Home::Branch(name)) = home else {
        return Ok(Branch::default());
    };
    let tip = git.fetch_with_noted(name)?;
    let file = match &tip {
        Some(tip) => file(git, tip, &format!("on `{name}`"))?,
        None => None,
    };
    Ok(Branch { tip, file })
}

fn at_bookmark(git: &Git, noted: &Noted, others: [&String; 2]) -> Result<Vec<String>, Failure> {
    let Some(bookmark) = &noted.bookmark else {
        return Ok(Vec::new());
    };
    let there = git.remote_branches("")?.into_iter();
    let there = there.filter(|(name, sha)| sha == bookmark && !others.contains(&name));
    Ok(there.map(|(name, _)| name).collect())
}

fn file(git: &Git, commit: &str, place: &str) -> Result<Option<StateFile>, Failure> {
    let bytes = git.show(commit, STATE_FILE)?;
    bytes.map(|bytes| state_file(&bytes, place)).transpose()
}

/// Returns true if one of the histories has this state.
fn knows(git: &Git, tips: [&Option<String>; 3], state: &Managed) -> Result<bool, Failure> {
    if state.is_empty() {
        return Ok(false);
    }
    for tip in tips.into_iter().flatten() {
        for (_, commit) in git.touching(tip, STATE_FILE)? {
            let held = file(git, &commit, "").ok().flatten();
            if held.as_ref().and_then(StateFile::held) == Some(state) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}
