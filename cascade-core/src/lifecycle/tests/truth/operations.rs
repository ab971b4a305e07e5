//! The effects of each operation on the model.

use super::{Fate, Model, What};
use crate::lifecycle::orchestrate::{self, collect, finish};
use crate::lifecycle::outcome::Outcome;
use crate::lifecycle::promote::Mode;
use crate::lifecycle::{Operation, hotfix, release, rollback};
use proptest::prelude::*;

impl Model {
    pub(super) fn orchestrate(&mut self, fate: &Fate) {
        if self.world.history.line.is_empty() {
            return;
        }
        let orchestrate::Decision::Run(plan) = self.world.decide(&self.world.head()) else {
            return;
        };
        let stamp = self.world.stamp();
        let builds = self.world.builds(&plan, &[]);
        let component = &self.world.component;
        let collected = collect(component, &plan, Outcome::Success, &builds, &stamp);
        let deploys = collected.deploys().is_some();
        if deploys {
            let what = What::Step(Operation::Orchestrate, Box::new(collected.step.clone()));
            self.deploy(what, fate);
        }
        let state = &self.world.managed.state;
        if let Ok(finished) = finish(state, &self.world.component, &collected, deploys, &stamp) {
            self.world.managed.state = finished.state;
        }
    }

    pub(super) fn planned(
        &self,
        mode: usize,
        only: Option<&str>,
        restores: bool,
    ) -> Option<crate::lifecycle::promote::Plan> {
        if self.world.history.line.is_empty() {
            return None;
        }
        let jumps = Mode::jumps(&self.world.component);
        let mode = match mode % (jumps.len() + 1) {
            0 => "default".to_owned(),
            jump => jumps[jump - 1].to_string(),
        };
        Some(self.world.promotion(&mode, |request| {
            request.rollback_on_failure = restores;
            request.allow_breaking = true;
            request.allow_downgrade = true;
            request.deploys = only.map(str::to_owned).into_iter().collect();
        }))
    }

    pub(super) fn promote(
        &mut self,
        mode: usize,
        only: Option<&str>,
        restores: bool,
        fates: &[Fate],
    ) {
        let Some(plan) = self.planned(mode, only, restores) else {
            return;
        };
        let mut fates = fates
            .iter()
            .cloned()
            .chain(std::iter::repeat(Fate::default()));
        let mut goes_on = plan.can_proceed();
        for step in plan.entries() {
            if !goes_on {
                return;
            }
            goes_on = match step {
                crate::lifecycle::promote::Entry::Step(step) => {
                    let what = What::Step(Operation::Promote, Box::new(step.clone()));
                    self.deploy(what, &fates.next().unwrap_or_default())
                }
                crate::lifecycle::promote::Entry::Release(planned) => {
                    let stamp = self.world.stamp();
                    let recorded = release::record(&self.world.managed, planned, &stamp);
                    recorded.is_ok_and(|managed| {
                        self.world.managed = managed;
                        true
                    })
                }
            };
        }
    }

    pub(super) fn roll_back(&mut self, environment: usize, only: &str, fate: &Fate) {
        let request = rollback::Request {
            environment: ["uat", "prod"][environment % 2].to_owned(),
            deployable: only.to_owned(),
            ..rollback::Request::default()
        };
        let state = &self.world.managed.state;
        if let Ok(rollback::Decision::Run(plan)) =
            rollback::plan(&self.world.component, state, &[], &request)
        {
            self.deploy(What::Rollback(plan), fate);
        }
    }

    pub(super) fn hotfix(&mut self, environment: usize, commit: &prop::sample::Index, fate: &Fate) {
        if self.world.history.line.is_empty() {
            return;
        }
        let line = &self.world.history.line;
        let sha = line[commit.index(line.len())].0.sha.clone();
        let target = ["uat", "prod"][environment % 2];
        let Ok(hotfix::Decision::Open(elevation)) = self.world.elevation(target, &[&sha], &[])
        else {
            return;
        };
        let before = self.world.branches.clone();
        let merge = self.world.merge(&elevation.targets[0]);
        if let Ok(mut deployment) = self.world.deployment(&merge) {
            let stamp = self.world.stamp();
            let builds = self.world.builds(&deployment.run, &[]);
            let component = &self.world.component;
            let collected = collect(
                component,
                &deployment.run,
                Outcome::Skipped,
                &builds,
                &stamp,
            );
            deployment.run.step = collected.step;
            if self.deploy(What::Hotfix(Box::new(deployment)), fate) {
                return;
            }
        }
        self.world.branches = before;
    }
}
