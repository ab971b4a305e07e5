//! `hotfix plan`.

use super::{Wanted, deploying, opening, stop, text};
use crate::cli::diagnostic::json;
use crate::cli::error::{CommandResult, Failure};
use crate::cli::request::Request;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::operation::{dispatch, orchestrate, plans};
use crate::run::actions::plain;
use crate::run::{Actions, Session};
use cascade_core::lifecycle::hotfix::{Decision, Deployment, Elevation};
use cascade_core::protocol::output;
use serde_json::{Value, json};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    wanted: Wanted,
    /// Write outputs and a summary for the workflow
    #[arg(long)]
    gha_output: bool,
}

pub(super) fn run(args: &Args, request: &Request, terminal: &Terminal) -> CommandResult {
    let session = Session::open(request, terminal)?;
    let actions = Actions::new(args.gha_output)?;
    let told = |failure: &Failure| actions.refused("Hotfix", failure);
    session.require_trunk().inspect_err(told)?;
    let given = dispatch::given().inspect_err(told)?;
    session.git.require_history().inspect_err(told)?;
    let dry_run = dispatch::flag(&given, "dry_run", session.dry_run).inspect_err(told)?;
    let wanted = args.wanted.with(&given);
    let managed = session.managed_at_start()?;
    if wanted.deploys() {
        return match deploying(&session, &managed, &wanted, dry_run) {
            Ok(deployment) => deploys(&actions, terminal, &deployment),
            Err(stopped) => stop(&actions, terminal, stopped),
        };
    }
    let asked = wanted.request(&session).inspect_err(told)?;
    match opening(&session, &managed, &asked) {
        Ok(Decision::Open(elevation)) => opens(&actions, terminal, &elevation, dry_run),
        Ok(Decision::Already(why)) => nothing(&actions, terminal, &why),
        Err(stopped) => stop(&actions, terminal, stopped),
    }
}

fn opens(
    actions: &Actions,
    terminal: &Terminal,
    elevation: &Elevation,
    dry: bool,
) -> CommandResult {
    let document = json!({
        "can_proceed": true,
        "reason": "",
        "action": if dry { "" } else { "open" },
        "environment": elevation.target,
        "plan": plans::value(elevation),
        "dry_run": dry,
    });
    let summary = text::opening(elevation, dry);
    tell(
        actions,
        terminal,
        &document,
        &summary,
        &text::spoken(elevation),
    )
}

fn deploys(actions: &Actions, terminal: &Terminal, deployment: &Deployment) -> CommandResult {
    let run = &deployment.run;
    let step = &run.step;
    let deploys = match step.deploys.is_empty() {
        true => Value::from(""),
        false => json!(step.deploys.keys().collect::<Vec<_>>()),
    };
    let document = json!({
        "can_proceed": true,
        "reason": "",
        "action": "deploy",
        "environment": step.environment,
        "sha": step.sha,
        "version": step.version,
        "plan": plans::value(deployment),
        "recorded": orchestrate::recorded(step),
        "builds": run.run_builds,
        "deploys": deploys,
        "dry_run": run.dry_run,
    });
    let spoken = format!("{}: {} -> {}\n", step.environment, step.base, step.version);
    tell(
        actions,
        terminal,
        &document,
        &text::deploying(deployment),
        &spoken,
    )
}

fn nothing(actions: &Actions, terminal: &Terminal, why: &str) -> CommandResult {
    let document = json!({ "can_proceed": false, "reason": why, "action": "" });
    let summary = format!("### Hotfix: nothing to do\n\n{}", plain(why));
    tell(
        actions,
        terminal,
        &document,
        &summary,
        &format!("nothing to do: {why}\n"),
    )
}

fn tell(
    actions: &Actions,
    terminal: &Terminal,
    document: &Value,
    summary: &str,
    spoken: &str,
) -> CommandResult {
    actions.put_out(&output::HOTFIX_PLAN, &plans::outputs(document))?;
    actions.summarise(summary)?;
    match terminal.json() {
        true => terminal.out(&json::pretty(document))?,
        false => terminal.say(spoken)?,
    }
    Ok(ExitStatus::Success)
}
