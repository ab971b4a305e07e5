//! The context that every command of an integration works in.

use super::text;
use crate::cli::error::{Error, Failure};
use crate::cli::request::Request;
use crate::cli::runner::{self, Token};
use crate::cli::terminal::Terminal;
use crate::git::Git;
use crate::github::tracker::{Tracker, entry};
use crate::github::{GitHub, Pulls};
use crate::run::Workspace;
use cascade_core::lifecycle::History;
use cascade_core::lifecycle::integration::{
    Action, Board, Event, Facts, Issue, Progress, Pull, Run, State,
};
use cascade_core::manifest::UpstreamWorkflows;
use cascade_core::pipeline::Integration;
use cascade_core::protocol;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// A session of a fork's upkeep.
pub(super) struct Scene {
    pub(super) session: Workspace,
    pub(super) integration: Integration,
    /// The number of this run.
    pub(super) run: Option<u64>,
    /// Comments that could not be written.
    lost_comments: RefCell<Vec<Failure>>,
}

/// The folder of workflow files.
pub(super) const WORKFLOWS: &str = ".github/workflows";

/// The answer for an issue that does not name its change: a branch has it, or lacks it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unsaid {
    Has,
    Lacks,
}

/// The commits of the branches.
#[derive(Debug, Clone)]
pub(super) struct Branches {
    pub(super) trunk: String,
    pub(super) mirror: Option<String>,
    pub(super) integration: Option<String>,
}

impl Scene {
    pub(super) fn open(request: &Request, terminal: &Terminal) -> Result<Self, Error> {
        let session = Workspace::open(request, terminal)?;
        let Some(integration) = session.settings.integration.clone() else {
            let failure = Failure::new("the pipeline keeps no fork in step");
            let help = "add `integration: { upstream: owner/repo }` to it";
            return Err(failure.help(help).into());
        };
        let run =
            runner::variable(protocol::variable::GITHUB_RUN_ID).and_then(|id| id.parse().ok());
        Ok(Self {
            session,
            integration,
            run,
            lost_comments: RefCell::new(Vec::new()),
        })
    }

    /// Returns true if a mirror is without the upstream's workflow files because they are left out,
    /// so that their absence says nothing about those of the trunk.
    pub(super) fn lacks_workflows(&self, mirror: &str) -> Result<bool, Failure> {
        let left_out = self.integration.upstream_workflows == UpstreamWorkflows::Exclude;
        Ok(left_out && self.git().tree(mirror, WORKFLOWS)?.is_none())
    }

    /// The issues, with the run's own token.
    pub(super) fn tracker(&self) -> Result<Tracker, Failure> {
        let github = self.session.github()?.ok_or_else(|| {
            Failure::new("integrations are tracked in issues on GitHub")
                .help("set GITHUB_REPOSITORY and GITHUB_TOKEN")
        })?;
        let labels = self.integration.labels.clone();
        Ok(Tracker { github, labels })
    }

    /// Returns the token that pushes branches and opens pull requests.
    fn token(&self) -> Option<Token> {
        let own = runner::token(protocol::variable::INTEGRATION_TOKEN);
        own.or_else(|| self.session.environment.token.clone())
    }

    /// git with that token.
    pub(super) fn git(&self) -> Git {
        let session = &self.session;
        Git::new(session.root(), &session.environment, self.token().as_ref())
    }

    /// The API with that token.
    pub(super) fn pulls(&self) -> Result<GitHub, Failure> {
        let github = GitHub::new(&self.session.environment, self.token().as_ref())?;
        github.ok_or_else(|| {
            Failure::new("a pull request is opened on GitHub")
                .help("set GITHUB_REPOSITORY and GITHUB_TOKEN")
        })
    }

