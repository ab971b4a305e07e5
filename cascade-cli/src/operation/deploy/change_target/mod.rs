//! `deploy target`.

mod change;
mod pull;

use crate::cli::error::{CommandResult, Error, Failure};
use crate::cli::request::Request;
use crate::cli::runner;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::github::GitHub;
use crate::operation::plans;
use crate::run::{Actions, Outputs, Session};
use cascade_core::lifecycle::{self, Planned};
use cascade_core::pipeline::{Callback, DeployTarget, TargetChange};
use cascade_core::protocol::output::{self, TARGET_SHA};
use cascade_core::protocol::variable;
use cascade_core::summary::Summary;
use change::Change;
use indexmap::IndexMap;
use serde_json::{Map, Value};

/// The deployment; in the generated workflow, variables hold it.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The environment
    #[arg(
        long,
        visible_alias = "environment",
        value_name = "NAME",
        env = variable::ENVIRONMENT.as_str()
    )]
    env: Option<String>,
    /// The deploy
    #[arg(long, value_name = "NAME", env = variable::DEPLOY.as_str())]
    deploy: Option<String>,
    /// Write outputs and a summary for the workflow
    #[arg(long)]
    gha_output: bool,
}

/// A deployment whose target is changed.
struct Deployment<'a> {
    session: &'a Session,
    terminal: &'a Terminal,
    /// The environment.
    environment: String,
    /// The deploy.
    name: String,
    planned: Planned,
    target: &'a DeployTarget,
    github: GitHub,
    /// The branch that is changed, or that has the workflow.
    branch: String,
}

pub(super) fn run(args: &Args, request: &Request, terminal: &Terminal) -> CommandResult {
    let session = Session::open(request, terminal)?;
    let actions = Actions::new(args.gha_output)?;
    let deployment = Deployment::read(args, &session, terminal)?;
    let done = deployment.change().inspect_err(|failure| {
        actions.refused(&deployment.title(), failure);
    })?;
    if let Some(sha) = done.sha {
        let outputs = Outputs::from_iter([(TARGET_SHA.to_owned(), sha)]);
        actions.put_out(&output::DEPLOY_TARGET, &outputs)?;
    }
    let summary = Summary::titled(&deployment.title()).sentence(format!("{}.", done.text));
    actions.summarise(&summary)?;
    terminal.out(&format!("{}\n", done.text))?;
    Ok(ExitStatus::Success)
}

/// The result of a change.
struct Done {
    /// The commit of the target that has it.
    sha: Option<String>,
    text: String,
}

impl Done {
    const fn new(sha: Option<String>, text: String) -> Self {
        Self { sha, text }
    }
}

impl<'a> Deployment<'a> {
    fn read(args: &Args, session: &'a Session, terminal: &'a Terminal) -> Result<Self, Error> {
        let given = |value: &Option<String>, flag: &str| {
            let value = value.clone().filter(|value| !value.is_empty());
            value.ok_or_else(|| Failure::new(format!("`{flag}` is not given")))
        };
        let environment = given(&args.env, "--env")?;
        let name = given(&args.deploy, "--deploy")?;
        session.require_environment(&environment)?;
        let target = session.component.target_of(&name).ok_or_else(|| {
            Failure::new(format!("`{name}` has no `deploy_target`"))
                .help("name a deploy that has one in the configuration of this commit")
        })?;
        let planned: Option<Planned> = plans::read_json(variable::PLANNED)?;
        let planned = planned.ok_or_else(|| {
            Failure::new(format!("nothing is planned for `{name}`"))
                .help("the variable PLANNED holds what is deployed")
        })?;
        let github = reach(session, target)?;
        let branch = branch(session, target, &github, &environment)?;
        Ok(Self {
            session,
            terminal,
            environment,
            name,
            planned,
            target,
            github,
            branch,
        })
    }

    fn change(&self) -> Result<Done, Failure> {
        match &self.target.change {
            TargetChange::Dispatch(file) => self.dispatch(file),
            TargetChange::Field(field) => {
                let builds: IndexMap<String, lifecycle::Outputs> =
                    plans::read_json(variable::BUILDS)?;
                let change = Change::new(self, field, &builds)?;
                match field.pull_request.filter(|_| !self.session.dry_run) {
                    Some(time) => pull::propose(&change, time),
                    None => change.commit(),
                }
            }
        }
    }

