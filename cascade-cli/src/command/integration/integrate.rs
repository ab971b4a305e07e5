//! `integration integrate`.

use super::scene::{Branches, Scene};
use super::{sync, text};
use crate::args::Request;
use crate::command::dispatch;
use crate::error::{Failure, Outcome};
use crate::run::actions::plain;
use crate::run::git::{Merged, Pushed};
use crate::run::tracker::Tracker;
use crate::run::{Actions, Outputs};
use crate::status::ExitStatus;
use crate::terminal::Terminal;
use cascade_core::commits::short;
use cascade_core::lifecycle::integration::{Begin, Board, Event, State, begin};
use serde_json::json;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The issue that tracks the change; the one that waits if nothing is said
    #[arg(long, value_name = "NUMBER")]
    issue_number: Option<u64>,
    /// Write outputs and a summary for the workflow
    #[arg(long)]
    gha_output: bool,
}

/// The issue that an integration is for; without one, why.
struct Tracked {
    tracker: Option<Tracker>,
    board: Option<Board>,
    number: Option<u64>,
    remark: String,
}

/// How it ended.
struct Ended {
    /// `merged`, `nothing`, `conflict`, `held`, `refused` or `dry-run`.
    outcome: &'static str,
    says: String,
    sha: String,
}

pub(super) fn run(args: &Args, request: &Request, terminal: &Terminal) -> Outcome {
    let scene = Scene::open(request, terminal)?;
    let actions = Actions::new(args.gha_output)?;
    let given = dispatch::given()?;
    let dry_run = dispatch::flag(&given, "dry_run", scene.session.dry_run)?;
    let asked = match args.issue_number {
        Some(number) => Some(number),
        None => number(&dispatch::word(&given, "issue_number"))?,
    };
    let branches = scene.branches()?;
    let mut tracked = match dry_run {
        true => decide(&scene, &branches, asked, |_, _| Ok(())),
        false => decide(&scene, &branches, asked, |tracker, board| {
            scene.complete(tracker, board)
        }),
    };
    let ended = match &mut tracked {
        Err(ended) => Ended {
            ..std::mem::replace(ended, Ended::new("refused", ""))
        },
        Ok(tracked) => integrate(&scene, &branches, tracked, dry_run)?,
    };
    let (issue, remark) = match &tracked {
        Ok(tracked) => (tracked.number, tracked.remark.as_str()),
        Err(_) => (None, ""),
    };
    tell(&actions, terminal, &ended, issue, remark)
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

fn tell(
    actions: &Actions,
    terminal: &Terminal,
    ended: &Ended,
    issue: Option<u64>,
    remark: &str,
) -> Outcome {
    let remark = match remark {
        "" => String::new(),
        remark => format!("\n\nNot tracked: {}.", plain(remark)),
    };
    actions.summarise(&format!(
        "### Integrate: {}\n\n{}.{remark}",
        ended.outcome, ended.says
    ))?;
    let issue_text = issue.map(|number| number.to_string()).unwrap_or_default();
    let outputs = [
        ("outcome", ended.outcome.to_owned()),
        ("sha", ended.sha.clone()),
        ("issue", issue_text),
    ];
    let outputs: Outputs = outputs
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    actions.put_out(&outputs)?;
    if terminal.json() {
        let document = json!({
            "outcome": ended.outcome,
            "reason": ended.says,
            "sha": ended.sha,
            "issue": issue,
        });
        terminal.out(&crate::diagnostic::json::pretty(&document))?;
    } else {
        terminal.say(&format!("{}{remark}\n", ended.says))?;
    }
    match ended.outcome {
        "conflict" | "held" | "refused" => {
            terminal.failure(&Failure::new(ended.says.clone()));
            Ok(ExitStatus::No)
        }
        _ => Ok(ExitStatus::Success),
    }
}

impl Ended {
    fn new(outcome: &'static str, says: impl Into<String>) -> Self {
        Self {
            outcome,
            says: says.into(),
            sha: String::new(),
        }
    }
}

/// Decides which issue it is for. That issues cannot be read keeps nothing from being integrated.
fn decide(
    scene: &Scene,
    branches: &Branches,
    asked: Option<u64>,
    complete: impl FnOnce(&Tracker, &mut Board) -> Result<(), Failure>,
) -> Result<Tracked, Ended> {
    let untracked = |failure: &Failure| Tracked {
        tracker: None,
        board: None,
        number: None,
        remark: failure.to_string(),
    };
    let seen = scene.tracker().and_then(|tracker| {
        let mut board = scene.board(tracker.open()?, &tracker, branches)?;
        complete(&tracker, &mut board)?;
        Ok((tracker, board))
    });
    let (tracker, mut board) = match seen {
        Ok(seen) => seen,
        Err(failure) => return Ok(untracked(&failure)),
    };
    match begin(&board, asked, scene.run) {
        Begin::For(number) => Ok(Tracked {
            tracker: Some(tracker),
            board: Some(board),
            number: Some(number),
            remark: String::new(),
        }),
        Begin::Untracked(remark) => Ok(Tracked {
            tracker: Some(tracker),
            board: Some(board),
            number: None,
            remark,
        }),
        Begin::Held {
            issue,
            behind,
            state,
        } => {
            if let Some(number) = issue
                && !scene.session.dry_run
            {
                // The refusal itself is what ends the run.
                let _ = hold(scene, &tracker, &mut board, number, behind);
            }
            Err(Ended::new(
                "held",
                format!(
                    "#{behind} is {state}, and one integration is in flight at a time: finish that one first, or start it again with `issue_number` {behind}"
                ),
            ))
        }
        Begin::Refused(why) => Err(Ended::new("refused", why)),
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
    tracked: &mut Tracked,
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
        let hint = match tracked.number {
            Some(_) => ": merge the pull request of the sync first",
            None => "",
        };
        let says = format!("`{trunk}` has everything of `{}`{hint}", integration.mirror);
        return Ok(Ended::new("nothing", says));
    }
    if dry_run {
        let says = format!(
            "{} would be merged into `{}`",
            short(mirror),
            integration.branch
        );
        return Ok(Ended::new("dry-run", says));
    }
    start(scene, tracked);
    let base = branches.integration.as_deref().unwrap_or(&branches.trunk);
    match merge(scene, base, branches, mirror)? {
        Merged::Commit(sha) => {
            push(scene, branches.integration.as_deref(), &sha)?;
            let says = format!("`{}` is at {}", integration.branch, short(&sha));
            Ok(Ended {
                outcome: "merged",
                says,
                sha,
            })
        }
        Merged::Conflict(files) => Ok(conflict(scene, tracked, &files)),
    }
}

/// Says on the issue that the integration begins. If that fails, it goes on without the issue.
fn start(scene: &Scene, tracked: &mut Tracked) {
    let (Some(tracker), Some(board), Some(number)) =
        (&tracked.tracker, &mut tracked.board, tracked.number)
    else {
        return;
    };
    let issue = board.issues.iter_mut().find(|issue| issue.number == number);
    let Some(issue) = issue else { return };
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
        tracked.remark = failure.to_string();
    }
}

