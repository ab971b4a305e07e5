//! What others see of a skipped job: no outputs.
//!
//! act shows the texts of its outputs as they stand in the file, expressions and all.

use serde_yaml::{Mapping, Value};

use super::expression::{self, Token};
use super::template;

/// Rewrites every look at the outputs of a needed job.
pub(super) fn guard(jobs: &mut Mapping) -> anyhow::Result<()> {
    for (_, job) in jobs.iter_mut() {
        *job = value(job)?;
        if let Some(job) = job.as_mapping_mut() {
            // Without outputs act has none at all, where GitHub has an empty mapping.
            job.entry("outputs".into())
                .or_insert_with(|| Value::Mapping(Mapping::new()));
        }
    }
    Ok(())
}

fn value(given: &Value) -> anyhow::Result<Value> {
    Ok(match given {
        Value::String(text) => Value::String(template::map(text, &mut guarded)?),
        Value::Sequence(items) => {
            Value::Sequence(items.iter().map(value).collect::<anyhow::Result<_>>()?)
        }
        Value::Mapping(fields) => {
            let field = |(key, field): (&Value, &Value)| Ok((key.clone(), value(field)?));
            let fields = fields.iter().map(field);
            Value::Mapping(fields.collect::<anyhow::Result<_>>()?)
        }
        other => other.clone(),
    })
}

fn guarded(text: &str) -> anyhow::Result<String> {
    let all = expression::tokens(text)?;
    let tokens: Vec<_> = all.iter().filter(|token| !token.is_space()).collect();
    let mut done = String::new();
    let mut at = 0;
    let mut last_end = 0;
    while at < tokens.len() {
        let start = offset(text, tokens[at]);
        let Some((length, replaced)) = look(&tokens[at..], at > 0 && tokens[at - 1].text == ".")
        else {
            at += 1;
            continue;
        };
        done.push_str(&text[last_end..start]);
        done.push_str(&replaced);
        let end = tokens[at + length - 1];
        last_end = offset(text, end) + end.text.len();
        at += length;
    }
    done.push_str(&text[last_end..]);
    Ok(done)
}

fn offset(text: &str, token: &Token<'_>) -> usize {
    token.text.as_ptr() as usize - text.as_ptr() as usize
}

/// How many tokens look at a needed job, and what they become.
fn look(tokens: &[&Token<'_>], property: bool) -> Option<(usize, String)> {
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text);
    if property {
        return None;
    }
    if text(0).eq_ignore_ascii_case("toJSON")
        && (text(1), text(2), text(3), text(5)) == ("(", "needs", ".", ")")
    {
        let job = text(4);
        let told = format!(
            "(needs.{job}.result == 'skipped' && '{{\"result\":\"skipped\",\"outputs\":{{}}}}' || toJSON(needs.{job}))"
        );
        return Some((6, told));
    }
    if (text(0), text(1), text(3), text(4)) != ("needs", ".", ".", "outputs") {
        return None;
    }
    let (job, ran) = (text(2), format!("needs.{}.result != 'skipped'", text(2)));
    let told = |length: usize, name: String| {
        let told = format!("({ran} && needs.{job}.outputs{name} || '')");
        Some((length, told))
    };
    match text(5) {
        "." => told(7, format!(".{}", text(6))),
        "[" if text(7) == "]" => told(8, format!("[{}]", text(6))),
        _ => {
            let told = format!("fromJSON({ran} && toJSON(needs.{job}.outputs) || '{{}}')");
            Some((5, told))
        }
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
            assert_eq!(guarded(expression).unwrap(), expected);
        }
    }
}
