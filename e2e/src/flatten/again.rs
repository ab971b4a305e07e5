//! The failed jobs of a run once more: those that had ended well, and wait for none of them, are
//! not run, but are what they were to the jobs that are.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context;
use serde_yaml::{Mapping, Value};

use super::{Flattened, ancestors};
use crate::act::Output;

/// Puts out a value, which may be many lines.
const PUT_OUT: &str = r#"printf '%s<<e2e-end-of-output\n%s\ne2e-end-of-output\n' "$NAME_{at}" "$VALUE_{at}" >> "$GITHUB_OUTPUT"
"#;

impl Flattened {
    /// Lets only the jobs run that failed, by the results of an earlier attempt, and those that
    /// need them.
    ///
    /// # Errors
    /// The workflow has no jobs.
    pub fn rerun_failed(
        &mut self,
        results: &BTreeMap<String, String>,
        outputs: &[Output],
    ) -> anyhow::Result<()> {
        let jobs = self.workflow.get_mut("jobs");
        let jobs = jobs.and_then(Value::as_mapping_mut).context("no jobs")?;
        let above = ancestors(jobs)?;
        let result = |path: &str| results.get(path).map_or("skipped", String::as_str);
        let went_well = |path: &str| ["success", "skipped"].contains(&result(path));
        let bad: BTreeSet<&str> = (self.jobs.iter())
            .filter(|(_, path)| !went_well(path))
            .map(|(id, _)| id.as_str())
            .collect();
        for (id, path) in &self.jobs {
            let again = |id: &String| bad.contains(id.as_str());
            if again(id) || above[id].iter().any(again) {
                continue;
            }
            let job = jobs.get_mut(id.as_str()).and_then(Value::as_mapping_mut);
            let ran = result(path) == "success";
            let of_job = outputs.iter().filter(|output| output.job == *id);
            keep(job.with_context(|| format!("no job {id}"))?, ran, of_job);
        }
        Ok(())
    }
}

/// Makes a job one that only puts out what it had put out.
fn keep<'a>(job: &mut Mapping, ran: bool, outputs: impl Iterator<Item = &'a Output>) {
    let mut by_step: BTreeMap<&str, Vec<&Output>> = BTreeMap::new();
    for output in outputs {
        by_step.entry(&output.step).or_default().push(output);
    }
    let mut steps: Vec<Value> = by_step.into_iter().map(step).collect();
    if steps.is_empty() {
        steps.push(mapping([("run".to_owned(), ":".into())]));
    }
    job.insert("if".into(), if ran { "always()" } else { "false" }.into());
    job.insert("steps".into(), Value::Sequence(steps));
    for key in ["strategy", "env", "defaults"] {
        job.remove(key);
    }
}

fn step((id, outputs): (&str, Vec<&Output>)) -> Value {
    let each = outputs.iter().enumerate();
    let env = each.flat_map(|(at, output)| {
        let value = |field: &str, text: &str| (format!("{field}_{at}"), Value::from(text));
        [value("NAME", &output.name), value("VALUE", &output.value)]
    });
    let lines = (0..outputs.len()).map(|at| PUT_OUT.replace("{at}", &at.to_string()));
    mapping([
        ("id".to_owned(), id.into()),
        ("run".to_owned(), lines.collect::<String>().into()),
        ("env".to_owned(), mapping(env)),
    ])
}

fn mapping(fields: impl IntoIterator<Item = (String, Value)>) -> Value {
    let fields = fields.into_iter().map(|(key, value)| (key.into(), value));
    Value::Mapping(fields.collect())
}
