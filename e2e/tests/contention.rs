//! Many writers at once on one trunk: every write lands once, and none overwrites another.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Child, Command, Output};

use common::host::{CALLBACK, Host, error, outputs_in, success};
use common::{git, write};
use serde_json::{Value, json};

/// Repetitions, for whoever wants to be surer than a test has time for.
const REPETITIONS: &str = "E2E_CONTENTION_REPETITIONS";

/// A trunk with `environments` environments, and how state is written.
struct Trunk {
    host: Host,
    transport: &'static str,
}

impl Trunk {
    fn new(environments: usize, transport: &'static str) -> Self {
        Self {
            host: Host::new(&manifest(environments)),
            transport,
        }
    }

    /// The step that records a deployment, as the generated workflow starts it.
    fn recorder(&self, clone: &Path, environment: &str, version: &str) -> Command {
        let web = json!({ "web": { "sha": self.host.head, "version": version } });
        let plan = json!({
            "environment": environment, "from": "e0", "sha": self.host.head, "version": version,
            "base": {}, "advance": true, "restore": true, "deploys": web,
        });
        let mut command = self
            .host
            .verb(clone, &["deploy", "record", "--commit-push"]);
        command
            .envs([("PLAN", plan.to_string()), ("DEPLOYS", web.to_string())])
            .envs([("NEEDS_GATE", success()), ("NEEDS_DEPLOY_WEB", success())])
            .env("OPERATION", "promote")
            .env("CASCADE_STATE_TRANSPORT", self.transport);
        command
    }

    /// Starts all writers, then waits for all.
    fn race(&self, writes: &[(String, String)]) -> Vec<Output> {
        let clones = 0..writes.len();
        let clones: Vec<_> = clones
            .map(|at| self.host.clone_as(&format!("writer-{at}")))
            .collect();
        let started: Vec<Child> = writes
            .iter()
            .zip(&clones)
            .map(|((environment, version), clone)| {
                self.recorder(clone, environment, version).spawn().unwrap()
            })
            .collect();
        let ended = started.into_iter().map(Child::wait_with_output);
        ended.map(Result::unwrap).collect()
    }
}

fn manifest(environments: usize) -> String {
    let names: Vec<_> = (0..environments).map(|at| format!("e{at}")).collect();
    format!(
        "# The pipeline.\nci:\n  config: # never touched\n    schema_version: 1\n    \
         trunk_branch:   main\n    environments: [{}]\n    deploys:\n      - name: \"web\" \
         # odd spacing stays\n        workflow:  {CALLBACK}\n# At the end.\n",
        names.join(", ")
    )
}

fn repetitions() -> usize {
    let text = std::env::var(REPETITIONS).unwrap_or_default();
    text.parse().unwrap_or(1)
}

/// Everything that is not state, byte for byte.
fn without_state(manifest: &str) -> String {
    let lines = manifest.lines();
    let mut inside = false;
    let kept = lines.filter(|line| {
        inside = *line == "  state:" || (inside && line.starts_with("   "));
        !inside
    });
    kept.fold(String::new(), |text, line| text + line + "\n")
}

/// So many writers for an environment each.
fn all_land(writers: usize, transport: &'static str) {
    let trunk = Trunk::new(writers + 1, transport);
    let before = trunk.host.manifest();
    let writes: Vec<_> = (1..=writers)
        .map(|at| (format!("e{at}"), format!("v0.1.0-rc.{at}")))
        .collect();
    for output in trunk.race(&writes) {
        assert_eq!(output.status.code(), Some(0), "{}", error(&output));
    }
    let mut expected: Vec<_> = writes
        .iter()
        .map(|(environment, version)| {
            format!("chore(cascade): promote {environment} {version} [skip ci]")
        })
        .collect();
    let mut subjects = trunk.host.subjects();
    expected.sort();
    subjects.sort();
    assert_eq!(subjects, expected);
    let state = trunk.host.state();
    assert_eq!(state.as_object().unwrap().len(), writers);
    for (environment, version) in &writes {
        let found = &state[environment];
        assert_eq!(found["version"], version.as_str(), "{environment}");
        assert_eq!(found["deploys"]["web"]["version"], version.as_str());
        assert_eq!(found["previous"], Value::Null);
    }
    assert_eq!(without_state(&trunk.host.manifest()), before);
}

