//! The moves of a promotion, each with the place that it goes to.

use super::{Mode, Request};
use crate::lifecycle::history::History;
use crate::lifecycle::promotion_order::{Artifact, Place, promotion_order};
use crate::lifecycle::rollout;
use crate::lifecycle::selection::concerned;
use crate::lifecycle::step::{bases, deploy_bases, recorded_outputs};
use crate::lifecycle::{Base, Missing, Planned, Step};
use crate::pipeline::{CallbackKind, Component, Deploy};
use crate::state::{self, External, State};
use crate::version::Version;
use indexmap::IndexMap;

/// An artifact on its way.
#[derive(Debug, Clone)]
pub(super) struct Move {
    /// From here.
    pub(super) from: Place,
    /// To here.
    pub(super) to: Place,
    /// The artifact that moves, with the version that it has when it arrives.
    pub(super) artifact: Artifact,
    /// The version that it has where it comes from: a candidate's, on the way to its release.
    pub(super) candidate: String,
    /// The state of the target that it replaces.
    pub(super) base: Base,
    /// The planned deploys.
    pub(super) deploys: IndexMap<String, Planned>,
    /// The version that each deploy of the target holds.
    pub(super) deploys_base: IndexMap<String, Base>,
    /// Outputs that its deploys read and that nothing has.
    pub(super) missing: Vec<Missing>,
    /// The deploys that differ and are not asked for.
    pub(super) left_out: Vec<String>,
    /// The recorded artifacts of other repositories that it replaces.
    pub(super) external_base: IndexMap<String, Base>,
}

/// Everything that a mode moves, in promotion order; an error is a source that holds nothing.
pub(super) fn moves<H: History>(
    component: &Component,
    state: &State,
    request: &Request,
    history: &H,
) -> Result<Vec<Move>, H::Error> {
    let places = promotion_order(component);
    let route = Route {
        component,
        state,
        request,
        history,
    };
    match &request.mode {
        Mode::Default => route.steps(&places),
        Mode::Jump { from, to } => route.jump(&places, from, to),
    }
}

pub(super) struct Route<'a, H> {
    pub(super) component: &'a Component,
    state: &'a State,
    request: &'a Request,
    pub(super) history: &'a H,
}

