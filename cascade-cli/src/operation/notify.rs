//! `notify`: tells the repository that collects versions of a new one.

use crate::cli::diagnostic::json;
use crate::cli::error::{CommandResult, Error, Failure};
use crate::cli::request::Request;
use crate::cli::runner;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::github::GitHub;
use crate::run::Session;
use cascade_core::lifecycle::promotion_order::{Artifact, promotion_order};
use cascade_core::protocol;
use cascade_core::state::{Build, Managed};
use serde_json::{Value, json};

/// The workflow that receives, unless something else is said.
const RECEIVER: &str = "external-update.yaml";

/// The most bytes of artifacts in one dispatch: GitHub's limit on its inputs, with room for the
/// others.
const MOST_ARTIFACTS: usize = 32 * 1024;

#[derive(Debug, Default, clap::Args)]
pub(crate) struct Args {
    /// The repository that is told, `owner/name`
    #[arg(long, value_name = "REPOSITORY")]
    repo: Option<String>,
    /// The workflow that it receives with
    #[arg(long, value_name = "FILE")]
    workflow: Option<String>,
    /// The name under which it records the version
    #[arg(long, value_name = "NAME")]
    deploy_name: Option<String>,
    /// The environment in which it records the version
    #[arg(long, value_name = "NAME")]
    environment: Option<String>,
    /// The commit; by default the recorded one
    #[arg(long, value_name = "COMMIT")]
    sha: Option<String>,
    /// The version; by default the recorded one
    #[arg(long, value_name = "VERSION")]
    version: Option<String>,
    /// What to say of artifacts, as a JSON object
    #[arg(long, value_name = "JSON")]
    artifacts: Option<String>,
}

/// A dispatch.
struct Message {
    repository: String,
    workflow: String,
    inputs: Value,
}

pub(crate) fn run(args: &Args, request: &Request, terminal: &Terminal) -> CommandResult {
    let session = Session::open(request, terminal)?;
    let place = promotion_order(&session.component).swap_remove(0);
    let held = place.artifact(&session.managed()?.state);
    let message = message(args, &session, held.unwrap_or_default())?;
    if !session.dry_run {
        dispatch(&session, &message)?;
    }
    let document = json!({
        "repository": message.repository,
        "workflow": message.workflow,
        "inputs": message.inputs,
        "dispatched": !session.dry_run,
    });
    let text = match terminal.json() {
        true => json::pretty(&document),
        false => spoken(&message, session.dry_run),
    };
    terminal.out(&text)?;
    Ok(ExitStatus::Success)
}

/// Reports what is recorded to the repository that the configuration names, if it names one.
///
/// Reporting twice records the same version twice there, which changes nothing.
pub(super) fn report(session: &Session, managed: &Managed) -> Result<Option<String>, Error> {
    let place = promotion_order(&session.component).swap_remove(0);
    let Some(held) = place.artifact(&managed.state) else {
        return Ok(None);
    };
    if session.component.notify.is_none() {
        return Ok(None);
    }
    let args = Args {
        artifacts: Some(built(&held)).filter(|text| text.len() <= MOST_ARTIFACTS),
        ..Args::default()
    };
    let message = message(&args, session, held)?;
    dispatch(session, &message)?;
    Ok(Some(spoken(&message, false)))
}

/// Returns the outputs of the builds by name, as JSON.
fn built(held: &Artifact) -> String {
    let build = |(name, build): (&String, &Build)| {
        let mut said = serde_json::Map::new();
        if let Some(id) = &build.artifact_id {
            said.insert("artifact_id".to_owned(), id.as_str().into());
        }
        let tags = build.tags.iter();
        said.extend(tags.map(|(name, value)| (name.clone(), value.as_str().into())));
        (name.clone(), Value::Object(said))
    };
    Value::Object(held.builds.iter().map(build).collect()).to_string()
}

fn message(args: &Args, session: &Session, held: Artifact) -> Result<Message, Error> {
    let block = session.component.notify.as_ref();
    let told = || block.map(|notify| notify.repo.to_string());
    let repository = args.repo.clone().or_else(told);
    let repository = repository.ok_or_else(|| missing("repo", "`notify.repo`"))?;
    let workflow = args
        .workflow
        .clone()
        .or_else(|| block.map(|notify| notify.workflow.clone()));
    Ok(Message {
        repository,
        workflow: workflow.unwrap_or_else(|| RECEIVER.to_owned()),
        inputs: inputs(args, session, held)?,
    })
}

