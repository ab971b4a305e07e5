//! `orchestrate setup`.

use crate::cli::diagnostic::json;
use crate::cli::error::{CommandResult, Failure};
use crate::cli::request::Request;
use crate::cli::runner;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::operation::external::Pins;
use crate::operation::{dispatch, plans};
use crate::run::{Actions, Session, changelog};
use cascade_core::commits::{is_hash, short};
use cascade_core::lifecycle::orchestrate::{self, Decision, Plan};
use cascade_core::lifecycle::{History, Step};
use cascade_core::pipeline::Component;
use cascade_core::protocol;
use cascade_core::protocol::output;
use cascade_core::summary::{Move, Summary, Table, moved};
use serde_json::{Value, json};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Write outputs and a summary for the workflow
    #[arg(long)]
    gha_output: bool,
}

pub(super) fn run(args: &Args, request: &Request, terminal: &Terminal) -> CommandResult {
    let session = Session::open(request, terminal)?;
    let actions = Actions::new(args.gha_output)?;
    let inputs = dispatch::inputs(&session.component)?;
    let refuse = |failure: &Failure| actions.refused("Orchestrate", failure);
    session.require_trunk().inspect_err(refuse)?;
    session.git.require_history().inspect_err(refuse)?;
    session.tell_ignored_tags(terminal)?;
    let trunk = session.trunk()?;
    let Some(start) = start(&session, trunk.as_deref()).inspect_err(refuse)? else {
        let trunk = &session.settings.trunk;
        let why = format!("the run that started this one is of a commit that is not on `{trunk}`");
        return tell(&actions, terminal, &Told::nothing(&why));
    };
    let head = session.newest_change(&start)?;
    let managed = session.managed_on(trunk.as_deref())?;
    let pins = Pins::of_run(&session, &managed).inspect_err(refuse)?;
    let asked = orchestrate::Request {
        pulled: pins.pulled,
        elsewhere: pins.elsewhere,
        head: head.clone(),
        dry_run: session.dry_run || dispatch::flag(&inputs.given, "dry_run", false)?,
        forced: session.forced(&managed, &head)?,
        again: session.environment.attempt > 1,
    };
    let decision = orchestrate::plan(&session.component, &managed, &session.git, &asked)?;
    let mut told = match &decision {
        Decision::Run(plan) => Told {
            document: running(plan, &inputs.effective),
            execution: execution(&session.component, plan),
            summary: summary(&session, plan, &head),
            spoken: spoken(plan, &head),
        },
        Decision::Nothing(why) => Told::nothing(why),
        Decision::Outdated(why) => {
            actions.summarise(&Summary::refused("Orchestrate", why))?;
            terminal
                .failure(&Failure::new(why.clone()).help("start a run for the head of the trunk"));
            return Ok(ExitStatus::No);
        }
    };
    for remark in &pins.remarks {
        told.summary = told.summary.warnings([remark]);
        terminal.say(&format!("{remark}\n"))?;
    }
    tell(&actions, terminal, &told)
}

/// A decision as jobs, people and scripts are told it.
struct Told {
    document: Value,
    /// Fields that scripts read besides.
    execution: Value,
    summary: Summary,
    spoken: String,
}

impl Told {
    fn nothing(why: &str) -> Self {
        Self {
            document: idle(why),
            execution: json!({ "has_changes": false, "triggered_builds": [], "triggered_deploys": [] }),
            summary: Summary::new("Orchestrate", "nothing to do").sentence(why),
            spoken: format!("nothing to run: {why}"),
        }
    }
}

impl Told {
    /// Returns the decision as a script reads it.
    fn shown(&self) -> Value {
        let mut shown = self.document.clone();
        if let (Value::Object(shown), Value::Object(more)) = (&mut shown, &self.execution) {
            shown.extend(more.clone());
        }
        shown
    }
}

fn tell(actions: &Actions, terminal: &Terminal, told: &Told) -> CommandResult {
    actions.put_out(&output::ORCHESTRATE_SETUP, &plans::outputs(&told.document))?;
    actions.summarise(&told.summary)?;
    match terminal.json() {
        true => terminal.out(&json::pretty(&told.shown()))?,
        false => terminal.say(&format!("{}\n", told.spoken))?,
    }
    Ok(ExitStatus::Success)
}

