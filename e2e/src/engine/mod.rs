//! An engine for generated workflows and the callbacks that they call: jobs, calls, matrices,
//! steps, actions, on this machine and at once.
//!
//! It knows the part of GitHub Actions that cascade generates, and refuses everything else by name.
//!
//! | module | what lives there |
//! |---|---|
//! | `workflow` | the files, as far as they are known |
//! | `contexts`, `hash` | what expressions read |
//! | `graph` | the jobs of a workflow: which run, and when |
//! | `groups`, `permits` | who waits for whom |
//! | `call`, `matrix` | a job that calls a workflow, a job in several legs |
//! | `environment` | whom a job waits for besides |
//! | `job`, `step`, `action` | the steps of a job, one after the other |
//! | `files`, `log` | what a step leaves, what a run leaves |
//! | `moment` | what somebody hears who watches |

mod action;
mod call;
mod contexts;
mod environment;
mod files;
mod graph;
mod groups;
mod hash;
mod job;
mod log;
mod matrix;
mod moment;
mod permits;
mod step;
mod workflow;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use anyhow::Context;
use serde_json::{Map, Value, json};

use crate::act::{Output, Run};
use crate::setup::Setup;
pub use action::NoAction;
use contexts::Contexts;
pub use environment::{Admission, Admit, Entrance};
use graph::{Ends, Scope};
pub use groups::Groups;
use groups::{Held, Wanted};
use log::Record;
pub use moment::{Moment, Watch};
use permits::Permits;
use workflow::Workflow;

/// The program that runs workflows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Engine {
    /// This one.
    #[default]
    Own,
    /// act, which somebody else wrote.
    Act,
}

/// The most jobs that run at a time; most of them wait for processes.
const AT_ONCE: usize = 4;

/// Reads a file of the repository at the run's commit.
pub type Read<'a> = dyn Fn(&str) -> anyhow::Result<String> + Sync + 'a;

/// The token of a job, by its id: that of the call, `__`, its own.
pub type TokenOf<'a> = dyn Fn(&str) -> String + Sync + 'a;

/// The ends of the jobs of an earlier attempt, by path, and the outputs of their steps.
#[derive(Debug, Clone, Default)]
pub struct Earlier {
    /// The results.
    pub jobs: BTreeMap<String, String>,
    /// The outputs of steps.
    pub outputs: Vec<Output>,
}

/// A run to be.
pub struct Request<'a> {
    /// The things that it is given.
    pub setup: &'a Setup,
    /// The path of the workflow file.
    pub workflow: &'a str,
    /// The files of the repository.
    pub read: &'a Read<'a>,
    /// The tokens.
    pub token: &'a TokenOf<'a>,
    /// Only what had not ended well in this attempt runs.
    pub earlier: Option<&'a Earlier>,
    /// The path of the job during which somebody cancels the run.
    pub cancel: Option<&'a str>,
    /// The concurrency groups of the host, for all runs of all repositories.
    pub groups: &'a Groups,
    /// The environments of the host.
    pub admit: &'a Admit<'a>,
    /// Hears of what happens.
    pub watch: &'a Watch<'a>,
    /// A folder for what the run leaves on disk.
    pub folder: &'a Path,
}

/// A run under way.
struct Running<'a> {
    setup: &'a Setup,
    read: &'a Read<'a>,
    token: &'a TokenOf<'a>,
    earlier: Option<&'a Earlier>,
    cancel: Option<&'a str>,
    folder: PathBuf,
    /// The context `github`, without what differs from job to job.
    github: Map<String, Value>,
    vars: Value,
    record: &'a Record<'a>,
    admit: &'a Admit<'a>,
    groups: &'a Groups,
    permits: Permits,
    cancelled: AtomicBool,
}

/// Runs a workflow to its end.
///
/// # Errors
/// A file has something that the engine does not know, or that GitHub refuses; or a process does
/// not start. A run that fails is not an error: see [`Run::code`].
pub fn run(request: &Request<'_>) -> anyhow::Result<Run> {
    let setup = request.setup;
    let file = parsed(request.workflow, request.read)?;
    let reaction = file.reaction(&setup.event);
    let reaction = reaction
        .with_context(|| format!("{} does not react to `{}`", request.workflow, setup.event))?;
    let mut github = github(setup);
    let name = file
        .name
        .clone()
        .unwrap_or_else(|| request.workflow.to_owned());
    github.insert("workflow".to_owned(), name.into());
    std::fs::create_dir_all(request.folder)?;
    let secrets = setup.secrets.iter().map(|(_, value)| value.clone());
    let record = Record::of(secrets, request.watch);
    let running = Running {
        setup,
        read: request.read,
        token: request.token,
        earlier: request.earlier,
        cancel: request.cancel,
        folder: request.folder.canonicalize()?,
        github,
        vars: object(&setup.vars),
        record: &record,
        admit: request.admit,
        groups: request.groups,
        permits: Permits::new(AT_ONCE),
        cancelled: AtomicBool::new(false),
    };
    std::fs::write(running.event_file(), setup.payload.to_string())?;
    let scope = Scope {
        workflow: &file,
        prefix: String::new(),
        path: String::new(),
        inputs: dispatched(&reaction, &setup.payload)?,
        secrets: object(&setup.secrets),
        again: false,
    };
    (request.watch)(&Moment::Started {
        workflow: request.workflow,
        event: &setup.event,
    });
    let ended = running
        .to_the_end(&scope)
        .with_context(|| request.workflow.to_owned())?;
    let all_well = |ended: &Ends| ended.values().all(|job| !job.is_bad());
    let succeeded = ended.as_ref().is_some_and(all_well);
    Ok(Run {
        cancelled: ended.is_none(),
        ..record.finish(succeeded)
    })
}

