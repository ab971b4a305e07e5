//! Large pipelines: what one job tells the next fits into the variables of a process.
//!
//! Linux takes at most 128 KiB for one variable, its name included (`MAX_ARG_STRLEN`, execve(2)): a
//! process with a longer one does not start.

use std::fmt::Write;

use crate::support::host::{CALLBACK, Host, error, outputs_in, success};
use crate::support::{git, write};
use serde_json::json;

const ENVIRONMENTS: usize = 6;
const DEPLOYS: usize = 60;
/// The length of an output, in bytes.
const OUTPUT: usize = 1024;
const CALLEE: &str = "\
on:
  workflow_call:
    inputs:
      environment: { type: string }
      sha: { type: string }
    outputs: { url: { value: x } }
jobs:
  call:
    runs-on: ubuntu-latest
    steps: [{ run: echo }]
";

fn url(deploy: usize) -> String {
    // Nothing that compresses to nothing.
    let parts = (0..).map(|part| format!("{:x}", (deploy * 7919 + part * 104_729) % 65_521));
    let mut text = String::new();
    for part in parts {
        if text.len() >= OUTPUT {
            break;
        }
        text.push_str(&part);
    }
    text.truncate(OUTPUT);
    text
}

fn manifest() -> String {
    let environments: Vec<String> = (0..ENVIRONMENTS).map(|at| format!("e{at}")).collect();
    let mut text = format!(
        "ci:\n  config:\n    schema_version: 1\n    trunk_branch: main\n    environments: [{}]\n    deploys:\n",
        environments.join(", ")
    );
    for at in 0..DEPLOYS {
        let after = match at {
            0 => String::new(),
            _ => format!(", depends_on: [d{}]", at - 1),
        };
        writeln!(
            text,
            "      - {{ name: d{at}, workflow: {CALLBACK}, state_tags: [url]{after} }}"
        )
        .unwrap();
    }
    text
}

#[test]
fn sixty_deploys_in_six_environments_with_outputs_of_a_kilobyte_are_promoted() {
    let host = Host::new(&manifest());
    let clone = host.clone_as("checkout");
    write(&clone, CALLBACK, CALLEE);
    git(
        &clone,
        &["commit", "--quiet", "--all", "--message=feat: outputs"],
    );
    let bare = host.repository.folder();
    git(
        &clone,
        &["push", "--quiet", bare.to_str().unwrap(), "HEAD:main"],
    );
    let outputs = host.folder().join("outputs");
    let call = |arguments: &[&str], variables: &[(String, String)]| {
        git(&clone, &["pull", "--quiet"]);
        let _ = std::fs::remove_file(&outputs);
        let output = host
            .verb(&clone, arguments)
            .envs(variables.iter().cloned())
            .env("GITHUB_OUTPUT", &outputs)
            .output()
            .unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", error(&output));
        outputs_in(&outputs)
    };
    let deploy = |operation: &str, plan: &str| {
        let mut variables = vec![
            ("OPERATION".to_owned(), operation.to_owned()),
            ("PLAN".to_owned(), plan.to_owned()),
        ];
        call(&["deploy", "gate", "--commit-push"], &variables);
        variables.push(("NEEDS_GATE".to_owned(), success()));
        variables.extend((0..DEPLOYS).map(|at| {
            let job = json!({ "result": "success", "outputs": { "url": url(at) } });
            (format!("NEEDS_DEPLOY_D{at}"), job.to_string())
        }));
        let ended = call(
            &["deploy", "record", "--commit-push", "--gha-output"],
            &variables,
        );
        assert_eq!(ended["advanced"], "true");
    };
    let promote = || {
        let decided = call(&["orchestrate", "setup", "--gha-output"], &[]);
        deploy("orchestrate", &decided["plan"]);
        let asked = json!({ "mode": "e0-to-e5" }).to_string();
        let dispatch = [("DISPATCH".to_owned(), asked)];
        let decided = call(&["promote", "preflight", "--gha-output"], &dispatch);
        for environment in 1..ENVIRONMENTS {
            if environment == ENVIRONMENTS - 1 {
                let plan = [("PLAN".to_owned(), decided["plan"].clone())];
                call(&["promote", "release", "--commit-push"], &plan);
            }
            deploy("promote", &decided[&format!("plan-e{environment}")]);
        }
        let mut ended = vec![("PLAN".to_owned(), decided["plan"].clone())];
        for job in [
            "DEPLOY_E1",
            "DEPLOY_E2",
            "DEPLOY_E3",
            "DEPLOY_E4",
            "DEPLOY_E5",
            "RELEASE",
        ] {
            ended.push((format!("NEEDS_{job}"), "success".to_owned()));
        }
        call(&["promote", "finalize", "--commit-push"], &ended);
        decided
    };
    promote();
    write(&clone, "src/a", "2");
    git(&clone, &["add", "--all"]);
    git(&clone, &["commit", "--quiet", "--message=fix: a"]);
    git(
        &clone,
        &["push", "--quiet", bare.to_str().unwrap(), "HEAD:main"],
    );
    // What every environment recorded is known to the plan now.
    let decided = promote();
    assert!(decided["plan"].starts_with("zlib:"), "the plan is long");
    let last = &host.state()["e5"];
    assert_eq!(last["version"], "v0.1.1");
    assert_eq!(last["deploys"]["d59"]["tags"]["url"], url(59));
    // A job's outputs together: GitHub, "Usage limits" of workflow syntax, `jobs.<job_id>.outputs`.
    let told: usize = decided.values().map(String::len).sum();
    assert!(told < 1024 * 1024, "{told} bytes");
}