/// Returns the commit that the run delivers: that of the run that it follows, else the one that is
/// checked out; `None` if the followed run is of a commit that is not on the trunk.
///
/// A `workflow_run` event has the default branch's last commit in `GITHUB_SHA`, whatever commit the
/// followed run was of, and follows runs of forks whose branch has the trunk's name, too.
fn start(session: &Session, trunk: Option<&str>) -> Result<Option<String>, Failure> {
    let checked_out = session.git.head()?;
    let on_trunk = |sha: &str| {
        let trunk = trunk.unwrap_or(&checked_out);
        session.git.contains(trunk, sha)
    };
    if let Some(followed) = runner::variable(protocol::variable::HEAD_SHA) {
        let known = match is_hash(&followed) {
            true => session.git.resolve(&followed)?,
            false => None,
        };
        return Ok(match known {
            Some(sha) if on_trunk(&sha)? => Some(sha),
            _ => None,
        });
    }
    // A commit that was pushed to the trunk may have been taken off it since.
    if session.environment.in_actions && !on_trunk(&checked_out)? {
        let (head, trunk) = (short(&checked_out), &session.settings.trunk);
        return Err(Failure::new(format!("{head} is not on `{trunk}`"))
            .help("start a run for the head of the trunk"));
    }
    Ok(Some(checked_out))
}

fn running(plan: &Plan, dispatch: &Value) -> Value {
    let deploys = match plan.step.deploys.is_empty() {
        true => Value::from(""),
        false => json!(plan.step.deploys.keys().collect::<Vec<_>>()),
    };
    json!({
        "run": true,
        "sha": plan.step.sha,
        "version": plan.step.version,
        "plan": plans::value(plan),
        "recorded": recorded(&plan.step),
        "validate": plan.validate,
        "builds": plan.run_builds,
        "deploys": deploys,
        "dispatch": dispatch,
        "dry_run": plan.dry_run,
        "changelog": about(plan),
    })
}

/// Returns what a callback that writes the changelog is told; empty where no release is drafted.
fn about(plan: &Plan) -> Value {
    if plan.dry_run || plan.only_pulls() {
        return "".into();
    }
    let since = plan.since.as_ref();
    let step = &plan.step;
    changelog::about(
        (&step.version, &step.sha),
        (
            since.map(|since| since.version.as_str()),
            since.and_then(|since| since.sha.as_deref()),
        ),
    )
}

/// Returns the recorded builds and versions of other repositories, for callbacks that run before
/// these change.
pub(crate) fn recorded(step: &Step) -> Value {
    json!({ "builds": step.build_outputs(), "external": step.external })
}

fn idle(why: &str) -> Value {
    json!({ "run": false, "reason": why, "builds": [], "deploys": "", "validate": false })
}

fn spoken(plan: &Plan, head: &str) -> String {
    let mut text = format!("{} at {}", plan.step.version, short(head));
    for (what, why) in &plan.reasons {
        text.push_str(&format!("\n  {what}: {why}"));
    }
    text
}

fn summary(session: &Session, plan: &Plan, head: &str) -> Summary {
    let reasons = plan.reasons.iter();
    if plan.only_pulls() {
        return Summary::new("Orchestrate", "new versions of other repositories")
            .sentence("Nothing is given them, so nothing runs; they are recorded.")
            .points(reasons.map(|(what, why)| format!("{what}: {why}")));
    }
    let dry = if plan.dry_run { " (dry run)" } else { "" };
    let step = &plan.step;
    let runs = match plan.reasons.is_empty() {
        true => " No callback runs.",
        false => "",
    };
    let rows = reasons.map(|(what, why)| [what.clone(), why.to_string()]);
    Summary::new("Orchestrate", &format!("{}{dry}", step.version))
        .sentence(format!(
            "Commit {} for {}.{runs}",
            short(head),
            step.environment
        ))
        .table(Table::new(["runs", "because"]).rows(rows))
        .picture(moved([Move::of(step, false)]))
        .links(session.links().of(step))
}

/// Returns what runs, under the names that scripts of the Go tool read.
fn execution(component: &Component, plan: &Plan) -> Value {
    let deploys: Vec<&String> = plan.step.deploys.keys().collect();
    let waves = plan.waves(component).into_iter();
    let waves: Vec<Value> = waves.map(|names| json!({ "callbacks": names })).collect();
    json!({
        "has_changes": !plan.run_builds.is_empty() || !deploys.is_empty(),
        "triggered_builds": plan.run_builds,
        "triggered_deploys": deploys,
        "execution_plan": { "waves": waves },
    })
}
