//! `rollout resume` and `rollout abort`: a run died while a rollout was under way.

use crate::cli::error::{CommandResult, Failure};
use crate::cli::request::Request;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::github::GitHub;
use crate::run::Session;
use cascade_core::state::{Deploy, Environment};
use serde_json::{Value, json};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The environment
    #[arg(long, visible_alias = "environment", value_name = "NAME")]
    env: String,
    /// The deploy; needed if several have unfinished rollouts
    #[arg(long, value_name = "NAME")]
    deploy: Option<String>,
}

/// An unfinished rollout.
struct Unfinished {
    name: String,
    version: String,
    run: Option<String>,
    /// The recorded version that it was to replace.
    recorded: Option<String>,
}

pub(super) fn resume(args: &Args, request: &Request, terminal: &Terminal) -> CommandResult {
    let session = Session::open(request, terminal)?;
    let rollout = find(&session, args)?;
    let again = "push, or start orchestrate again: a new rollout replaces this one";
    let run = rollout
        .run
        .as_deref()
        .and_then(|url| url.rsplit('/').next());
    let run = run.ok_or_else(|| {
        Failure::new(format!(
            "no run is recorded for the rollout of `{}`",
            rollout.name
        ))
        .help(again)
    })?;
    if !session.dry_run {
        let github = github(&session)?;
        let answer = github.rerun_failed_jobs(run)?;
        if !answer.is_success() {
            let message = answer.message();
            return Err(Failure::new("the run cannot be started again")
                .cause(message)
                .help(again)
                .into());
        }
    }
    let (name, version) = (&rollout.name, &rollout.version);
    terminal.out(&format!(
        "{name} {version}: the failed jobs of run {run} are run again; a bake goes on where it was\n"
    ))?;
    Ok(ExitStatus::Success)
}

pub(super) fn abort(args: &Args, request: &Request, terminal: &Terminal) -> CommandResult {
    let session = Session::open(request, terminal)?;
    let rollout = find(&session, args)?;
    let first = session.component.first_environment();
    if first.is_some_and(|first| first.name.as_str() == args.env) {
        let failure = Failure::new(format!("{} goes forward only", args.env));
        return Err(failure
            .help("push, or start orchestrate again: a new rollout takes the place of this one")
            .into());
    }
    let recorded = rollout.recorded.as_deref().ok_or_else(|| {
        Failure::new(format!("nothing was deployed to {} before", args.env))
            .help("promote again: a new rollout takes the place of this one")
    })?;
    if !session.dry_run {
        let github = github(&session)?;
        let file = session.component.file("cascade-rollback");
        let inputs: Value = json!({
            "environment": args.env,
            "target": recorded,
            "deployable": rollout.name,
            "direct": "true",
        });
        github.dispatch(&file, session.settings.trunk.as_str(), Some(&inputs))?;
    }
    let (name, version) = (&rollout.name, &rollout.version);
    terminal.out(&format!(
        "{name} {version}: {recorded} is deployed to {} again, to everybody\n",
        args.env
    ))?;
    Ok(ExitStatus::Success)
}

fn github(session: &Session) -> Result<GitHub, Failure> {
    session.github()?.ok_or_else(|| {
        Failure::new("GitHub is not known here")
            .help("set GITHUB_REPOSITORY, and GITHUB_TOKEN to a token with `actions: write`")
    })
}

fn find(session: &Session, args: &Args) -> Result<Unfinished, Failure> {
    session.require_environment(&args.env)?;
    let managed = session.managed()?;
    let environment = managed.state.environments.get(&args.env).ok_or_else(|| {
        Failure::new(format!("nothing was deployed to `{}` yet", args.env))
            .help("`cascade status` shows what each environment holds")
    })?;
    let mut found = unfinished(environment, args.deploy.as_deref());
    match (found.pop(), found.is_empty()) {
        (Some((name, deploy)), true) => Ok(read(name, deploy)),
        (None, _) => Err(
            Failure::new(format!("no rollout in {} is unfinished", args.env))
                .help("`cascade status` shows how far rollouts are"),
        ),
        (Some((name, _)), false) => {
            let mut names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
            names.push(name);
            Err(
                Failure::new(format!("several rollouts in {} are unfinished", args.env))
                    .help(format!("name one with `--deploy`: {}", names.join(", "))),
            )
        }
    }
}

fn unfinished<'a>(
    environment: &'a Environment,
    only: Option<&str>,
) -> Vec<(&'a String, &'a Deploy)> {
    let deploys = environment.held.deploys.iter();
    deploys
        .filter(|(name, deploy)| deploy.is_rolling_out() && only.is_none_or(|only| only == *name))
        .collect()
}

fn read(name: &str, deploy: &Deploy) -> Unfinished {
    let rollout = deploy.rollout.clone().unwrap_or_default();
    Unfinished {
        name: name.to_owned(),
        version: rollout.version.unwrap_or_default(),
        run: rollout.run,
        recorded: deploy.version.clone(),
    }
}
