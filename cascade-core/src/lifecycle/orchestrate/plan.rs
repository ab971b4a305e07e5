//! The plan of a run.

use super::next_version::{Released, base_release, next_version};
use crate::commits::short;
use crate::lifecycle::external::Answers;
use crate::lifecycle::history::History;
use crate::lifecycle::promotion_order::{Place, promotion_order};
use crate::lifecycle::rollout;
use crate::lifecycle::selection::{Recorded, Selection, concerned, select};
use crate::lifecycle::step::{bases, deploy_bases, recorded_outputs};
use crate::lifecycle::{Planned, Step};
use crate::manifest::RunPolicy;
use crate::pipeline::Component;
use crate::state::{Begun, Environment, External, Held, Managed};
use crate::version::Forced;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// A request for a run.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Request {
    /// The newest commit that is not only a write of state.
    pub head: String,
    /// True if nothing may change.
    pub dry_run: bool,
    /// The versions, or raises, that people force.
    pub forced: Vec<Forced>,
    /// True if the run was started again: it then also repairs what an earlier attempt left.
    pub again: bool,
    /// Versions of other repositories that are new in the first environment, by name; they hold
    /// for the whole run.
    pub pulled: IndexMap<String, External>,
    /// The answers for entries that are recorded in another environment.
    pub elsewhere: Answers,
}

/// The decision on a run.
#[derive(Debug, Clone, PartialEq)]
pub enum Decision {
    /// Something runs.
    Run(Box<Plan>),
    /// Nothing runs, and why.
    Nothing(String),
    /// Something newer ran already.
    Outdated(String),
}

/// A run, for the jobs that follow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The artifact that the first environment, or the prerelease record, is about to hold.
    #[serde(flatten)]
    pub step: Step,
    /// The callbacks that run, each with its reason; for people.
    pub reasons: IndexMap<String, String>,
    /// True if the validation runs.
    pub validate: bool,
    /// The builds that run.
    pub run_builds: Vec<String>,
    /// Versions of other repositories that are recorded in other environments.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub elsewhere: Answers,
    /// The release that the version follows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Released>,
    /// True if nothing may change.
    pub dry_run: bool,
}

/// Decides what a run does.
///
/// # Errors
/// The history gives no answer.
pub fn plan<H: History>(
    component: &Component,
    managed: &Managed,
    history: &H,
    request: &Request,
) -> Result<Decision, H::Error> {
    let place = promotion_order(component).swap_remove(0);
    let held = held(&place, managed);
    let pins = (&request.pulled, &request.elsewhere);
    let head = request.head.as_str();
    if let Some(sha) = held.held.sha.as_deref()
        && sha != head
        && history.contains(sha, head)?
    {
        return Ok(Decision::Outdated(format!(
            "outdated run: {place} already holds {}, which is newer than {}",
            short(sha),
            short(head)
        )));
    }
    let recorded = Recorded {
        sha: held.held.sha.as_deref(),
        builds: &held.held.builds,
        deploys: &held.held.deploys,
        in_doubt: held.in_doubt(),
    };
    let selection = select(component, &recorded, &request.pulled, head, history)?;
    if !delivers(component, &selection, &recorded, head, history)? {
        if request.again && held.held.sha.is_some() {
            let plan = repair(&place, &held, managed, component, history)?;
            return Ok(Decision::Run(Box::new(plan)));
        }
        if !request.pulled.is_empty() || !request.elsewhere.is_empty() {
            let plan = only_pulled(&place, &held, managed, pins);
            return Ok(Decision::Run(Box::new(plan)));
        }
        return Ok(Decision::Nothing(nothing(&place, &held, head)));
    }
    let next = next_version(component, managed, history, head, &request.forced)?;
    let grammar = &component.tag_grammar;
    let version = match request.dry_run {
        true => grammar.dry_run_tag(&next.version),
        false => grammar.tag(&next.version),
    };
    let target = (head, version.as_str());
    let mut step = step(component, &place, managed, &held, &selection, target);
    step.external.extend(request.pulled.clone());
    step.hand_over(component);
    Ok(Decision::Run(Box::new(Plan {
        validate: validates(component, recorded.sha, head, history)?,
        run_builds: selection.builds.keys().cloned().collect(),
        reasons: reasons(&selection),
        since: next.since,
        dry_run: request.dry_run,
        elsewhere: request.elsewhere.clone(),
        step,
    })))
}

/// Returns true if the commit is to be validated: whenever something runs, or only if its own files
/// changed since what is recorded.
fn validates<H: History>(
    component: &Component,
    base: Option<&str>,
    head: &str,
    history: &H,
) -> Result<bool, H::Error> {
    let Some(callback) = &component.validate else {
        return Ok(false);
    };
    if callback.triggers.is_empty() || callback.run_policy == RunPolicy::Force {
        return Ok(true);
    }
    Ok(concerned(callback, base, head, history)?.is_some())
}

fn held(place: &Place, managed: &Managed) -> Environment {
    match place.artifact(&managed.state) {
        Some(artifact) => Environment {
            held: Held {
                sha: Some(artifact.sha),
                version: Some(artifact.version),
                builds: artifact.builds,
                deploys: artifact.deploys,
                external: artifact.external,
                ..Held::default()
            },
            begun: begun(place, managed),
            ..Environment::default()
        },
        // Deploys may be recorded where the environment itself never moved.
        None => managed
            .state
            .environments
            .get(place.name())
            .cloned()
            .unwrap_or_default(),
    }
}

