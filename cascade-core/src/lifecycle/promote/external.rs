//! Artifacts of other repositories in a promotion.

use super::moves::Route;
use crate::lifecycle::history::History;
use crate::lifecycle::promotion_order::Artifact;
use crate::lifecycle::selection::concerned;
use crate::lifecycle::{Base, Planned};
use crate::pipeline::Callback;
use crate::state::{self, External};
use indexmap::IndexMap;

impl<H: History> Route<'_, H> {
    /// The artifacts of other repositories that are deployed, not only recorded.
    pub(super) fn external_deploys(
        &self,
        target: &state::Environment,
        artifact: &Artifact,
    ) -> Result<IndexMap<String, Planned>, H::Error> {
        let mut planned = IndexMap::new();
        for (name, external) in self.arrived(artifact) {
            let now = target.held.external.get(name);
            let plan = Planned::external(external, now);
            let Some(callback) = self.component.external_callback(name) else {
                continue;
            };
            let done = now.is_some_and(|now| plan.is_external(now)) && !target.is_in_doubt(name);
            let again = || self.brings_files_of(callback, target, artifact);
            if !plan.sha.is_empty() && (!done || again()?) {
                planned.insert(name.clone(), plan);
            }
        }
        Ok(planned)
    }

    /// Returns true if files that an external deploy names differ between what the target holds and
    /// the artifact.
    fn brings_files_of(
        &self,
        callback: &Callback,
        target: &state::Environment,
        artifact: &Artifact,
    ) -> Result<bool, H::Error> {
        let base = target.held.sha.as_deref();
        if callback.triggers.is_empty() || base.is_none() {
            return Ok(false);
        }
        Ok(concerned(callback, base, &artifact.sha, self.history)?.is_some())
    }

    /// Returns what the target holds of other repositories afterwards: nothing that would have to be
    /// deployed and is not.
    pub(super) fn carried(
        &self,
        target: &state::Environment,
        artifact: &Artifact,
        deploys: &IndexMap<String, Planned>,
    ) -> IndexMap<String, External> {
        let stays = |name: &str, external: &External| {
            let now = target.held.external.get(name);
            now.is_some_and(|now| Base::from(now) == Base::from(external))
        };
        let carried = self.arrived(artifact).filter(|(name, external)| {
            let recorded = self.component.external_callback(name).is_none();
            recorded || deploys.contains_key(*name) || stays(name, external)
        });
        let own = |(name, external): (&String, &External)| (name.clone(), external.clone());
        carried.map(own).collect()
    }

    /// The source's artifacts of other repositories, without those whose deployment failed there.
    fn arrived<'b>(
        &'b self,
        artifact: &'b Artifact,
    ) -> impl Iterator<Item = (&'b String, &'b External)> {
        let failed = |name: &str, external: &External| {
            let mut deploys = self.component.external_deploys();
            let deploy = deploys.find(|deploy| deploy.name.as_str() == name);
            external.deployed_at.is_none()
                && deploy.is_some_and(|deploy| deploy.on_update.is_some())
        };
        let recorded = artifact.external.iter();
        recorded.filter(move |(name, external)| !failed(name, external))
    }
}
