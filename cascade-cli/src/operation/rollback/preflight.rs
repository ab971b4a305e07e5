//! `rollback preflight`.

use super::decide;
use crate::cli::diagnostic::json;
use crate::cli::error::{CommandResult, Failure};
use crate::cli::request::Request;
use crate::cli::runner;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::operation::{dispatch, plans};
use crate::run::actions::{cell, plain};
use crate::run::{Actions, Outputs, Session};
use cascade_core::commits::short;
use cascade_core::lifecycle::Stopped;
use cascade_core::lifecycle::rollback::{self, Decision, Plan};
use cascade_core::pipeline::Component;
use cascade_core::protocol::{output, variable};
use serde_json::{Map, Value, json};

#[derive(Debug, clap::Args)]
#[group(skip)]
pub(crate) struct Args {
    #[command(flatten)]
    wanted: Wanted,
    /// Write outputs and a summary for the workflow
    #[arg(long)]
    gha_output: bool,
}

/// What goes back, by hand; in the workflow the dispatch inputs or the payload say it.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Wanted {
    /// The environment that goes back
    #[arg(long, visible_alias = "environment", value_name = "NAME")]
    env: Option<String>,
    /// A version or commit; else the one before
    ///
    /// At least seven characters of a commit; without it, what the environment held before.
    #[arg(long, visible_alias = "target", value_name = "TARGET")]
    to: Option<String>,
    /// Only this deploy
    #[arg(long, value_name = "NAME")]
    deployable: Option<String>,
    /// Bypass the strategies of the deploys
    #[arg(long)]
    direct: bool,
    /// Only while this version is there
    ///
    /// If the environment, or the deploy, holds another version, nothing is done and the command
    /// succeeds: a monitor may send its signal twice.
    #[arg(long, value_name = "VERSION")]
    if_version: Option<String>,
}

const HELP: &str = "`cascade status` shows what each environment holds, and held before";

impl Wanted {
    /// The request; a flag wins.
    pub(crate) fn request(&self, given: &Map<String, Value>) -> Result<rollback::Request, Failure> {
        let value = |by_hand: &Option<String>, name: &str| match by_hand {
            Some(value) => Ok(value.clone()),
            None => dispatch::text(given, name),
        };
        Ok(rollback::Request {
            environment: value(&self.env, "environment")?,
            target: value(&self.to, "target")?,
            deployable: value(&self.deployable, "deployable")?,
            direct: self.direct || dispatch::flag(given, "direct", false)?,
            if_version: value(&self.if_version, "if_version")?,
        })
    }
}

pub(super) fn run(args: &Args, request: &Request, terminal: &Terminal) -> CommandResult {
    let session = Session::open(request, terminal)?;
    let actions = Actions::new(args.gha_output)?;
    let told = |failure: &Failure| actions.refused("Rollback", failure);
    session.require_trunk().inspect_err(told)?;
    let given = dispatch::given().inspect_err(told)?;
    if let Some(other) = meant_for_another(&session, &given).inspect_err(told)? {
        return nothing(&actions, &format!("the signal is for {other}"), terminal);
    }
    let dry_run = dispatch::flag(&given, "dry_run", session.dry_run).inspect_err(told)?;
    let asked = args.wanted.request(&given).inspect_err(told)?;
    let plan = match decide(&session, &asked) {
        Ok(Decision::Run(plan)) => plan,
        Ok(Decision::Already(why)) => return nothing(&actions, &why, terminal),
        Err(Stopped::Failed(failure)) => {
            told(&failure);
            return Err(failure.into());
        }
        Err(Stopped::Refused(refusal)) => {
            actions.summarise(&format!(
                "### Rollback: refused\n\n{}",
                plain(&refusal.to_string())
            ))?;
            if terminal.json() {
                let document = json!({ "can_proceed": false, "reason": refusal.to_string() });
                terminal.out(&json::pretty(&document))?;
            }
            terminal.failure(&Failure::new(refusal.to_string()).help(HELP));
            return Ok(ExitStatus::No);
        }
    };
    actions.put_out(&output::ROLLBACK_PREFLIGHT, &outputs(&plan, dry_run))?;
    actions.summarise(&summary(&plan, dry_run))?;
    for warning in &plan.warnings {
        terminal.note(&format!("warning: {warning}"));
    }
    match terminal.json() {
        true => terminal.out(&json::pretty(&document(&session.component, &plan)))?,
        false => terminal.say(&spoken(&plan))?,
    }
    Ok(ExitStatus::Success)
}

