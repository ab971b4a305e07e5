//! The past of the state: what older commits recorded.
//!
//! The state may have been moved between the manifest and a branch, so both histories are read.

use super::session::Session;
use super::store::{Place, state_file, with_begun};
use crate::cli::error::Failure;
use crate::git::Mention;
use cascade_core::state::{self, Begun, Home, Managed, STATE_FILE};
use std::cmp::Reverse;

impl Session {
    /// Returns the state that this run's first attempt began with, with the deployments of other runs that
    /// began: a run that is started again must decide what it decided then, and not go on from what
    /// it recorded, or did not come to record.
    pub(crate) fn managed_at_start(&self) -> Result<Managed, Failure> {
        self.fetch_notes(&self.place())?;
        let mut managed = with_begun(
            self.recorded_at_start()?,
            &self.git.noted(&self.scope)?.begun,
        );
        if self.environment.attempt > 1 {
            let own = |begun: &mut Begun| begun.run == self.environment.run_url;
            for environment in managed.state.environments.values_mut() {
                environment.begun.take_if(own);
            }
        }
        Ok(managed)
    }

    fn recorded_at_start(&self) -> Result<Managed, Failure> {
        let now = self.managed()?;
        let Some(url) = self
            .environment
            .run_url
            .as_ref()
            .filter(|_| self.environment.attempt > 1)
        else {
            return Ok(now);
        };
        let place = self.place();
        let Some(head) = self.newest_record(&place)? else {
            return Ok(now);
        };
        let line = format!("Run: {url}");
        let before = match self.git.mention(&head, &line, place.path())? {
            None => return Ok(now),
            Some(Mention { before }) => before,
        };
        Ok(match (before, &place.home) {
            (Some(before), _) => self.held_in(&place, &before)?.unwrap_or(now),
            // This run made the branch.
            (None, Home::Branch(_)) => Managed::default(),
            (None, Home::Manifest(_)) => now,
        })
    }

    /// Returns the newest commit of the branch that is written, fetched with its history.
    fn newest_record(&self, place: &Place) -> Result<Option<String>, Failure> {
        match &place.home {
            Home::Manifest(_) => self.trunk_head().map(Some),
            Home::Branch(branch) => {
                let head = self.store(false)?.newest()?;
                if let Some(head) = &head {
                    self.git.complete(branch, head)?;
                }
                Ok(head)
            }
        }
    }

    /// Returns what a commit of the branch holds of the state in scope, if it can be read.
    fn held_in(&self, place: &Place, commit: &str) -> Result<Option<Managed>, Failure> {
        let bytes = self.git.show(commit, place.path())?;
        let whole = match &place.home {
            // A manifest that was broken for a while recorded nothing then.
            Home::Manifest(_) => place.sections(&bytes.unwrap_or_default()).ok(),
            Home::Branch(_) => match bytes {
                None => Some(Managed::default()),
                Some(bytes) => state_file(&bytes, "")
                    .ok()
                    .and_then(|file| file.held().cloned()),
            },
        };
        Ok(whole.map(|whole| self.scope.part(&whole)))
    }

    /// Returns what older commits recorded for an environment, newest first.
    pub(crate) fn past(&self, environment: &str) -> Result<Vec<state::Environment>, Failure> {
        let place = self.place();
        let in_manifest = Place {
            home: Home::Manifest(place.manifest.clone()),
            ..place.clone()
        };
        let on_branch = Place {
            home: Home::Branch(place.branch().to_owned()),
            ..place.clone()
        };
        let mut commits = Vec::new();
        if let Some(head) = self.store(false)?.newest()? {
            if let Home::Branch(branch) = &place.home {
                self.git.complete(branch, &head)?;
            }
            let touching = self.git.touching(&head, STATE_FILE)?;
            commits.extend(touching.into_iter().map(|commit| (commit, &on_branch)));
        }
        let trunk = self.trunk_head()?;
        self.git.complete(self.settings.trunk.as_str(), &trunk)?;
        let touching = self.git.touching(&trunk, &place.manifest)?;
        commits.extend(touching.into_iter().map(|commit| (commit, &in_manifest)));
        commits.sort_by_key(|((second, _), _)| Reverse(*second));
        let mut past: Vec<state::Environment> = Vec::new();
        for ((_, commit), place) in commits {
            let Some(mut managed) = self.held_in(place, &commit)? else {
                continue;
            };
            if let Some(mut held) = managed.state.environments.shift_remove(environment) {
                held.previous.clear();
                if past.last() != Some(&held) {
                    past.push(held);
                }
            }
        }
        Ok(past)
    }
}
