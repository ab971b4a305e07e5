//! `integration monitor`.

mod report;

use super::scene::{Branches, Scene};
use super::{sync, text};
use crate::cli::error::{CommandResult, Failure};
use crate::cli::request::Request;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::github::tracker::Tracker;
use crate::operation::dispatch;
use crate::run::Actions;
use crate::run::actions::plain;
use cascade_core::lifecycle::integration::{
    Action, Board, Entry, Event, Health, Issue, Pass, State, Trigger, decide,
};
use serde::Serialize;
use serde_json::{Map, Value, json};

/// With more open issues than this, the report leaves closed ones out.
const MANY: usize = 500;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only this pass, or several
    ///
    /// completion, orphan, missed-trigger, recovery, stale or report.
    #[arg(long, value_name = "PASS")]
    pass: Vec<String>,
    /// Write a summary for the workflow
    #[arg(long)]
    gha_output: bool,
}

/// The observations and actions of a pass.
#[derive(Debug, Serialize)]
struct Passed {
    pass: &'static str,
    /// The number of issues that it looked at.
    saw: usize,
    did: Vec<Action>,
    /// The actions that failed.
    failed: Vec<String>,
}

/// The context in which the monitor works.
struct Watch<'a> {
    scene: &'a Scene,
    tracker: Tracker,
    board: Board,
    dry_run: bool,
}

pub(super) fn run(args: &Args, request: &Request, terminal: &Terminal) -> CommandResult {
    let scene = Scene::open(request, terminal)?;
    let actions = Actions::new(args.gha_output)?;
    let told = |failure: &Failure| actions.refused("Monitor", failure);
    scene.session.require_trunk().inspect_err(told)?;
    let given = dispatch::given()?;
    let dry_run = dispatch::flag(&given, "dry_run", scene.session.dry_run)?;
    let tracker = scene.tracker()?;
    let branches: Branches = scene.branches()?;
    let board = scene.board(&tracker, &branches)?;
    let mut watch = Watch {
        scene: &scene,
        tracker,
        board,
        dry_run,
    };
    let wanted = wanted(args, &given)?;
    let mut passed = Vec::new();
    let mut health = None;
    for pass in wanted {
        let mut result = watch.pass(pass);
        if pass == Pass::Report && scene.integration.monitor.report {
            match watch.health() {
                Ok(found) => health = Some(found),
                Err(failure) => result.failed.push(failure.to_string()),
            }
        }
        passed.push(result);
    }
    actions.summarise(&report::summary(&watch, &passed, health.as_ref()))?;
    let document = json!({ "passes": passed, "health": health, "dry_run": dry_run });
    match terminal.json() {
        true => terminal.out(&crate::cli::diagnostic::json::pretty(&document))?,
        false => spoken(terminal, &passed)?,
    }
    let lost = scene.tell_lost_comments(terminal);
    let failed: Vec<&String> = passed.iter().flat_map(|pass| &pass.failed).collect();
    if failed.is_empty() && !lost {
        return Ok(ExitStatus::Success);
    }
    for failure in failed {
        terminal.failure(&Failure::new(failure.clone()));
    }
    Ok(ExitStatus::CouldNotRun)
}

/// The passes that are asked for; all if none is.
fn wanted(args: &Args, given: &Map<String, Value>) -> Result<Vec<Pass>, Failure> {
    let dispatched = dispatch::word(given, "pass");
    let names = args.pass.iter().chain(std::iter::once(&dispatched));
    let names: Vec<&str> = names
        .map(|name| name.trim())
        .filter(|name| !name.is_empty())
        .collect();
    if names.is_empty() {
        return Ok(Pass::ALL.to_vec());
    }
    let pass = |name: &str| {
        let mut all = Pass::ALL.into_iter();
        all.find(|pass| pass.as_str() == name).ok_or_else(|| {
            let known = Pass::ALL.map(Pass::as_str).join(", ");
            Failure::new(format!("there is no pass `{name}`")).help(format!("there are {known}"))
        })
    };
    names.into_iter().map(pass).collect()
}

fn spoken(terminal: &Terminal, passed: &[Passed]) -> Result<(), Failure> {
    for pass in passed {
        let did = match pass.did.len() {
            0 => "nothing to do".to_owned(),
            _ => pass
                .did
                .iter()
                .map(report::told)
                .collect::<Vec<_>>()
                .join("; "),
        };
        terminal.say(&format!("{}: {did}\n", pass.pass))?;
    }
    Ok(())
}

