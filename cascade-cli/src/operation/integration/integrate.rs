//! `integration integrate`.

mod ended;

use super::scene::{Branches, Scene, WORKFLOWS};
use super::{finalize, sync, text};
use crate::cli::error::Failure;
use crate::cli::request::Request;
use crate::cli::terminal::Terminal;
use crate::git::{Merged, Pushed};
use crate::github::tracker::Tracker;
use crate::operation::dispatch;
use crate::run::Actions;
use cascade_core::commits::short;
use cascade_core::lifecycle::integration::{Begin, Board, Event, State, begin};
use ended::{Ended, Outcome, Tracked, Tracking, tell};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The issue that tracks the change
    ///
    /// By default the one that waits.
    #[arg(long, value_name = "NUMBER")]
    issue_number: Option<u64>,
    /// Write outputs and a summary for the workflow
    #[arg(long)]
    gha_output: bool,
}

pub(super) fn run(
    args: &Args,
    request: &Request,
    terminal: &Terminal,
) -> crate::cli::error::CommandResult {
    let scene = Scene::open(request, terminal)?;
    let actions = Actions::new(args.gha_output)?;
    let told = |failure: &Failure| actions.refused("Integrate", failure);
    scene.session.require_trunk().inspect_err(told)?;
    let given = dispatch::given()?;
    let dry_run = dispatch::flag(&given, "dry_run", scene.session.dry_run)?;
    let asked = match args.issue_number {
        Some(number) => Some(number),
        None => number(&dispatch::word(&given, "issue_number"))?,
    };
    let branches = scene.branches()?;
    let (ended, tracking) = match decide(&scene, &branches, asked, dry_run) {
        Err(ended) => (ended, Tracking::none("")),
        Ok(mut tracking) => {
            let ended = match integrate(&scene, &branches, &mut tracking, dry_run) {
                Ok(ended) => ended,
                Err(failure) => failed(&scene, &mut tracking, failure)?,
            };
            (ended, tracking)
        }
    };
    scene.tell_lost_comments(terminal);
    tell(&actions, terminal, &ended, &tracking)
}

fn number(text: &str) -> Result<Option<u64>, Failure> {
    let text = text.trim().trim_start_matches('#');
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| {
        Failure::new("`issue_number` is no number")
            .help("give the number of the tracking issue, or leave it empty")
    })
}

/// Decides which issue it is for. That issues cannot be read keeps nothing from being integrated.
fn decide(
    scene: &Scene,
    branches: &Branches,
    asked: Option<u64>,
    dry_run: bool,
) -> Result<Tracking, Ended> {
    let seen = scene.tracker().and_then(|tracker| {
        let board = scene.board(&tracker, branches)?;
        Ok((tracker, board))
    });
    let (tracker, mut board) = match seen {
        Ok(seen) => seen,
        Err(failure) => return Ok(Tracking::none(failure.to_string())),
    };
    let remark = match dry_run {
        true => String::new(),
        // What cannot be completed now is by the monitor.
        false => match scene.complete(&tracker, &mut board) {
            Ok(()) => String::new(),
            Err(failure) => failure.to_string(),
        },
    };
    match begin(&board, asked, scene.run) {
        Begin::For(number) => Ok(Tracking {
            tracked: Some(Tracked {
                tracker,
                board,
                number,
            }),
            remark,
        }),
        Begin::Untracked(remark) => Ok(Tracking::none(remark)),
        Begin::Held {
            issue,
            behind,
            state,
        } => {
            if let Some(number) = issue.filter(|_| !dry_run) {
                // The refusal itself is what ends the run.
                let _ = hold(scene, &tracker, &mut board, number, behind);
            }
            let says = format!(
                "#{behind} is {state}, and one integration is in flight at a time: finish that one first, or start it again with `issue_number` {behind}"
            );
            Err(Ended::new(Outcome::Held, says))
        }
        Begin::Refused(why) => Err(Ended::new(Outcome::Refused, why)),
    }
}

/// Notes on an issue that another one holds it back, once.
fn hold(
    scene: &Scene,
    tracker: &Tracker,
    board: &mut Board,
    number: u64,
    behind: u64,
) -> Result<(), Failure> {
    let Some(issue) = board.issues.iter_mut().find(|issue| issue.number == number) else {
        return Ok(());
    };
    let event = Event::Held { behind };
    if issue
        .trail
        .entries
        .last()
        .is_some_and(|last| last.event == event)
    {
        return Ok(());
    }
    let said = format!(
        "Held: #{behind} is in flight. It goes on by itself when that one is done.\n\n{}",
        text::signed(scene, &scene.entry(event.clone()))
    );
    scene.note(tracker, issue, (event, None), &said)
}

