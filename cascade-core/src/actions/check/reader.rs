//! Following what expressions read.

use std::collections::{BTreeSet, HashMap};

use indexmap::IndexMap;

use super::place::Place;
use crate::actions::action::ActionInput;
use crate::actions::expr::{Expr, Read};
use crate::actions::{JobId, Triggers, Value, WorkflowError};

/// The place where inputs are declared.
#[derive(Clone, Copy)]
pub(super) enum Inputs<'a> {
    Triggers(&'a Triggers),
    Action(&'a IndexMap<String, ActionInput>),
}

/// Checks expressions, and collects the jobs that they read.
pub(super) struct Reader<'a> {
    inputs: Inputs<'a>,
    positions: &'a HashMap<JobId, usize>,
    job: Option<(&'a JobId, usize)>,
    pub(super) needs: BTreeSet<usize>,
    /// Ids of the steps that ran before the place in question.
    pub(super) steps: BTreeSet<&'a str>,
}

impl<'a> Reader<'a> {
    pub(super) const fn new(inputs: Inputs<'a>, positions: &'a HashMap<JobId, usize>) -> Self {
        Self {
            inputs,
            positions,
            job: None,
            needs: BTreeSet::new(),
            steps: BTreeSet::new(),
        }
    }

    pub(super) const fn of_job(mut self, id: &'a JobId, position: usize) -> Self {
        self.job = Some((id, position));
        self
    }

    pub(super) fn value(&mut self, place: Place, value: &Value) -> Result<(), WorkflowError> {
        value.exprs().try_for_each(|expr| self.expr(place, expr))
    }

    pub(super) fn values<'v>(
        &mut self,
        place: Place,
        values: impl IntoIterator<Item = (&'v String, &'v Value)>,
    ) -> Result<(), WorkflowError> {
        let mut values = values.into_iter();
        values.try_for_each(|(_, value)| self.value(place, value))
    }

    pub(super) fn expr(&mut self, place: Place, expr: &Expr) -> Result<(), WorkflowError> {
        let mut reads = expr.reads().iter();
        reads.try_for_each(|read| self.read(place, read))
    }

    fn read(&mut self, place: Place, read: &Read) -> Result<(), WorkflowError> {
        let context = read.context();
        if !place.allows(context) {
            return Err(WorkflowError::Unavailable {
                place: self.describe(place),
                name: context.name(),
            });
        }
        match read {
            Read::Context(_) => Ok(()),
            Read::Job(id) => self.need(id),
            Read::JobOutput(id) => self
                .positions
                .get(id)
                .map(drop)
                .ok_or_else(|| self.unknown(id)),
            Read::Step { job, step } => self.step(place, job, step),
            Read::Input(name) => self.input(place, name),
            Read::Secret(name) => self.secret(place, name),
        }
    }

    /// Notes that the job waits for `id`, which must stand before it.
    pub(super) fn need(&mut self, id: &JobId) -> Result<(), WorkflowError> {
        let own = self.job.map_or(0, |(_, position)| position);
        match self.positions.get(id) {
            Some(position) if *position < own => {
                self.needs.insert(*position);
                Ok(())
            }
            _ => Err(self.unknown(id)),
        }
    }

    fn unknown(&self, id: &JobId) -> WorkflowError {
        WorkflowError::UnknownJob {
            job: self
                .job
                .map_or_else(String::new, |(own, _)| own.to_string()),
            needs: id.to_string(),
        }
    }

    fn step(&self, place: Place, job: &JobId, step: &str) -> Result<(), WorkflowError> {
        let own = self.job.is_some_and(|(own, _)| own == job);
        if own && self.steps.contains(step) {
            return Ok(());
        }
        Err(WorkflowError::UnknownStep {
            place: self.describe(place),
            step: step.to_owned(),
        })
    }

    fn input(&self, place: Place, name: &str) -> Result<(), WorkflowError> {
        let declared = match self.inputs {
            Inputs::Triggers(triggers) => triggers.declares_input(name),
            Inputs::Action(inputs) => inputs.contains_key(name),
        };
        if declared {
            return Ok(());
        }
        Err(WorkflowError::UndeclaredInput {
            place: self.describe(place),
            input: name.to_owned(),
        })
    }

    fn secret(&self, place: Place, name: &str) -> Result<(), WorkflowError> {
        match self.inputs {
            Inputs::Triggers(triggers) if triggers.hides_secret(name) => {
                Err(WorkflowError::UndeclaredSecret {
                    place: self.describe(place),
                    secret: name.to_owned(),
                })
            }
            _ => Ok(()),
        }
    }

    fn describe(&self, place: Place) -> String {
        let key = place.key;
        match self.job {
            Some((id, _)) => format!("`{key}` of `{id}`"),
            None => format!("`{key}`"),
        }
    }
}
