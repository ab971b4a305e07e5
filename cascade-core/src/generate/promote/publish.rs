//! The job that publishes what was built.

use super::Setup;
use crate::actions::{Expr, JobHandle, Strategy, Value, WorkflowBuilder, WorkflowError};
use crate::generate::calls::{Attempts, Calling};
use crate::generate::context::Context;
use crate::generate::inputs::{self, Sources};
use crate::generate::triggers::dispatch_defaults;
use crate::manifest::ExternalField;
use crate::pipeline::{CallbackKind, StandardInput};
use crate::protocol::job;

/// Calls the publish callback once for each build.
pub(super) fn publish(
    context: &Context<'_>,
    setup: &Setup,
    release: &JobHandle,
    flow: &mut WorkflowBuilder,
) -> Result<Option<Attempts>, WorkflowError> {
    let Some(callback) = &context.component.publish else {
        return Ok(None);
    };
    let builds = setup.publish.expr();
    let mut conditions = vec![
        Expr::not_cancelled(),
        release.succeeded(),
        builds.clone().differs("[]"),
    ];
    if !callback.supports_dry_run {
        conditions.push(!Expr::input("dry_run"));
    }
    let calling = Calling {
        id: job::PUBLISH.to_owned(),
        title: "Publish".to_owned(),
        callback,
        when: Expr::all(conditions),
        with: inputs::render(callback, context.component, &Publishing { context })?,
        matrix: Some(
            Strategy::matrix([("build", crate::actions::Axis::from(Expr::from_json(builds)))])
                .fail_fast(false),
        ),
        lock: None,
        after: vec![setup.job.clone(), release.clone()],
    };
    Ok(Some(calling.add(flow)))
}

/// The matrix of builds, from which the publish callback's values come.
struct Publishing<'a> {
    context: &'a Context<'a>,
}

impl Sources for Publishing<'_> {
    fn standard(&self, input: StandardInput) -> Value {
        match input {
            StandardInput::DryRun => self.dry_run().into(),
            StandardInput::Version => Expr::matrix("build").get("new_version").into(),
            other => Expr::matrix("build").get(other.as_str()).into(),
        }
    }

    fn output(&self, _: CallbackKind, _: &str, output: &str) -> Result<Expr, WorkflowError> {
        Ok(Expr::matrix("build").get("outputs").get(output))
    }

    fn external(&self, name: &str, field: ExternalField) -> Expr {
        Expr::matrix("build")
            .get("external")
            .get(name)
            .get(field.as_str())
    }

    fn dispatch(&self) -> Expr {
        dispatch_defaults(self.context.component).into()
    }

    fn dry_run(&self) -> Expr {
        Expr::input("dry_run")
    }

    fn environment(&self) -> Expr {
        let last = self.context.component.environments.last();
        last.map_or("", |environment| environment.name.as_str())
            .into()
    }
}
