//! The checks that a workflow must pass before it is finished.

mod action;
mod job;
mod place;
mod reader;

pub(super) use action::action;

use std::collections::HashMap;

use super::flow::Workflow;
use super::{JobId, WorkflowError, id};
use place::Place;
use reader::{Inputs, Reader};

/// The jobs that each job waits for, in the order of the file.
pub(super) fn workflow(workflow: &Workflow) -> Result<Vec<Vec<JobId>>, WorkflowError> {
    if workflow.triggers.is_empty() {
        return Err(empty("`on`"));
    }
    if workflow.jobs.is_empty() {
        return Err(empty("`jobs`"));
    }
    let positions = positions(workflow)?;
    triggers(workflow)?;
    let mut reader = Reader::new(Inputs::Triggers(&workflow.triggers), &positions);
    if let Some(name) = &workflow.run_name {
        reader.value(Place::RUN_NAME, name)?;
    }
    if let Some(concurrency) = &workflow.concurrency {
        reader.value(Place::CONCURRENCY, &concurrency.group)?;
    }
    reader.values(Place::ENV, &workflow.env)?;
    for (name, output) in &workflow.outputs {
        id::check(name)?;
        reader.expr(Place::OUTPUTS, &output.value)?;
    }
    let jobs = workflow.jobs.iter().enumerate();
    jobs.map(|(position, item)| {
        job::job(
            &workflow.triggers,
            &positions,
            position,
            item,
            &workflow.jobs,
        )
    })
    .collect()
}

fn positions(workflow: &Workflow) -> Result<HashMap<JobId, usize>, WorkflowError> {
    let mut positions = HashMap::with_capacity(workflow.jobs.len());
    for (position, job) in workflow.jobs.iter().enumerate() {
        id::check(job.id().as_str())?;
        if positions.insert(job.id().clone(), position).is_some() {
            return Err(WorkflowError::DuplicateId {
                id: job.id().to_string(),
            });
        }
    }
    Ok(positions)
}

fn triggers(workflow: &Workflow) -> Result<(), WorkflowError> {
    let triggers = &workflow.triggers;
    let call = triggers.call.iter().flat_map(|call| &call.inputs);
    let call = call.map(|(name, input)| (name, &input.0));
    for (name, input) in triggers.dispatch.iter().flatten().chain(call) {
        id::check(name)?;
        if !input.default_fits() {
            return Err(WorkflowError::InvalidDefault {
                input: name.clone(),
            });
        }
    }
    match workflow.outputs.keys().next() {
        Some(output) if triggers.call.is_none() => Err(WorkflowError::NotCallable {
            output: output.clone(),
        }),
        _ => Ok(()),
    }
}

fn empty(what: &str) -> WorkflowError {
    WorkflowError::Empty {
        what: what.to_owned(),
    }
}