/// Returns the component that a signal names, if it is another one.
fn meant_for_another(
    session: &Session,
    given: &Map<String, Value>,
) -> Result<Option<String>, Failure> {
    let Some(signal) = runner::variable(variable::SIGNAL) else {
        return Ok(None);
    };
    let named = dispatch::text(given, "component")?;
    let (pipeline, component) = (&session.pipeline, &session.component);
    match rollback::is_addressed(pipeline, component, (&signal, &named)) {
        Ok(true) => Ok(None),
        Ok(false) => Ok(Some(named)),
        Err(why) => Err(Failure::new(why.to_string()).help(
            "a payload names the component beside the environment: `\"component\": \"api\"`",
        )),
    }
}

/// Succeeds without doing anything, and says why.
fn nothing(actions: &Actions, why: &str, terminal: &Terminal) -> CommandResult {
    actions.put_out(
        &output::ROLLBACK_PREFLIGHT,
        &Outputs::from_iter([("can_proceed".to_owned(), "false".to_owned())]),
    )?;
    actions.summarise(&format!("### Rollback: nothing to do\n\n{}", plain(why)))?;
    match terminal.json() {
        true => terminal.out(&json::pretty(
            &json!({ "can_proceed": false, "reason": why }),
        ))?,
        false => terminal.say(&format!("nothing to do: {why}\n"))?,
    }
    Ok(ExitStatus::Success)
}

fn outputs(plan: &Plan, dry_run: bool) -> Outputs {
    let values = [
        ("can_proceed", Value::Bool(true)),
        ("environment", plan.step.environment.as_str().into()),
        ("plan", plans::value(plan)),
        ("dry_run", dry_run.into()),
    ];
    values
        .into_iter()
        .map(|(name, value)| (name.to_owned(), plans::text(&value)))
        .collect()
}

fn document(component: &Component, plan: &Plan) -> Value {
    let step = &plan.step;
    let (external, deploys): (Vec<&String>, Vec<&String>) =
        (step.deploys.keys()).partition(|name| component.external_callback(name).is_some());
    json!({
        "can_proceed": true,
        "reason": "",
        "target_env": step.environment,
        "source_sha": step.sha,
        "version": step.version,
        "rollback_sha": step.base.sha,
        "deployable": plan.deployable,
        "deploys_to_run": deploys,
        "external_deploys_to_run": external,
        "envs_to_update": [step.environment],
    })
}

fn spoken(plan: &Plan) -> String {
    let step = &plan.step;
    let mut text = format!(
        "{}: {} -> {} ({})\n",
        step.environment,
        step.base,
        step.version,
        short(&step.sha)
    );
    for (name, planned) in &step.deploys {
        text.push_str(&format!(
            "  {name}: {} -> {}\n",
            planned.previous_version, planned.version
        ));
    }
    text
}

fn summary(plan: &Plan, dry_run: bool) -> String {
    let step = &plan.step;
    let dry = if dry_run { " (dry run)" } else { "" };
    let mut text = format!(
        "### Rollback: {} to {}{dry}\n\nIt holds {} now.\n\n| deploy | from | to |\n|---|---|---|\n",
        plain(&step.environment),
        plain(&step.version),
        plain(&step.base.to_string())
    );
    for (name, planned) in &step.deploys {
        text.push_str(&format!(
            "| {} | {} | {} |\n",
            cell(name),
            cell(&planned.previous_version),
            cell(&planned.version)
        ));
    }
    for warning in &plan.warnings {
        text.push_str(&format!("\n> {}\n", plain(warning)));
    }
    text
}
