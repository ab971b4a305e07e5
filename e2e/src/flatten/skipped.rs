//! The outputs of a skipped job, as others see them: none.
//!
//! act shows the texts of its outputs as they stand in the file, expressions and all.

use cascade_core::expression::{Context, Expression, Function};
use serde_yaml::{Mapping, Value};

use super::template;

/// Rewrites every look at the outputs of a needed job.
pub(super) fn guard(jobs: &mut Mapping) -> anyhow::Result<()> {
    for (_, job) in jobs.iter_mut() {
        *job = template::map(job, &mut guarded)?;
        if let Some(job) = job.as_mapping_mut() {
            // Without outputs act has none at all, where GitHub has an empty mapping.
            job.entry("outputs".into())
                .or_insert_with(|| Value::Mapping(Mapping::new()));
        }
    }
    Ok(())
}

fn guarded(expression: &Expression) -> anyhow::Result<String> {
    expression.rewrite(&mut |part| Ok(look(part)))
}

/// Returns the replacement of a look at a needed job.
fn look(part: &Expression) -> Option<String> {
    let told = |job: &str, key: String| {
        format!("(needs.{job}.result != 'skipped' && needs.{job}.outputs{key} || '')")
    };
    match part {
        Expression::Call(Function::ToJson, arguments) => {
            let job = arguments.first().and_then(needed)?;
            Some(format!(
                "(needs.{job}.result == 'skipped' && '{{\"result\":\"skipped\",\"outputs\":{{}}}}' || toJSON(needs.{job}))"
            ))
        }
        Expression::Member(of, name) if outputs(of).is_some() => {
            outputs(of).map(|job| told(job, format!(".{name}")))
        }
        Expression::Index(of, key) if matches!(**key, Expression::Text(_)) => {
            outputs(of).map(|job| told(job, format!("[{key}]")))
        }
        part => outputs(part).map(|job| {
            format!(
                "fromJSON(needs.{job}.result != 'skipped' && toJSON(needs.{job}.outputs) || '{{}}')"
            )
        }),
    }
}

/// The job, if this is `needs.job`.
fn needed(part: &Expression) -> Option<&str> {
    let (context, job) = part.property()?;
    (Context::named(context) == Some(Context::Needs)).then_some(job)
}

/// The job, if this is `needs.job.outputs`.
fn outputs(part: &Expression) -> Option<&str> {
    match part {
        Expression::Member(of, name) if name == "outputs" => needed(of),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_skipped_job_has_no_outputs() {
        for (expression, expected) in [
            (
                "fromJSON(needs.a-b.outputs.x).y == 'needs.a.outputs.x'",
                "fromJSON((needs.a-b.result != 'skipped' && needs.a-b.outputs.x || '')).y == 'needs.a.outputs.x'",
            ),
            (
                "toJSON( needs.a )",
                r#"(needs.a.result == 'skipped' && '{"result":"skipped","outputs":{}}' || toJSON(needs.a))"#,
            ),
            (
                "needs.a.result && x.needs.a.outputs.b",
                "needs.a.result && x.needs.a.outputs.b",
            ),
            (
                "needs.a.outputs['x-y']",
                "(needs.a.result != 'skipped' && needs.a.outputs['x-y'] || '')",
            ),
        ] {
            let expression = Expression::parse(expression).unwrap();
            assert_eq!(guarded(&expression).unwrap(), expected);
        }
    }
}