/// Two plans for one environment: whoever is second does not overwrite.
fn one_wins(transport: &'static str) {
    let trunk = Trunk::new(2, transport);
    let versions = ["v0.1.0-rc.1", "v0.1.0-rc.2"];
    let outputs = trunk.race(&versions.map(|version| ("e1".to_owned(), version.to_owned())));
    let won: Vec<_> = (0..2).filter(|at| outputs[*at].status.success()).collect();
    assert_eq!(
        won.len(),
        1,
        "{}",
        outputs.iter().map(error).collect::<String>()
    );
    let lost = &outputs[1 - won[0]];
    assert!(matches!(lost.status.code(), Some(1 | 2)), "{lost:?}");
    assert!(
        error(lost).contains("superseded: e1 holds"),
        "{}",
        error(lost)
    );
    assert_eq!(trunk.host.state()["e1"]["version"], versions[won[0]]);
    assert_eq!(trunk.host.subjects().len(), 1);
}

#[test]
fn sixteen_pushes_all_land() {
    for _ in 0..repetitions() {
        all_land(16, "git");
    }
}

#[test]
fn eight_writes_through_the_api_all_land() {
    for _ in 0..repetitions() {
        all_land(8, "api");
    }
}

#[test]
fn two_plans_for_one_environment_are_never_merged() {
    for _ in 0..repetitions() {
        one_wins("git");
        one_wins("api");
    }
}

#[test]
fn a_stale_plan_neither_deploys_nor_records() {
    let trunk = Trunk::new(2, "git");
    let clone = trunk.host.clone_as("stale");
    let stale = |arguments: &[&str]| {
        let recorder = trunk.recorder(&clone, "e1", "v0.1.0-rc.1");
        let mut command = trunk.host.verb(&clone, arguments);
        command.envs(variables(&recorder)).output().unwrap()
    };
    assert!(stale(&["deploy", "gate"]).status.success());
    let other = trunk.race(&[("e1".to_owned(), "v0.1.0-rc.2".to_owned())]);
    assert!(other[0].status.success(), "{}", error(&other[0]));
    git(&clone, &["pull", "--quiet"]);
    for verb in [
        &["deploy", "gate"][..],
        &["deploy", "record", "--commit-push"],
    ] {
        let output = stale(verb);
        assert!(!output.status.success(), "{verb:?}");
        assert!(error(&output).contains("superseded: e1 holds v0.1.0-rc.2"));
    }
    assert_eq!(trunk.host.state()["e1"]["version"], "v0.1.0-rc.2");
    assert_eq!(trunk.host.subjects().len(), 1);
}

fn variables(command: &Command) -> impl Iterator<Item = (&OsStr, &OsStr)> {
    let variables = command.get_envs();
    variables.filter_map(|(name, value)| Some((name, value?)))
}

/// A run of orchestrate, up to where `dev` is recorded; returns its plan.
fn orchestrated(host: &Host, clone: &Path) -> String {
    git(clone, &["pull", "--quiet"]);
    let decided = run(&mut host.verb(clone, &["orchestrate", "setup", "--json"]));
    let document: Value = serde_json::from_slice(&decided).unwrap();
    let plan = document["plan"].to_string();
    run(host
        .verb(clone, &["deploy", "record", "--commit-push"])
        .env("OPERATION", "orchestrate")
        .env("PLAN", &plan)
        .envs([("NEEDS_GATE", success()), ("NEEDS_DEPLOY_WEB", success())]));
    plan
}

fn run(command: &mut Command) -> Vec<u8> {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", error(&output));
    output.stdout
}