impl<H: History> Route<'_, H> {
    fn steps(&self, places: &[Place]) -> Result<Vec<Move>, H::Error> {
        let mut moves = Vec::new();
        for pair in places.windows(2) {
            if pair[0] != Place::Release {
                moves.extend(self.step(&pair[0], &pair[1])?);
            }
        }
        if moves.is_empty()
            && let Some(last) = places.iter().position(|place| *place == Place::Release)
            && let Some(above) = places.get(last + 1)
        {
            moves.extend(self.step(&Place::Release, above)?);
        }
        Ok(moves)
    }

    fn step(&self, from: &Place, to: &Place) -> Result<Option<Move>, H::Error> {
        match from.artifact(self.state) {
            None => Ok(None),
            Some(artifact) => self.one(from, to, artifact),
        }
    }

    fn jump(&self, places: &[Place], from: &Place, to: &Place) -> Result<Vec<Move>, H::Error> {
        let place = |wanted: &Place| places.iter().position(|place| place == wanted);
        let (Some(first), Some(last)) = (place(from), place(to)) else {
            return Ok(Vec::new());
        };
        let Some(mut artifact) = from.artifact(self.state) else {
            return Ok(Vec::new());
        };
        let mut moves = Vec::new();
        for pair in places[first..=last].windows(2) {
            moves.extend(self.one(&pair[0], &pair[1], artifact.clone())?);
            // Above the release it goes by the release's version.
            if pair[1] == Place::Release {
                artifact.version = self.released(&artifact.version);
            }
        }
        Ok(moves)
    }

    /// The move, unless the target holds it all already.
    fn one(&self, from: &Place, to: &Place, artifact: Artifact) -> Result<Option<Move>, H::Error> {
        let base = to.base(self.state);
        let mut artifact = artifact;
        let candidate = artifact.version.clone();
        if *to == Place::Release {
            artifact.version = self.released(&artifact.version);
        }
        let mut deploys = IndexMap::new();
        let mut left_out = Vec::new();
        let mut missing = Vec::new();
        let mut deploys_base = IndexMap::new();
        let mut external_base = IndexMap::new();
        let mut carries = false;
        let mut repairs = false;
        if let Place::Environment(name) = to {
            let empty = state::Environment::default();
            let target = self.state.environments.get(name).unwrap_or(&empty);
            deploys = self.deploys(target, &artifact, *from == Place::Release)?;
            deploys.extend(self.external_deploys(target, &artifact)?);
            let others = deploys.keys().filter(|name| !self.request.wants(name));
            left_out = others.cloned().collect();
            deploys.retain(|name, _| self.request.wants(name));
            missing = self.missing(target, &artifact, &deploys);
            deploys_base = deploy_bases(&target.held.deploys);
            repairs = target.is_incomplete();
            rollout::follow(self.component, name, &mut deploys);
            artifact.external = self.carried(target, &artifact, &deploys);
            external_base = bases(&target.held.external);
            carries = differ(&artifact.external, &target.held.external);
        }
        let same = base.is(&artifact.sha, &artifact.version);
        if same && deploys.is_empty() && !carries && !repairs {
            return Ok(None);
        }
        // A later candidate of a core that is out is not released any more.
        let out = is_out(to, &base, &artifact);
        if out && self.request.mode == Mode::Default {
            return Ok(None);
        }
        Ok(Some(Move {
            from: from.clone(),
            to: to.clone(),
            artifact,
            candidate,
            base,
            deploys,
            deploys_base,
            missing,
            left_out,
            external_base,
        }))
    }

    /// The release that a candidate is for; what follows no grammar stays, and closes a gate.
    fn released(&self, version: &str) -> String {
        let grammar = &self.component.tag_grammar;
        let parsed = grammar.parse(version);
        parsed.map_or_else(
            || version.to_owned(),
            |parsed| grammar.tag(&Version::release(parsed.core)),
        )
    }

    fn deploys(
        &self,
        target: &state::Environment,
        artifact: &Artifact,
        released: bool,
    ) -> Result<IndexMap<String, Planned>, H::Error> {
        let mut planned = IndexMap::new();
        for deploy in &self.component.deploys {
            let name = deploy.callback.name.as_str();
            let Some((sha, own)) = source(artifact, name) else {
                continue;
            };
            let now = target.held.deploys.get(name);
            // A released artifact goes by its release's version.
            let version = if released {
                artifact.version.clone()
            } else {
                own.clone()
            };
            let plan = Planned::new(&sha, &version, now);
            let done = now.is_some_and(|now| plan.is(now));
            let differs = || self.differs(deploy, (&sha, &own), now, artifact, target);
            if target.is_in_doubt(name) || (!done && differs()?) {
                planned.insert(name.to_owned(), plan);
            }
        }
        recorded_outputs(self.component, &mut planned, &target.held.deploys);
        Ok(planned)
    }

    /// Returns the outputs that planned deploys read of what does not run now, and that are not
    /// recorded.
    fn missing(
        &self,
        target: &state::Environment,
        artifact: &Artifact,
        planned: &IndexMap<String, Planned>,
    ) -> Vec<Missing> {
        let deploys = self.component.deploys.iter().map(|deploy| &deploy.callback);
        let consumers = deploys.filter(|each| planned.contains_key(each.name.as_str()));
        let mut found = Vec::new();
        for consumer in consumers {
            for producer in &consumer.dependencies {
                let name = producer.name.as_str();
                let tags = match producer.kind {
                    CallbackKind::Build => artifact.builds.get(name).map(|build| &build.tags),
                    CallbackKind::Deploy if planned.contains_key(name) => continue,
                    CallbackKind::Deploy => target.held.deploys.get(name).map(|each| &each.tags),
                };
                let there = |output: &str| {
                    let value = tags.and_then(|tags| tags.get(output));
                    value.is_some_and(|value| !value.is_empty())
                };
                let lacking = consumer.outputs_of(name).filter(|output| !there(output));
                found.extend(lacking.map(|output| Missing {
                    producer: name.to_owned(),
                    output: output.to_owned(),
                    consumer: consumer.name.to_string(),
                }));
            }
        }
        found
    }

    /// Returns true if a deploy held at one version is what the source has at another, of the same
    /// commit: a release covers the candidates that led to it.
    fn covers(&self, held: &str, source: &str) -> bool {
        let grammar = &self.component.tag_grammar;
        let release = grammar.parse(held).filter(Version::is_release);
        held == source
            || release
                .zip(grammar.parse(source))
                .is_some_and(|(held, source)| source < held)
    }

    /// `version` is the source's own.
    fn differs(
        &self,
        deploy: &Deploy,
        (sha, version): (&str, &str),
        now: Option<&state::Deploy>,
        artifact: &Artifact,
        target: &state::Environment,
    ) -> Result<bool, H::Error> {
        let Some(now) = now else {
            return Ok(true);
        };
        if now.sha.as_deref() == Some(sha) {
            let held = now.version.as_deref().unwrap_or(version);
            return Ok(!self.covers(held, version));
        }
        if deploy.callback.triggers.is_empty() || rebuilt(deploy, artifact, target) {
            return Ok(true);
        }
        let base = now.sha.as_deref();
        Ok(concerned(&deploy.callback, base, sha, self.history)?.is_some())
    }
}

