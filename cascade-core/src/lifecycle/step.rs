//! The version that one environment is about to hold, and its recording.

use super::{Base, StalePlan, Stamp};
use crate::pipeline::{Callback, CallbackKind, Component};
use crate::state::{self, Build, Environment, External, State};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// Outputs by name.
pub type Outputs = IndexMap<String, String>;

/// A deploy as it is planned; the jobs of the one deploy path read it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Planned {
    /// The commit.
    pub sha: String,
    /// The version.
    pub version: String,
    /// The commit that it replaces; empty if there is none.
    #[serde(default)]
    pub previous_sha: String,
    /// The version that it replaces; empty if there is none.
    #[serde(default)]
    pub previous_version: String,
    /// Recorded outputs of the deploys that it depends on, by their names.
    #[serde(default)]
    pub outputs: IndexMap<String, Outputs>,
    /// Recorded outputs of the builds that it was deployed with, by their names; absent where those
    /// of the operation hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub builds: Option<IndexMap<String, Outputs>>,
    /// The versions of other repositories that it is given, by their names.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub external: IndexMap<String, External>,
    /// The strategy that it follows, in the manifest's word; empty if it is direct.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub strategy: String,
}

/// The version that one environment is about to hold, with everything that is deployed for it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Step {
    /// The environment.
    pub environment: String,
    /// The place that it comes from; absent if that is trunk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The commit.
    pub sha: String,
    /// The version.
    pub version: String,
    /// The state of the environment when this was planned.
    pub base: Base,
    /// The version that each of its deploys held then.
    #[serde(default)]
    pub deploys_base: IndexMap<String, Base>,
    /// The deploys that this leaves as they are though they differ: it was narrowed, or what they
    /// need was not built.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<String>,
    /// True if the environment moves if every deploy that must succeed does.
    pub advance: bool,
    /// True if a failure redeploys what succeeded at what it replaced.
    #[serde(default)]
    pub restore: bool,
    /// The builds that it holds afterwards.
    #[serde(default)]
    pub builds: IndexMap<String, Build>,
    /// The planned deploys.
    #[serde(default)]
    pub deploys: IndexMap<String, Planned>,
    /// The artifacts of other repositories that it holds afterwards.
    #[serde(default)]
    pub external: IndexMap<String, External>,
    /// The recorded artifacts of other repositories when this was planned.
    #[serde(default)]
    pub external_base: IndexMap<String, Base>,
}

impl Planned {
    /// A deploy of `version` where `now` is recorded.
    #[must_use]
    pub fn new(sha: &str, version: &str, now: Option<&state::Deploy>) -> Self {
        let text = |value: Option<&String>| value.cloned().unwrap_or_default();
        Self {
            sha: sha.to_owned(),
            version: version.to_owned(),
            previous_sha: text(now.and_then(|now| now.sha.as_ref())),
            previous_version: text(now.and_then(|now| now.version.as_ref())),
            outputs: IndexMap::new(),
            builds: None,
            external: IndexMap::new(),
            strategy: String::new(),
        }
    }

    /// Returns true if this is what is recorded.
    #[must_use]
    pub fn is(&self, recorded: &state::Deploy) -> bool {
        recorded.sha.as_ref() == Some(&self.sha) && recorded.version.as_ref() == Some(&self.version)
    }

    /// A deploy of another repository's artifact where `now` is recorded.
    #[must_use]
    pub fn external(external: &External, now: Option<&External>) -> Self {
        let now = now.filter(|now| Base::from(*now) != Base::from(external));
        let text = |value: Option<&String>| value.cloned().unwrap_or_default();
        Self {
            sha: text(external.sha.as_ref()),
            version: text(external.version.as_ref()),
            previous_sha: text(now.and_then(|now| now.sha.as_ref())),
            previous_version: text(now.and_then(|now| now.version.as_ref())),
            outputs: IndexMap::new(),
            builds: None,
            external: IndexMap::new(),
            strategy: String::new(),
        }
    }

    /// Returns true if this is what is recorded of another repository's artifact, and it is
    /// deployed.
    #[must_use]
    pub fn is_external(&self, recorded: &External) -> bool {
        recorded.sha.as_ref() == Some(&self.sha)
            && recorded.version.as_ref() == Some(&self.version)
            && recorded.deployed_at.is_some()
    }
}

impl Step {
    /// Gives the step another version, and the deploys that were to have the old one.
    pub(crate) fn set_version(&mut self, version: String) {
        let old = std::mem::replace(&mut self.version, version);
        for planned in self.deploys.values_mut() {
            if planned.version == old {
                planned.version.clone_from(&self.version);
            }
        }
    }

    /// Returns the outputs of the builds that it holds afterwards, by their names.
    #[must_use]
    pub fn build_outputs(&self) -> IndexMap<&str, &Outputs> {
        let builds = self.builds.iter();
        builds
            .map(|(name, build)| (name.as_str(), &build.tags))
            .collect()
    }

    /// Returns true if the environment is on this commit and version already, and only deploys are
    /// missing.
    #[must_use]
    pub fn only_deploys(&self) -> bool {
        self.base.is(&self.sha, &self.version) && self.base.git_ref.is_none()
    }

