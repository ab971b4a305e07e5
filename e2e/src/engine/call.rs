//! A job that calls a workflow.
//!
//! Source: GitHub, "Reuse workflows": inputs and secrets are those that the callee declares, its
//! outputs are those of its jobs.

use anyhow::{Context, bail, ensure};
use serde_json::{Map, Value, json};

use super::contexts::Contexts;
use super::graph::{Ends, JobEnd, Placed, Scope};
use super::workflow::{Called, Input, Secrets};
use super::{Running, parsed};

impl Running<'_> {
    pub(super) fn calls(&self, placed: &Placed<'_>, callee: &str) -> anyhow::Result<JobEnd> {
        let file = callee.strip_prefix("./").unwrap_or(callee);
        ensure!(placed.job.steps.is_empty(), "a call has no steps");
        let workflow = parsed(file, self.read).with_context(|| match file == callee {
            true => format!("{callee} is in another repository"),
            false => format!("the call of {callee}"),
        })?;
        let called = workflow
            .reaction("workflow_call")
            .with_context(|| format!("{file} cannot be called"))?;
        let called: Called = match called {
            Value::Null => Called::default(),
            called => serde_json::from_value(called).with_context(|| file.to_owned())?,
        };
        self.in_legs(placed, |_, contexts| {
            let scope = Scope {
                workflow: &workflow,
                prefix: format!("{}__", placed.flat_id()),
                path: format!("{}/", placed.path()),
                inputs: inputs(placed, &called, &contexts)?,
                secrets: secrets(placed, &called, &contexts)?,
                again: placed.again,
            };
            let ends = self.workflow(&scope)?;
            end(&called, &ends, &contexts, scope.inputs)
        })
    }
}

/// Returns the end of a call whose jobs ended so.
fn end(called: &Called, ends: &Ends, contexts: &Contexts, inputs: Value) -> anyhow::Result<JobEnd> {
    let jobs = ends.iter().map(|(id, end)| (id.clone(), end.json()));
    let contexts = contexts
        .clone()
        .with("jobs", Value::Object(jobs.collect()))
        .with("inputs", inputs);
    let mut outputs = Map::new();
    for (name, output) in &called.outputs {
        let value = contexts.text(&output.value.as_str().into())?;
        outputs.insert(name.clone(), value.into());
    }
    let any = |result: &str| ends.values().any(|end| end.result == result);
    let result = match () {
        () if any("failure") => "failure",
        () if any("cancelled") => "cancelled",
        () => "success",
    };
    Ok(JobEnd {
        result,
        outputs: Value::Object(outputs),
        ran: ends.values().any(|end| end.ran),
    })
}

fn inputs(placed: &Placed<'_>, called: &Called, contexts: &Contexts) -> anyhow::Result<Value> {
    let given = &placed.job.with;
    if let Some(unknown) = given.keys().find(|name| !called.inputs.contains_key(*name)) {
        bail!("the callee has no input `{unknown}`");
    }
    let mut inputs = Map::new();
    for (name, input) in &called.inputs {
        let value = match given.get(name) {
            Some(value) => contexts.value(value)?,
            None => {
                ensure!(!input.required, "the input `{name}` is required");
                contexts.value(&input.default)?
            }
        };
        let value = typed(value, input).with_context(|| format!("input `{name}`"))?;
        inputs.insert(name.clone(), value);
    }
    Ok(Value::Object(inputs))
}

/// The value in the type of its input.
fn typed(value: Value, input: &Input) -> anyhow::Result<Value> {
    Ok(match (input.kind.as_deref(), value) {
        (Some("boolean"), Value::Null) => json!(false),
        (Some("number"), Value::Null) => json!(0),
        (_, Value::Null) => json!(""),
        (Some("boolean"), value @ Value::Bool(_)) | (Some("number"), value @ Value::Number(_)) => {
            value
        }
        (Some(kind @ ("boolean" | "number")), value) => bail!("{value} is no {kind}"),
        (Some("string"), value @ Value::String(_)) => value,
        (Some("string"), value @ (Value::Bool(_) | Value::Number(_))) => value.to_string().into(),
        (kind, value) => bail!("{value} is no {}", kind.unwrap_or("input with a type")),
    })
}

fn secrets(placed: &Placed<'_>, called: &Called, contexts: &Contexts) -> anyhow::Result<Value> {
    let given = match &placed.job.secrets {
        Some(Secrets::Word(word)) if word == "inherit" => return Ok(placed.scope.secrets.clone()),
        Some(Secrets::Word(word)) => bail!("`secrets: {word}` is neither `inherit` nor a mapping"),
        Some(Secrets::Named(given)) => contexts.texts(given)?,
        None => indexmap::IndexMap::new(),
    };
    if let Some(unknown) = given
        .keys()
        .find(|name| !called.secrets.contains_key(*name))
    {
        bail!("the callee has no secret `{unknown}`");
    }
    for (name, declared) in &called.secrets {
        let required = declared.as_ref().is_some_and(|declared| declared.required);
        ensure!(
            !required || given.contains_key(name),
            "the secret `{name}` is required"
        );
    }
    let given = given.into_iter().map(|(name, value)| (name, value.into()));
    Ok(Value::Object(given.collect()))
}
