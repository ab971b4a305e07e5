//! Many writers at once on one trunk: every write lands once, and none overwrites another.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Child, Command, Output};

use crate::support::host::{CALLBACK, Host, error, on_state_branch, outputs_in, success};
use crate::support::{git, machine, write};
use serde_json::{Value, json};

/// Repetitions, for whoever wants to be surer than a test has time for.
const REPETITIONS: &str = "E2E_CONTENTION_REPETITIONS";

/// How state is written, and where to.
#[derive(Debug, Clone, Copy)]
struct Way {
    transport: &'static str,
    on_branch: bool,
}

/// The ways of writing with a transport.
fn ways(transport: &'static str) -> [Way; 2] {
    [false, true].map(|on_branch| Way {
        transport,
        on_branch,
    })
}

impl Way {
    fn manifest(self, environments: usize) -> String {
        let manifest = manifest(environments);
        match self.on_branch {
            true => on_state_branch(&manifest),
            false => manifest,
        }
    }
}

/// A trunk with `environments` environments.
struct Trunk {
    host: Host,
    way: Way,
}

impl Trunk {
    fn new(environments: usize, way: Way) -> Self {
        Self {
            host: Host::new(&way.manifest(environments)),
            way,
        }
    }

    /// A step of the deploy path, as the generated workflow starts it.
    fn step(&self, clone: &Path, verb: &str, environment: &str, version: &str) -> Command {
        let web = json!({ "web": { "sha": self.host.head, "version": version } });
        let plan = json!({
            "layout": 1, "environment": environment, "from": "e0", "sha": self.host.head, "version": version,
            "base": {}, "advance": true, "restore": true, "deploys": web,
        });
        let mut command = self.host.verb(clone, &["deploy", verb, "--commit-push"]);
        command
            .env("PLAN", plan.to_string())
            .env("GITHUB_RUN_ID", version)
            .envs([("NEEDS_GATE", success()), ("NEEDS_DEPLOY_WEB", success())])
            .env("OPERATION", "promote")
            .env("CASCADE_STATE_TRANSPORT", self.way.transport);
        command
    }

    /// Notes that each deployment begins, starts all that record, then waits for all.
    fn race(&self, writes: &[(String, String)]) -> Vec<Output> {
        let clones = 0..writes.len();
        let clones: Vec<_> = clones
            .map(|at| self.host.clone_as(&format!("writer-{at}")))
            .collect();
        let step = |verb: &str, write: &(String, String), clone: &Path| {
            let (environment, version) = write;
            self.step(clone, verb, environment, version)
        };
        for (write, clone) in writes.iter().zip(&clones) {
            run(&mut step("gate", write, clone));
        }
        let started: Vec<Child> = writes
            .iter()
            .zip(&clones)
            .map(|(write, clone)| step("record", write, clone).spawn().unwrap())
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
fn all_land(writers: usize, way: Way) {
    let trunk = Trunk::new(writers + 1, way);
    let before = trunk.host.manifest();
    let writes: Vec<_> = (1..=writers)
        .map(|at| (format!("e{at}"), format!("v0.1.0-rc.{at}")))
        .collect();
    for output in trunk.race(&writes) {
        assert_eq!(output.status.code(), Some(0), "{}", error(&output));
    }
    // Pushes to a state branch start nothing.
    let skip = if way.on_branch { "" } else { " [skip ci]" };
    let mut expected: Vec<_> = writes
        .iter()
        .map(|(environment, version)| {
            format!("chore(cascade): promote {environment} {version}{skip}")
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
fn at_most_one_wins(way: Way) {
    let trunk = Trunk::new(2, way);
    let versions = ["v0.1.0-rc.1", "v0.1.0-rc.2"];
    let outputs = trunk.race(&versions.map(|version| ("e1".to_owned(), version.to_owned())));
    let won: Vec<_> = (0..2).filter(|at| outputs[*at].status.success()).collect();
    assert!(won.len() < 2, "both are recorded");
    for lost in outputs.iter().filter(|output| !output.status.success()) {
        assert_eq!(lost.status.code(), Some(1), "{lost:?}");
        assert!(error(lost).contains("is not under way"), "{}", error(lost));
    }
    // Where the first plan's results came first, neither is believed.
    let recorded = won.first().map_or(Value::Null, |at| versions[*at].into());
    assert_eq!(trunk.host.state()["e1"]["version"], recorded);
    assert_eq!(trunk.host.subjects().len(), won.len());
}

#[test]
fn sixteen_pushes_all_land() {
    let _places = machine::every_core();
    for _ in 0..repetitions() {
        for way in ways("git") {
            all_land(16, way);
        }
    }
}

#[test]
fn eight_writes_through_the_api_all_land() {
    let _places = machine::every_core();
    for _ in 0..repetitions() {
        for way in ways("api") {
            all_land(8, way);
        }
    }
}

#[test]
fn two_plans_for_one_environment_are_never_merged() {
    let _places = machine::every_core();
    for _ in 0..repetitions() {
        for way in ways("git").into_iter().chain(ways("api")) {
            at_most_one_wins(way);
        }
    }
}

#[test]
fn a_stale_plan_neither_deploys_nor_records() {
    let _places = machine::every_core();
    for way in ways("git") {
        a_stale_plan(way);
    }
}

fn a_stale_plan(way: Way) {
    let trunk = Trunk::new(2, way);
    let clone = trunk.host.clone_as("stale");
    let stale = |arguments: &[&str]| {
        let recorder = trunk.step(&clone, "record", "e1", "v0.1.0-rc.1");
        let mut command = trunk.host.verb(&clone, arguments);
        command.envs(variables(&recorder)).output().unwrap()
    };
    assert!(stale(&["deploy", "gate"]).status.success());
    let other = trunk.race(&[("e1".to_owned(), "v0.1.0-rc.2".to_owned())]);
    assert!(other[0].status.success(), "{}", error(&other[0]));
    git(&clone, &["pull", "--quiet"]);
    for (verb, said) in [
        ("gate", "stale plan: e1 holds v0.1.0-rc.2"),
        (
            "record",
            "the deployment of v0.1.0-rc.1 to e1 is not under way",
        ),
    ] {
        let output = stale(&["deploy", verb, "--commit-push"]);
        assert!(!output.status.success(), "{verb}");
        assert!(error(&output).contains(said), "{}", error(&output));
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
    deployed(host, clone, "orchestrate", &plan);
    plan
}

/// Begins and records a deployment.
fn deployed(host: &Host, clone: &Path, operation: &str, plan: &str) {
    for verb in ["gate", "record"] {
        run(host
            .verb(clone, &["deploy", verb, "--commit-push"])
            .env("OPERATION", operation)
            .env("PLAN", plan)
            .envs([("NEEDS_GATE", success()), ("NEEDS_DEPLOY_WEB", success())]));
    }
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
    let _places = machine::every_core();
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
    let _places = machine::every_core();
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

    deployed(&host, &promoting, "promote", &decided["plan-e1"]);
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