/// A place in a concurrency group, or none because there is no group.
type Place<'a> = Option<Held<'a>>;

impl Running<'_> {
    /// Runs the outermost workflow, once its group lets it; `None` if it was cancelled before.
    fn to_the_end(&self, scope: &Scope<'_>) -> anyhow::Result<Option<Ends>> {
        let contexts = Contexts::new(Map::new())
            .with("github", Value::Object(self.github.clone()))
            .with("inputs", scope.inputs.clone())
            .with("vars", self.vars.clone());
        let held = self.hold(scope.workflow.concurrency.as_ref(), &contexts)?;
        held.map(|_held| self.workflow(scope)).transpose()
    }

    /// Waits for a place in a group; `None` if it was cancelled while it waited.
    fn hold(
        &self,
        group: Option<&Value>,
        contexts: &Contexts,
    ) -> anyhow::Result<Option<Place<'_>>> {
        let Some(group) = group else {
            return Ok(Some(None));
        };
        let mut wanted = Wanted::read(group, contexts)?;
        let repository = self.setup.variable("GITHUB_REPOSITORY").unwrap_or_default();
        wanted.name = format!("{repository} {}", wanted.name);
        Ok(self.groups.enter(&wanted)?.map(Some))
    }

    fn event_file(&self) -> PathBuf {
        self.folder.join("event.json")
    }
}

fn parsed(file: &str, read: &Read<'_>) -> anyhow::Result<Workflow> {
    let text = read(file)?;
    serde_yaml::from_str(&text)
        .with_context(|| format!("{file} is outside of what the engine knows"))
}

fn object(pairs: &[(String, String)]) -> Value {
    let pairs = pairs.iter();
    let pairs = pairs.map(|(name, value)| (name.clone(), Value::from(value.as_str())));
    Value::Object(pairs.collect())
}

/// The inputs of a run that somebody started: of the types that the file declares.
fn dispatched(reaction: &Value, payload: &Value) -> anyhow::Result<Value> {
    let declared = reaction.get("inputs").and_then(Value::as_object);
    let given = payload.get("inputs");
    let mut inputs = Map::new();
    for (name, declaration) in declared.into_iter().flatten() {
        let default = declaration.get("default");
        let given = given.and_then(|given| given.get(name)).or(default);
        let text = match given {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Null) | None => String::new(),
            Some(other) => other.to_string(),
        };
        let value = match declaration.get("type").and_then(Value::as_str) {
            Some("boolean") => json!(text == "true"),
            Some("number") => match text.as_str() {
                "" => json!(0),
                text => serde_json::from_str(text).with_context(|| format!("input `{name}`"))?,
            },
            _ => text.into(),
        };
        inputs.insert(name.clone(), value);
    }
    Ok(Value::Object(inputs))
}

/// Source: GitHub, "Contexts reference", `github`.
fn github(setup: &Setup) -> Map<String, Value> {
    let variable = |name: &str| setup.variable(name).unwrap_or_default();
    let reference = variable("GITHUB_REF");
    let (kind, short) = match reference.split_once("refs/heads/") {
        Some((_, branch)) => ("branch", branch),
        None => ("tag", reference.trim_start_matches("refs/tags/")),
    };
    let repository = variable("GITHUB_REPOSITORY");
    let owner = repository.split('/').next().unwrap_or_default();
    let pull = &setup.payload["pull_request"];
    let context = json!({
        "event_name": setup.event,
        "event": setup.payload,
        "actor": setup.actor,
        "triggering_actor": setup.actor,
        "repository": repository,
        "repository_owner": owner,
        "ref": reference,
        "ref_name": short,
        "ref_type": kind,
        "sha": variable("GITHUB_SHA"),
        "head_ref": pull["head"]["ref"].as_str().unwrap_or_default(),
        "base_ref": pull["base"]["ref"].as_str().unwrap_or_default(),
        "run_id": variable("GITHUB_RUN_ID"),
        "run_number": variable("GITHUB_RUN_ID"),
        "run_attempt": variable("GITHUB_RUN_ATTEMPT"),
        "workflow_ref": variable("GITHUB_WORKFLOW_REF"),
        "server_url": variable("GITHUB_SERVER_URL"),
        "api_url": variable("GITHUB_API_URL"),
        "graphql_url": format!("{}/graphql", variable("GITHUB_API_URL")),
    });
    match context {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}