/// Trunk first: what it changed since is the fork's own.
fn merge(scene: &Scene, base: &str, branches: &Branches, mirror: &str) -> Result<Merged, Failure> {
    let (git, identity) = (scene.git(), scene.session.identity());
    let trunk = &scene.session.settings.trunk;
    let message = |what: &str| format!("chore: merge {what} into {}\n", scene.integration.branch);
    let onto = match git.merge(base, &branches.trunk, &message(trunk.as_str()), &identity)? {
        Merged::Commit(onto) => onto,
        conflict @ Merged::Conflict(_) => return Ok(conflict),
    };
    git.merge(
        &onto,
        mirror,
        &message(scene.integration.mirror.as_str()),
        &identity,
    )
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

/// Opens the issue of a conflict, and has the tracked one wait for it.
fn conflict(scene: &Scene, tracked: &mut Tracked, files: &[String]) -> Ended {
    let integration = &scene.integration;
    let mut ended = Ended::new(
        "conflict",
        format!(
            "`{}` and `{}` conflict in {} files",
            scene.session.settings.trunk,
            integration.mirror,
            files.len()
        ),
    );
    let (Some(tracker), Some(board), Some(number)) =
        (&tracked.tracker, &mut tracked.board, tracked.number)
    else {
        ended.says = format!("{}: {}", ended.says, text::conflict(scene, None, files));
        return ended;
    };
    let issue = board.issues.iter_mut().find(|issue| issue.number == number);
    let told = issue.map(|issue| {
        let body = text::conflict(scene, Some(number), files);
        let title = format!("Conflict: the upstream's changes of #{number}");
        let label = &tracker.labels.human;
        let companion = tracker.companion(
            &text::mark(number, text::Beside::Conflict),
            &title,
            &body,
            label,
        )?;
        let more = format!("#{companion} lists the files, and the commands that help.");
        let event = (Event::Conflicted, Some(companion));
        scene.advance(tracker, issue, State::Blocked, event, &more)?;
        Ok::<_, Failure>(companion)
    });
    match told {
        Some(Ok(companion)) => ended.says = format!("{}: #{companion} says what to do", ended.says),
        Some(Err(failure)) => tracked.remark = failure.to_string(),
        None => {}
    }
    ended
}
