//! An environment goes back to what it held before.

mod compare;
mod record;
mod refusal;
mod signal;
mod target;

pub use record::record;
pub use refusal::Refusal;
pub use signal::{Unaddressed, is_addressed};

use compare::compare;
use target::{Target, resolve};

use super::eligible::{above_first, shown};
use super::restore::builds;
use super::step::{bases, deploy_bases, recorded_outputs};
use super::{Base, Planned, Step};
use crate::finding::suggest;
use crate::lifecycle::rollout;
use crate::pipeline::Component;
use crate::state::{Environment, Snapshot, State};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// A request for a rollback.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Request {
    /// The environment.
    pub environment: String,
    /// A version, or at least seven characters of a commit; what it held before if empty.
    pub target: String,
    /// Only this deploy; all if empty.
    pub deployable: String,
    /// True if strategies are bypassed.
    pub direct: bool,
    /// The version that must still be there for anything to go back; any if empty.
    pub if_version: String,
}

/// A rollback, for the jobs that follow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The step: the version that the environment is about to hold.
    #[serde(flatten)]
    pub step: Step,
    /// The deploy that alone goes back; the whole environment if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deployable: Option<String>,
    /// Warnings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}

impl Plan {
    /// Returns true if the environment holds what it was to go back to.
    #[must_use]
    pub fn landed(&self, state: &State) -> bool {
        let environment = state.environments.get(&self.step.environment);
        self.step.landed(state) && environment.is_some_and(|held| self.step.deploys_landed(held))
    }
}

/// The decision on a request.
#[derive(Debug, Clone, PartialEq)]
pub enum Decision {
    /// Something goes back.
    Run(Box<Plan>),
    /// Nothing goes back, and that is well: the sentence says why.
    Already(String),
}

/// Decides what goes back, and to what.
///
/// `past` is what older versions of the manifest recorded for the environment, newest first; it is
/// needed only where the deployment history does not reach.
///
/// # Errors
/// [`Refusal`]; nothing was touched.
pub fn plan(
    component: &Component,
    state: &State,
    past: &[Environment],
    request: &Request,
) -> Result<Decision, Refusal> {
    let name = &request.environment;
    above_first(component, name).map_err(Refusal::Environment)?;
    let now = state.environments.get(name);
    let now = now.filter(|now| now.held.sha.is_some());
    let now = now.ok_or_else(|| Refusal::NoState(name.clone()))?;
    if let Some(branch) = now.git_ref.clone().filter(|branch| !is_rollback(branch)) {
        let environment = name.clone();
        return Err(Refusal::Hotfixed {
            environment,
            branch,
        });
    }
    let deployable = deployable(component, &request.deployable)?;
    if !holds(component, now, deployable.as_deref(), &request.if_version) {
        return Ok(Decision::Already(format!(
            "{} does not hold {}, which `if_version` asks for: it holds {}",
            deployable
                .as_deref()
                .map_or_else(|| name.clone(), |each| format!("{each} in {name}")),
            shown(&request.if_version),
            recorded_version(now, deployable.as_deref()).unwrap_or("nothing")
        )));
    }
    let target = Target::parse(&request.target, &component.tag_grammar)?;
    let (grammar, only) = (&component.tag_grammar, deployable.as_deref());
    let found = resolve(now, past, &target, only, grammar);
    let unresolved = || Refusal::Unresolved {
        environment: name.clone(),
        target: request.target.clone(),
    };
    let found = found.ok_or_else(unresolved)?;
    let (target, _) = found.split_first().ok_or_else(unresolved)?;
    let how = (deployable.as_deref(), request.direct);
    let step = step(component, name, now, &found, how);
    let warnings = compare(component, now, target, &step, deployable.as_deref())?;
    let same = deployable.is_some() || step.base.is(&step.sha, &step.version);
    let repairs = deployable.is_none() && now.is_incomplete();
    if same && step.deploys.is_empty() && !repairs {
        return Ok(Decision::Already(format!(
            "{name} already holds {}",
            step.base
        )));
    }
    Ok(Decision::Run(Box::new(Plan {
        step,
        deployable,
        warnings,
    })))
}

/// Returns true if the environment, or the deploy, holds a version, or a deployment of it is
/// unfinished; always if none is asked for.
fn holds(
    component: &Component,
    now: &Environment,
    deployable: Option<&str>,
    version: &str,
) -> bool {
    let grammar = &component.tag_grammar;
    let is = |held: &str| {
        held == version
            || grammar
                .parse(held)
                .is_some_and(|held| Some(held) == grammar.parse(version))
    };
    let arrives = now
        .unfinished()
        .filter(|_| deployable.is_none_or(|name| now.deviating().contains(&name)));
    version.is_empty()
        || recorded_version(now, deployable).is_some_and(is)
        || arrives.is_some_and(|unfinished| is(unfinished.version))
}

