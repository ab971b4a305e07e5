//! `integration finalize`.

use super::scene::{Branches, Scene};
use super::text;
use crate::cli::error::{CommandResult, Failure};
use crate::cli::request::Request;
use crate::cli::runner::variable;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::github::NewPull;
use crate::github::tracker::Tracker;
use crate::run::Actions;
use crate::run::needs;
use cascade_core::lifecycle::History;
use cascade_core::lifecycle::integration::{Event, Issue, State};
use cascade_core::lifecycle::outcome::Outcome;
use cascade_core::protocol;
use cascade_core::protocol::job;
use cascade_core::summary::Summary;
use serde_json::json;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The issue that tracks the integration
    #[arg(long, value_name = "NUMBER", env = protocol::variable::ISSUE.as_str())]
    issue: Option<String>,
    /// Write a summary for the workflow
    #[arg(long)]
    gha_output: bool,
}

pub(super) fn run(args: &Args, request: &Request, terminal: &Terminal) -> CommandResult {
    let scene = Scene::open(request, terminal)?;
    let actions = Actions::new(args.gha_output)?;
    let branches = scene.branches()?;
    let issue = args.issue.as_deref().and_then(|text| text.parse().ok());
    let failed = what_failed(&scene)?;
    let (result, title) = match failed {
        Some(what) => (Err(Failure::new(what)), "failed"),
        None => (bring(&scene, &branches, issue), "ready"),
    };
    let tracked = track(&scene, issue, &result);
    scene.tell_lost_comments(terminal);
    let (says, ok) = match &result {
        Ok(pull) => {
            let trunk = &scene.session.settings.trunk;
            let says = format!("#{pull} brings the upstream's changes into `{trunk}`");
            (says, true)
        }
        Err(failure) => (failure.to_string(), false),
    };
    let told = match &tracked {
        Ok(Some(number)) => format!("Tracked in #{number}."),
        Ok(None) => "No issue tracks it.".to_owned(),
        Err(failure) => format!("Not tracked: {failure}."),
    };
    let title = if ok { title } else { "failed" };
    let summary = Summary::new("Integrate", title).sentence(format!("{says}."));
    actions.summarise(&summary.sentence(told))?;
    if terminal.json() {
        let document = json!({ "ready": ok, "pull_request": result.as_ref().ok(), "reason": says });
        terminal.out(&crate::cli::diagnostic::json::pretty(&document))?;
    } else {
        terminal.say(&format!("{says}\n"))?;
    }
    match result {
        Ok(_) => Ok(ExitStatus::Success),
        Err(failure) => {
            terminal.failure(&failure);
            Ok(ExitStatus::No)
        }
    }
}

/// The job that failed, and what that means.
fn what_failed(scene: &Scene) -> Result<Option<String>, Failure> {
    let merged = needs::job(job::INTEGRATE)?.result;
    if merged != Outcome::Success {
        return Ok(Some(format!(
            "the branches could not be merged: the job `integrate` ended with {merged}"
        )));
    }
    let Some(validate) = &scene.integration.validate else {
        return Ok(None);
    };
    let result = needs::attempts("validate", validate.retries)?.result;
    Ok((result != Outcome::Success).then(|| {
        let file = validate.workflow.as_ref();
        format!(
            "`{}` does not pass `{}`: it ended with {result}",
            scene.integration.branch,
            file.map_or("", |workflow| workflow.file_name())
        )
    }))
}

/// Opens the pull request into trunk, unless it is open.
fn bring(scene: &Scene, branches: &Branches, issue: Option<u64>) -> Result<u64, Failure> {
    let github = scene.pulls()?;
    let validated = variable(protocol::variable::SHA);
    if validated.is_some() && validated != branches.integration {
        return Err(Failure::new(format!(
            "`{}` moved while it was validated",
            scene.integration.branch
        ))
        .help("start the integration again"));
    }
    let head = github.head_label(scene.integration.branch.as_str());
    let base = scene.session.settings.trunk.as_str();
    if let Some(open) = github.open_pull(&head, base)? {
        return Ok(open.number);
    }
    let mirror = branches.mirror.as_deref().unwrap_or(&branches.trunk);
    let commits = scene.session.git.commits(Some(&branches.trunk), mirror)?;
    github.create_pull(&NewPull {
        title: &format!("Integrate {}", scene.integration.upstream),
        body: &text::bringing(scene, issue, &commits),
        head: &head,
        head_repository: None,
        base,
        token_setting: "integration.token",
    })
}

/// Says on the issue how it ended: on the one that the run named, or else the one that says that
/// this run works on it.
fn track(
    scene: &Scene,
    named: Option<u64>,
    result: &Result<u64, Failure>,
) -> Result<Option<u64>, Failure> {
    let tracker = scene.tracker()?;
    let mut issues = tracker.open()?;
    let mine = |issue: &Issue| {
        let started = issue.trail.last(|event| matches!(event, Event::Started));
        scene.run.is_some() && started.and_then(|entry| entry.run) == scene.run
    };
    let own = |issue: &&mut Issue| match named {
        Some(number) => issue.number == number,
        None => issue.state() == Some(State::Active) && mine(issue),
    };
    let Some(issue) = issues.iter_mut().find(own) else {
        return Ok(None);
    };
    match result {
        Ok(pull) => {
            // The failed jobs of a run may have been run again.
            if issue.state() == Some(State::Failed) && mine(issue) {
                let event = (Event::Started, None);
                scene.advance(
                    &tracker,
                    issue,
                    State::Active,
                    event,
                    "Its failed jobs were run again.",
                )?;
            }
            let event = (Event::Ready { pull: *pull }, None);
            scene.advance(&tracker, issue, State::ProductionReady, event, "")?;
        }
        Err(failure) => fail(scene, &tracker, issue, &failure.to_string())?,
    }
    Ok(Some(issue.number))
}

/// Takes an active issue to where a person must look, with an issue that has the details. One that
/// stands elsewhere by now is told, and stays there.
pub(super) fn fail(
    scene: &Scene,
    tracker: &Tracker,
    issue: &mut Issue,
    what: &str,
) -> Result<(), Failure> {
    let number = issue.number;
    let title = format!("Failure: the upstream's changes of #{number}");
    let body = text::failure(scene, number, what);
    let label = &tracker.labels.high_priority;
    let companion = tracker.companion(
        &text::mark(number, text::Beside::Failure),
        &title,
        &body,
        label,
    )?;
    let more = format!("#{companion} has the details.");
    let event = (Event::Failed, Some(companion));
    if issue.state() == Some(State::Active) {
        return scene.advance(tracker, issue, State::Failed, event, &more);
    }
    let said = format!(
        "The integration failed: {more}\n\n{}",
        text::signed(scene, &scene.entry(Event::Failed))
    );
    scene.note(tracker, issue, event, &said)
}