fn integrate(
    scene: &Scene,
    branches: &Branches,
    tracking: &mut Tracking,
    dry_run: bool,
) -> Result<Ended, Failure> {
    let integration = &scene.integration;
    let trunk = &scene.session.settings.trunk;
    let Some(mirror) = &branches.mirror else {
        return Err(
            Failure::new(format!("there is no branch `{}`", integration.mirror))
                .help("start `cascade-sync.yaml` first: it makes the branch"),
        );
    };
    if scene.contains(&branches.trunk, mirror)? {
        let hint = match tracking.tracked {
            Some(_) => ": merge the pull request of the sync first",
            None => "",
        };
        let says = format!("`{trunk}` has everything of `{}`{hint}", integration.mirror);
        return Ok(Ended::new(Outcome::Nothing, says));
    }
    if dry_run {
        let says = format!(
            "{} would be merged into `{}`",
            short(mirror),
            integration.branch
        );
        return Ok(Ended::new(Outcome::DryRun, says));
    }
    start(scene, tracking);
    let base = branches.integration.as_deref().unwrap_or(&branches.trunk);
    match merge(scene, base, branches, mirror)? {
        Merged::Commit(sha) => {
            push(scene, branches.integration.as_deref(), &sha)?;
            let says = format!("`{}` is at {}", integration.branch, short(&sha));
            Ok(Ended {
                outcome: Outcome::Merged,
                says,
                sha,
            })
        }
        Merged::Conflict(files) => Ok(conflict(scene, branches, tracking, &files)),
    }
}

/// Says on the issue that the integration begins. If that fails, it goes on without the issue.
fn start(scene: &Scene, tracking: &mut Tracking) {
    let Some((tracker, issue)) = tracking.issue() else {
        return;
    };
    let said = match issue.state() {
        Some(State::Active) => {
            let entry = scene.entry(Event::Started);
            let said = format!(
                "**active**: an integration began.\n\n{}",
                text::signed(scene, &entry)
            );
            scene.note(tracker, issue, (Event::Started, None), &said)
        }
        _ => scene.advance(tracker, issue, State::Active, (Event::Started, None), ""),
    };
    if let Err(failure) = said {
        tracking.remark = failure.to_string();
    }
}

/// Says on the issue why the branches could not be merged. Where that cannot be said, the failure
/// is left for the job that comes last.
fn failed(scene: &Scene, tracking: &mut Tracking, failure: Failure) -> Result<Ended, Failure> {
    let Some((tracker, issue)) = tracking.issue() else {
        return Err(failure);
    };
    if issue.state() != Some(State::Active) {
        return Err(failure);
    }
    match finalize::fail(scene, tracker, issue, &failure.to_string()) {
        Ok(()) => Ok(Ended::new(Outcome::Failed, failure.to_string())),
        Err(_) => Err(failure),
    }
}

/// Trunk first: what it changed since is the fork's own.
fn merge(scene: &Scene, base: &str, branches: &Branches, mirror: &str) -> Result<Merged, Failure> {
    let (git, identity) = (scene.git(), scene.session.identity()?);
    let trunk = &scene.session.settings.trunk;
    let message = |what: &str| format!("chore: merge {what} into {}\n", scene.integration.branch);
    let trunk = (base, branches.trunk.as_str(), message(trunk.as_str()));
    let onto = match git.merge((trunk.0, trunk.1), None, &trunk.2, &identity)? {
        Merged::Commit(onto) => onto,
        conflict @ Merged::Conflict(_) => return Ok(conflict),
    };
    let message = message(scene.integration.mirror.as_str());
    let keeps = scene.lacks_workflows(mirror)?.then_some(WORKFLOWS);
    git.merge((&onto, mirror), keeps, &message, &identity)
}

fn push(scene: &Scene, from: Option<&str>, to: &str) -> Result<(), Failure> {
    let branch = scene.integration.branch.as_str();
    if from == Some(to) {
        return Ok(());
    }
    match scene.git().move_branch(branch, from, Some(to))? {
        Pushed::Done => Ok(()),
        Pushed::Raced => {
            Err(Failure::new(format!("`{branch}` moved meanwhile"))
                .help("start the integration again"))
        }
        Pushed::Refused(why) => Err(sync::refused(branch, to, &why)),
    }
}

/// Opens the issue of a conflict, and has the tracked one wait for it. Where that cannot be done,
/// the run itself says what helps.
fn conflict(
    scene: &Scene,
    branches: &Branches,
    tracking: &mut Tracking,
    files: &[String],
) -> Ended {
    let says = format!(
        "`{}` and `{}` conflict in {} files",
        scene.session.settings.trunk,
        scene.integration.mirror,
        files.len()
    );
    let from = branches
        .integration
        .as_ref()
        .map(|_| &scene.integration.branch);
    let from = from.unwrap_or(&scene.session.settings.trunk).as_str();
    let mut number = None;
    let told = tracking.issue().map(|(tracker, issue)| {
        number = Some(issue.number);
        let body = text::conflict(scene, number, from, files);
        let title = format!("Conflict: the upstream's changes of #{}", issue.number);
        let mark = text::mark(issue.number, text::Beside::Conflict);
        let label = &tracker.labels.human;
        let companion = tracker.companion(&mark, &title, &body, label)?;
        let more = format!("#{companion} lists the files, and the commands that help.");
        let event = (Event::Conflicted, Some(companion));
        scene.advance(tracker, issue, State::Blocked, event, &more)?;
        Ok::<_, Failure>(companion)
    });
    let says = match told {
        Some(Ok(companion)) => format!("{says}: #{companion} says what to do"),
        Some(Err(failure)) => {
            tracking.remark = failure.to_string();
            format!("{says}: {}", text::conflict(scene, number, from, files))
        }
        None => format!("{says}: {}", text::conflict(scene, None, from, files)),
    };
    Ended::new(Outcome::Conflict, says)
}