    /// Fetches the three branches.
    pub(super) fn branches(&self) -> Result<Branches, Failure> {
        let git = self.git();
        Ok(Branches {
            trunk: git.fetch(self.session.settings.trunk.as_str())?,
            mirror: git.tip(self.integration.mirror.as_str())?,
            integration: git.tip(self.integration.branch.as_str())?,
        })
    }

    /// Reads the board. Runs are looked at before issues: one that ends in between has said on its
    /// issue how, and one that begins in between is looked up by its number.
    pub(super) fn board(&self, tracker: &Tracker, branches: &Branches) -> Result<Board, Failure> {
        let mut runs = tracker.runs()?;
        let issues = tracker.open()?;
        for id in forgotten(&issues, &runs) {
            runs.extend(tracker.run(id)?);
        }
        let pulls = match self.may_have_pulls(&issues, branches)? {
            true => self.listed_pulls(&tracker.github, branches)?,
            false => Vec::new(),
        };
        let has = |branch: Option<&String>, commit: Option<&String>| match (branch, commit) {
            (Some(branch), Some(commit)) => self.contains(branch, commit),
            _ => Ok(false),
        };
        let mirror = branches.mirror.as_ref();
        let facts = Facts {
            now: self.session.clock.now(),
            mirror: mirror.cloned(),
            ahead: mirror.is_some() && !has(branches.integration.as_ref(), mirror)?,
            pending: mirror.is_some() && !has(Some(&branches.trunk), mirror)?,
            mirrored: self.holding(&issues, mirror, Unsaid::Has)?,
            landed: self.holding(&issues, Some(&branches.trunk), Unsaid::Lacks)?,
            pulls,
            runs,
        };
        Ok(Board { issues, facts })
    }

    /// Returns true if a commit is there and part of another one.
    pub(super) fn contains(&self, descendant: &str, ancestor: &str) -> Result<bool, Failure> {
        let git = &self.session.git;
        Ok(git.resolve(ancestor)?.is_some() && git.contains(descendant, ancestor)?)
    }

    /// The issues whose change a branch has.
    fn holding(
        &self,
        issues: &[Issue],
        branch: Option<&String>,
        unsaid: Unsaid,
    ) -> Result<BTreeSet<u64>, Failure> {
        let Some(branch) = branch else {
            return Ok(BTreeSet::new());
        };
        let mut known: BTreeMap<&str, bool> = BTreeMap::new();
        let mut holding = BTreeSet::new();
        for issue in issues {
            let Some(change) = issue.trail.change.as_deref() else {
                if unsaid == Unsaid::Has {
                    holding.insert(issue.number);
                }
                continue;
            };
            let has = match known.get(change) {
                Some(has) => *has,
                None => self.contains(branch, change)?,
            };
            known.insert(change, has);
            if has {
                holding.insert(issue.number);
            }
        }
        Ok(holding)
    }

    /// Returns true if asking for pull requests into trunk can tell anything.
    fn may_have_pulls(&self, issues: &[Issue], branches: &Branches) -> Result<bool, Failure> {
        let ready = |issue: &Issue| issue.state() == Some(State::ProductionReady);
        Ok(match &branches.integration {
            _ if issues.iter().any(ready) => true,
            Some(integration) => !self.contains(&branches.trunk, integration)?,
            None => false,
        })
    }

    fn listed_pulls(&self, github: &GitHub, branches: &Branches) -> Result<Vec<Pull>, Failure> {
        let listed = github.newest_pulls(Pulls {
            state: "all",
            head: Some(&github.head_label(self.integration.branch.as_str())),
            base: Some(self.session.settings.trunk.as_str()),
        })?;
        let mut pulls = Vec::new();
        for pull in &listed {
            let merged = pull["merged_at"].is_string();
            let progress = match (pull["state"].as_str(), pull["merge_commit_sha"].as_str()) {
                (Some("open"), _) => Progress::Open,
                (_, Some(sha)) if merged => match self.contains(&branches.trunk, sha)? {
                    true => Progress::OnTrunk,
                    false => Progress::Merged,
                },
                _ if merged => Progress::Merged,
                _ => Progress::Closed,
            };
            let number = pull["number"].as_u64().unwrap_or_default();
            pulls.push(Pull { number, progress });
        }
        Ok(pulls)
    }

