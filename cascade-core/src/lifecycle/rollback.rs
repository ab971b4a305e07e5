//! An environment goes back to what it held before.

use super::eligible::{Ineligible, above_first, shown};
use super::outcome::{Outcome, Results, of};
use super::stage::{advance_deploys, bases, carry, recorded_outputs};
use super::{Base, Planned, Stage, Stamp, Superseded};
use crate::finding::suggest;
use crate::lifecycle::rollout;
use crate::pipeline::{Lane, TagGrammar};
use crate::state::{Environment, Rejected, Snapshot, State};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The shortest part of a hash that names a target.
const SHORTEST: usize = 7;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Request {
    /// The environment.
    pub environment: String,
    /// A version, or at least seven characters of a commit; what it held before if empty.
    pub target: String,
    /// Only this deploy; all if empty.
    pub deployable: String,
    /// Whether strategies are bypassed.
    pub direct: bool,
}

/// A rollback, for the jobs that follow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// What the environment is about to hold.
    #[serde(flatten)]
    pub stage: Stage,
    /// The deploy that alone goes back; the whole environment if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deployable: Option<String>,
}

impl Plan {
    /// Whether the environment holds what it was to go back to.
    #[must_use]
    pub fn landed(&self, state: &State) -> bool {
        let environment = state.environments.get(&self.stage.environment);
        self.stage.landed(state) && environment.is_some_and(|held| self.stage.deploys_landed(held))
    }
}

/// What a request leads to.
#[derive(Debug, Clone, PartialEq)]
pub enum Decision {
    /// Something goes back.
    Run(Box<Plan>),
    /// It holds that already.
    Already(String),
}

/// Why nothing goes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The environment cannot be meant.
    Environment(Ineligible),
    /// A hotfix took the environment off trunk.
    Hotfixed {
        /// The environment.
        environment: String,
        /// Its branch.
        branch: String,
    },
    /// There is no such deploy.
    UnknownDeploy {
        /// What was asked for.
        asked: String,
        /// What to do.
        help: String,
    },
    /// Nothing is recorded for the environment.
    NoState(String),
    /// The target names nothing that the environment held.
    Unresolved {
        /// The environment.
        environment: String,
        /// What was asked for; empty for the version before.
        target: String,
    },
    /// The target is too short, or no text that could name one.
    BadTarget(String),
}

/// Decides what goes back, and to what.
///
/// `past` is what older versions of the manifest recorded for the environment, newest first; it is
/// needed only where the ring does not reach.
///
/// # Errors
/// [`Refusal`]; nothing was touched.
pub fn plan(
    lane: &Lane,
    state: &State,
    past: &[Environment],
    request: &Request,
) -> Result<Decision, Refusal> {
    let name = &request.environment;
    above_first(lane, name).map_err(Refusal::Environment)?;
    let now = state.environments.get(name).filter(|now| now.sha.is_some());
    let now = now.ok_or_else(|| Refusal::NoState(name.clone()))?;
    if let Some(branch) = now.git_ref.clone().filter(|branch| !is_rollback(branch)) {
        let environment = name.clone();
        return Err(Refusal::Hotfixed {
            environment,
            branch,
        });
    }
    let deployable = deployable(lane, &request.deployable)?;
    let target = Target::parse(&request.target, &lane.tag_grammar)?;
    let found = resolve(now, past, &target, deployable.as_deref(), &lane.tag_grammar);
    let found = found.ok_or_else(|| Refusal::Unresolved {
        environment: name.clone(),
        target: request.target.clone(),
    })?;
    let how = (deployable.as_deref(), request.direct);
    let stage = stage(lane, name, now, &found, how);
    let same = deployable.is_some() || stage.base.is(&stage.sha, &stage.version);
    if same && stage.deploys.is_empty() {
        return Ok(Decision::Already(format!(
            "{name} already holds {}",
            stage.base
        )));
    }
    Ok(Decision::Run(Box::new(Plan { stage, deployable })))
}

fn deployable(lane: &Lane, name: &str) -> Result<Option<String>, Refusal> {
    if name.is_empty() {
        return Ok(None);
    }
    let names = || {
        lane.deploy_callbacks()
            .map(|callback| callback.name.as_str())
    };
    if names().any(|known| known == name) {
        return Ok(Some(name.to_owned()));
    }
    let help = suggest::among(name, names(), "the deploys are");
    let asked = shown(name);
    Err(Refusal::UnknownDeploy { asked, help })
}

fn is_rollback(branch: &str) -> bool {
    branch.starts_with("rollback/")
}

enum Target {
    Before,
    Version(String),
    Commit(String),
}

impl Target {
    fn parse(text: &str, grammar: &TagGrammar) -> Result<Self, Refusal> {
        if text.is_empty() {
            return Ok(Self::Before);
        }
        if grammar.parse(text).is_some() {
            return Ok(Self::Version(text.to_owned()));
        }
        let is_hash = (SHORTEST..=64).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        match is_hash {
            true => Ok(Self::Commit(text.to_ascii_lowercase())),
            false => Err(Refusal::BadTarget(shown(text))),
        }
    }