fn inputs(args: &Args, session: &Session, held: Artifact) -> Result<Value, Failure> {
    let block = session.component.notify.as_ref();
    let name = block.map(|notify| notify.deploy_name.to_string());
    let first = session
        .component
        .first_environment()
        .map(|first| first.name.to_string());
    let there = block.and_then(|block| block.environment.as_ref().map(ToString::to_string));
    let recorded = |value: String| Some(value).filter(|value| !value.is_empty());
    let required = |name: &str, given: &Option<String>, found: Option<String>, place: &str| {
        let value = given.clone().or(found);
        value.ok_or_else(|| missing(name, place))
    };
    Ok(json!({
        "source_repo": session.environment.repository.clone().ok_or_else(|| {
            Failure::new("`notify` needs the variable GITHUB_REPOSITORY")
                .help("set it to this repository's `owner/name`")
        })?,
        "deploy_name": required("deploy-name", &args.deploy_name, name, "`notify.deploy_name`")?,
        "environment": required("environment", &args.environment, there.or(first), "`notify.environment`")?,
        "sha": required("sha", &args.sha, recorded(held.sha), "the recorded state")?,
        "version": required("version", &args.version, recorded(held.version), "the recorded state")?,
        "artifacts": artifacts(args.artifacts.as_deref())?,
    }))
}

/// The text of a JSON object.
fn artifacts(text: Option<&str>) -> Result<String, Failure> {
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else {
        return Ok("{}".to_owned());
    };
    match serde_json::from_str::<Value>(text) {
        Ok(Value::Object(_)) => Ok(text.to_owned()),
        _ => Err(Failure::new("`--artifacts` is no JSON object")
            .help("write it like `{\"image\": \"app:1.2.0\"}`")),
    }
}

fn missing(option: &str, place: &str) -> Failure {
    Failure::new(format!("`notify` does not know its `--{option}`"))
        .help(format!("give the option, or set {place}"))
}

fn dispatch(session: &Session, message: &Message) -> Result<(), Failure> {
    let token = runner::token(protocol::variable::PRIMARY_REPO_TOKEN)
        .or_else(|| runner::token(protocol::variable::NOTIFY_TOKEN));
    let token = token.ok_or_else(|| {
        Failure::new("`notify` needs the variable PRIMARY_REPO_TOKEN or NOTIFY_TOKEN")
            .help("a token that may run workflows of the other repository; GITHUB_TOKEN never may")
    })?;
    let github = GitHub::of(&session.environment, &message.repository, &token)?;
    let repository = github.described()?.accepted()?;
    let trunk = repository.text("default_branch")?;
    // A dispatch that reached GitHub twice records the same version twice, which changes nothing.
    github.dispatch(&message.workflow, trunk, Some(&message.inputs))
}

fn spoken(message: &Message, dry_run: bool) -> String {
    let said = |name: &str| message.inputs[name].as_str().unwrap_or_default().to_owned();
    let told = if dry_run { "would be told" } else { "was told" };
    format!(
        "{} {told} of {} {} ({}) in {}, by {}\n",
        message.repository,
        said("deploy_name"),
        said("version"),
        said("sha"),
        said("environment"),
        message.workflow,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn artifacts_are_an_object_and_nothing_else() {
        assert_eq!(artifacts(None).unwrap(), "{}");
        assert_eq!(artifacts(Some(" \n")).unwrap(), "{}");
        let object = "{\"image\": \"app:1\"}";
        assert_eq!(artifacts(Some(object)).unwrap(), object);
        for wrong in ["[]", "app:1", "{", "7"] {
            let failure = artifacts(Some(wrong)).unwrap_err().to_string();
            assert!(
                failure.contains("`--artifacts` is no JSON object"),
                "{failure}"
            );
        }
    }

    #[test]
    fn builds_are_told_with_their_artifact_and_outputs() {
        let build = Build {
            artifact_id: Some("app-1".to_owned()),
            tags: [("image".to_owned(), "app:1".to_owned())].into(),
            ..Build::default()
        };
        let held = Artifact {
            builds: [
                ("app".to_owned(), build),
                ("docs".to_owned(), Build::default()),
            ]
            .into(),
            ..Artifact::default()
        };
        assert_eq!(
            built(&held),
            r#"{"app":{"artifact_id":"app-1","image":"app:1"},"docs":{}}"#
        );
    }

    #[test]
    fn what_was_told_is_told_to_people_in_one_sentence() {
        let message = Message {
            repository: "acme/primary".to_owned(),
            workflow: RECEIVER.to_owned(),
            inputs: json!({ "deploy_name": "web", "version": "v1", "sha": "abc", "environment": "dev" }),
        };
        let told = "acme/primary was told of web v1 (abc) in dev, by external-update.yaml\n";
        assert_eq!(spoken(&message, false), told);
        assert!(spoken(&message, true).contains("would be told"));
    }

    #[test]
    fn what_is_missing_is_named_with_the_place_where_it_may_stand() {
        let failure = missing("repo", "`notify.repo`").to_string();
        assert!(
            failure.contains("`--repo`") && failure.contains("`notify.repo`"),
            "{failure}"
        );
    }
}
