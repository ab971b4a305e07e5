//! `external update`.

use super::source;
use crate::cli::diagnostic::json;
use crate::cli::error::{CommandResult, Error, Failure};
use crate::cli::request::Request;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::operation::{dispatch, plans};
use crate::run::{Actions, Change, Session};
use cascade_core::commits::short;
use cascade_core::graph::Kind;
use cascade_core::lifecycle::Stopped;
use cascade_core::lifecycle::external::{
    Accepted, Arrivals, Refusal, Update, accept, in_order, record,
};
use cascade_core::protocol::output;
use cascade_core::state::{Artifacts, Managed};
use cascade_core::summary::{Move, Origin, Summary, moved};
use serde_json::{Map, Value, json};

/// The most bytes that the artifacts of a report may have.
const LONGEST: usize = 64 * 1024;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The repository that reports, `owner/name`
    #[arg(long, value_name = "REPOSITORY")]
    source_repo: Option<String>,
    /// What it deployed
    #[arg(long, value_name = "NAME")]
    deploy_name: Option<String>,
    /// Where; the first environment if it is not said
    #[arg(long, visible_alias = "env", value_name = "NAME")]
    environment: Option<String>,
    /// The commit
    #[arg(long, value_name = "COMMIT")]
    sha: Option<String>,
    /// The version
    #[arg(long, value_name = "VERSION")]
    version: Option<String>,
    /// What it says of its artifacts, a JSON object
    #[arg(long, value_name = "JSON")]
    artifacts: Option<String>,
    /// Record a version that is lower than the recorded one
    #[arg(long)]
    allow_downgrade: bool,
    /// Commit the state and push it to its branch
    #[arg(long)]
    commit_push: bool,
    /// Write outputs and a summary for the workflow
    #[arg(long)]
    gha_output: bool,
}

impl Args {
    /// The report, from flags and dispatch inputs; a flag wins.
    fn update(&self, given: &Map<String, Value>) -> Result<Update, Failure> {
        let value = |by_hand: &Option<String>, name: &str| match by_hand {
            Some(value) => Ok(value.clone()),
            None => dispatch::text(given, name),
        };
        let artifacts = match &self.artifacts {
            Some(text) => text.clone(),
            None => dispatch::word(given, "artifacts"),
        };
        Ok(Update {
            source_repo: value(&self.source_repo, "source_repo")?,
            deploy_name: value(&self.deploy_name, "deploy_name")?,
            environment: value(&self.environment, "environment")?,
            sha: value(&self.sha, "sha")?.to_ascii_lowercase(),
            version: value(&self.version, "version")?,
            artifacts: read(&artifacts)?,
            allow_downgrade: self.allow_downgrade
                || dispatch::flag(given, "allow_downgrade", false)?,
        })
    }
}

fn read(artifacts: &str) -> Result<Artifacts, Failure> {
    let text = artifacts.trim();
    if text.is_empty() {
        return Ok(Artifacts::new());
    }
    if text.len() > LONGEST {
        return Err(Failure::new(format!(
            "`artifacts` is longer than {LONGEST} bytes"
        )));
    }
    serde_json::from_str(text).map_err(|error| {
        Failure::new("`artifacts` is no JSON object")
            .cause(error)
            .help("write it like `{\"image\": \"app:1.2.0\"}`")
    })
}