    fn names(&self, sha: Option<&str>, version: Option<&str>, grammar: &TagGrammar) -> bool {
        match self {
            Self::Before => false,
            Self::Commit(start) => sha.is_some_and(|sha| sha.starts_with(start.as_str())),
            Self::Version(wanted) => version.is_some_and(|version| {
                version == wanted
                    || grammar
                        .parse(version)
                        .is_some_and(|v| Some(v) == grammar.parse(wanted))
            }),
        }
    }
}

/// Recorded state, then the ring, then older manifests.
fn resolve(
    now: &Environment,
    past: &[Environment],
    target: &Target,
    deployable: Option<&str>,
    grammar: &TagGrammar,
) -> Option<Snapshot> {
    let current = snapshot(now);
    let older = now
        .previous
        .iter()
        .cloned()
        .chain(past.iter().map(snapshot));
    if let (Target::Before, Some(name)) = (target, deployable) {
        return before_deploy(&current, older.collect(), name);
    }
    if matches!(target, Target::Before) {
        let rejected = rejected(now);
        return older
            .filter(|each| {
                !rejected
                    .iter()
                    .any(|(sha, version)| same(each, sha, version))
            })
            .find(|each| {
                each.sha.is_some() && (each.sha != current.sha || each.version != current.version)
            });
    }
    let mut all = std::iter::once(current).chain(older);
    all.find(|each| {
        let (sha, version) = place(each, deployable);
        target.names(sha, version, grammar)
    })
}

fn snapshot(environment: &Environment) -> Snapshot {
    let mut held = environment.clone();
    held.previous.clear();
    held.remember();
    held.previous.into_iter().next().unwrap_or_default()
}

/// What a snapshot says of the whole, or of one deploy.
fn place<'a>(
    snapshot: &'a Snapshot,
    deployable: Option<&str>,
) -> (Option<&'a str>, Option<&'a str>) {
    let whole = (snapshot.sha.as_deref(), snapshot.version.as_deref());
    let alone = deployable.and_then(|name| recorded(snapshot, name));
    alone.unwrap_or(whole)
}

/// What a snapshot records of one deploy, or of one artifact of another repository.
fn recorded<'a>(snapshot: &'a Snapshot, name: &str) -> Option<(Option<&'a str>, Option<&'a str>)> {
    if let Some(deploy) = snapshot.deploys.get(name) {
        return Some((deploy.sha.as_deref(), deploy.version.as_deref()));
    }
    let slot = snapshot.external.get(name)?;
    Some((slot.sha.as_deref(), slot.version.as_deref()))
}

fn same(snapshot: &Snapshot, sha: &Option<String>, version: &Option<String>) -> bool {
    snapshot.sha == *sha && snapshot.version == *version
}

/// What one deploy was at before; where it was rolled back already, what was before that.
fn before_deploy(current: &Snapshot, older: Vec<Snapshot>, name: &str) -> Option<Snapshot> {
    let at = |each: &Snapshot| {
        let (sha, version) = recorded(each, name)?;
        Some((sha?.to_owned(), version.map(str::to_owned)))
    };
    let now = at(current);
    let seen = older.iter().position(|each| at(each) == now);
    let from = seen.unwrap_or(0);
    older
        .into_iter()
        .skip(from)
        .find(|each| at(each).is_some() && at(each) != now)
}

/// Everything that rollbacks moved away from.
fn rejected(now: &Environment) -> Vec<(Option<String>, Option<String>)> {
    let last = now
        .rejected
        .iter()
        .map(|each| (each.sha.clone(), each.version.clone()));
    let ring = now.previous.iter().filter(|each| each.rejected);
    last.chain(ring.map(|each| (each.sha.clone(), each.version.clone())))
        .collect()
}

fn stage(
    lane: &Lane,
    name: &str,
    now: &Environment,
    target: &Snapshot,
    (deployable, direct): (Option<&str>, bool),
) -> Stage {
    let mut deploys = IndexMap::new();
    for deploy in &lane.deploys {
        let name = deploy.callback.name.as_str();
        if deployable.is_some_and(|only| only != name) {
            continue;
        }
        let held = now.deploys.get(name);
        if let Some((sha, version)) = went(target, name)
            && held.is_none_or(|held| {
                held.sha.as_deref() != Some(sha)
                    || held.version.as_deref() != Some(version)
                    || held.is_rolling_out()
            })
        {
            deploys.insert(name.to_owned(), Planned::new(sha, version, held));
        }
    }
    for (name, slot) in &target.external {
        let plan = Planned::slot(slot, now.external.get(name));
        let asked = deployable.is_none_or(|only| only == name);
        let done = now.external.get(name).is_some_and(|now| plan.is_slot(now));
        let deploys_it = lane.external_callback(name).is_some() && !plan.sha.is_empty();
        if deploys_it && asked && !done {
            deploys.insert(name.clone(), plan);
        }
    }
    recorded_outputs(lane, &mut deploys, &target.deploys);
    if !direct {
        rollout::follow(lane, name, &mut deploys);
    }
    let whole = deployable.is_none();
    let of = |wanted: &Option<String>, held: &Option<String>| {
        let value = if whole { wanted } else { held };
        value.clone().unwrap_or_default()
    };
    Stage {
        environment: name.to_owned(),
        from: None,
        sha: of(&target.sha, &now.sha),
        version: of(&target.version, &now.version),
        base: Base::from(now),
        advance: true,
        restore: false,
        builds: target.builds.clone(),
        deploys,
        external: target.external.clone(),
        external_base: bases(&now.external),
    }
}

