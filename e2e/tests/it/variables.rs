//! Large pipelines: what one job tells the next fits into the variables of a process.
//!
//! Linux takes at most 128 KiB for one variable, its name included (`MAX_ARG_STRLEN`, execve(2)): a
//! process with a longer one does not start.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;

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

/// A checkout in which commands run one after the other, as the jobs of runs do.
struct Runs {
    host: Host,
    clone: PathBuf,
}

type Outputs = BTreeMap<String, String>;

impl Runs {
    fn new() -> Self {
        let host = Host::new(&manifest());
        let clone = host.clone_as("checkout");
        write(&clone, CALLBACK, CALLEE);
        let runs = Self { host, clone };
        runs.push("feat: outputs");
        runs
    }

    fn push(&self, message: &str) {
        git(&self.clone, &["add", "--all"]);
        git(&self.clone, &["commit", "--quiet", "--message", message]);
        let bare = self.host.repository.folder();
        let bare = bare.to_str().unwrap();
        git(&self.clone, &["push", "--quiet", bare, "HEAD:main"]);
    }

    fn call(&self, arguments: &[&str], variables: &[(String, String)]) -> Outputs {
        let outputs = self.host.folder().join("outputs");
        git(&self.clone, &["pull", "--quiet"]);
        let _ = std::fs::remove_file(&outputs);
        let output = self
            .host
            .verb(&self.clone, arguments)
            .envs(variables.iter().cloned())
            .env("GITHUB_OUTPUT", &outputs)
            .output()
            .unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", error(&output));
        outputs_in(&outputs)
    }

    fn deploy(&self, operation: &str, plan: &str) {
        let mut variables = vec![
            ("OPERATION".to_owned(), operation.to_owned()),
            ("PLAN".to_owned(), plan.to_owned()),
        ];
        self.call(&["deploy", "gate", "--commit-push"], &variables);
        variables.push(("NEEDS_GATE".to_owned(), success()));
        variables.extend((0..DEPLOYS).map(|at| {
            let job = json!({ "result": "success", "outputs": { "url": url(at) } });
            (format!("NEEDS_DEPLOY_D{at}"), job.to_string())
        }));
        let ended = self.call(
            &["deploy", "record", "--commit-push", "--gha-output"],
            &variables,
        );
        assert_eq!(ended["advanced"], "true");
    }

    /// Deploys to the first environment and promotes to the last; what the promotion decided.
    fn promote(&self) -> Outputs {
        let decided = self.call(&["orchestrate", "setup", "--gha-output"], &[]);
        self.deploy("orchestrate", &decided["plan"]);
        let asked = json!({ "mode": "e0-to-e5" }).to_string();
        let dispatch = [("DISPATCH".to_owned(), asked)];
        let decided = self.call(&["promote", "preflight", "--gha-output"], &dispatch);
        for environment in 1..ENVIRONMENTS {
            if environment == ENVIRONMENTS - 1 {
                let plan = [("PLAN".to_owned(), decided["plan"].clone())];
                self.call(&["promote", "release", "--commit-push"], &plan);
            }
            self.deploy("promote", &decided[&format!("plan-e{environment}")]);
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
        self.call(&["promote", "finalize", "--commit-push"], &ended);
        decided
    }
}

#[test]
fn sixty_deploys_in_six_environments_with_outputs_of_a_kilobyte_are_promoted() {
    let runs = Runs::new();
    runs.promote();
    write(&runs.clone, "src/a", "2");
    runs.push("fix: a");
    // What every environment recorded is known to the plan now.
    let decided = runs.promote();
    assert!(decided["plan"].starts_with("zlib:"), "the plan is long");
    let last = &runs.host.state()["e5"];
    assert_eq!(last["version"], "v0.1.1");
    assert_eq!(last["deploys"]["d59"]["tags"]["url"], url(59));
    // A job's outputs together: GitHub, "Usage limits" of workflow syntax, `jobs.<job_id>.outputs`.
    let told: usize = decided.values().map(String::len).sum();
    assert!(told < 1024 * 1024, "{told} bytes");
}