pub(super) fn run(args: &Args, request: &Request, terminal: &Terminal) -> CommandResult {
    let session = Session::open(request, terminal)?;
    let actions = Actions::new(args.gha_output)?;
    let refuse = |why: &str| actions.summarise(&Summary::refused("External update", why));
    let told = |failure: &Failure| actions.refused("External update", failure);
    session.require_trunk().inspect_err(told)?;
    let given = dispatch::given().inspect_err(told)?;
    let update = args.update(&given).inspect_err(told)?;
    let accepted = match accept(&session.component, &update) {
        Ok(accepted) => accepted,
        Err(refusal) => {
            refuse(&refusal.to_string())?;
            terminal.failure(&Failure::new(refusal.to_string()).help(
                "repositories that report here stand under `external`, with what they deploy",
            ));
            return Ok(ExitStatus::No);
        }
    };
    if accepted.source.verify_source
        && let Err(failure) = source::verify(&session, &accepted, &update)
    {
        refuse(&failure.to_string())?;
        terminal.failure(&failure);
        return Ok(ExitStatus::No);
    }
    if session.dry_run {
        actions.summarise(&summary(&accepted, &update, "would be recorded"))?;
        terminal.out(&spoken(&accepted, &update, "would be recorded"))?;
        return Ok(ExitStatus::Success);
    }
    let (arrivals, changed) = match write(&session, &accepted, &update, args.commit_push) {
        Ok(written) => written,
        Err(Stopped::Failed(error)) => return Err(error),
        Err(Stopped::Refused(refusal)) => {
            refuse(&refusal.to_string())?;
            terminal.failure(&Failure::new(refusal.to_string()));
            return Ok(ExitStatus::No);
        }
    };
    let what = match (changed, arrivals.is_empty()) {
        (true, true) => "recorded",
        (true, false) => "recorded, and is deployed now",
        (false, true) => "recorded already",
        (false, false) => "recorded already, and is deployed again",
    };
    let document = json!({ "deploys": arrivals, "changed": changed });
    actions.put_out(&output::EXTERNAL_UPDATE, &plans::outputs(&document))?;
    actions.summarise(&summary(&accepted, &update, what))?;
    match terminal.json() {
        true => terminal.out(&json::pretty(&document))?,
        false => terminal.out(&spoken(&accepted, &update, what))?,
    }
    Ok(ExitStatus::Success)
}

fn write(
    session: &Session,
    accepted: &Accepted<'_>,
    update: &Update,
    push: bool,
) -> Result<(Arrivals, bool), Stopped<Refusal, Error>> {
    let stamp = session.stamp();
    let (place, name) = (accepted.environment, &accepted.deploy.name);
    let written = session.store(push)?.write(|managed| {
        let (state, value) = match in_order(&managed.state, accepted, update) {
            Ok(()) => {
                let taken = record(&managed.state, accepted, update, &stamp);
                (taken.state, Ok(taken.arrivals))
            }
            Err(refusal) => (managed.state.clone(), Err(refusal)),
        };
        Ok(Change {
            managed: Managed {
                state,
                ..managed.clone()
            },
            message: format!("external {place} {name} {}", update.version),
            value,
        })
    })?;
    let arrivals = written.value.map_err(Stopped::Refused)?;
    Ok((arrivals, written.changed))
}

fn summary(accepted: &Accepted<'_>, update: &Update, what: &str) -> Summary {
    let (name, source) = (&accepted.deploy.name, accepted.source.repo.to_string());
    let environment = accepted.environment;
    let outcome = format!("{name} {} in {environment}", update.version);
    Summary::new("External update", &outcome)
        .sentence(format!("{} of {source} is {what}.", short(&update.sha)))
        .picture(moved([Move {
            from: Origin::Repository(&source),
            kind: Kind::Environment,
            to: environment,
            held: None,
            version: &format!("{name} {}", update.version),
            done: !what.ends_with("now") && !what.starts_with("would"),
        }]))
}

fn spoken(accepted: &Accepted<'_>, update: &Update, what: &str) -> String {
    format!(
        "{}: {} {} ({}) {what}\n",
        accepted.environment,
        accepted.deploy.name,
        update.version,
        short(&update.sha)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reported_artifacts_are_an_object_of_a_length() {
        assert!(read("  ").unwrap().is_empty());
        assert_eq!(read(r#"{"app": {"image": "app:1"}}"#).unwrap().len(), 1);
        let failure = read("[1]").unwrap_err().to_string();
        assert!(
            failure.contains("`artifacts` is no JSON object"),
            "{failure}"
        );
        let long = format!("{{\"a\": \"{}\"}}", "x".repeat(LONGEST));
        assert!(read(&long).unwrap_err().to_string().contains("longer than"));
    }
}
