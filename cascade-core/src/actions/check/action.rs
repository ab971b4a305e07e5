//! Checking a composite action.

use std::collections::HashMap;

use super::place::Place;
use super::reader::{Inputs, Reader};
use super::{empty, job};
use crate::actions::action::CompositeAction;
use crate::actions::{WorkflowError, id};

pub(in crate::actions) fn action(action: &CompositeAction) -> Result<(), WorkflowError> {
    if action.steps.is_empty() {
        return Err(empty("`steps`"));
    }
    let jobs = HashMap::new();
    let mut reader = Reader::new(Inputs::Action(&action.inputs), &jobs).of_job(&action.scope, 0);
    for step in &action.steps {
        if step.timeout_minutes.is_some() {
            return Err(WorkflowError::NotInAction {
                step: step.id.clone().unwrap_or_default(),
                key: "timeout-minutes",
            });
        }
        job::step(&mut reader, step, Place::ACTION_IF, Place::ACTION_STEP)?;
    }
    for name in action.inputs.keys().chain(action.outputs.keys()) {
        id::check(name)?;
    }
    let mut outputs = action.outputs.values();
    outputs.try_for_each(|output| reader.expr(Place::ACTION_OUTPUTS, &output.value))
}
