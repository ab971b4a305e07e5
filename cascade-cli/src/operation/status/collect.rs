//! Everything that is known now: from the state, from git, and from GitHub where it may be asked.

use crate::cli::error::{Error, Failure};
use crate::cli::request::Request;
use crate::cli::terminal::Terminal;
use crate::github::tracker::Tracker;
use crate::repository::is_git_top;
use crate::run::{Session, Workspace, hotfixes};
use cascade_core::board::{Board, Facts, Waiting, behind, board};
use cascade_core::lifecycle::integration::Issue;
use cascade_core::pipeline::Component;
use cascade_core::state::{Managed, Scope, State};
use indexmap::IndexMap;

/// Everything that is known of some components.
pub(super) struct Collected {
    pub(super) workspace: Workspace,
    pub(super) parts: Vec<Part>,
}

/// Everything that is known of one component.
pub(super) struct Part {
    pub(super) component: Component,
    pub(super) managed: Managed,
    pub(super) board: Board,
}

/// Finds out everything. What git or GitHub does not tell is unknown, and a note says so.
pub(super) fn collect(request: &Request, terminal: &Terminal) -> Result<Collected, Error> {
    let (workspace, components) = Workspace::with_components(request, terminal)?;
    let whole = workspace.managed_with_begun(terminal)?;
    let github = workspace.github()?;
    let integrations = known(terminal, "integrations", || integrations(&workspace));
    let mut parts = Vec::new();
    for component in components {
        let managed = Scope::of(component.name()).part(&whole);
        let waiting = known(terminal, "waiting commits", || {
            waiting(&workspace, &component, &managed.state)
        });
        let hotfixes = known(terminal, "open hotfixes", || {
            let open = github
                .as_ref()
                .map(|github| hotfixes::open(&component, github));
            open.transpose()
        });
        let facts = Facts {
            now: workspace.clock.now(),
            waiting: waiting.unwrap_or_default(),
            hotfixes,
            integrations: integrations.clone(),
        };
        parts.push(Part {
            board: board(&component, &managed, facts),
            managed,
            component,
        });
    }
    Ok(Collected { workspace, parts })
}

fn known<T>(
    terminal: &Terminal,
    what: &str,
    ask: impl FnOnce() -> Result<Option<T>, Failure>,
) -> Option<T> {
    ask().unwrap_or_else(|failure| {
        terminal.note(&format!("warning: {what} are unknown: {failure}"));
        None
    })
}

fn integrations(workspace: &Workspace) -> Result<Option<Vec<Issue>>, Failure> {
    let Some(integration) = &workspace.settings.integration else {
        return Ok(Some(Vec::new()));
    };
    let Some(github) = workspace.github()? else {
        return Ok(None);
    };
    let tracker = Tracker {
        github,
        labels: integration.labels.clone(),
    };
    tracker.open().map(Some)
}

/// Returns what waits for each place; nothing for one whose commit is not here.
fn waiting(
    workspace: &Workspace,
    component: &Component,
    state: &State,
) -> Result<Option<IndexMap<String, Waiting>>, Failure> {
    if !workspace.root().ancestors().any(is_git_top) {
        return Ok(None);
    }
    let session = Session::of(component.clone(), workspace.clone());
    let trunk = session.newest_change(&session.trunk_head()?)?;
    let mut waiting = IndexMap::new();
    for pair in behind(component, state, Some(&trunk)) {
        let ends = [&pair.base, &pair.head].map(|sha| session.git.resolve(sha));
        let [Ok(Some(base)), Ok(Some(head))] = ends else {
            continue;
        };
        let commits = session.changes(Some(&base), &head)?;
        waiting.insert(pair.place, Waiting::new(&pair.from, &commits));
    }
    Ok(Some(waiting))
}
