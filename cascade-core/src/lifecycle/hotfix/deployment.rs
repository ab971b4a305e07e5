//! A merged fix is deployed and recorded.

use super::branch::{base_branch, is_hotfix};
use super::origin::{Brought, Resolution, vouched_for};
use super::refusal::Refusal;
use super::version;
use crate::lifecycle::base::Standing;
use crate::lifecycle::eligible::above_first;
use crate::lifecycle::orchestrate::{self, Released};
use crate::lifecycle::record::{Recording, Settled, complete};
use crate::lifecycle::release::named;
use crate::lifecycle::rollout;
use crate::lifecycle::selection::{self, Selection, select};
use crate::lifecycle::step::{deploy_bases, place, recorded_outputs};
use crate::lifecycle::{
    Base, Deploying, Ended, History, Planned, Recorded, StalePlan, Stamp, Step, Stopped,
};
use crate::pipeline::{Component, TagGrammar};
use crate::state::{Environment, Managed, Patch};
use crate::version::Version;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// A pull request that was merged.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Merge {
    /// The environment.
    pub environment: String,
    /// The commit that merged it.
    pub sha: String,
    /// The pull request; 0 if none is known.
    pub number: u64,
    /// The fixes that it brought: commits on trunk.
    pub patches: Vec<String>,
    /// True if it was merged with the conflicts that cascade left in it.
    pub unresolved: bool,
    /// The commits that it brought.
    pub brought: Vec<Brought>,
    /// The review of what a person wrote to resolve a conflict.
    pub resolution: Resolution,
}

/// A hotfix that is deployed, for the jobs that follow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Deployment {
    /// The plan of the run.
    #[serde(flatten)]
    pub run: orchestrate::Plan,
    /// The fixes on top of the environment's own commit.
    pub patches: Vec<String>,
    /// The trunk commit that the environment left from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_from: Option<String>,
}

/// Decides what a merge deploys.
///
/// # Errors
/// A rule refuses it, or the history gives no answer.
pub fn deploy<H: History>(
    component: &Component,
    managed: &Managed,
    merge: &Merge,
    dry_run: bool,
    history: &H,
) -> Result<Deployment, Stopped<Refusal, H::Error>> {
    let name = merge.environment.as_str();
    above_first(component, name).map_err(|why| Stopped::Refused(Refusal::Environment(why)))?;
    let state = &managed.state;
    let held = state.environments.get(name);
    let Some((held, sha)) = held.and_then(|held| Some((held, held.held.sha.as_deref()?))) else {
        return Err(Stopped::Refused(Refusal::NoState(name.to_owned())));
    };
    if history.contains(sha, &merge.sha).map_err(Stopped::Failed)? {
        return Ok(repair(name, held, dry_run));
    }
    if !history.contains(&merge.sha, sha).map_err(Stopped::Failed)? {
        return Err(Stopped::Refused(Refusal::MovedOn {
            environment: name.to_owned(),
            held: Base::from(held).to_string(),
            sha: merge.sha.clone(),
        }));
    }
    if merge.unresolved {
        let number = merge.number;
        return Err(Stopped::Refused(Refusal::Unresolved { number }));
    }
    vouched_for(merge).map_err(Stopped::Refused)?;
    let Some(version) =
        version(component, managed, held, merge, history).map_err(Stopped::Failed)?
    else {
        return Err(Stopped::Refused(Refusal::NoVersion {
            environment: name.to_owned(),
            version: held.held.version.clone().unwrap_or_default(),
        }));
    };
    let grammar = &component.tag_grammar;
    let version = match dry_run {
        true => grammar.dry_run_tag(&version),
        false => grammar.tag(&version),
    };
    let recorded = selection::Recorded {
        sha: Some(sha),
        builds: &held.held.builds,
        deploys: &held.held.deploys,
        in_doubt: held.in_doubt(),
    };
    let selected = select(component, &recorded, &IndexMap::new(), &merge.sha, history)
        .map_err(Stopped::Failed)?;
    Ok(deployment(
        component,
        held,
        merge,
        &selected,
        (version, dry_run),
    ))
}

/// The version of the fix; one that an earlier attempt tagged stays.
fn version<H: History>(
    component: &Component,
    managed: &Managed,
    held: &Environment,
    merge: &Merge,
    history: &H,
) -> Result<Option<Version>, H::Error> {
    let grammar = &component.tag_grammar;
    let base = held
        .held
        .version
        .as_deref()
        .and_then(|base| grammar.parse(base));
    let Some(base) = base else {
        return Ok(None);
    };
    let tags = history.tags()?;
    let parsed = |name: &str| grammar.parse(name);
    let own = tags.iter().filter(|tag| tag.sha == merge.sha);
    if let Some(own) = own
        .filter_map(|tag| parsed(&tag.name))
        .find(|own| *own > base)
    {
        return Ok(Some(own));
    }
    let tagged = tags.iter().filter_map(|tag| parsed(&tag.name));
    let state = named(&managed.state).into_iter().filter_map(parsed);
    let taken: Vec<Version> = tagged.chain(state).collect();
    Ok(Some(version::next(base, taken)))
}

