//! A job in several legs.
//!
//! Source: GitHub, "Running variations of jobs in a workflow".

use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, bail};
use serde_json::{Map, Value, json};

use super::Running;
use super::contexts::Contexts;
use super::graph::{JobEnd, Placed};

/// One leg.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Leg {
    pub(super) index: usize,
    pub(super) total: usize,
    pub(super) values: Value,
}

impl Leg {
    /// The contexts with those of the leg.
    pub(super) fn contexts(&self, contexts: &Contexts, fail_fast: bool) -> Contexts {
        let strategy = json!({
            "fail-fast": fail_fast, "job-index": self.index, "job-total": self.total,
            "max-parallel": self.total,
        });
        let contexts = contexts.clone().with("matrix", self.values.clone());
        contexts.with("strategy", strategy)
    }
}

impl Running<'_> {
    /// Runs every leg of a job that may have several.
    pub(super) fn in_legs(
        &self,
        placed: &Placed<'_>,
        one: impl Fn(&Leg, Contexts) -> anyhow::Result<JobEnd> + Sync,
    ) -> anyhow::Result<JobEnd> {
        let strategy = placed.job.strategy.as_ref();
        let legs = match strategy {
            Some(strategy) => legs(&placed.contexts.value(&strategy.matrix)?)?,
            None => vec![json!({})],
        };
        let fail_fast = strategy.and_then(|strategy| strategy.fail_fast.as_ref());
        let fail_fast = fail_fast.is_none_or(|value| *value == json!(true));
        let total = legs.len();
        let given_up = AtomicBool::new(false);
        let run = |(index, values): (usize, Value)| {
            let leg = Leg {
                index,
                total,
                values,
            };
            // With `fail-fast` a leg that has not begun when another fails is cancelled.
            if given_up.load(Ordering::SeqCst) {
                return Ok(JobEnd::cancelled());
            }
            let contexts = leg.contexts(&placed.contexts, fail_fast);
            let Some(_held) = self.hold(placed.job.concurrency.as_ref(), &contexts)? else {
                return Ok(JobEnd::cancelled());
            };
            let end = one(&leg, contexts)?;
            if fail_fast && end.is_bad() {
                given_up.store(true, Ordering::SeqCst);
            }
            Ok(end)
        };
        let run = &run;
        let ends = std::thread::scope(|threads| {
            let legs = legs.into_iter().enumerate();
            let started: Vec<_> = legs.map(|leg| threads.spawn(move || run(leg))).collect();
            let ended = started.into_iter().map(|thread| {
                let ended = thread.join();
                ended.map_err(|_| anyhow::anyhow!("a leg panicked"))?
            });
            ended.collect::<anyhow::Result<Vec<JobEnd>>>()
        })?;
        Ok(together(&ends))
    }
}

/// Returns the end of a job whose legs ended so. Of an output that several legs have, the last one counts.
fn together(ends: &[JobEnd]) -> JobEnd {
    let any = |result: &str| ends.iter().any(|end| end.result == result);
    let result = match () {
        () if any("failure") => "failure",
        () if any("cancelled") => "cancelled",
        () => "success",
    };
    let outputs = ends
        .iter()
        .filter_map(|end| end.outputs.as_object())
        .flatten();
    let outputs = outputs.map(|(name, value)| (name.clone(), value.clone()));
    JobEnd {
        result,
        outputs: Value::Object(outputs.collect()),
        ran: ends.iter().any(|end| end.ran),
    }
}

/// The combinations of a matrix, in the order of its dimensions, and what `include` adds.
fn legs(matrix: &Value) -> anyhow::Result<Vec<Value>> {
    let matrix = matrix.as_object().context("a matrix is a mapping")?;
    let mut legs = vec![Map::new()];
    let dimensions = matrix
        .iter()
        .filter(|(name, _)| !["include", "exclude"].contains(&name.as_str()));
    let mut any = false;
    for (name, values) in dimensions {
        any = true;
        let values = values
            .as_array()
            .with_context(|| format!("`matrix.{name}` is no list"))?;
        let with = |leg: &Map<String, Value>, value: &Value| {
            let mut leg = leg.clone();
            leg.insert(name.clone(), value.clone());
            leg
        };
        legs = legs
            .iter()
            .flat_map(|leg| {
                values
                    .iter()
                    .map(|value| with(leg, value))
                    .collect::<Vec<_>>()
            })
            .collect();
    }
    if matrix.contains_key("exclude") {
        bail!("`matrix.exclude` is outside of what the engine knows");
    }
    let included = matrix.get("include").and_then(Value::as_array);
    match (any, included) {
        (false, Some(included)) => {
            legs = included
                .iter()
                .filter_map(|each| each.as_object().cloned())
                .collect();
        }
        (true, Some(_)) => {
            bail!("`matrix.include` beside dimensions is outside of what the engine knows")
        }
        (_, None) => {}
    }
    anyhow::ensure!(!legs.is_empty(), "the matrix is empty: GitHub refuses it");
    Ok(legs.into_iter().map(Value::Object).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_dimension_varies_first() {
        let matrix = json!({ "os": ["a", "b"], "region": [1, 2] });
        let expected = [
            json!({ "os": "a", "region": 1 }),
            json!({ "os": "a", "region": 2 }),
            json!({ "os": "b", "region": 1 }),
            json!({ "os": "b", "region": 2 }),
        ];
        assert_eq!(legs(&matrix).unwrap(), expected);
        let include = json!({ "include": [{ "target": "x" }, { "target": "y" }] });
        assert_eq!(
            legs(&include).unwrap(),
            [json!({ "target": "x" }), json!({ "target": "y" })]
        );
    }

    #[test]
    fn what_is_not_known_is_refused() {
        for matrix in [
            json!({ "a": [1], "exclude": [] }),
            json!({ "a": 1 }),
            json!({ "a": [] }),
        ] {
            assert!(legs(&matrix).is_err(), "{matrix}");
        }
    }
}
