//! `orchestrate artifacts`.

use super::jobs;
use crate::args::Request;
use crate::command::plans;
use crate::diagnostic::json;
use crate::error::Outcome;
use crate::run::{Actions, Session};
use crate::status::ExitStatus;
use crate::terminal::Terminal;
use cascade_core::lifecycle::orchestrate::{Plan, collect};
use serde_json::{Value, json};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// How builds ended, by hand: `app:success,site:failure`
    #[arg(long, value_name = "RESULTS")]
    build_results: Option<String>,
    /// Write outputs for the workflow
    #[arg(long)]
    gha_output: bool,
}

pub(super) fn run(args: &Args, request: &Request, terminal: &Terminal) -> Outcome {
    let session = Session::open(request, terminal)?;
    let actions = Actions::new(args.gha_output)?;
    let plan: Plan = plans::read("PLAN")?;
    let validate = jobs::validate(&session.lane)?;
    let builds = jobs::builds(&session.lane, args.build_results.as_deref())?;
    let collected = collect(&session.lane, &plan, validate, &builds, &session.stamp());
    let deploys = match collected.deploys() {
        Some(deploys) => json!(deploys),
        None => Value::from(""),
    };
    let document = json!({
        "plan": collected.stage,
        "deploys": deploys,
        "builds": collected.outputs,
    });
    actions.put_out(&plans::outputs(&document))?;
    terminal.out(&json::pretty(&document))?;
    Ok(ExitStatus::Success)
}