/// What a deploy ran at in a snapshot; one without records of deploys ran all at its own commit.
fn went<'a>(target: &'a Snapshot, name: &str) -> Option<(&'a str, &'a str)> {
    match target.deploys.get(name) {
        Some(deploy) => Some((
            deploy.sha.as_deref()?,
            deploy.version.as_deref().unwrap_or_default(),
        )),
        None if target.deploys.is_empty() => Some((
            target.sha.as_deref()?,
            target.version.as_deref().unwrap_or_default(),
        )),
        None => None,
    }
}

/// Records a rollback if every deploy in scope succeeded; whether it did.
///
/// Recording twice changes nothing the second time.
///
/// # Errors
/// The environment holds something that the rollback was not planned for.
pub fn record(
    state: &State,
    plan: &Plan,
    lane: &Lane,
    (gate, results): (Outcome, &Results),
    stamp: &Stamp,
) -> Result<(State, bool), Superseded> {
    let mut state = state.clone();
    let stage = &plan.stage;
    let environment = state
        .environments
        .entry(stage.environment.clone())
        .or_default();
    let branch = format!("rollback/{}", stage.environment);
    let found = Base::from(&*environment);
    let landed = found.is(&stage.sha, &stage.version)
        && found.git_ref.as_deref() == Some(branch.as_str())
        && stage.deploys_landed(environment);
    if landed {
        return Ok((state, true));
    }
    if found != stage.base {
        return Err(Superseded {
            place: stage.environment.clone(),
            planned: Box::new(stage.base.clone()),
            found: Box::new(found),
        });
    }
    let complete = gate.is_success()
        && stage
            .deploys
            .keys()
            .all(|name| of(results, name).is_success());
    rollout::finish(environment, stage, results, false, stamp);
    rollout::settle(environment, stage, results, stamp);
    if !complete {
        return Ok((state, false));
    }
    // A rollout that is broken off moves nothing: what it was to replace is still recorded.
    let recorded = |(name, planned): (&String, &Planned)| {
        environment
            .deploys
            .get(name)
            .is_some_and(|held| planned.is(held))
    };
    if stage.base.is(&stage.sha, &stage.version) && stage.deploys.iter().all(recorded) {
        return Ok((state, true));
    }
    let left = Rejected {
        sha: environment.sha.clone(),
        version: environment.version.clone(),
        ..Rejected::default()
    };
    environment.remember();
    if plan.deployable.is_none() {
        environment.reject_newest();
        environment.sha = Some(stage.sha.clone());
        environment.version = Some(stage.version.clone());
        environment.builds.clone_from(&stage.builds);
    }
    advance_deploys(environment, stage, lane, results, stamp);
    if plan.deployable.is_none() {
        carry(&mut environment.external, stage);
    }
    environment.committed_at = Some(stamp.at.clone());
    environment.committed_by = Some(stamp.by.clone());
    environment.git_ref = Some(branch);
    environment.base_sha.clone_from(&left.sha);
    environment.rejected = Some(left);
    Ok((state, true))
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Environment(Ineligible::Unnamed) => f.write_str("no `environment` is given"),
            Self::Environment(first @ Ineligible::First(_)) => {
                write!(f, "{first} and goes forward only: revert on trunk")
            }
            Self::Environment(why) => why.fmt(f),
            Self::Hotfixed {
                environment,
                branch,
            } => write!(
                f,
                "{environment} is diverged by a hotfix on {branch}; promote a commit with the fix into it"
            ),
            Self::UnknownDeploy { asked, help } => {
                write!(f, "there is no deploy `{asked}`; {help}")
            }
            Self::NoState(name) => write!(f, "nothing was deployed to {name} yet"),
            Self::Unresolved {
                environment,
                target,
            } if target.is_empty() => {
                write!(
                    f,
                    "{environment} held nothing before that was not rolled back already"
                )
            }
            Self::Unresolved {
                environment,
                target,
            } => {
                write!(f, "{environment} never held `{}`", shown(target))
            }
            Self::BadTarget(target) => write!(
                f,
                "`{target}` is neither a version nor at least {SHORTEST} characters of a commit"
            ),
        }
    }
}

impl std::error::Error for Refusal {}