    /// Starts the workflow in the target's repository.
    ///
    /// A broken connection leaves open whether it was started, and a deployment that is started twice
    /// may do harm; so it is asked for once.
    fn dispatch(&self, file: &str) -> Result<Done, Failure> {
        let callback = self.callback();
        let inputs = inputs(callback);
        let place = format!("{file} of {}", self.github.repository());
        let sees = callback.is_some_and(|callback| callback.supports_dry_run);
        if self.session.dry_run && !sees {
            return Ok(Done::new(None, format!("{place} would be started")));
        }
        let help = "the workflow needs `on: workflow_dispatch` with these inputs, and the token `actions: write`";
        self.github
            .dispatch_once(file, &self.branch, &Value::Object(inputs.clone()))
            .map_err(|failure| {
                let names: Vec<&str> = inputs.keys().map(String::as_str).collect();
                failure.help(format!("{help}: {}", names.join(", ")))
            })?;
        Ok(Done::new(None, format!("{place} was started")))
    }

    fn callback(&self) -> Option<&Callback> {
        let callbacks = self.session.component.deploys.iter();
        let mut callbacks = callbacks.map(|deploy| &deploy.callback);
        callbacks.find(|callback| callback.name.as_str() == self.name)
    }

    /// `Deploy web v1.2.0 to prod`.
    fn title(&self) -> String {
        let (name, version) = (&self.name, &self.planned.version);
        format!("Deploy {name} {version} to {}", self.environment)
    }

    /// The repository that deploys.
    fn source(&self) -> &str {
        let name = &self.session.environment.repository;
        name.as_deref().unwrap_or("this repository")
    }

    /// The run that deploys, for people who read the target's history.
    fn origin(&self) -> String {
        let run = self.session.environment.run_url.as_ref();
        let run = run.map_or_else(String::new, |run| format!("\n{run}"));
        format!("{} at {}{run}", self.source(), self.planned.sha)
    }
}

/// Returns the values that a workflow is started with.
fn inputs(callback: Option<&Callback>) -> Map<String, Value> {
    let value = |name: &str| std::env::var(variable::input(name)).unwrap_or_default();
    let inputs = callback.into_iter().flat_map(|callback| &callback.inputs);
    inputs
        .map(|input| (input.name.clone(), value(&input.name).into()))
        .collect()
}

/// Returns the client of the target's repository.
fn reach(session: &Session, target: &DeployTarget) -> Result<GitHub, Failure> {
    let own = session.environment.repository.clone();
    let repository = target.repo.as_ref().map(ToString::to_string).or(own);
    let repository = repository.ok_or_else(|| {
        Failure::new("the variable GITHUB_REPOSITORY is not set")
            .help("set it to this repository's `owner/name`")
    })?;
    let token = runner::token(variable::TARGET_TOKEN).ok_or_else(|| {
        Failure::new(format!("there is no token for {repository}")).help(
            "put a token that may change the repository into the secret that `deploy_target` names, CASCADE_TARGET_TOKEN if it names none",
        )
    })?;
    GitHub::of(&session.environment, &repository, &token)
}

/// Returns the branch, which may not be what this repository deploys from.
fn branch(
    session: &Session,
    target: &DeployTarget,
    github: &GitHub,
    environment: &str,
) -> Result<String, Failure> {
    let branch = match &target.branch {
        Some(branch) => branch.of(environment),
        None => github
            .described()?
            .accepted()?
            .text("default_branch")?
            .to_owned(),
    };
    let own = session.environment.repository.as_deref();
    let ours = own.is_some_and(|own| own.eq_ignore_ascii_case(github.repository()));
    let writes = target.field().is_some();
    if writes && ours && branch == session.settings.trunk.as_str() {
        return Err(Failure::new(format!(
            "`deploy_target` writes `{branch}`, the trunk of this repository"
        ))
        .help("name another branch: a deployment that changes the trunk would have to be deployed, too"));
    }
    Ok(branch)
}
