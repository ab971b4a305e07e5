//! The files that keep a fork in step, and what their jobs may hold.

use cascade_core::check::check;
use cascade_core::contract::Contracts;
use cascade_core::generate::generate;
use cascade_core::manifest::yaml::Manifest;
use serde_yaml::{Mapping, Value};

const FORK: &str = "\
trunk_branch: main
environments: [dev, prod]
cli: { source: preinstalled }
extra_triggers:
  schedule: [{ cron: \"0 1 * * *\" }]
rollback:
  repository_dispatch: { types: [rollback-requested] }
deploys:
  - name: web
    workflow: .github/workflows/deploy.yaml
integration:
  upstream: acme/base
  validate: { workflow: .github/workflows/validate.yaml, retries: 1 }
";

/// A file of a pipeline with these lines more.
fn file(more: &str, name: &str) -> String {
    let config = format!("{FORK}{more}");
    let lines = config.lines().map(|line| format!("    {line}\n"));
    let text = format!("ci:\n  config:\n{}", lines.collect::<String>());
    let manifest = Manifest::read(text.as_bytes(), "ci").unwrap();
    let checked = check(manifest.config(), &Contracts::unavailable());
    let findings = format!("{:#?}", checked.findings);
    let files = generate(&checked.pipeline.expect(&findings), "1.2.3").unwrap();
    let found = files.iter().find(|file| file.path.ends_with(name));
    found.unwrap_or_else(|| panic!("no {name}")).text.clone()
}

fn jobs(text: &str) -> Mapping {
    let workflow: Value = serde_yaml::from_str(text).unwrap();
    workflow["jobs"].as_mapping().unwrap().clone()
}

const OWN: &str = "  token: UPKEEP_TOKEN\n";
const APP: &str = "state_token_app: { app_id: APP_ID, private_key: APP_KEY }\n";

#[test]
fn the_monitor_can_neither_push_nor_merge() {
    for more in ["", OWN, APP] {
        let text = file(more, "cascade-monitor.yaml");
        assert!(!text.contains("secrets."), "{text}");
        assert!(!text.contains("create-github-app-token"), "{text}");
        let jobs = jobs(&text);
        assert_eq!(jobs.len(), 1);
        let allowed: Value = serde_yaml::from_str(
            "{ actions: write, contents: read, issues: write, pull-requests: read }",
        )
        .unwrap();
        assert_eq!(jobs["monitor"]["permissions"], allowed);
    }
}

#[test]
fn what_the_upstream_wrote_runs_without_secrets() {
    for more in ["", OWN, APP] {
        let jobs = jobs(&file(more, "cascade-integrate.yaml"));
        for id in ["validate", "validate-retry-1"] {
            let job = &jobs[id];
            let read: Value = serde_yaml::from_str("{ contents: read }").unwrap();
            assert_eq!(job["permissions"], read);
            assert!(job.get("secrets").is_none());
            assert!(!serde_yaml::to_string(job).unwrap().contains("token"));
        }
        // Cascade's own jobs run trunk's code.
        for id in ["integrate", "finalize"] {
            let checkout = &jobs[id]["steps"][0];
            assert_eq!(checkout["with"]["ref"], "refs/heads/main");
        }
    }
}

#[test]
fn branches_are_pushed_by_the_token_that_is_named() {
    for name in ["cascade-sync.yaml", "cascade-integrate.yaml"] {
        let plain = file("", name);
        assert!(plain.contains("contents: write"), "{plain}");
        assert!(!plain.contains("INTEGRATION_TOKEN"), "{plain}");
        let own = file(OWN, name);
        assert!(own.contains("INTEGRATION_TOKEN: ${{ secrets.UPKEEP_TOKEN }}"));
        assert!(!own.contains("contents: write"), "{own}");
        let app = file(APP, name);
        for scope in ["contents", "pull-requests", "workflows"] {
            assert!(app.contains(&format!("permission-{scope}: write")), "{app}");
        }
    }
}

#[test]
fn a_fork_that_is_kept_in_step_has_no_guard_against_forks() {
    for name in [
        "orchestrate.yaml",
        "cascade-rollback.yaml",
        "cascade-sync.yaml",
    ] {
        assert!(!file("", name).contains("repository.fork"));
    }
}

#[test]
fn schedules_are_those_of_the_manifest() {
    let more = "  sync_schedule: \"7 3 * * *\"\n  monitor: { schedule: \"9 */4 * * *\" }\n";
    assert!(file(more, "cascade-sync.yaml").contains("cron: 7 3 * * *"));
    assert!(file(more, "cascade-monitor.yaml").contains("cron: 9 */4 * * *"));
    assert!(!file(more, "cascade-integrate.yaml").contains("schedule:"));
}
