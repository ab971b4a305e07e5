//! `orchestrate setup`.

use crate::args::Request;
use crate::command::external::Pins;
use crate::command::{dispatch, plans};
use crate::diagnostic::json;
use crate::error::{Failure, Outcome};
use crate::run::actions::plain;
use crate::run::{Actions, Session};
use crate::status::ExitStatus;
use crate::terminal::Terminal;
use cascade_core::commits::short;
use cascade_core::lifecycle::History;
use cascade_core::lifecycle::orchestrate::{self, Decision, Plan};
use serde_json::{Value, json};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Write outputs and a summary for the workflow
    #[arg(long)]
    gha_output: bool,
}

pub(super) fn run(args: &Args, request: &Request, terminal: &Terminal) -> Outcome {
    let session = Session::open(request, terminal)?;
    let actions = Actions::new(args.gha_output)?;
    let inputs = dispatch::inputs(&session.lane)?;
    let start = session.git.head()?;
    let refuse = |failure: &Failure| {
        // The failure itself is what ends the run.
        let why = plain(&failure.to_string());
        let _ = actions.summarise(&format!("### Orchestrate: refused\n\n{why}"));
    };
    let trunk = session.trunk()?;
    refuse_branches(&session, &start, trunk.as_deref()).inspect_err(|failure| refuse(failure))?;
    let head = session.newest_change(&start)?;
    let managed = session.managed_on(trunk.as_deref())?;
    let pins = Pins::of_run(&session, &managed).inspect_err(|failure| refuse(failure))?;
    let asked = orchestrate::Request {
        pulled: pins.pulled,
        elsewhere: pins.elsewhere,
        head: head.clone(),
        dry_run: session.dry_run || dispatch::flag(&inputs.given, "dry_run", false)?,
        forced: session.forced(&managed, &head)?,
        again: session.environment.attempt > 1,
    };
    let decision = orchestrate::plan(&session.lane, &managed, &session.git, &asked)?;
    let document = match &decision {
        Decision::Run(plan) => running(plan, &inputs.effective),
        Decision::Nothing(why) => idle(why),
        Decision::Superseded(why) => {
            actions.summarise(&format!("### Orchestrate: refused\n\n{}", plain(why)))?;
            terminal
                .failure(&Failure::new(why.clone()).help("start a run for the head of the trunk"));
            return Ok(ExitStatus::No);
        }
    };
    actions.put_out(&plans::outputs(&document))?;
    let mut summary = summary(&decision, &head);
    for remark in &pins.remarks {
        summary.push_str(&format!("\n> {}\n", plain(remark)));
        terminal.say(&format!("{remark}\n"))?;
    }
    actions.summarise(&summary)?;
    match terminal.json() {
        true => terminal.out(&json::pretty(&document))?,
        false => terminal.say(&format!("{}\n", spoken(&decision, &head)))?,
    }
    Ok(ExitStatus::Success)
}

/// A workflow runs on whatever branch it was started on; releases flow from the trunk only.
fn refuse_branches(session: &Session, head: &str, tip: Option<&str>) -> Result<(), Failure> {
    let trunk = &session.settings.trunk;
    let Some(tip) = tip.filter(|_| session.environment.in_actions) else {
        return Ok(());
    };
    if session.git.contains(tip, head)? {
        return Ok(());
    }
    Err(Failure::new(format!("{} is not on `{trunk}`", short(head)))
        .help("start the run on the trunk: releases flow from there"))
}

fn running(plan: &Plan, dispatch: &Value) -> Value {
    let deploys = match plan.stage.deploys.is_empty() {
        true => Value::from(""),
        false => json!(plan.stage.deploys),
    };
    json!({
        "run": true,
        "sha": plan.stage.sha,
        "version": plan.stage.version,
        "plan": plan,
        "validate": plan.validate,
        "builds": plan.run_builds,
        "deploys": deploys,
        "dispatch": dispatch,
        "dry_run": plan.dry_run,
    })
}

fn idle(why: &str) -> Value {
    json!({ "run": false, "reason": why, "builds": [], "deploys": "", "validate": false })
}

fn spoken(decision: &Decision, head: &str) -> String {
    match decision {
        Decision::Run(plan) => {
            let mut text = format!("{} at {}", plan.stage.version, short(head));
            for (what, why) in &plan.reasons {
                text.push_str(&format!("\n  {what}: {why}"));
            }
            text
        }
        Decision::Nothing(why) | Decision::Superseded(why) => format!("nothing to run: {why}"),
    }
}

fn summary(decision: &Decision, head: &str) -> String {
    match decision {
        Decision::Run(plan) if plan.only_pulls() => {
            let mut text = "### Orchestrate: new versions of other repositories\n\n".to_owned();
            for (what, why) in &plan.reasons {
                text.push_str(&format!("- {}: {}\n", plain(what), plain(why)));
            }
            text.push_str("\nNothing is given them, so nothing runs; they are recorded.\n");
            text
        }
        Decision::Run(plan) => {
            let dry = if plan.dry_run { " (dry run)" } else { "" };
            let mut text = format!(
                "### Orchestrate: {}{dry}\n\nCommit {} for {}.\n\n",
                plain(&plan.stage.version),
                short(head),
                plain(&plan.stage.environment)
            );
            if plan.reasons.is_empty() {
                text.push_str("No callback runs.\n");
            } else {
                text.push_str("| runs | because |\n|---|---|\n");
            }
            for (what, why) in &plan.reasons {
                text.push_str(&format!("| {} | {} |\n", plain(what), plain(why)));
            }
            text
        }
        Decision::Nothing(why) | Decision::Superseded(why) => {
            format!("### Orchestrate: nothing to do\n\n{}\n", plain(why))
        }
    }
}
