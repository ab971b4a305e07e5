//! The deliveries of a repository, as the commits of the state tell.

use super::store::{Place, Store, Transport, state_file};
use super::workspace::Workspace;
use crate::cli::error::Failure;
use crate::cli::terminal::Terminal;
use crate::git::Git;
use crate::repository::is_git_top;
use cascade_core::commits::short;
use cascade_core::delivery::{CommitGraph, History, Node, StateCommit, history};
use cascade_core::lifecycle::History as _;
use cascade_core::pipeline::Component;
use cascade_core::state::{Home, Managed, STATE_FILE};
use cascade_core::time::Time;
use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

/// The history of the state, of all components.
#[derive(Debug)]
pub(crate) struct Delivered {
    /// The history of deliveries.
    pub(crate) history: History,
    /// The commits that changed the state, by name.
    records: Vec<String>,
}

impl Workspace {
    /// Reads the history of the state: from the trunk, and from the state branch if there is one.
    ///
    /// A clone without its history, and a state branch whose history was rewritten, are refused.
    pub(crate) fn delivered(&self, terminal: &Terminal) -> Result<Delivered, Failure> {
        if !self.root().ancestors().any(is_git_top) {
            let root = self.root().display();
            return Err(Failure::new(format!("{root} is in no git repository"))
                .cause("the history of the state is in git")
                .help("run the command in a clone with its history"));
        }
        let place = self.place();
        let trunk = self.trunk_head()?;
        self.git.require_history_of(&trunk)?;
        let manifest = in_manifest(&self.git, &place, &trunk)?;
        let branch = match self.looking(&place, terminal).newest()? {
            Some(newest) => self.on_branch(&place, &newest)?,
            None => Vec::new(),
        };
        let records = records(&manifest).chain(records(&branch));
        Ok(Delivered {
            records: records.collect(),
            history: history(&manifest, &branch),
        })
    }

    /// Returns the state as it is read to be looked at; as it was last fetched, and with a warning,
    /// where the remote does not answer.
    fn looking(&self, place: &Place, terminal: &Terminal) -> Store {
        let fetched = match &place.home {
            Home::Branch(branch) => self.fetch_state(branch),
            Home::Manifest(_) => self.fetch_notes(place),
        };
        if let Err(failure) = fetched {
            let unknown = "the history of the state is shown as it was last fetched";
            terminal.note(&format!("warning: {unknown}: {failure}"));
        }
        self.store_for(place.clone(), Transport::Local)
    }

    fn on_branch(&self, place: &Place, newest: &str) -> Result<Vec<StateCommit>, Failure> {
        self.git.require_history_of(newest)?;
        if let (Home::Branch(branch), Some(noted)) = (&place.home, self.git.bookmark()?)
            && !self.git.contains(newest, &noted)?
        {
            return Err(Failure::new(format!("the history of `{branch}` was rewritten"))
                .cause(format!("it lacks {}, which was its newest commit", short(&noted)))
                .help(format!(
                    "`refs/cascade/state` has the history as it was; `git push --force origin refs/cascade/state:refs/heads/{branch}` brings it back"
                )));
        }
        let read = |bytes: &[u8]| state_file(bytes, "").ok()?.held().cloned();
        state_commits(&self.git, newest, STATE_FILE, read)
    }
}

impl Delivered {
    /// Reads the commits that deployments brought.
    pub(crate) fn graph(
        &self,
        git: &Git,
        components: &[Component],
    ) -> Result<CommitGraph, Failure> {
        let heads = self.heads();
        let nodes = git.graph_of(&heads)?.into_iter();
        let nodes = nodes.map(|(sha, parents, second)| {
            let at = at(second);
            (sha, Node { parents, at })
        });
        let mut graph = CommitGraph::new(nodes, self.records.iter().cloned());
        if components.iter().all(|each| each.identity.is_none()) {
            return Ok(graph);
        }
        let files = git.files_up_to(&heads)?;
        for (component, name) in components
            .iter()
            .filter_map(|each| Some((each, each.name()?)))
        {
            let watched = component.watched();
            let inside = files.iter().filter(|(_, files)| watched.include_any(files));
            graph.component(name, inside.map(|(sha, _)| sha.clone()));
        }
        Ok(graph)
    }

