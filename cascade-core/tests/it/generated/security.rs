//! No expression in a script, no permission by default, no token where it need not be.

use super::{examples, jobs, steps};
use serde_yaml::Value;

#[test]
fn no_script_holds_an_expression() {
    for (path, file) in examples() {
        let composite = file.get("runs").into_iter().flat_map(steps);
        let scripts = composite
            .chain(jobs_of(&file))
            .filter_map(|step| step.get("run").cloned());
        for script in scripts {
            assert!(
                !script.as_str().unwrap().contains("${{"),
                "{path}: {script:?}"
            );
        }
    }
}

fn jobs_of(file: &Value) -> Vec<Value> {
    let jobs = file
        .get("jobs")
        .and_then(Value::as_mapping)
        .cloned()
        .unwrap_or_default();
    jobs.into_iter().flat_map(|(_, job)| steps(&job)).collect()
}

#[test]
fn permissions_start_at_none() {
    for (path, workflow) in examples() {
        if workflow.get("jobs").is_some() {
            assert_eq!(
                workflow["permissions"],
                Value::Mapping(Default::default()),
                "{path}"
            );
        }
    }
}

#[test]
fn jobs_of_cascade_have_a_runner_and_an_end() {
    for (path, job) in jobs() {
        let own = !steps(&job).is_empty();
        assert_eq!(job.get("runs-on").is_some(), own, "{path}");
        assert_eq!(job.get("timeout-minutes").is_some(), own, "{path}");
        assert_eq!(job.get("uses").is_some(), !own, "{path}");
    }
}

/// The inputs of every checkout, with the paths of their jobs.
fn checkouts() -> Vec<(String, Value)> {
    let checks_out = |step: &Value| {
        let uses = step.get("uses").and_then(Value::as_str);
        uses.is_some_and(|uses| uses.starts_with("actions/checkout@"))
    };
    let mut found = Vec::new();
    for (path, job) in jobs() {
        let steps = steps(&job).into_iter().filter(checks_out);
        found.extend(steps.map(|step| (path.clone(), step["with"].clone())));
    }
    assert!(found.len() > 10);
    found
}

#[test]
fn no_checkout_keeps_a_credential() {
    for (path, with) in checkouts() {
        assert_eq!(with["persist-credentials"], Value::Bool(false), "{path}");
    }
}

#[test]
fn every_checkout_names_the_trunk_in_full_or_the_commit_of_the_run() {
    for (path, with) in checkouts() {
        let reference = with["ref"].as_str().unwrap_or_default();
        let allowed = ["refs/heads/main", "${{ github.sha }}"];
        assert!(allowed.contains(&reference), "{path}: `{reference}`");
    }
}

#[test]
fn tokens_stand_in_the_environment_of_one_step() {
    for (path, job) in jobs() {
        assert!(
            job.get("env").is_none(),
            "{path}: a job's environment reaches every step"
        );
        // An App's key is what the action that mints its token is for.
        let mints = |uses: &str| uses.starts_with("actions/create-github-app-token@");
        let uses = |step: &&Value| {
            let uses = step.get("uses").and_then(Value::as_str);
            uses.is_some_and(|uses| !mints(uses))
        };
        for step in steps(&job).iter().filter(uses) {
            let text = serde_yaml::to_string(step).unwrap();
            assert!(
                !text.contains("github.token") && !text.contains("secrets."),
                "{path}: {text}"
            );
        }
    }
}