fn deployment(
    component: &Component,
    held: &Environment,
    merge: &Merge,
    selected: &Selection,
    (version, dry_run): (String, bool),
) -> Deployment {
    let plan = |name: &String| {
        let planned = Planned::new(&merge.sha, &version, held.held.deploys.get(name));
        (name.clone(), planned)
    };
    let mut deploys = selected.deploys.keys().map(plan).collect();
    recorded_outputs(component, &mut deploys, &held.held.deploys);
    rollout::follow(component, &merge.environment, &mut deploys);
    let mut step = Step {
        environment: merge.environment.clone(),
        sha: merge.sha.clone(),
        version: version.clone(),
        base: Base::from(held),
        deploys_base: deploy_bases(&held.held.deploys),
        advance: true,
        builds: held.held.builds.clone(),
        deploys,
        external: held.held.external.clone(),
        ..Step::default()
    };
    step.hand_over(component);
    let on_top = is_hotfix(&step.base);
    let earlier = held.patches.iter().filter(|_| on_top);
    let mut patches: Vec<String> = earlier
        .filter_map(|patch| patch.sha().map(str::to_owned))
        .collect();
    for patch in &merge.patches {
        if !patches.contains(patch) {
            patches.push(patch.clone());
        }
    }
    let left_from = held.base_sha.clone().filter(|_| on_top);
    Deployment {
        patches,
        left_from: left_from.or_else(|| held.held.sha.clone()),
        run: orchestrate::Plan {
            reasons: orchestrate::reasons(selected),
            validate: false,
            run_builds: selected.builds.keys().cloned().collect(),
            since: Some(since(held)),
            dry_run,
            elsewhere: IndexMap::default(),
            step,
        },
    }
}

fn since(held: &Environment) -> Released {
    Released {
        version: held.held.version.clone().unwrap_or_default(),
        sha: held.held.sha.clone(),
    }
}

/// Plans the run for a merge that is already recorded: nothing is deployed, and its tag and release
/// are made if they are missing.
fn repair(name: &str, held: &Environment, dry_run: bool) -> Deployment {
    let before = held.previous.first();
    Deployment {
        patches: Vec::new(),
        left_from: held.base_sha.clone(),
        run: orchestrate::Plan {
            reasons: indexmap::IndexMap::new(),
            validate: false,
            run_builds: Vec::new(),
            since: before.map(|before| Released {
                version: before.held.version.clone().unwrap_or_default(),
                sha: before.held.sha.clone(),
            }),
            dry_run,
            elsewhere: IndexMap::default(),
            step: Step {
                environment: name.to_owned(),
                sha: held.held.sha.clone().unwrap_or_default(),
                version: held.held.version.clone().unwrap_or_default(),
                base: Base::from(held),
                deploys_base: deploy_bases(&held.held.deploys),
                ..Step::default()
            },
        },
    }
}

impl Deployment {
    /// Returns true if it is recorded already.
    #[must_use]
    pub fn is_recorded(&self) -> bool {
        self.run
            .step
            .base
            .is(&self.run.step.sha, &self.run.step.version)
    }
}

/// Records a hotfix: each deploy that succeeded, and the environment if every deploy that must
/// succeed did.
///
/// Recording twice changes nothing the second time.
///
/// # Errors
/// The environment holds something that the hotfix was not planned for.
pub fn record(
    managed: &Managed,
    deployment: &Deployment,
    deploying: Deploying<'_>,
    component: &Component,
    ended: Ended<'_>,
) -> Result<(Managed, Recorded), StalePlan> {
    let mut managed = managed.clone();
    let step = &deployment.run.step;
    let recording = Recording {
        step,
        deploying,
        component,
        ended,
    };
    let name = &step.environment;
    let mut state = managed.state.clone();
    let environment = state.environments.entry(name.clone()).or_default();
    let target = (step.sha.as_str(), step.version.as_str());
    let held = step
        .base
        .still_holds(name, Base::from(&*environment), target);
    if let Some(refused) = recording.refusal(environment, &held) {
        let recorded = recording.in_doubt(state, refused);
        managed.state = recorded.state.clone();
        return Ok((managed, recorded));
    }
    let already = held? == Standing::Already || deployment.is_recorded();
    let stamp = deploying.stamp;
    let moves = !already
        && step.advance
        && ended.gate.is_success()
        && !step.leaves_some_out(environment)
        && complete(component, step, ended.results);
    rollout::finish(environment, step, ended.results, stamp);
    if moves {
        environment.remember();
    }
    recording.deploys(environment);
    if moves {
        place(environment, step, stamp);
        diverge(environment, component, deployment);
    }
    recording.settle(environment, Settled::all_if(already || moves));
    managed.state = state.clone();
    if moves {
        publish(&mut managed, step, &component.tag_grammar, stamp);
    }
    let recorded = Recorded {
        state,
        advanced: already || moves,
        restore: None,
        refused: None,
    };
    Ok((managed, recorded))
}

/// Records that an environment runs a branch of its own, with fixes of trunk.
fn diverge(environment: &mut Environment, component: &Component, deployment: &Deployment) {
    let name = &deployment.run.step.environment;
    environment.git_ref = Some(base_branch(component.name(), name));
    environment.base_sha.clone_from(&deployment.left_from);
    environment.patches = deployment.patches.iter().cloned().map(Patch::Sha).collect();
}

/// A fix of a release is a release, and the latest if nothing above it was released.
fn publish(managed: &mut Managed, step: &Step, grammar: &TagGrammar, stamp: &Stamp) {
    let latest = &mut managed.latest_release;
    let above = latest
        .version
        .as_deref()
        .and_then(|latest| grammar.parse(latest));
    let version = grammar.parse(&step.version).filter(Version::is_release);
    if version.is_some_and(|version| above.is_none_or(|above| version > above)) {
        latest.version = Some(step.version.clone());
        latest.sha = Some(step.sha.clone());
        latest.released_on = Some(stamp.at.clone());
        latest.released_by = Some(stamp.by.clone());
    }
}
