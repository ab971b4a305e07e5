//! `environments`: what an operator sets up on GitHub.

mod apply;

pub(super) use apply::set;

use crate::cli::diagnostic::json;
use crate::cli::error::CommandResult;
use crate::cli::request::Request;
use crate::cli::runner;
use crate::cli::status::ExitStatus;
use crate::cli::table::Table;
use crate::cli::terminal::Terminal;
use crate::project::{Project, select};
use cascade_core::manifest::BranchPolicy;
use cascade_core::pipeline::{Credential, Environment, Pipeline, Settings};
use cascade_core::protocol;
use serde_json::{Value, json};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Set it, with the token of the environment
    ///
    /// Secrets and variables stay to be set by hand.
    #[arg(long)]
    apply: bool,
}

pub(crate) fn run(args: &Args, request: &Request, terminal: &Terminal) -> CommandResult {
    let project = Project::open(request, terminal)?;
    let pipeline = select(project.pipeline(terminal)?, request.component.as_deref())?;
    let dry_run =
        request.dry_run || runner::variable(protocol::variable::DRY_RUN).as_deref() == Some("true");
    let applies = args.apply && !dry_run;
    let environments = distinct(&pipeline);
    if applies {
        apply::apply(&environments)?;
    }
    let secrets = secrets(pipeline.settings());
    let text = match terminal.json() {
        true => json::pretty(&json!({
            "version": json::VERSION,
            "environments": environments.iter().map(|each| entry(each)).collect::<Vec<_>>(),
            "secrets": secrets,
            "applied": applies,
        })),
        false => spoken(&environments, &secrets, applies),
    };
    terminal.out(&text)?;
    Ok(ExitStatus::Success)
}

/// Every environment once, whichever component names it first.
pub(crate) fn distinct(pipeline: &Pipeline) -> Vec<&Environment> {
    let mut found: Vec<&Environment> = Vec::new();
    for environment in pipeline
        .components()
        .iter()
        .flat_map(|component| &component.environments)
    {
        let same = |each: &&Environment| {
            each.name == environment.name && each.gate() == environment.gate()
        };
        if !found.iter().any(same) {
            found.push(environment);
        }
    }
    found
}

/// The repository's own secrets that cascade's jobs read.
fn secrets(settings: &Settings) -> Vec<String> {
    let mut names = Vec::new();
    let upkeep = settings.integration.iter().map(|each| &each.token);
    for credential in [&settings.state_token, settings.release_token()]
        .into_iter()
        .chain(upkeep)
    {
        match credential {
            credential if credential.is_github() => {}
            Credential::Secret(name) => names.push(name.to_string()),
            Credential::App {
                app_id,
                private_key,
            } => {
                let parts = [app_id, private_key].into_iter();
                names.extend(parts.filter_map(|part| Some(part.secret()?.to_string())));
            }
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    names.retain(|name| seen.insert(name.clone()));
    names
}

fn entry(environment: &Environment) -> Value {
    json!({
        "name": environment.name.as_str(),
        "github_environment": environment.gate(),
        "required_reviewers": environment.reviewers,
        "wait_timer": environment.wait_timer,
        "branch_policy": policy(environment),
        "branch_patterns": environment.branch_patterns,
        "tag_patterns": environment.tag_patterns,
        "secrets": environment.secrets.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "variables": environment.variables.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "environment_url": environment.url.as_ref().map(ToString::to_string),
    })
}

fn policy(environment: &Environment) -> &'static str {
    match environment.branch_policy {
        BranchPolicy::Protected => "protected",
        BranchPolicy::Custom => "custom",
        BranchPolicy::All => "all",
    }
}

fn spoken(environments: &[&Environment], secrets: &[String], applied: bool) -> String {
    if environments.is_empty() && secrets.is_empty() {
        return "There is nothing to set up.\n".to_owned();
    }
    let mut table = Table::new([
        "ENVIRONMENT",
        "ON GITHUB",
        "REVIEWERS",
        "WAIT",
        "BRANCHES",
        "SECRETS",
        "VARIABLES",
    ]);
    for environment in environments {
        table.row(cells(environment));
    }
    let mut text = if environments.is_empty() {
        String::new()
    } else {
        table.render()
    };
    if !secrets.is_empty() {
        text.push_str(&format!(
            "\nSecrets of the repository: {}\n",
            secrets.join(", ")
        ));
    }
    text.push_str(match applied {
        true => "\nSet. Secrets and variables are left to be set by hand.\n",
        false => "\nNothing was set; `--apply` sets everything but secrets and variables.\n",
    });
    text
}

fn cells(environment: &Environment) -> [String; 7] {
    let join = |names: Vec<String>| names.join(" ");
    let patterns = environment
        .branch_patterns
        .iter()
        .chain(&environment.tag_patterns);
    let branches = match environment.branch_policy {
        BranchPolicy::Custom => join(patterns.cloned().collect()),
        _ => policy(environment).to_owned(),
    };
    let wait = match environment.wait_timer {
        0 => String::new(),
        minutes => format!("{minutes} min"),
    };
    [
        environment.name.to_string(),
        environment.gate().unwrap_or_default().to_owned(),
        join(environment.reviewers.clone()),
        wait,
        branches,
        join(
            environment
                .secrets
                .iter()
                .map(ToString::to_string)
                .collect(),
        ),
        join(
            environment
                .variables
                .iter()
                .map(ToString::to_string)
                .collect(),
        ),
    ]
}