/// Returns true if this version is released already, from another commit.
pub(super) fn is_out(to: &Place, base: &Base, artifact: &Artifact) -> bool {
    let another = base.sha.as_ref() != Some(&artifact.sha);
    *to == Place::Release && another && base.version.as_ref() == Some(&artifact.version)
}

/// Returns true if some artifact of another repository is another one than in the target.
fn differ(source: &IndexMap<String, External>, target: &IndexMap<String, External>) -> bool {
    source.iter().any(|(name, external)| {
        let now = target.get(name).map(Base::from);
        now != Some(Base::from(external))
    })
}

/// Returns true if a build that the deploy depends on is another one than in the target.
fn rebuilt(deploy: &Deploy, artifact: &Artifact, target: &state::Environment) -> bool {
    deploy.callback.dependencies.iter().any(|dependency| {
        let name = dependency.name.as_str();
        let sha = |builds: &IndexMap<String, state::Build>| {
            builds.get(name).and_then(|build| build.sha.clone())
        };
        dependency.hard
            && dependency.kind == CallbackKind::Build
            && sha(&artifact.builds) != sha(&target.held.builds)
    })
}

/// The commit and version that the source deployed, where it did.
fn source(artifact: &Artifact, name: &str) -> Option<(String, String)> {
    match artifact.deploys.get(name) {
        Some(deploy) => {
            let version = deploy.version.clone();
            Some((
                deploy.sha.clone()?,
                version.unwrap_or_else(|| artifact.version.clone()),
            ))
        }
        None if artifact.deploys.is_empty() => {
            Some((artifact.sha.clone(), artifact.version.clone()))
        }
        None => None,
    }
}

impl Move {
    /// The step of an environment.
    pub(super) fn step(&self, component: &Component, request: &Request) -> Step {
        let mut step = Step {
            environment: self.to.name().to_owned(),
            from: Some(self.from.name().to_owned()),
            sha: self.artifact.sha.clone(),
            version: self.artifact.version.clone(),
            base: self.base.clone(),
            deploys_base: self.deploys_base.clone(),
            left_out: self.left_out.clone(),
            advance: true,
            restore: request.rollback_on_failure,
            builds: self.artifact.builds.clone(),
            deploys: self.deploys.clone(),
            external: self.artifact.external.clone(),
            external_base: self.external_base.clone(),
        };
        step.hand_over(component);
        step
    }
}