fn begun(place: &Place, managed: &Managed) -> Option<Begun> {
    let environment = managed.state.environments.get(place.name())?;
    environment.begun.clone()
}

/// Returns true if there is something to deliver: a callback that runs, or, where there are none or the
/// component is linked with others, a new commit that it watches.
fn delivers<H: History>(
    component: &Component,
    selection: &Selection,
    recorded: &Recorded<'_>,
    head: &str,
    history: &H,
) -> Result<bool, H::Error> {
    let has_callbacks = !component.builds.is_empty() || !component.deploys.is_empty();
    if !selection.builds.is_empty() || !selection.deploys.is_empty() {
        return Ok(true);
    }
    // A train gets its new version whole.
    if has_callbacks && component.train().is_none() {
        return Ok(false);
    }
    let Some(sha) = recorded.sha.filter(|_| selection.anything) else {
        return Ok(selection.anything);
    };
    let changed = history.changed(sha, head)?;
    Ok(changed.is_none_or(|files| component.watched().include_any(files)))
}

fn nothing(place: &Place, held: &Environment, head: &str) -> String {
    match held.held.sha.as_deref() {
        Some(sha) if sha == head => format!("{place} already holds {}", short(head)),
        Some(sha) => format!(
            "nothing that the pipeline watches changed between {} in {place} and {}",
            short(sha),
            short(head)
        ),
        None => "no callback is concerned".to_owned(),
    }
}

/// A plan that runs no callback: what is recorded gets its tag and release, if they are missing.
fn repair<H: History>(
    place: &Place,
    held: &Environment,
    managed: &Managed,
    component: &Component,
    history: &H,
) -> Result<Plan, H::Error> {
    let step = Step {
        environment: place.name().to_owned(),
        sha: held.held.sha.clone().unwrap_or_default(),
        version: held.held.version.clone().unwrap_or_default(),
        base: place.base(&managed.state),
        builds: held.held.builds.clone(),
        external: held.held.external.clone(),
        external_base: bases(&held.held.external),
        ..Step::default()
    };
    Ok(Plan {
        step,
        reasons: IndexMap::new(),
        validate: false,
        run_builds: Vec::new(),
        since: base_release(component, managed, history)?,
        dry_run: false,
        elsewhere: Answers::new(),
    })
}

/// A plan that runs no callback and records what other repositories have.
fn only_pulled(
    place: &Place,
    held: &Environment,
    managed: &Managed,
    (pulled, elsewhere): (&IndexMap<String, External>, &Answers),
) -> Plan {
    let mut external = held.held.external.clone();
    external.extend(pulled.clone());
    let new = |(name, external): (&String, &External)| {
        let version = external.version.clone().unwrap_or_default();
        (format!("external {name}"), format!("{version} is new"))
    };
    Plan {
        step: Step {
            environment: place.name().to_owned(),
            sha: held.held.sha.clone().unwrap_or_default(),
            version: held.held.version.clone().unwrap_or_default(),
            base: place.base(&managed.state),
            builds: held.held.builds.clone(),
            external,
            external_base: bases(&held.held.external),
            ..Step::default()
        },
        reasons: pulled.iter().map(new).collect(),
        validate: false,
        run_builds: Vec::new(),
        elsewhere: elsewhere.clone(),
        since: None,
        dry_run: false,
    }
}

impl Plan {
    /// Returns true if nothing runs, and only versions of other repositories are recorded.
    #[must_use]
    pub fn only_pulls(&self) -> bool {
        !self.step.advance && (!self.reasons.is_empty() || !self.elsewhere.is_empty())
    }
}

fn step(
    component: &Component,
    place: &Place,
    managed: &Managed,
    held: &Environment,
    selection: &Selection,
    (head, version): (&str, &str),
) -> Step {
    let plan = |name: &String| {
        let planned = Planned::new(head, version, held.held.deploys.get(name));
        (name.clone(), planned)
    };
    let mut deploys: IndexMap<String, Planned> = selection.deploys.keys().map(plan).collect();
    recorded_outputs(component, &mut deploys, &held.held.deploys);
    rollout::follow(component, place.name(), &mut deploys);
    Step {
        environment: place.name().to_owned(),
        from: None,
        sha: head.to_owned(),
        version: version.to_owned(),
        base: place.base(&managed.state),
        deploys_base: deploy_bases(&held.held.deploys),
        left_out: Vec::new(),
        advance: true,
        restore: false,
        builds: held.held.builds.clone(),
        deploys,
        external: held.held.external.clone(),
        external_base: bases(&held.held.external),
    }
}

/// Returns the reasons why callbacks run, for people.
pub(in crate::lifecycle) fn reasons(selection: &Selection) -> IndexMap<String, String> {
    let builds = selection
        .builds
        .iter()
        .map(|(name, why)| (format!("build {name}"), why));
    let deploys = selection
        .deploys
        .iter()
        .map(|(name, why)| (format!("deploy {name}"), why));
    builds
        .chain(deploys)
        .map(|(name, why)| (name, why.to_string()))
        .collect()
}