    /// Takes an issue to another state: its labels and its text in one request, then a comment.
    pub(super) fn advance(
        &self,
        tracker: &Tracker,
        issue: &mut Issue,
        to: State,
        (event, companion): (Event, Option<u64>),
        more: &str,
    ) -> Result<(), Failure> {
        let from = issue.state();
        let mut entry = self.entry(event);
        entry.companion = companion;
        let said = text::transition(self, issue.number, from, to, &entry, more);
        let mut changed = issue.clone();
        changed
            .advance(&tracker.labels, to, entry)
            .map_err(|illegal| {
                Failure::new(illegal.to_string())
                    .help("correct the labels of the issue, or start the integration by hand")
            })?;
        tracker.save(&changed)?;
        *issue = changed;
        self.comment(tracker, issue.number, &said);
        if matches!(to, State::ProductionReady | State::Done) {
            for number in issue.trail.companions() {
                tracker.close_companion(number, &text::beside(issue.number))?;
            }
        }
        Ok(())
    }

    /// Notes on an issue what leaves its state as it is, and says so.
    pub(super) fn note(
        &self,
        tracker: &Tracker,
        issue: &mut Issue,
        (event, companion): (Event, Option<u64>),
        said: &str,
    ) -> Result<(), Failure> {
        let mut entry = self.entry(event);
        entry.companion = companion;
        let mut changed = issue.clone();
        changed.note(&tracker.labels, entry);
        tracker.save(&changed)?;
        *issue = changed;
        self.comment(tracker, issue.number, said);
        Ok(())
    }

    /// Says something on an issue. What it is about is noted already, so that a comment that
    /// cannot be written keeps nothing from being done.
    pub(super) fn comment(&self, tracker: &Tracker, number: u64, said: &str) {
        if let Err(failure) = tracker.comment(number, said) {
            self.lost_comments.borrow_mut().push(failure);
        }
    }

    /// Tells of comments that could not be written; whether there were any.
    pub(super) fn tell_lost_comments(&self, terminal: &Terminal) -> bool {
        let lost = self.lost_comments.borrow();
        lost.iter().for_each(|failure| terminal.failure(failure));
        !lost.is_empty()
    }

    /// An entry of the trail, made now by whoever runs this.
    pub(super) fn entry(&self, event: Event) -> cascade_core::lifecycle::integration::Entry {
        let by = self.session.stamp().by;
        entry(event, (self.session.clock.now(), &by), self.run)
    }

    /// Marks issues as done whose change trunk has: the pass that an integration begins with, too.
    pub(super) fn complete(&self, tracker: &Tracker, board: &mut Board) -> Result<(), Failure> {
        use cascade_core::lifecycle::integration::{Pass, decide};
        for action in decide(Pass::Completion, board, &self.integration.monitor) {
            if let Action::Advance { issue, to, event } = action
                && let Some(issue) = board.issues.iter_mut().find(|each| each.number == issue)
            {
                self.advance(tracker, issue, to, (event, None), "")?;
            }
        }
        board
            .issues
            .retain(|issue| issue.state() != Some(State::Done));
        Ok(())
    }
}

/// The runs that active issues name and that are not among the newest.
fn forgotten(issues: &[Issue], runs: &[Run]) -> BTreeSet<u64> {
    let active = issues
        .iter()
        .filter(|issue| issue.state() == Some(State::Active));
    let named = active.filter_map(|issue| {
        let started = issue.trail.last(|event| matches!(event, Event::Started));
        started.and_then(|entry| entry.run)
    });
    named
        .filter(|id| !runs.iter().any(|run| run.id == *id))
        .collect()
}
