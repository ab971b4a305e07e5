//! A job that calls a workflow.

use std::collections::BTreeMap;

use anyhow::{Context, bail};
use cascade_core::expression::{Function, literal};
use serde_yaml::{Mapping, Value};

use super::expression::{self, Reference};
use super::job::{Jobs, Placed, guarded, sequence};
use super::scope::{Scope, Secrets};
use super::{cancel, matrix, parse, template};

/// Fails if a job of the call did.
const JOIN: &str = r#"case " $RESULTS " in *" failure "* | *" cancelled "*) exit 1 ;; esac"#;

/// Adds the callee's jobs and the join.
pub(super) fn add(jobs: &mut Jobs<'_>, placed: &Placed<'_>, callee: &str) -> anyhow::Result<()> {
    let file = callee.strip_prefix("./").unwrap_or(callee);
    let workflow = parse(file, jobs.read).with_context(|| match file == callee {
        true => format!("{callee} is in another repository"),
        false => format!("the call of {callee}"),
    })?;
    let called = workflow
        .get("on")
        .or_else(|| workflow.get(Value::Bool(true)));
    let called = match called {
        Some(Value::String(on)) if on == "workflow_call" => &Value::Null,
        Some(on) => on
            .get("workflow_call")
            .with_context(|| format!("{file} cannot be called"))?,
        None => bail!("{file} has no `on`"),
    };
    let guard = decided(placed)?;
    let scope = Scope {
        prefix: format!("{}__", placed.id),
        path: format!("{}/", placed.path),
        inputs: Some(inputs(placed, called)?),
        secrets: secrets(placed)?,
        guard,
        granted: Some(placed.permissions.clone()),
        needs: placed.needs.clone(),
        strategy: matrix::strategy(placed.job, placed.scope)?,
    };
    jobs.add(&workflow, &scope)?;
    let (id, path) = (&placed.id, &placed.path);
    jobs.push(id, path, join(placed, &workflow, called, &scope)?);
    Ok(())
}

/// The caller's condition, decided when the call begins: a run that is cancelled later does not
/// undo it.
fn decided(placed: &Placed<'_>) -> anyhow::Result<String> {
    expression::rewrite(&placed.guard, &mut |reference| {
        let cancelled = *reference == Reference::Status(Function::Cancelled);
        Ok(cancelled.then(|| cancel::before(&placed.id)))
    })
}

fn inputs(placed: &Placed<'_>, called: &Value) -> anyhow::Result<BTreeMap<String, String>> {
    let declared = called.get("inputs").and_then(Value::as_mapping);
    let given = placed.job.get("with");
    let mut inputs = BTreeMap::new();
    for (name, declaration) in declared.into_iter().flatten() {
        let name = name.as_str().context("an input's name is no text")?;
        let value = match given.and_then(|given| given.get(name)) {
            Some(value) => placed.scope.expression(&template::expression(value)?)?,
            None => default(declaration)?,
        };
        let is_text = declaration.get("type").and_then(Value::as_str) == Some("string");
        // An expression may have another type than the input, which is converted on the way.
        let value = if is_text && !value.starts_with('\'') {
            format!("format('{{0}}', {value})")
        } else {
            value
        };
        inputs.insert(name.to_owned(), value);
    }
    let unknown = given.and_then(Value::as_mapping).into_iter().flatten();
    for (name, _) in unknown {
        if !inputs.contains_key(name.as_str().unwrap_or_default()) {
            bail!("the callee has no input {name:?}");
        }
    }
    Ok(inputs)
}

fn default(declaration: &Value) -> anyhow::Result<String> {
    if let Some(value) = declaration.get("default") {
        return match (declaration.get("type").and_then(Value::as_str), value) {
            (Some("string"), Value::Bool(_) | Value::Number(_)) => {
                Ok(literal(&template::expression(value)?))
            }
            _ => template::expression(value),
        };
    }
    Ok(match declaration.get("type").and_then(Value::as_str) {
        Some("boolean") => "false",
        Some("number") => "0",
        _ => "''",
    }
    .to_owned())
}

fn secrets(placed: &Placed<'_>) -> anyhow::Result<Secrets> {
    let mut named = BTreeMap::new();
    match placed.job.get("secrets") {
        Some(Value::String(inherit)) if inherit == "inherit" => {
            return Ok(placed.scope.secrets.clone());
        }
        Some(Value::Mapping(given)) => {
            for (name, value) in given {
                let name = name.as_str().context("a secret's name is no text")?;
                let value = placed.scope.expression(&template::expression(value)?)?;
                named.insert(name.to_owned(), value);
            }
        }
        _ => {}
    }
    Ok(Secrets::Named(named))
}

fn join(
    placed: &Placed<'_>,
    workflow: &Mapping,
    called: &Value,
    scope: &Scope,
) -> anyhow::Result<Mapping> {
    let jobs = workflow.get("jobs").and_then(Value::as_mapping);
    let jobs = jobs.into_iter().flatten();
    let inner: Vec<_> = jobs
        .filter_map(|(id, _)| Some(scope.id(id.as_str()?)))
        .collect();
    let results = inner
        .iter()
        .map(|id| format!("${{{{ needs.{id}.result }}}}"));
    let results: Vec<_> = results.collect();
    let mut step = Mapping::new();
    step.insert("run".into(), JOIN.into());
    let env = [("RESULTS".into(), results.join(" ").into())];
    step.insert("env".into(), Value::Mapping(env.into_iter().collect()));

    let mut join = Mapping::new();
    if let Some(name) = placed.job.get("name") {
        join.insert("name".into(), placed.scope.value(name)?);
    }
    let needs = [placed.needs.clone(), inner].concat();
    join.insert("needs".into(), sequence(&needs));
    join.insert("if".into(), guarded(&scope.guard));
    join.insert("permissions".into(), Value::Mapping(Mapping::new()));
    join.insert("runs-on".into(), "ubuntu-latest".into());
    join.insert("outputs".into(), Value::Mapping(outputs(called, scope)?));
    join.insert("steps".into(), Value::Sequence(vec![Value::Mapping(step)]));
    Ok(join)
}

fn outputs(called: &Value, scope: &Scope) -> anyhow::Result<Mapping> {
    let declared = called.get("outputs").and_then(Value::as_mapping);
    let mut outputs = Mapping::new();
    for (name, output) in declared.into_iter().flatten() {
        let value = output.get("value").context("an output without a value")?;
        outputs.insert(name.clone(), scope.value(value)?);
    }
    Ok(outputs)
}
