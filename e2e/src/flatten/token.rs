//! A token for each job. act has one for the whole run, where GitHub makes one for each job.

use std::collections::BTreeMap;

use anyhow::Context as _;
use cascade_core::actions::Permissions;
use cascade_core::expression::{Context, literal};
use serde_yaml::{Mapping, Value};

use super::expression::{self, Reference};
use super::{Flattened, permissions, template};

/// Actions that take the run's token where none is given, and the input for it.
const TAKES_A_TOKEN: [(&str, &str); 1] = [("actions/checkout@", "token")];

impl Flattened {
    /// The permissions of each job's token, by the job's id.
    ///
    /// # Errors
    /// A job's permissions cannot be read.
    pub fn permissions(&self) -> anyhow::Result<BTreeMap<String, Permissions>> {
        let jobs = self.workflow.get("jobs").and_then(Value::as_mapping);
        let of = |(id, job): (&Value, &Value)| {
            let id = id.as_str().context("a job's id is no text")?;
            let given = job.get("permissions");
            let given = given.with_context(|| format!("job `{id}` has no permissions"))?;
            Ok((id.to_owned(), permissions::read(given)?))
        };
        jobs.into_iter().flatten().map(of).collect()
    }

    /// Replaces the run's token in every job by the one that `token` names for the job's id.
    ///
    /// # Errors
    /// An expression cannot be read.
    pub fn give_tokens(&mut self, token: &dyn Fn(&str) -> String) -> anyhow::Result<()> {
        let jobs = self.workflow.get_mut("jobs");
        let jobs = jobs.and_then(Value::as_mapping_mut).context("no jobs")?;
        for (id, job) in jobs.iter_mut() {
            let token = token(id.as_str().unwrap_or_default());
            *job = replaced(job, &literal(&token))?;
            let steps = job.get_mut("steps").and_then(Value::as_sequence_mut);
            for step in steps.into_iter().flatten() {
                spell_out(step, &token);
            }
        }
        Ok(())
    }
}

fn replaced(value: &Value, token: &str) -> anyhow::Result<Value> {
    template::map(value, &mut |inside| {
        expression::replaced(inside, &mut |reference| {
            let is_token = matches!(
                reference,
                Reference::Property(Context::Github, "token")
                    | Reference::Property(Context::Secrets, "GITHUB_TOKEN")
            );
            Ok(is_token.then(|| token.to_owned()))
        })
    })
}

/// Gives a step the token that its action would take by itself.
fn spell_out(step: &mut Value, token: &str) {
    let uses = step.get("uses").and_then(Value::as_str).unwrap_or_default();
    let takes = TAKES_A_TOKEN
        .iter()
        .find(|(action, _)| uses.starts_with(action));
    let (Some((_, input)), Some(step)) = (takes, step.as_mapping_mut()) else {
        return;
    };
    let with = step
        .entry("with".into())
        .or_insert_with(|| Value::Mapping(Mapping::new()));
    if let Some(with) = with.as_mapping_mut() {
        with.entry((*input).into()).or_insert_with(|| token.into());
    }
}
