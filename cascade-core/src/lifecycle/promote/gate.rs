//! The gates that keep an artifact from moving.

mod text;
mod train;

use super::moves::{Move, is_out};
use super::{Facts, Mode, Request};
use crate::commits::breaking;
use crate::lifecycle::history::{History, Tag};
use crate::lifecycle::promotion_order::{Place, promotion_order};
use crate::lifecycle::release::ForeignTag;
use crate::pipeline::Component;
use crate::state::{Environment, State};
use serde::{Deserialize, Serialize};

/// A closed gate, and between which places it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gate {
    /// From here.
    pub from: String,
    /// To here.
    pub to: String,
    /// The reason why it is closed.
    #[serde(flatten)]
    pub closed: Closed,
}

/// The reason why a gate is closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "gate", rename_all = "kebab-case")]
pub enum Closed {
    /// The source holds nothing.
    NoState,
    /// The commit is not on trunk.
    NotOnTrunk {
        /// The commit.
        sha: String,
    },
    /// Some deploys of the source hold the version of its last deployment and some do not.
    Incomplete {
        /// The version that was being deployed.
        version: String,
        /// The deploys that moved.
        deploys: Vec<String>,
    },
    /// None of the pipeline's deploys is recorded in the source: they were renamed or replaced.
    OtherDeploys {
        /// The deploys that the source holds.
        recorded: Vec<String>,
        /// The deploys of the pipeline.
        declared: Vec<String>,
    },
    /// A deploy reads an output that is not recorded.
    OutputNotRecorded {
        /// The build or deploy whose output it is.
        producer: String,
        /// The output.
        output: String,
        /// The deploy that reads it.
        consumer: String,
    },
    /// The source left trunk.
    SourceDiverged {
        /// The branch that it is on.
        branch: String,
    },
    /// The target holds a fix that would be lost.
    PatchMissing {
        /// The fix.
        patch: String,
    },
    /// Something breaks since the target's release.
    Breaking {
        /// The commits.
        commits: Vec<String>,
    },
    /// The version is lower than the target's.
    Downgrade {
        /// The target's version.
        held: String,
        /// The version that would replace it.
        incoming: String,
    },
    /// A rollback of the target moved away from this commit.
    Rejected {
        /// The commit.
        sha: String,
    },
    /// A hotfix of the target is being reviewed.
    HotfixOpen,
    /// A rollout in the source has not come to its end.
    RolloutUnfinished {
        /// The deploy.
        deploy: String,
    },
    /// The token that releases cannot make a tag on this commit.
    ForeignWorkflows {
        /// The commit.
        sha: String,
    },
    /// This version is published already, from another commit.
    Published {
        /// The version.
        version: String,
    },
    /// A tag that the move releases under is somebody else's.
    ForeignTag(ForeignTag),
    /// A member of the train does not hold this version where it is released from.
    Train {
        /// The component.
        member: String,
        /// The version that it holds there; empty if none.
        holds: String,
        /// The place.
        place: String,
    },
    /// The version follows no grammar, so that no release can be named after it.
    NoVersion {
        /// The version.
        version: String,
    },
}

impl Closed {
    /// Returns true if `force` opens it.
    #[must_use]
    pub const fn yields_to_force(&self) -> bool {
        matches!(
            self,
            Self::PatchMissing { .. } | Self::Rejected { .. } | Self::Train { .. }
        )
    }
}

/// The facts besides the state that promotions are judged by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known<'a> {
    pub(super) facts: Facts<'a>,
    pub(super) tags: &'a [Tag],
}

/// The gates that are closed for one move, those that `force` opens left out if it is given.
pub(super) fn closed<H: History>(
    component: &Component,
    state: &State,
    Known { facts, tags }: Known<'_>,
    request: &Request,
    each: &Move,
    history: &H,
) -> Result<Vec<Gate>, H::Error> {
    let mut found = Vec::new();
    let sha = each.artifact.sha.as_str();
    if !history.contains(facts.trunk, sha)? {
        let sha = sha.to_owned();
        found.push(Closed::NotOnTrunk { sha });
    }
    found.extend(of_source(state, &source_of(request, each)));
    if let Place::Environment(name) = &each.to {
        if let Some(target) = state.environments.get(name) {
            found.extend(of_target(target, sha, history)?);
        }
        if facts.open_hotfixes.contains(name) {
            found.push(Closed::HotfixOpen);
        }
    }
    if each.to == Place::Release {
        found.extend(train::left_behind(component, facts.states, &each.candidate));
    }
    let crosses = each.to == Place::Release || each.from == Place::Release;
    if crosses && !request.allow_breaking && !component.allow_breaking_changes {
        found.extend(breaks(component, each, history)?);
    }
    found.extend(other_deploys(component, each));
    let missing = each.missing.iter().cloned();
    found.extend(missing.map(|missing| Closed::OutputNotRecorded {
        producer: missing.producer,
        output: missing.output,
        consumer: missing.consumer,
    }));
    found.extend(version(component, request, each));
    if is_out(&each.to, &each.base, &each.artifact) {
        let version = each.artifact.version.clone();
        found.push(Closed::Published { version });
    }
    found.extend(foreign_tags(tags, each));
    let stays = |closed: &Closed| !(request.force && closed.yields_to_force());
    let gate = |closed| Gate {
        from: each.from.name().to_owned(),
        to: each.to.name().to_owned(),
        closed,
    };
    Ok(found.into_iter().filter(stays).map(gate).collect())
}

