//! `external`: versions of other repositories.

mod cache;
mod finalize;
mod gate;
mod record;
mod resolve;
mod source;
mod update;

use crate::cli::error::{CommandResult, Failure};
use crate::cli::request::Request;
use crate::cli::terminal::Terminal;
use crate::run::Session;
use cascade_core::lifecycle::external::{Answers, pinned};
use cascade_core::pipeline::{Component, PullSource};
use cascade_core::state::{External, Managed};
use clap::Subcommand;
use indexmap::IndexMap;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Record a version that another repository reports
    Update(update::Args),
    /// Ask the repositories that versions are pulled from
    Resolve(resolve::Args),
    /// Record what the jobs that asked have found
    Record(record::Args),
    /// Check that what arrived is still what is recorded
    Gate(gate::Args),
    /// Record that what arrived is deployed
    Finalize(finalize::Args),
}

pub(crate) fn run(command: &Command, request: &Request, terminal: &Terminal) -> CommandResult {
    match command {
        Command::Update(args) => update::run(args, request, terminal),
        Command::Resolve(args) => resolve::run(args, request, terminal),
        Command::Record(args) => record::run(args, request, terminal),
        Command::Gate(args) => gate::run(args, request, terminal),
        Command::Finalize(args) => finalize::run(args, request, terminal),
    }
}

/// Versions that hold for one run of trunk.
#[derive(Debug, Default)]
pub(super) struct Pins {
    /// New names of the first environment, by name.
    pub(super) pulled: IndexMap<String, External>,
    /// The answers for entries of other environments.
    pub(super) elsewhere: Answers,
    /// The remarks for people on answers that are missing or odd.
    pub(super) remarks: Vec<String>,
}

impl Pins {
    /// As the jobs that asked put it out; by hand, the producers are asked now.
    pub(super) fn of_run(session: &Session, managed: &Managed) -> Result<Self, Failure> {
        match session.environment.in_actions {
            true => Self::of(
                session,
                managed,
                &record::answers(session.component.pulled_by_runs())?,
            ),
            false => Self::asked(session, managed),
        }
    }

    /// Asks the producers now.
    pub(super) fn asked(session: &Session, managed: &Managed) -> Result<Self, Failure> {
        let sources: Vec<&PullSource> = session.component.pulled_by_runs().collect();
        if sources.is_empty() {
            return Ok(Self::default());
        }
        let answers = resolve::resolve(session, managed, &sources, &cache::Cache::default())?;
        Self::of(session, managed, &answers)
    }

    fn of(session: &Session, managed: &Managed, answers: &Answers) -> Result<Self, Failure> {
        let component = &session.component;
        let Some(first) = component
            .first_environment()
            .map(|first| first.name.as_str())
        else {
            return Ok(Self::default());
        };
        let environments = &managed.state.environments;
        let held = environments
            .get(first)
            .map(|held| held.held.external.clone());
        let held = held.unwrap_or_default();
        let pulled = pinned(component, first, &held, answers, &session.stamp());
        let mut pins = Self {
            pulled,
            ..Self::default()
        };
        for source in component.pulled_by_runs() {
            let name = source.name.as_str();
            let Some(answer) = answers.get(name) else {
                continue;
            };
            let said = answer.error.iter().chain(&answer.notice);
            pins.remarks
                .extend(said.map(|said| format!("{name}: {said}")));
            if let Some(why) = &answer.error {
                needed(component, source, &held, why)?;
            }
            let environment = source.environment.as_ref().map(|name| name.as_str());
            let held = environment.and_then(|name| Some(&environments.get(name)?.held.external));
            let news = |external: &&str| {
                let held = held.and_then(|held| held.get(*external));
                let found = answer.found.as_ref();
                found.is_some_and(|found| source.arrives(held, found).is_some())
            };
            // What is recorded and not deployed starts a run, and nothing that is given it.
            let waits = |external: &&str| {
                let held = held.and_then(|held| held.get(*external));
                let waits = held.is_some_and(|held| held.deployed_at.is_none());
                waits && source.deploys_on_arrival(external) && !news(external)
            };
            let elsewhere = environment != Some(first) && source.names().iter().any(news);
            if elsewhere || (answer.found.is_some() && source.names().iter().any(waits)) {
                pins.elsewhere.insert(name.to_owned(), answer.clone());
            }
        }
        Ok(pins)
    }
}

/// Refuses a run in which a callback would be given nothing: not even an older version is known.
fn needed(
    component: &Component,
    source: &PullSource,
    held: &IndexMap<String, External>,
    why: &str,
) -> Result<(), Failure> {
    let builds = component.builds.iter().map(|build| &build.callback);
    let deploys = component.deploys.iter().map(|deploy| &deploy.callback);
    let mut given = builds.chain(deploys).flat_map(|callback| {
        let names = callback.external_names();
        names.map(move |name| (name, &callback.name))
    });
    let unknown = |name: &str| source.names().contains(&name) && !held.contains_key(name);
    match given.find(|(name, _)| unknown(name)) {
        None => Ok(()),
        Some((name, callback)) => Err(Failure::new(format!(
            "`{callback}` is given the version of `{name}`, and none is known"
        ))
        .cause(why)
        .help("run this again when its repository can be asked and has such a version")),
    }
}