fn push(host: &Host, clone: &Path, message: &str) {
    git(clone, &["pull", "--quiet"]);
    write(clone, "src/a", message);
    git(clone, &["add", "--all"]);
    git(clone, &["commit", "--quiet", "--message", message]);
    let bare = host.repository.folder();
    git(
        clone,
        &["push", "--quiet", bare.to_str().unwrap(), "HEAD:main"],
    );
}

fn drafts(host: &Host) -> Vec<(String, bool)> {
    let releases = host.repository.releases().unwrap();
    let mut drafts: Vec<_> = releases
        .into_iter()
        .map(|one| (one.tag, one.draft))
        .collect();
    drafts.sort();
    drafts
}

/// Two runs finish at once, several times, and each repairs what it believes the other one left
/// out.
#[test]
fn finalizes_at_once_make_each_tag_and_draft_once() {
    let host = Host::new(&manifest(2));
    let first = host.clone_as("setup");
    let older = orchestrated(&host, &first);
    push(&host, &first, "fix: b");
    let newer = orchestrated(&host, &first);
    let plans = [&older, &newer].into_iter().cycle().take(6);
    let started: Vec<_> = plans
        .enumerate()
        .map(|(at, plan)| {
            let clone = host.clone_as(&format!("finalize-{at}"));
            let mut command = host.verb(&clone, &["orchestrate", "finalize", "--commit-push"]);
            let command = command.env("PLAN", plan);
            command.env("NEEDS_DEPLOY_E0", success()).spawn().unwrap()
        })
        .collect();
    for child in started {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", error(&output));
    }
    let tags = host.repository.tags().unwrap();
    let expected = ["v0.1.0-rc.0", "v0.1.0-rc.1"];
    assert_eq!(tags.keys().collect::<Vec<_>>(), expected);
    assert_eq!(drafts(&host), expected.map(|tag| (tag.to_owned(), true)));
    assert_eq!(host.subjects().len(), 3);
}

/// A push is delivered between what a promotion decides and what it records: both land.
#[test]
fn a_push_lands_while_a_promotion_runs() {
    let host = Host::new(&manifest(3));
    let (promoting, pushing) = (host.clone_as("promoting"), host.clone_as("pushing"));
    let finalize = |plan: &str| {
        let arguments = ["orchestrate", "finalize", "--commit-push"];
        let mut command = host.verb(&pushing, &arguments);
        let command = command.env("PLAN", plan);
        run(command.env("NEEDS_DEPLOY_E0", success()));
    };
    finalize(&orchestrated(&host, &pushing));
    git(&promoting, &["pull", "--quiet"]);
    let outputs = host.folder().join("outputs");
    run(host
        .verb(&promoting, &["promote", "preflight", "--gha-output"])
        .env("GITHUB_OUTPUT", &outputs));
    let decided = outputs_in(&outputs);

    push(&host, &pushing, "fix: b");
    finalize(&orchestrated(&host, &pushing));

    let succeeded = [("NEEDS_GATE", success()), ("NEEDS_DEPLOY_WEB", success())];
    run(host
        .verb(&promoting, &["deploy", "record", "--commit-push"])
        .env("OPERATION", "promote")
        .env("PLAN", &decided["plan-e1"])
        .envs(succeeded));
    run(host
        .verb(&promoting, &["promote", "finalize", "--commit-push"])
        .env("PLAN", &decided["plan"])
        .env("NEEDS_DEPLOY_E1", success()));
    let state = host.state();
    assert_eq!(state["e0"]["version"], "v0.1.0-rc.1");
    assert_eq!(state["e1"]["version"], "v0.1.0-rc.0");
    assert_eq!(state["e0"]["previous"][0]["version"], "v0.1.0-rc.0");
    let expected = [("v0.1.0-rc.0", false), ("v0.1.0-rc.1", true)];
    assert_eq!(
        drafts(&host),
        expected.map(|(tag, draft)| (tag.to_owned(), draft))
    );
}
