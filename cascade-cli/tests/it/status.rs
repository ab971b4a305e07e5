//! `status`, from the manifest in the working tree.

use crate::support::{MANIFEST, Sandbox};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

const STATE: &str = "  state:
    dev:
      sha: 1111111111111111111111111111111111111111
      version: v1.3.0-rc.1
      committed_at: \"2026-01-15T10:30:00Z\"
      committed_by: octocat
      deploys:
        web:
          sha: 1111111111111111111111111111111111111111
          version: v1.3.0-rc.1
          deployed_at: \"2026-01-15T10:29:00Z\"
          deployed_by: octocat
          rollout: { strategy: canary, phase: baking, percent: 10, started_at: \"2026-01-15T10:20:00Z\" }
      external:
        cdk: { repo: acme/cdk, sha: 3333333333333333333333333333333333333333, version: v9.0.0 }
      previous:
        - { sha: 2222222222222222222222222222222222222222, version: v1.2.0-rc.0 }
    prod:
      sha: 2222222222222222222222222222222222222222
      version: v1.2.0
      ref: rollback/prod
      rejected: { sha: 4444444444444444444444444444444444444444, version: v1.2.1 }
    release: { sha: 2222222222222222222222222222222222222222, version: v1.2.0 }
  latest_release:
    version: v1.2.0
    sha: 2222222222222222222222222222222222222222
    released_on: \"2026-01-10T00:00:00Z\"
    released_by: hubot
";

fn recorded() -> Sandbox {
    Sandbox::new(&format!("{MANIFEST}{STATE}"))
}

fn json(args: &[&str]) -> Value {
    let run = recorded().run(args);
    assert_eq!(run.code, 0, "{run}");
    serde_json::from_str(&run.stdout).unwrap()
}

#[test]
fn everything_at_a_glance() {
    let run = recorded().run(&["status"]);
    assert_eq!(run.code, 0);
    insta::assert_snapshot!(ageless(&run.stdout));
}

/// Returns what is printed without how long ago things were.
fn ageless(text: &str) -> String {
    let (head, rest) = text.split_once('\n').unwrap();
    let (begin, end) = (head.find("AGE").unwrap(), head.find("BY").unwrap());
    let lines = text.lines().take_while(|line| !line.is_empty());
    let lines = lines.map(|line| format!("{}{}\n", &line[..begin], &line[end..]));
    let (_, below) = rest.split_once("\n\n").unwrap();
    format!("{}\n{below}", lines.collect::<String>())
}

#[test]
fn nothing_is_recorded_yet() {
    let run = Sandbox::new(MANIFEST).run(&["status"]);
    insta::assert_snapshot!(run.stdout);
    let run = Sandbox::new(MANIFEST).run(&["status", "env", "prod"]);
    assert_eq!(
        (run.code, run.stdout.as_str()),
        (0, "prod holds nothing yet\n")
    );
}

#[test]
fn one_environment_and_one_deploy() {
    let sandbox = recorded();
    insta::assert_snapshot!(sandbox.run(&["status", "env", "dev"]).stdout);
    let run = sandbox.run(&["status", "deploy", "web"]);
    assert_eq!(
        run.stdout,
        "ENVIRONMENT  VERSION      SHA      WHEN                  BY       ROLLOUT\n\
         dev          v1.3.0-rc.1  1111111  2026-01-15T10:29:00Z  octocat  baking\n\
         prod         -            -        -                     -        -\n"
    );
}

#[test]
fn scripts_read_every_field() {
    let document = json(&["status", "--json"]);
    let (dev, prod) = (&document["environments"][0], &document["environments"][1]);
    assert_eq!(dev["deploys"]["web"]["rollout"]["phase"], "baking");
    assert_eq!(dev["external"]["cdk"]["version"], "v9.0.0");
    assert_eq!(
        (&prod["diverged"], &prod["rejected"]["version"]),
        (&json!(true), &json!("v1.2.1"))
    );
    assert_eq!(document["release"]["version"], "v1.2.0");
    assert_eq!(document["latest_release"]["released_by"], "hubot");
    assert_eq!(
        json(&["status", "env", "prod", "--json"])["ref"],
        "rollback/prod"
    );
    let deploy = json(&["status", "deploy", "web", "--json"]);
    assert_eq!(
        deploy["environments"][1],
        json!({ "environment": "prod", "recorded": null })
    );
}

#[test]
fn names_that_there_are_not() {
    let run = recorded().run(&["status", "env", "prd"]);
    assert_eq!(
        (run.code, run.stderr.as_str()),
        (
            2,
            "error: there is no environment `prd`\n  help: did you mean `prod`? the environments are dev, prod\n"
        )
    );
    assert_eq!(recorded().run(&["status", "build", "app"]).code, 2);
}

#[test]
fn what_is_watched_is_shown_again() {
    let sandbox = recorded();
    let mut cascade = Command::new(env!("CARGO_BIN_EXE_cascade"))
        .args(["status", "--watch", "--interval", "1s"])
        .current_dir(sandbox.path(""))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(cascade.stdout.take().unwrap()).lines();
    let mut rounds = lines
        .map(Result::unwrap)
        .filter(|line| line.starts_with("prod"));
    for round in [rounds.next(), rounds.next()] {
        assert!(round.unwrap().contains("rollback/prod"));
    }
    // Nobody reads any more, so it ends by itself.
    drop(rounds);
    assert!(cascade.wait().unwrap().success());
}

#[test]
fn options_that_contradict_each_other_are_refused() {
    for (args, said) in [
        (
            &["--watch", "--json"][..],
            "`--watch` shows tables and writes no JSON",
        ),
        (
            &["--watch", "--format", "html"],
            "`--watch` shows tables and writes no page",
        ),
        (&["--json", "--format", "html"], "two formats"),
        (
            &["--watch", "--interval", "soon"],
            "`soon` is not an interval",
        ),
        (&["--interval", "5s"], "--watch"),
        (&["--format", "html", "env", "dev"], "cannot be used with"),
    ] {
        let run = recorded().run(&[&["status"], args].concat());
        assert_eq!(run.code, 2, "{args:?}: {run}");
        assert!(run.stderr.contains(said), "{args:?}: {run}");
    }
}

#[test]
fn what_nobody_can_ask_is_unknown_on_the_page() {
    let run = recorded().run(&["status", "--format", "html"]);
    assert_eq!(run.code, 0, "{run}");
    for shown in [
        "What waits is unknown.",
        "Open hotfixes are unknown",
        "There are no metrics: ",
        "is in no git repository",
    ] {
        assert!(run.stdout.contains(shown), "{shown}: {run}");
    }
    assert_eq!(json(&["status", "--json"])["hotfixes"], Value::Null);
    assert_eq!(json(&["status", "--json"])["integrations"], json!([]));
}
