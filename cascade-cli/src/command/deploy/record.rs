//! `deploy record`.

use crate::args::Request;
use crate::command::plans;
use crate::diagnostic::json;
use crate::error::{Failure, Outcome};
use crate::run::actions::plain;
use crate::run::deployments::Deployment;
use crate::run::environment::text;
use crate::run::{Actions, Change, Session, needs};
use crate::status::ExitStatus;
use crate::terminal::Terminal;
use cascade_core::lifecycle::outcome::{Outcome as Ended, Results};
use cascade_core::lifecycle::stage::{Recorded, Recorder, record};
use cascade_core::lifecycle::{Stage, Stamp, hotfix, rollback};
use cascade_core::state::{Managed, State};
use indexmap::IndexMap;
use serde_json::{Value, json};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// How deploys ended, by hand: `web:success,api:failure`
    #[arg(long, value_name = "RESULTS")]
    deploy_results: Option<String>,
    /// Commit the state and push it to the trunk
    #[arg(long)]
    commit_push: bool,
    /// Write outputs and a summary for the workflow
    #[arg(long)]
    gha_output: bool,
}

pub(super) fn run(args: &Args, request: &Request, terminal: &Terminal) -> Outcome {
    let session = Session::open(request, terminal)?;
    let actions = Actions::new(args.gha_output)?;
    let mut stage: Stage = plans::read("PLAN")?;
    // The caller may have narrowed, or turned, what is deployed.
    if text("DEPLOYS").is_some() {
        stage.deploys = plans::read("DEPLOYS")?;
    }
    let lane = Lane::read(&stage)?;
    let results = results(&session, &stage, args.deploy_results.as_deref())?;
    let gate = match args.deploy_results {
        Some(_) => Ended::Success,
        None => needs::job("gate")?.result,
    };
    let stamp = session.stamp();
    let change = |managed: &Managed| {
        let (managed, recorded) =
            lane.record(&session, managed, &stage, (gate, &results), &stamp)?;
        Ok(Change {
            managed,
            message: message(&lane, &stage, &recorded),
            value: recorded,
        })
    };
    let recorded = match session.dry_run {
        true => change(&session.managed()?)?.value,
        false => session.store(args.commit_push)?.write(change)?.value,
    };
    let failed = results.values().any(|ended| ended.result.is_bad());
    if args.commit_push {
        let succeeded = match lane {
            Lane::Stage(_, Recorder::Restore) => !failed,
            _ => recorded.advanced,
        };
        let told = Deployment::of(&session, &stage)
            .and_then(|deployment| deployment.map_or(Ok(()), |each| each.end(succeeded)));
        if let Err(failure) = told {
            terminal.failure(&failure);
        }
    }
    let restore = match recorded.restore.is_empty() || session.dry_run {
        true => Value::from(""),
        false => json!(recorded.restore),
    };
    let advanced = match session.dry_run {
        true => gate.is_success() && !failed,
        false => recorded.advanced,
    };
    let document = json!({ "results": results, "restore": restore, "advanced": advanced });
    actions.put_out(&plans::outputs(&document))?;
    actions.summarise(&summary(&session, &stage, &results, &recorded))?;
    terminal.out(&json::pretty(&document))?;
    Ok(ExitStatus::Success)
}

/// The lane that deployed, which says how is recorded.
enum Lane {
    Stage(&'static str, Recorder),
    Rollback(Box<rollback::Plan>),
    Hotfix(Box<hotfix::Deployment>),
}

impl Lane {
    fn read(stage: &Stage) -> Result<Self, Failure> {
        match text("LANE").as_deref() {
            None | Some("orchestrate") => Ok(Self::Stage("orchestrate", Recorder::Orchestrate)),
            Some("promote") => Ok(Self::Stage("promote", Recorder::Promote)),
            Some("restore") => Ok(Self::Stage("restore", Recorder::Restore)),
            Some("rollback") => {
                let plan: rollback::Plan = plans::read("PLAN")?;
                let stage = stage.clone();
                Ok(Self::Rollback(Box::new(rollback::Plan { stage, ..plan })))
            }
            Some("hotfix") => {
                let mut deployment: hotfix::Deployment = plans::read("PLAN")?;
                deployment.run.stage = stage.clone();
                Ok(Self::Hotfix(Box::new(deployment)))
            }
            Some(other) => Err(
                Failure::new(format!("LANE is `{other}`, which records nothing"))
                    .help("it is `orchestrate`, `promote`, `restore`, `rollback` or `hotfix`"),
            ),
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Stage(name, _) => name,
            Self::Rollback(_) => "rollback",
            Self::Hotfix(_) => "hotfix",
        }
    }

