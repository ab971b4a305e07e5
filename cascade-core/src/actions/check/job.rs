//! Checking one job.

use std::collections::HashMap;

use super::empty;
use super::place::Place;
use super::reader::{Inputs, Reader};
use crate::actions::job::{CallJob, RunsOn, Secrets, StepsJob};
use crate::actions::step::{Step, Work};
use crate::actions::strategy::{Matrix, Strategy, Values};
use crate::actions::{Job, JobId, Triggers, WorkflowError, id};

/// The jobs that `job` waits for.
pub(super) fn job(
    triggers: &Triggers,
    positions: &HashMap<JobId, usize>,
    position: usize,
    job: &Job,
    jobs: &[Job],
) -> Result<Vec<JobId>, WorkflowError> {
    let common = job.common();
    let mut reader =
        Reader::new(Inputs::Triggers(triggers), positions).of_job(&common.id, position);
    common.needs.iter().try_for_each(|id| reader.need(id))?;
    if let Some(name) = &common.name {
        reader.value(Place::JOB_NAME, name)?;
    }
    if let Some(condition) = &common.condition {
        reader.expr(Place::JOB_IF, condition)?;
    }
    if let Some(concurrency) = &common.concurrency {
        reader.value(Place::JOB_CONCURRENCY, &concurrency.group)?;
    }
    if let Some(found) = &common.strategy {
        strategy(&mut reader, found)?;
    }
    match job {
        Job::Call(job) => call(&mut reader, job)?,
        Job::Steps(job) => steps_job(&mut reader, job)?,
    }
    Ok(reader
        .needs
        .iter()
        .map(|at| jobs[*at].id().clone())
        .collect())
}

fn strategy(reader: &mut Reader<'_>, strategy: &Strategy) -> Result<(), WorkflowError> {
    match &strategy.matrix {
        Matrix::Expr(expr) => reader.expr(Place::JOB_STRATEGY, expr),
        Matrix::Axes(axes) => axes.iter().try_for_each(|(_, axis)| match &axis.0 {
            Values::Expr(expr) => reader.expr(Place::JOB_STRATEGY, expr),
            Values::List(values) => values
                .iter()
                .try_for_each(|value| reader.value(Place::JOB_STRATEGY, value)),
        }),
    }
}

fn call(reader: &mut Reader<'_>, job: &CallJob) -> Result<(), WorkflowError> {
    job.callee.check()?;
    reader.values(Place::CALL_WITH, &job.with)?;
    match &job.secrets {
        Secrets::Named(named) => reader.values(Place::CALL_SECRETS, named),
        Secrets::None | Secrets::Inherit => Ok(()),
    }
}

fn steps_job<'a>(reader: &mut Reader<'a>, job: &'a StepsJob) -> Result<(), WorkflowError> {
    if job.steps.is_empty() {
        return Err(empty(&format!("`steps` of `{}`", job.common.id)));
    }
    let labels = match &job.runs_on {
        RunsOn::Label(label) => std::slice::from_ref(label),
        RunsOn::Labels(labels) => labels,
        RunsOn::Group(group, labels) => {
            reader.value(Place::JOB_RUNS_ON, group)?;
            labels
        }
    };
    labels
        .iter()
        .try_for_each(|label| reader.value(Place::JOB_RUNS_ON, label))?;
    reader.values(Place::JOB_ENV, &job.env)?;
    for item in &job.steps {
        step(reader, item, Place::STEP_IF, Place::STEP)?;
    }
    if let Some(environment) = &job.environment {
        reader.value(Place::JOB_ENVIRONMENT, &environment.name)?;
        if let Some(url) = &environment.url {
            reader.value(Place::JOB_ENVIRONMENT_URL, url)?;
        }
    }
    job.outputs.iter().try_for_each(|(name, value)| {
        id::check(name)?;
        reader.expr(Place::JOB_OUTPUTS, value)
    })
}

/// Checks a step, after which others may read it.
pub(super) fn step<'a>(
    reader: &mut Reader<'a>,
    step: &'a Step,
    condition: Place,
    place: Place,
) -> Result<(), WorkflowError> {
    if let Some(expr) = &step.condition {
        reader.expr(condition, expr)?;
    }
    reader.values(place, &step.env)?;
    let single = [&step.name, &step.timeout_minutes, &step.continue_on_error];
    for value in single.into_iter().flatten() {
        reader.value(place, value)?;
    }
    match &step.work {
        Work::Run { directory, .. } => {
            if let Some(directory) = directory {
                reader.value(place, directory)?;
            }
        }
        Work::Uses { action, with } => {
            action.check()?;
            reader.values(place, with)?;
        }
    }
    if let Some(id) = &step.id {
        id::check(id)?;
        if !reader.steps.insert(id) {
            return Err(WorkflowError::DuplicateId { id: id.clone() });
        }
    }
    Ok(())
}
