//! Rendering, then parsing, gives what was put in.

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::{Expr, JobHandle, Permissions, Scope, Script, Step, Workflow, manual, render, steps};

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[ -~\n]{0,16}",
        "[$]?[{]{0,3}[a-z'} ]{0,6}"
    ]
}

/// Returns a text as GitHub reads it: one that would be a template comes back as a quoted text.
fn as_read(text: &str) -> String {
    if text.contains("${{") {
        format!("${{{{ '{}' }}}}", text.replace('\'', "''"))
    } else {
        text.to_owned()
    }
}

#[derive(Debug, Clone)]
struct Sample {
    id: String,
    name: String,
    env: Vec<(String, String)>,
    script: String,
    read: Vec<bool>,
    reason: String,
}

fn sample() -> impl Strategy<Value = Sample> {
    (
        "[A-Za-z_][A-Za-z0-9_-]{0,6}",
        text(),
        prop::collection::vec((text(), text()), 0..3),
        text().prop_filter("scripts hold no expression", |text| !text.contains("${{")),
        prop::collection::vec(any::<bool>(), 8),
        text(),
    )
        .prop_map(|(id, name, env, script, read, reason)| Sample {
            id,
            name,
            env,
            script,
            read,
            reason,
        })
}

fn build(samples: &[Sample]) -> Workflow {
    let mut flow = Workflow::build("t", manual()).header("head\nline");
    let mut handles: Vec<JobHandle> = Vec::new();
    for sample in samples {
        let mut job = steps(&sample.id)
            .name(&sample.name)
            .comment(&sample.reason)
            .permissions(&Permissions::none().write(Scope::Issues, &sample.reason));
        job.step(
            Step::run(Script::new(&sample.script).unwrap())
                .comment(&sample.reason)
                .envs(sample.env.iter().map(|(key, value)| (key.clone(), value))),
        );
        let read = handles.iter().zip(&sample.read).filter(|(_, read)| **read);
        let conditions = read.map(|(handle, _)| handle.succeeded());
        handles.push(flow.add(job.when(Expr::all(conditions))));
    }
    flow.finish().unwrap()
}

fn expected(samples: &[Sample]) -> Json {
    let mut jobs = serde_json::Map::new();
    for (position, sample) in samples.iter().enumerate() {
        let earlier = samples[..position].iter().zip(&sample.read);
        let needs: Vec<_> = earlier
            .filter(|(_, read)| **read)
            .map(|(s, _)| &s.id)
            .collect();
        let conditions: Vec<_> = needs
            .iter()
            .map(|id| format!("needs.{id}.result == 'success'"))
            .collect();
        let env: serde_json::Map<_, _> = sample
            .env
            .iter()
            .map(|(key, value)| (key.clone(), json!(as_read(value))))
            .collect();
        let mut step = json!({ "run": sample.script });
        if !env.is_empty() {
            step["env"] = env.into();
        }
        let mut job = json!({
            "name": as_read(&sample.name),
            "permissions": { "issues": "write" },
            "if": if conditions.is_empty() { "true".to_owned() } else { conditions.join(" && ") },
            "runs-on": "ubuntu-latest",
            "steps": [step],
            "timeout-minutes": 5,
        });
        match needs.as_slice() {
            [] => {}
            [one] => job["needs"] = json!(one),
            several => job["needs"] = json!(several),
        }
        jobs.insert(sample.id.clone(), job);
    }
    json!({
        "name": "t",
        "on": { "workflow_dispatch": { "inputs": {
            "dry_run": { "required": false, "type": "boolean" },
        } } },
        "permissions": {},
        "jobs": jobs,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rendered_workflows_read_back(samples in prop::collection::vec(sample(), 1..6)) {
        let mut seen = std::collections::HashSet::new();
        let samples: Vec<_> = samples.into_iter().filter(|s| seen.insert(s.id.clone())).collect();
        let text = render(&build(&samples));
        let read: Json = serde_yaml::from_str(&text)
            .map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))?;
        prop_assert_eq!(&read, &expected(&samples), "{}", text);
        prop_assert!(!text.contains('\r'));
    }
}