    fn record(
        &self,
        session: &Session,
        managed: &Managed,
        stage: &Stage,
        ended: (Ended, &Results),
        stamp: &Stamp,
    ) -> Result<(Managed, Recorded), Failure> {
        let (state, lane) = (&managed.state, &session.lane);
        let recorded = match self {
            Self::Stage(_, recorder) => record(state, stage, *recorder, lane, ended, stamp)?,
            Self::Rollback(plan) => whole(rollback::record(state, plan, lane, ended, stamp)?),
            Self::Hotfix(deployment) => {
                let (managed, done) = hotfix::record(managed, deployment, lane, ended, stamp)?;
                let recorded = whole((managed.state.clone(), done));
                return Ok((managed, recorded));
            }
        };
        let managed = Managed {
            state: recorded.state.clone(),
            ..managed.clone()
        };
        Ok((managed, recorded))
    }
}

/// What is recorded as a whole or not at all restores nothing.
fn whole((state, advanced): (State, bool)) -> Recorded {
    Recorded {
        state,
        advanced,
        restore: IndexMap::new(),
    }
}

/// How the planned deploys ended.
fn results(session: &Session, stage: &Stage, by_hand: Option<&str>) -> Result<Results, Failure> {
    if let Some(text) = by_hand {
        return needs::by_hand(text);
    }
    let mut results = IndexMap::new();
    for callback in session.lane.deploy_callbacks() {
        let name = callback.name.to_string();
        if stage.deploys.contains_key(&name) {
            let id = format!("deploy-{name}");
            let strategy = session.lane.strategy_of(&name);
            let staged = !stage.deploys[&name].strategy.is_empty();
            let ended = match strategy.filter(|_| staged) {
                Some(strategy) => needs::rollout(&id, strategy, callback.retries)?,
                None => needs::attempts(&id, callback.retries)?,
            };
            results.insert(name, ended);
        }
    }
    Ok(results)
}

fn message(lane: &Lane, stage: &Stage, recorded: &Recorded) -> String {
    let what = if recorded.advanced {
        ""
    } else {
        " (incomplete)"
    };
    let (lane, place) = (lane.name(), &stage.environment);
    format!("{lane} {place} {}{what}", stage.version)
}

fn summary(session: &Session, stage: &Stage, results: &Results, recorded: &Recorded) -> String {
    let outcome = match (session.dry_run, recorded.advanced) {
        (true, _) => "dry run, nothing recorded",
        (_, true) => "recorded",
        (_, false) => "not complete",
    };
    let mut text = format!(
        "### {}: {} ({outcome})\n\n| deploy | version | result | attempts |\n|---|---|---|---|\n",
        plain(&stage.environment),
        plain(&stage.version)
    );
    for (name, result) in results {
        let version = stage
            .deploys
            .get(name)
            .map_or("", |planned| planned.version.as_str());
        let how = match (result.result.is_success(), result.attempts) {
            (true, 2..) => "rescued by a retry",
            _ if result.rolled_back => "rolled back",
            _ if continues(session, name) && result.result.is_bad() => "failed, continued",
            _ => result.result.as_str(),
        };
        let attempts = result.attempts;
        text.push_str(&format!(
            "| {} | {} | {how} | {attempts} |\n",
            plain(name),
            plain(version)
        ));
    }
    text
}

fn continues(session: &Session, name: &str) -> bool {
    use cascade_core::pipeline::OnFailure;
    let mut deploys = session.lane.deploys.iter();
    deploys.any(|deploy| {
        deploy.callback.name.as_str() == name && deploy.callback.on_failure == OnFailure::Continue
    })
}
