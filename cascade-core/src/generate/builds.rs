//! The builds of a run, and what came of them.

use super::calls::{Added, Attempts, Calling};
use super::context::Context;
use super::inputs::{self, Sources};
use crate::actions::{
    Axis, Expr, JobHandle, OutputHandle, Strategy, Value, WorkflowBuilder, WorkflowError,
};
use crate::manifest::{ExternalField, OnFailure};
use crate::pipeline::by_dependency;
use crate::pipeline::{Build, Callback, CallbackKind, Matrix, StandardInput};
use crate::protocol::job;

/// A run's decision about its builds.
pub(super) struct Building<'a> {
    pub(super) context: &'a Context<'a>,
    /// The job that decided.
    pub(super) job: JobHandle,
    /// A condition that is true if anything runs.
    pub(super) goes_on: Expr,
    pub(super) sha: Expr,
    pub(super) version: Expr,
    /// The recorded builds and versions of other repositories, JSON.
    pub(super) recorded: OutputHandle,
    /// The names of the builds that run, a JSON list.
    pub(super) selected: Expr,
    pub(super) environment: Expr,
    pub(super) dispatch: Expr,
    /// `true` in a dry run.
    pub(super) dry_run: Expr,
}

impl Building<'_> {
    /// Adds the builds, which wait for each other and run if what is before them was `valid`.
    pub(super) fn add(
        &self,
        valid: Option<&Expr>,
        flow: &mut WorkflowBuilder,
    ) -> Result<Added, WorkflowError> {
        let mut built = Added::new();
        let builds = &self.context.component.builds;
        for build in by_dependency(builds, |build| &build.callback, CallbackKind::Build) {
            let attempts = self.build(build, valid, &built, flow)?;
            built.insert(build.callback.name.clone(), attempts);
        }
        Ok(built)
    }

    fn build(
        &self,
        build: &Build,
        valid: Option<&Expr>,
        built: &Added,
        flow: &mut WorkflowBuilder,
    ) -> Result<Attempts, WorkflowError> {
        let callback = &build.callback;
        let selected = |name: &str| Expr::contains(Expr::from_json(self.selected.clone()), name);
        let mut conditions = vec![
            Expr::not_cancelled(),
            self.goes_on.clone(),
            selected(callback.name.as_str()),
        ];
        conditions.extend(valid.cloned());
        let mut after = vec![self.job.clone()];
        for dependency in &callback.dependencies {
            let Some(producer) = built.get(&dependency.name) else {
                continue;
            };
            after.extend(producer.jobs.iter().cloned());
            conditions.extend(producer.puts_out(callback, dependency.name.as_str())?);
            if dependency.hard {
                conditions
                    .push(producer.lets_go_on(!selected(dependency.name.as_str()), self.is_dry()));
            }
        }
        let calling = Calling {
            id: job::callback(CallbackKind::Build, callback.name.as_str()),
            title: format!("Build {}", callback.name),
            callback,
            when: self.when_wet(callback, conditions),
            with: self.inputs(callback, built)?,
            matrix: build.matrix.as_ref().map(matrix),
            lock: None,
            after,
        };
        Ok(calling.add(flow))
    }

    /// The condition of a callback: a dry run calls those only that understand it.
    pub(super) fn when_wet(&self, callback: &Callback, mut conditions: Vec<Expr>) -> Expr {
        if !callback.supports_dry_run {
            conditions.push(self.dry_run.clone().differs("true"));
        }
        Expr::all(conditions)
    }

    /// Returns the inputs that a callback is passed after these builds.
    pub(super) fn inputs(
        &self,
        callback: &Callback,
        built: &Added,
    ) -> Result<Vec<(String, Value)>, WorkflowError> {
        let building = self;
        inputs::render(callback, self.context.component, &Built { building, built })
    }

    /// Returns how `jobs` ended, as the deploy path reads it; `None` if there are none.
    pub(super) fn results(jobs: &[JobHandle]) -> Option<Value> {
        (!jobs.is_empty()).then(|| Expr::to_json(Expr::needs(jobs)).into())
    }

    /// Returns conditions that no build failed which must not.
    pub(super) fn none_aborts(&self, built: &Added) -> impl Iterator<Item = Expr> {
        let builds = self.context.component.builds.iter();
        let aborting = builds.filter(|build| build.callback.on_failure == OnFailure::Abort);
        let attempts = aborting.filter_map(|build| built.get(&build.callback.name));
        attempts.map(Attempts::did_not_fail)
    }

    fn is_dry(&self) -> Expr {
        self.dry_run.clone().equals("true")
    }
}

fn matrix(matrix: &Matrix) -> Strategy {
    let axes = matrix.dimensions.iter().map(|(name, values)| {
        let values = values.iter().map(|value| match value {
            crate::scalar::Scalar::Bool(value) => Value::from(*value),
            crate::scalar::Scalar::Int(value) => Value::from(*value),
            scalar => Value::from(scalar.text()),
        });
        (name.as_str(), Axis::list(values))
    });
    let mut strategy = Strategy::matrix(axes);
    // What GitHub does unless it is told otherwise needs no words.
    if !matrix.fail_fast {
        strategy = strategy.fail_fast(false);
    }
    match matrix.max_parallel {
        Some(jobs) => strategy.max_parallel(jobs),
        None => strategy,
    }
}

/// The sources of values in a run that builds.
struct Built<'a> {
    building: &'a Building<'a>,
    built: &'a Added,
}

impl Sources for Built<'_> {
    fn standard(&self, input: StandardInput) -> Value {
        match input {
            StandardInput::Environment => self.building.environment.clone().into(),
            StandardInput::Sha => self.building.sha.clone().into(),
            StandardInput::Version => self.building.version.clone().into(),
            StandardInput::DryRun => self.dry_run().into(),
            _ => "".into(),
        }
    }

    fn output(&self, _: CallbackKind, name: &str, output: &str) -> Result<Expr, WorkflowError> {
        let producer = self.built.get(name);
        let fresh = producer
            .map(|attempts| attempts.output(output))
            .transpose()?;
        let recorded = Expr::from_json(self.building.recorded.expr())
            .get("builds")
            .get(name)
            .get(output);
        Ok(fresh.map_or(recorded.clone(), |fresh| fresh.or(recorded)))
    }

    fn external(&self, name: &str, field: ExternalField) -> Expr {
        Expr::from_json(self.building.recorded.expr())
            .get("external")
            .get(name)
            .get(field.as_str())
    }

    fn dispatch(&self) -> Expr {
        self.building.dispatch.clone()
    }

    fn dry_run(&self) -> Expr {
        self.building.is_dry()
    }

    fn environment(&self) -> Expr {
        self.building.environment.clone()
    }
}