fn recorded_version<'a>(now: &'a Environment, deployable: Option<&str>) -> Option<&'a str> {
    let Some(name) = deployable else {
        return now.held.version.as_deref();
    };
    let deploy = now.held.deploys.get(name);
    let record = now.held.external.get(name);
    deploy
        .and_then(|deploy| deploy.version.as_deref())
        .or_else(|| record.and_then(|record| record.version.as_deref()))
}

fn deployable(component: &Component, name: &str) -> Result<Option<String>, Refusal> {
    if name.is_empty() {
        return Ok(None);
    }
    let names = || {
        component
            .deploy_callbacks()
            .map(|callback| callback.name.as_str())
    };
    if names().any(|known| known == name) {
        return Ok(Some(name.to_owned()));
    }
    let help = suggest::among(name, names(), "the deploys are").to_string();
    let asked = shown(name);
    Err(Refusal::UnknownDeploy { asked, help })
}

fn is_rollback(branch: &str) -> bool {
    branch.starts_with("rollback/")
}

fn step(
    component: &Component,
    name: &str,
    now: &Environment,
    found: &[Snapshot],
    (deployable, direct): (Option<&str>, bool),
) -> Step {
    let empty = Snapshot::default();
    let target = found.first().unwrap_or(&empty);
    let mut deploys = own_deploys(component, now, (target, found), deployable);
    for (name, record) in &target.held.external {
        let plan = Planned::external(record, now.held.external.get(name));
        let asked = deployable.is_none_or(|only| only == name);
        let done = now
            .held
            .external
            .get(name)
            .is_some_and(|now| plan.is_external(now))
            && !now.is_in_doubt(name);
        let deploys_it = component.external_callback(name).is_some() && !plan.sha.is_empty();
        if deploys_it && asked && !done {
            deploys.insert(name.clone(), plan);
        }
    }
    recorded_outputs(component, &mut deploys, &target.held.deploys);
    if !direct {
        rollout::follow(component, name, &mut deploys);
    }
    let whole = deployable.is_none();
    let of = |wanted: &Option<String>, held: &Option<String>| {
        let value = if whole { wanted } else { held };
        value.clone().unwrap_or_default()
    };
    let mut step = Step {
        environment: name.to_owned(),
        from: None,
        sha: of(&target.held.sha, &now.held.sha),
        version: of(&target.held.version, &now.held.version),
        base: Base::from(now),
        deploys_base: deploy_bases(&now.held.deploys),
        left_out: Vec::new(),
        advance: true,
        restore: false,
        builds: target.held.builds.clone(),
        deploys,
        external: target.held.external.clone(),
        external_base: bases(&now.held.external),
    };
    step.hand_over(component);
    step
}

/// Plans the pipeline's own deploys that do not run what `target` ran.
fn own_deploys(
    component: &Component,
    now: &Environment,
    (target, found): (&Snapshot, &[Snapshot]),
    deployable: Option<&str>,
) -> IndexMap<String, Planned> {
    let mut deploys = IndexMap::new();
    let names = component.deploys.iter();
    let names = names.map(|deploy| deploy.callback.name.as_str());
    for name in names.filter(|name| deployable.is_none_or(|only| only == *name)) {
        let held = now.held.deploys.get(name);
        if let Some((sha, version)) = went(target, name)
            && held.is_none_or(|held| {
                held.sha.as_deref() != Some(sha)
                    || held.version.as_deref() != Some(version)
                    || held.is_rolling_out()
                    || now.is_in_doubt(name)
            })
        {
            let planned = Planned::new(sha, version, held);
            let builds = Some(builds(component, found, name));
            deploys.insert(name.to_owned(), Planned { builds, ..planned });
        }
    }
    deploys
}

/// Returns the commit and version of a deploy in a snapshot; without records of deploys, all ran at
/// the snapshot's own.
fn went<'a>(target: &'a Snapshot, name: &str) -> Option<(&'a str, &'a str)> {
    match target.held.deploys.get(name) {
        Some(deploy) => Some((
            deploy.sha.as_deref()?,
            deploy.version.as_deref().unwrap_or_default(),
        )),
        None if target.held.deploys.is_empty() => Some((
            target.held.sha.as_deref()?,
            target.held.version.as_deref().unwrap_or_default(),
        )),
        None => None,
    }
}
