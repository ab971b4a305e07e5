//! `hotfix dispatch`: what the `closed` event of a pull request leads to.

use crate::cli::error::{CommandResult, Failure};
use crate::cli::request::Request;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::run::{Actions, Session, hotfixes};
use cascade_core::commits::short;
use cascade_core::lifecycle::hotfix::Progress;
use cascade_core::protocol;
use cascade_core::summary::Summary;
use serde_json::json;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The pull request
    #[arg(long, value_name = "NUMBER", env = protocol::variable::NUMBER.as_str())]
    number: u64,
    /// Write a summary for the workflow
    #[arg(long)]
    gha_output: bool,
}

pub(super) fn run(args: &Args, request: &Request, terminal: &Terminal) -> CommandResult {
    let session = Session::open(request, terminal)?;
    let actions = Actions::new(args.gha_output)?;
    let number = args.number;
    let github = session.github()?.ok_or_else(|| {
        Failure::new("a workflow is started on GitHub")
            .help("set GITHUB_REPOSITORY and GITHUB_TOKEN")
    })?;
    let answer = github.pull(number)?;
    let pull = hotfixes::read(session.component.name(), &github, &answer.body);
    let merged = pull.and_then(|pull| match pull.progress {
        Progress::Merged(sha) => Some((pull.environment, sha)),
        Progress::Open | Progress::Closed => None,
    });
    let environments = &session.component.environments;
    let known = |name: &str| {
        environments
            .iter()
            .skip(1)
            .any(|each| each.name.as_str() == name)
    };
    let Some((environment, sha)) = merged.filter(|(environment, _)| known(environment)) else {
        let why = format!("#{number} is no merged hotfix of this repository");
        actions.summarise(&Summary::new("Hotfix", "nothing to deploy").sentence(&why))?;
        terminal.say(&format!("{why}\n"))?;
        return Ok(ExitStatus::Success);
    };
    let workflow = hotfixes::workflow(&session.component);
    if !session.dry_run {
        let trunk = session.settings.trunk.as_str();
        // Started twice, the second run finds nothing to do.
        github.dispatch(&workflow, trunk, Some(&json!({ "merge_sha": sha })))?;
    }
    let says = format!("{} goes to {environment}", short(&sha));
    let summary = Summary::new("Hotfix", &format!("#{number} is merged"))
        .sentence(format!("{says}: `{workflow}` runs on the trunk."))
        .links(session.links().commit(&sha))
        .links(session.links().runs(&workflow));
    actions.summarise(&summary)?;
    terminal.say(&format!("{says}\n"))?;
    Ok(ExitStatus::Success)
}