    /// Returns the commits that something was deployed of, as the state names them.
    fn heads(&self) -> Vec<&str> {
        let events = self.history.events.iter();
        let points = events.flat_map(|event| {
            let deploys = event.deploys.iter().flat_map(|each| [&each.to, &each.from]);
            let points = [&event.to, &event.from].into_iter().chain(deploys);
            let shas = points.filter_map(|point| point.sha.as_deref());
            shas.chain(event.patches.iter().map(String::as_str))
        });
        // Anything else that stands in the state could be an option of git's.
        let is_name =
            |sha: &&str| sha.len() >= 7 && sha.bytes().all(|byte| byte.is_ascii_hexdigit());
        let names: BTreeSet<&str> = points.filter(is_name).collect();
        names.into_iter().collect()
    }
}

fn in_manifest(git: &Git, place: &Place, trunk: &str) -> Result<Vec<StateCommit>, Failure> {
    state_commits(git, trunk, &place.manifest, |bytes| {
        place.sections(bytes).ok()
    })
}

/// Returns the commits of a file that keeps the state. One that cannot be read recorded nothing: it
/// holds what the commit before it held.
fn state_commits(
    git: &Git,
    head: &str,
    path: &str,
    read: impl Fn(&[u8]) -> Option<Managed> + Sync,
) -> Result<Vec<StateCommit>, Failure> {
    let log = git.log_of(head, path)?;
    let texts = log.iter().map(|logged| git.show(&logged.sha, path));
    let texts: Vec<Option<Vec<u8>>> = texts.collect::<Result<_, Failure>>()?;
    let mut held: HashMap<String, Managed> = HashMap::new();
    let mut commits = Vec::new();
    for (logged, managed) in log.into_iter().zip(in_parallel(&texts, &read)) {
        let before = logged.parents.first().and_then(|parent| held.get(parent));
        let managed = managed.or_else(|| before.cloned()).unwrap_or_default();
        held.insert(logged.sha.clone(), managed.clone());
        commits.push(StateCommit {
            sha: logged.sha,
            parents: logged.parents,
            at: at(logged.second),
            author: logged.author,
            message: logged.message,
            managed,
        });
    }
    Ok(commits)
}

/// Reads texts on all processors: a manifest takes a millisecond, and there may be thousands.
fn in_parallel(
    texts: &[Option<Vec<u8>>],
    read: &(impl Fn(&[u8]) -> Option<Managed> + Sync),
) -> Vec<Option<Managed>> {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let share = texts.len().div_ceil(processors).max(1);
    let mut held: Vec<Option<Managed>> = texts.iter().map(|_| None).collect();
    std::thread::scope(|scope| {
        for (texts, held) in texts.chunks(share).zip(held.chunks_mut(share)) {
            scope.spawn(move || {
                for (text, held) in texts.iter().zip(held) {
                    *held = text.as_deref().and_then(read);
                }
            });
        }
    });
    held
}

/// Returns the names of the commits that changed the state.
fn records(commits: &[StateCommit]) -> impl Iterator<Item = String> {
    let known: HashMap<&str, &Managed> = commits
        .iter()
        .map(|each| (each.sha.as_str(), &each.managed))
        .collect();
    let changed = commits.iter().filter(move |commit| {
        let before = commit
            .parents
            .first()
            .and_then(|parent| known.get(parent.as_str()));
        before.is_some_and(|before| **before != commit.managed)
    });
    changed.map(|commit| commit.sha.clone())
}

fn at(second: u64) -> Time {
    Time::UNIX_EPOCH + Duration::from_secs(second)
}
