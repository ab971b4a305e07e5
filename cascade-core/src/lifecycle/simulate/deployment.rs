//! Deployments in a simulation: begun, run as somebody supposes, recorded.

use super::{Effect, Run, waits};
use crate::lifecycle::hotfix::{self, Deployment};
use crate::lifecycle::orchestrate::collect;
use crate::lifecycle::outcome::{Attempted, Outcome, Results};
use crate::lifecycle::{
    Deploying, Ended, Operation, Planned, Step, begin, record, rollback, rollout,
};
use crate::pipeline::by_dependency;
use crate::pipeline::{Callback, CallbackKind};

impl<'a> Run<'a> {
    /// Notes that a deployment begins, and runs its deploys; `None` if it is refused.
    fn begin(&mut self, step: &Step, deploying: Deploying<'_>) -> Option<Results> {
        match begin(&self.managed.state, step, deploying) {
            Err(stale) => {
                self.refused(&stale);
                None
            }
            Ok(state) => {
                self.managed.state = state;
                let results = self.deploys(step);
                self.green &= results.values().all(|each| !each.result.is_bad());
                Some(results)
            }
        }
    }

    fn deploying(&self, operation: Operation) -> Deploying<'a> {
        Deploying {
            operation,
            run: None,
            stamp: self.facts.stamp,
        }
    }

    /// Deploys and records one step; whether it advanced.
    pub(super) fn step(&mut self, step: &Step, operation: Operation) -> bool {
        let deploying = self.deploying(operation);
        let Some(results) = self.begin(step, deploying) else {
            return false;
        };
        match record(
            &self.managed.state,
            step,
            deploying,
            self.component,
            ended(&results),
        ) {
            Err(stale) => {
                self.refused(&stale);
                false
            }
            Ok(recorded) => {
                self.managed.state = recorded.state;
                self.recorded(step, recorded.advanced);
                self.green &= recorded.advanced;
                if let Some(restore) = &recorded.restore {
                    self.restore(restore);
                }
                recorded.advanced
            }
        }
    }

    /// Deploys again what a failed step had replaced.
    fn restore(&mut self, step: &Step) {
        for (name, planned) in &step.deploys {
            self.effects.push(Effect::Restore {
                environment: step.environment.clone(),
                name: name.clone(),
                sha: planned.sha.clone(),
                version: planned.version.clone(),
            });
        }
        let deploying = self.deploying(Operation::Restore);
        let succeeded = |name: &String| (name.clone(), Attempted::once(Outcome::Success));
        let results: Results = step.deploys.keys().map(succeeded).collect();
        let begun = begin(&self.managed.state, step, deploying);
        let recorded = begun
            .and_then(|state| record(&state, step, deploying, self.component, ended(&results)));
        match recorded {
            Err(stale) => self.refused(&stale),
            Ok(recorded) => self.managed.state = recorded.state,
        }
    }

    pub(super) fn rollback(&mut self, plan: &rollback::Plan) {
        let deploying = self.deploying(Operation::Rollback);
        let Some(results) = self.begin(&plan.step, deploying) else {
            return;
        };
        let state = &self.managed.state;
        match rollback::record(state, plan, deploying, self.component, ended(&results)) {
            Err(stale) => self.refused(&stale),
            Ok(recorded) => {
                self.managed.state = recorded.state;
                self.recorded(&plan.step, recorded.advanced);
                self.green &= recorded.advanced;
            }
        }
    }

    pub(super) fn hotfix(&mut self, deployment: &Deployment) {
        let mut deployment = deployment.clone();
        let builds = self.builds(&deployment.run);
        let collected = collect(
            self.component,
            &deployment.run,
            Outcome::Skipped,
            &builds,
            self.facts.stamp,
        );
        deployment.run.step = collected.step;
        let deploying = self.deploying(Operation::Hotfix);
        let Some(results) = self.begin(&deployment.run.step, deploying) else {
            return;
        };
        match hotfix::record(
            &self.managed,
            &deployment,
            deploying,
            self.component,
            ended(&results),
        ) {
            Err(stale) => self.refused(&stale),
            Ok((managed, recorded)) => {
                self.managed = managed;
                self.green &= recorded.advanced;
                if recorded.advanced {
                    self.fixed(&deployment.run.step);
                }
            }
        }
    }

    fn deploys(&mut self, step: &Step) -> Results {
        let mut results = Results::new();
        let callbacks: Vec<&Callback> = self.component.deploy_callbacks().collect();
        let ordered = by_dependency(&callbacks, |callback| callback, CallbackKind::Deploy);
        for (position, callback) in ordered.iter().enumerate() {
            let name = callback.name.to_string();
            let Some(planned) = step.deploys.get(&name) else {
                continue;
            };
            let turns = self.component.turns_before(position);
            let before = turns.map(|position| ordered[position].name.as_str());
            let stopped = waits(callback, CallbackKind::Deploy, &results)
                || self.stopped(callback, before, &results);
            let result = match stopped {
                true => Outcome::Skipped,
                false => self.facts.supposed.of(&step.environment, &name),
            };
            if result != Outcome::Skipped && !planned.strategy.is_empty() {
                self.roll_out(&step.environment, &name, planned, result);
            } else if result != Outcome::Skipped {
                self.effects.push(Effect::Deploy {
                    environment: step.environment.clone(),
                    name: name.clone(),
                    sha: planned.sha.clone(),
                    version: planned.version.clone(),
                    result,
                });
            }
            let rolled_back = !planned.strategy.is_empty() && result.is_bad();
            let ended = Attempted {
                rolled_back,
                ..Attempted::once(result)
            };
            results.insert(name, ended);
        }
        results
    }

    /// Returns true if a deploy that stops others when it fails did not succeed.
    fn stopped<'b>(
        &self,
        callback: &'b Callback,
        turns: impl Iterator<Item = &'b str>,
        results: &Results,
    ) -> bool {
        let dependencies = callback.dependencies.iter();
        let deploys = dependencies.filter(|each| each.kind == CallbackKind::Deploy);
        let mut before = deploys.map(|each| each.name.as_str()).chain(turns);
        before.any(|name| {
            let result = results.get(name);
            self.component.fails_fast(name)
                && result.is_some_and(|result| !result.result.is_success())
        })
    }

    /// The stages of a rollout, in order; one that fails does so where the first wave is deployed.
    fn roll_out(&mut self, environment: &str, name: &str, planned: &Planned, result: Outcome) {
        let Some(strategy) = self.component.strategy_of(name) else {
            return;
        };
        let stages = rollout::stages(strategy);
        let goes = if result.is_success() { stages.len() } else { 1 };
        for (stage, percent) in stages.into_iter().take(goes) {
            if let Some(percent) = percent {
                let wave = rollout::Wave {
                    environment,
                    name,
                    planned,
                    percent,
                    run: None,
                };
                self.managed.state = rollout::begin(&self.managed.state, wave, self.facts.stamp);
            }
            self.effects.push(Effect::Rollout {
                environment: environment.to_owned(),
                name: name.to_owned(),
                version: planned.version.clone(),
                stage,
            });
        }
        if result.is_bad() && strategy.has_rollback_callback() {
            self.effects.push(Effect::Rollout {
                environment: environment.to_owned(),
                name: name.to_owned(),
                version: planned.previous_version.clone(),
                stage: "rollback".to_owned(),
            });
        }
    }
}

fn ended(results: &Results) -> Ended<'_> {
    Ended {
        gate: Outcome::Success,
        results,
    }
}