/// Says what is unfinished where nothing moves: by the records alone nothing would differ.
pub(super) fn unfinished(component: &Component, state: &State, mode: &Mode) -> Vec<Gate> {
    let places = promotion_order(component);
    let pairs = places.windows(2);
    let asked = pairs.filter(|pair| match mode {
        Mode::Default => true,
        Mode::Jump { from, .. } => *from == pair[0],
    });
    let gates = asked.flat_map(|pair| {
        of_source(state, &pair[0]).into_iter().map(|closed| Gate {
            from: pair[0].name().to_owned(),
            to: pair[1].name().to_owned(),
            closed,
        })
    });
    let incomplete = |gate: &Gate| matches!(gate.closed, Closed::Incomplete { .. });
    gates.filter(incomplete).collect()
}

/// Returns the place that the artifact comes from: a jump carries that of its start through every
/// place.
fn source_of(request: &Request, each: &Move) -> Place {
    match &request.mode {
        Mode::Jump { from, .. } => from.clone(),
        Mode::Default => each.from.clone(),
    }
}

fn of_source(state: &State, source: &Place) -> Vec<Closed> {
    let Place::Environment(name) = source else {
        return Vec::new();
    };
    let Some(environment) = state.environments.get(name) else {
        return Vec::new();
    };
    let diverged = environment.git_ref.clone();
    let mut found: Vec<Closed> = diverged
        .map(|branch| Closed::SourceDiverged { branch })
        .into_iter()
        .collect();
    // One that runs right now looks like one whose run vanished.
    if let Some(unfinished) = environment.unfinished() {
        let deploys = environment.deviating().into_iter().map(str::to_owned);
        found.push(Closed::Incomplete {
            version: unfinished.version.to_owned(),
            deploys: deploys.collect(),
        });
    }
    let unfinished = environment.unfinished_rollouts();
    found.extend(unfinished.map(|name| Closed::RolloutUnfinished {
        deploy: name.clone(),
    }));
    found
}

/// Refuses to record an arrival that no deploy can carry out.
fn other_deploys(component: &Component, each: &Move) -> Option<Closed> {
    if !matches!(each.to, Place::Environment(_)) || each.artifact.deploys.is_empty() {
        return None;
    }
    let recorded: Vec<String> = each.artifact.deploys.keys().cloned().collect();
    let declared = component.deploys.iter();
    let declared = declared.map(|deploy| deploy.callback.name.to_string());
    let declared: Vec<String> = declared.collect();
    let disjoint = !declared.iter().any(|name| recorded.contains(name));
    (disjoint && !declared.is_empty()).then_some(Closed::OtherDeploys { recorded, declared })
}

/// Says which deploys a move leaves out because the source does not have them, or the pipeline
/// does not have them any more.
pub(super) fn left_behind(component: &Component, each: &Move) -> Vec<String> {
    let recorded = &each.artifact.deploys;
    if !matches!(each.to, Place::Environment(_)) || recorded.is_empty() {
        return Vec::new();
    }
    let declared = || {
        component
            .deploys
            .iter()
            .map(|deploy| deploy.callback.name.as_str())
    };
    let (from, to) = (&each.from, &each.to);
    let new = declared().filter(|name| !recorded.contains_key(*name));
    let new =
        new.map(|name| format!("`{name}` stays as it is in {to}: {from} does not hold it yet"));
    let gone = recorded
        .keys()
        .filter(|name| !declared().any(|each| each == *name));
    let gone = gone.map(|name| {
        format!("`{name}`, which {from} was deployed with, is not in the pipeline any more and is not deployed to {to}")
    });
    new.chain(gone).collect()
}

fn of_target<H: History>(
    target: &Environment,
    sha: &str,
    history: &H,
) -> Result<Vec<Closed>, H::Error> {
    let mut found = Vec::new();
    if target.is_diverged() {
        for patch in target.patches.iter().filter_map(|patch| patch.sha()) {
            if !history.contains(sha, patch)? {
                let patch = patch.to_owned();
                found.push(Closed::PatchMissing { patch });
            }
        }
    }
    let rejected = target
        .rejected
        .as_ref()
        .and_then(|each| each.sha.as_deref());
    if rejected == Some(sha) {
        let sha = sha.to_owned();
        found.push(Closed::Rejected { sha });
    }
    Ok(found)
}

/// Returns the closed gate of a move that brings breaking changes since the commit that the target
/// holds.
pub(super) fn breaks<H: History>(
    component: &Component,
    each: &Move,
    history: &H,
) -> Result<Option<Closed>, H::Error> {
    let Some(base) = each.base.sha.as_deref() else {
        return Ok(None);
    };
    let commits = history.commits_of(component, Some(base), &each.artifact.sha)?;
    let commits: Vec<String> = breaking(&commits)
        .map(|commit| format!("{} {}", commit.short(), commit.change().description))
        .collect();
    Ok((!commits.is_empty()).then_some(Closed::Breaking { commits }))
}

fn version(component: &Component, request: &Request, each: &Move) -> Option<Closed> {
    let grammar = &component.tag_grammar;
    let incoming = &each.artifact.version;
    let Some(parsed) = grammar.parse(incoming) else {
        let version = incoming.clone();
        return (each.to == Place::Release).then_some(Closed::NoVersion { version });
    };
    let held = each.base.version.as_ref()?;
    let lower = grammar.parse(held).is_some_and(|held| parsed < held);
    (lower && !request.allow_downgrade).then(|| Closed::Downgrade {
        held: held.clone(),
        incoming: incoming.clone(),
    })
}

/// The tags of what moves, and of the candidate that it was, where they are somebody else's.
fn foreign_tags(tags: &[Tag], each: &Move) -> Vec<Closed> {
    let artifact = &each.artifact;
    let mut versions = vec![&each.candidate, &artifact.version];
    versions.dedup();
    let foreign = |version: &String| ForeignTag::among(tags, version, &artifact.sha);
    let found = versions.into_iter().filter_map(foreign);
    found.map(Closed::ForeignTag).collect()
}