    /// Returns true if the environment is incomplete by a deploy that is not part of this.
    pub(super) fn leaves_some_out(&self, environment: &Environment) -> bool {
        let deviating = environment.deviating();
        let mut left_out = self.left_out.iter();
        left_out.any(|name| deviating.contains(&name.as_str()))
    }

    /// Gives its deploys what they are given of other repositories.
    pub(super) fn hand_over(&mut self, component: &Component) {
        for (name, planned) in &mut self.deploys {
            planned.external = given(component, name, &self.external);
        }
    }

    /// True if the environment holds the step's commit and version.
    #[must_use]
    pub fn landed(&self, state: &State) -> bool {
        let environment = state.environments.get(&self.environment);
        environment.is_some_and(|held| Base::from(held).is(&self.sha, &self.version))
    }

    /// Returns true if the environment holds every planned deploy at its commit and version.
    pub(super) fn deploys_landed(&self, environment: &Environment) -> bool {
        self.deploys.iter().all(|(name, planned)| {
            let deploy = environment.held.deploys.get(name);
            let external = environment.held.external.get(name);
            deploy.is_some_and(|deploy| planned.is(deploy))
                || external.is_some_and(|external| planned.is_external(external))
        })
    }

    /// Refuses if the environment, or one of its deploys, holds neither what this was planned for
    /// nor what it leads to.
    ///
    /// # Errors
    /// Something moved meanwhile.
    pub fn holds(&self, state: &State) -> Result<(), StalePlan> {
        let empty = Environment::default();
        let environment = state.environments.get(&self.environment);
        let environment = environment.unwrap_or(&empty);
        let target = (self.sha.as_str(), self.version.as_str());
        self.base
            .still_holds(&self.environment, Base::from(environment), target)?;
        let found = deploy_bases(&environment.held.deploys);
        let names = self.deploys_base.keys().chain(found.keys());
        for name in names {
            let base = self.deploys_base.get(name).cloned().unwrap_or_default();
            let now = found.get(name).cloned().unwrap_or_default();
            let target = match self.deploys.get(name) {
                Some(planned) => (planned.sha.as_str(), planned.version.as_str()),
                None => ("", ""),
            };
            let place = format!("{name} in {}", self.environment);
            base.still_holds(&place, now, target)?;
        }
        Ok(())
    }
}

/// Returns the versions of other repositories that a deploy is given.
pub(super) fn given(
    component: &Component,
    name: &str,
    held: &IndexMap<String, External>,
) -> IndexMap<String, External> {
    let names = find(component, name)
        .into_iter()
        .flat_map(Callback::external_names);
    names
        .filter_map(|name| Some((name.to_owned(), held.get(name)?.clone())))
        .collect()
}

/// Fills in what the deploys of `planned` read of deploys that do not run now.
pub(super) fn recorded_outputs(
    component: &Component,
    planned: &mut IndexMap<String, Planned>,
    recorded: &IndexMap<String, state::Deploy>,
) {
    for (name, plan) in planned {
        let Some(callback) = find(component, name) else {
            continue;
        };
        let deploys = callback
            .dependencies
            .iter()
            .filter(|each| each.kind == CallbackKind::Deploy);
        for dependency in deploys {
            if let Some(record) = recorded.get(dependency.name.as_str())
                && !record.tags.is_empty()
            {
                let outputs = record.tags.clone();
                plan.outputs.insert(dependency.name.to_string(), outputs);
            }
        }
    }
}

/// Puts the environment on the step's commit and version.
pub(super) fn place(environment: &mut Environment, step: &Step, stamp: &Stamp) {
    environment.held.sha = Some(step.sha.clone());
    environment.held.version = Some(step.version.clone());
    environment.held.committed_at = Some(stamp.at.clone());
    environment.held.committed_by = Some(stamp.by.clone());
    environment.held.builds.extend(step.builds.clone());
}

/// Takes over the artifacts of other repositories; what arrived while the step ran stays.
pub(super) fn carry(held: &mut IndexMap<String, External>, step: &Step) {
    for (name, external) in &step.external {
        let now = held.get(name).map_or_else(Base::default, Base::from);
        let planned = step.external_base.get(name).cloned().unwrap_or_default();
        if now == planned && now != Base::from(external) {
            held.insert(name.clone(), external.clone());
        }
    }
}

/// Returns the recorded artifacts of other repositories, in the form that a plan is based on.
pub(super) fn bases(held: &IndexMap<String, External>) -> IndexMap<String, Base> {
    let base = |(name, external): (&String, &External)| (name.clone(), Base::from(external));
    held.iter().map(base).collect()
}

/// Returns what deploys hold, as a plan is based on it; one that holds nothing has no entry.
pub(super) fn deploy_bases(held: &IndexMap<String, state::Deploy>) -> IndexMap<String, Base> {
    let bases = held.iter().map(|(name, deploy)| (name, Base::from(deploy)));
    let bases = bases.filter(|(_, base)| *base != Base::default());
    bases.map(|(name, base)| (name.clone(), base)).collect()
}

pub(super) fn find<'a>(component: &'a Component, name: &str) -> Option<&'a Callback> {
    component
        .deploy_callbacks()
        .find(|callback| callback.name.as_str() == name)
}