impl Watch<'_> {
    /// One pass. What it fails at keeps nothing else from being done.
    fn pass(&mut self, pass: Pass) -> Passed {
        let mut passed = Passed {
            pass: pass.as_str(),
            saw: self.board.issues.len(),
            did: Vec::new(),
            failed: Vec::new(),
        };
        for action in decide(pass, &self.board, &self.scene.integration.monitor) {
            let done = match self.dry_run {
                true => Ok(()),
                false => self.act(&action),
            };
            match done {
                Ok(()) => passed.did.push(action),
                Err(failure) => passed.failed.push(failure.to_string()),
            }
        }
        passed
    }

    fn act(&mut self, action: &Action) -> Result<(), Failure> {
        match action {
            Action::Advance { issue, to, event } => self.with(*issue, |scene, tracker, issue| {
                scene.advance(tracker, issue, *to, (event.clone(), None), "")
            }),
            Action::Trigger {
                issue,
                why,
                attempt,
            } => self.trigger(*issue, *why, *attempt),
            Action::GiveUp { issue } => self.with(*issue, give_up),
            Action::Open { change } => {
                let Self {
                    scene,
                    tracker,
                    board,
                    ..
                } = self;
                sync::open_issue(scene, tracker, board, change, None).map(|_| ())
            }
            Action::Escalate { issue, seconds } => self.with(*issue, |scene, tracker, issue| {
                escalate(scene, tracker, issue, *seconds)
            }),
        }
    }

    /// Changes an issue, and what is seen of it.
    fn with(
        &mut self,
        number: u64,
        change: impl FnOnce(&Scene, &Tracker, &mut Issue) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let issue = self
            .board
            .issues
            .iter_mut()
            .find(|issue| issue.number == number);
        match issue {
            Some(issue) => change(self.scene, &self.tracker, issue),
            None => Ok(()),
        }
    }

    /// Notes that a run is asked for, says so, and asks for it.
    fn trigger(&mut self, number: u64, why: Trigger, attempt: usize) -> Result<(), Failure> {
        let trunk = self.scene.session.settings.trunk.as_str().to_owned();
        let many = self.has_many();
        self.with(number, |scene, tracker, issue| {
            if why == Trigger::Retry {
                release(tracker, issue, many)?;
            }
            let event = Event::Triggered { why };
            let most = scene.integration.monitor.max_retries.max(1);
            let count = format!("This is attempt {attempt} of at most {most}.");
            match why {
                Trigger::Retry => {
                    scene.advance(tracker, issue, State::Active, (event, None), &count)?;
                }
                Trigger::Missed | Trigger::Held => {
                    let said = format!(
                        "{} The monitor starts the integration. {count}\n\n{}",
                        reason(scene, why),
                        text::signed(scene, &scene.entry(event.clone()))
                    );
                    scene.note(tracker, issue, (event, None), &said)?;
                }
            }
            tracker
                .dispatch(&trunk, number)
                .or_else(|failure| not_started(scene, tracker, issue, failure))
        })
    }

    /// Returns true if so many issues are open that each further request counts.
    fn has_many(&self) -> bool {
        self.board.issues.len() > MANY
    }

    fn health(&self) -> Result<Health, Failure> {
        let closed = match self.has_many() {
            true => Vec::new(),
            false => self.tracker.closed()?,
        };
        // What this run has closed is in both lists.
        let closed = closed
            .iter()
            .filter(|issue| self.board.issue(issue.number).is_none());
        let all = self.board.issues.iter().chain(closed);
        Ok(Health::new(all, self.board.facts.now))
    }
}

fn reason(scene: &Scene, why: Trigger) -> String {
    match why {
        Trigger::Held => "What held this change back is done.".to_owned(),
        Trigger::Missed | Trigger::Retry => format!(
            "`{}` has this change, and nobody has started its integration.",
            scene.integration.mirror
        ),
    }
}

/// Notes who said that a failed integration may be tried again, and when; with many issues, when
/// the issue changed last.
fn release(tracker: &Tracker, issue: &mut Issue, many: bool) -> Result<(), Failure> {
    let found = match many {
        true => Some((issue.updated, String::new())),
        false => tracker.released(issue.number, &tracker.labels.human)?,
    };
    if let Some((at, by)) = found.filter(|(at, _)| *at >= issue.since()) {
        issue.trail.entries.push(Entry {
            at,
            by,
            run: None,
            companion: None,
            event: Event::Released,
        });
    }
    Ok(())
}

/// Says that nobody starts it any more but people.
fn give_up(scene: &Scene, tracker: &Tracker, issue: &mut Issue) -> Result<(), Failure> {
    let said = format!(
        "The monitor has asked for a run as often as it may, and the change is not integrated.\n\n**Next:** {}\n\n{}",
        text::start(scene, issue.number),
        text::signed(scene, &scene.entry(Event::Exhausted))
    );
    scene.note(tracker, issue, (Event::Exhausted, None), &said)
}

/// Notes that GitHub did not start a run; what the issue was released for is kept.
fn not_started(
    scene: &Scene,
    tracker: &Tracker,
    issue: &mut Issue,
    failure: Failure,
) -> Result<(), Failure> {
    let why = plain(&failure.to_string());
    let event = (Event::TriggerFailed, None);
    match issue.state() {
        Some(State::Active) => {
            scene.advance(tracker, issue, State::RetryReady, event, &why)?;
        }
        _ => {
            let said = format!(
                "The run could not be started: {why}\n\n**Next:** the monitor tries again on a later round, as often as it may; or {}\n\n{}",
                text::start(scene, issue.number),
                text::signed(scene, &scene.entry(Event::TriggerFailed))
            );
            scene.note(tracker, issue, event, &said)?;
        }
    }
    Err(failure)
}

fn escalate(
    scene: &Scene,
    tracker: &Tracker,
    issue: &mut Issue,
    seconds: u64,
) -> Result<(), Failure> {
    let (number, waited) = (issue.number, text::duration(seconds));
    let state = issue.state().unwrap_or(State::Failed);
    let title = format!("Escalation: nobody acts on #{number}");
    let body = text::escalation(scene, number, state, &waited);
    let label = &tracker.labels.high_priority;
    let mark = text::mark(number, text::Beside::Escalation);
    let companion = tracker.companion(&mark, &title, &body, label)?;
    let said = format!(
        "Nobody has acted for {waited}: #{companion} says so.\n\n{}",
        text::signed(scene, &scene.entry(Event::Escalated))
    );
    let event = (Event::Escalated, Some(companion));
    scene.note(tracker, issue, event, &said)
}
