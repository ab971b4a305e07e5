//! `log` and `metrics`, from real commits.

use super::{clone, git, ok, publish, refused, run};
use crate::support::Sandbox;
use crate::support::api::Api;
use serde_json::{Value, json};

const HEAD: &str = super::HEAD;

/// The state of `prod` with this version, which it got on this day of January.
fn state(day: u32, version: &str, more: &str) -> String {
    let sha = format!("{day:040}");
    format!(
        "  state:\n    prod:\n      sha: \"{sha}\"\n      version: {version}\n      committed_at: \"2026-01-{day:02}T08:00:00Z\"\n      committed_by: octocat\n{more}"
    )
}

fn record(sandbox: &Sandbox, head: &str, state: &str, run: &str) {
    sandbox.write("work/.github/manifest.yaml", format!("{head}{state}"));
    let message = format!("chore(cascade): promote prod [skip ci]\n\nRun: {run}\n");
    git(sandbox, &["commit", "--quiet", "--all", "-m", &message]);
    git(sandbox, &["push", "--quiet", "origin", "HEAD:main"]);
}

fn previous(day: u32, version: &str) -> String {
    format!("      previous: [{{ sha: \"{day:040}\", version: {version} }}]\n")
}

/// Two deployments and a rollback.
fn delivered() -> Sandbox {
    let sandbox = clone(HEAD);
    record(&sandbox, HEAD, &state(2, "v1.0.0", ""), "https://x/runs/1");
    let second = state(3, "v1.1.0", &previous(2, "v1.0.0"));
    record(&sandbox, HEAD, &second, "https://x/runs/2");
    let back = "      ref: rollback/prod\n      rejected: { version: v1.1.0 }\n";
    let back = format!("{}{back}", previous(3, "v1.1.0"));
    let back = state(4, "v1.0.0", &back).replace(&format!("{:040}", 4), &format!("{:040}", 2));
    record(&sandbox, HEAD, &back, "https://x/runs/3");
    sandbox
}

fn lines(sandbox: &Sandbox, args: &[&str]) -> Vec<Value> {
    let text = ok(sandbox, &[&["log", "--json"], args].concat()).stdout;
    let lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
    lines.collect()
}

fn kinds(lines: &[Value]) -> Vec<(&str, &str)> {
    let kind = |line: &Value, key: &str| line[key].as_str().unwrap().to_owned();
    let pair = |line| {
        (
            kind(line, "kind").leak() as &str,
            kind(line, "version").leak() as &str,
        )
    };
    lines.iter().map(pair).collect()
}

const ALL: [(&str, &str); 3] = [
    ("deployed", "v1.0.0"),
    ("deployed", "v1.1.0"),
    ("rolled-back", "v1.0.0"),
];

#[test]
fn each_line_is_traced_to_a_commit() {
    let sandbox = delivered();
    let lines = lines(&sandbox, &[]);
    assert_eq!(kinds(&lines), ALL);
    let head = git(&sandbox, &["rev-parse", "HEAD"]);
    assert_eq!(
        (&lines[2]["commit"], &lines[2]["run"], &lines[2]["by"]),
        (&json!(head), &json!("https://x/runs/3"), &json!("octocat"))
    );
    assert_eq!(lines[2]["at"], "2026-01-04T08:00:00Z");
    assert_eq!(lines[2]["rejected"]["version"], "v1.1.0");
    assert_eq!(lines[2]["approved_by"], Value::Null);
    insta::assert_snapshot!(
        ok(&sandbox, &["log"])
            .stdout
            .replace(&head[..7], "[HEAD]")
            .lines()
            .last()
            .unwrap()
    );
}

#[test]
fn lines_are_filtered() {
    let sandbox = delivered();
    let count = |args: &[&str]| lines(&sandbox, args).len();
    assert_eq!(count(&["--kind", "rolled-back,hotfixed"]), 1);
    assert_eq!(count(&["--environment", "dev"]), 0);
    assert_eq!(count(&["--since", "2026-01-03"]), 2);
    assert_eq!(count(&["--until", "2026-01-03T08:00:00Z"]), 1);
    assert_eq!(count(&["--actor", "octocat"]), 3);
    assert_eq!(count(&["--actor", "somebody"]), 0);
    assert_eq!(count(&["--deploy", "web"]), 0);
    refused(
        &sandbox,
        &["log", "--environment", "prd"],
        &["there is no environment `prd`", "prod"],
    );
    refused(
        &sandbox,
        &["log", "--kind", "undone"],
        &["`undone`", "`rolled-back`"],
    );
    refused(
        &sandbox,
        &["log", "--deploy", "wbe"],
        &["there is no deploy `wbe`", "did you mean `web`"],
    );
    refused(&sandbox, &["log", "--approvals"], &["GITHUB_REPOSITORY"]);
}

#[test]
fn an_environment_that_is_gone_is_still_in_the_log() {
    let sandbox = delivered();
    let manifest = sandbox.read("work/.github/manifest.yaml");
    sandbox.write(
        "work/.github/manifest.yaml",
        manifest.replace("[dev, prod]", "[dev, staging]"),
    );
    assert_eq!(lines(&sandbox, &["--environment", "prod"]).len(), 3);
    assert_eq!(lines(&sandbox, &["--environment", "staging"]).len(), 0);
}

#[test]
fn a_moved_state_is_deployed_once() {
    let sandbox = delivered();
    ok(&sandbox, &["state", "move"]);
    publish(&sandbox);
    assert_eq!(kinds(&lines(&sandbox, &[])), ALL, "on a branch");
    ok(&sandbox, &["state", "move", "--to-manifest"]);
    publish(&sandbox);
    assert_eq!(kinds(&lines(&sandbox, &[])), ALL, "and back");
}

#[test]
fn a_reverted_commit_deploys_nothing() {
    let sandbox = delivered();
    git(&sandbox, &["revert", "--no-edit", "HEAD"]);
    git(&sandbox, &["revert", "--no-edit", "HEAD"]);
    assert_eq!(kinds(&lines(&sandbox, &[])), ALL);
}

#[test]
fn a_merge_records_nothing_by_itself() {
    let sandbox = clone(HEAD);
    git(&sandbox, &["checkout", "--quiet", "-b", "side"]);
    sandbox.write(
        "work/.github/manifest.yaml",
        HEAD.replace("# Ours.", "# Theirs."),
    );
    git(
        &sandbox,
        &["commit", "--quiet", "--all", "-m", "docs: a comment"],
    );
    git(&sandbox, &["checkout", "--quiet", "main"]);
    record(&sandbox, HEAD, &state(2, "v1.0.0", ""), "https://x/runs/1");
    git(&sandbox, &["checkout", "--quiet", "side"]);
    git(&sandbox, &["merge", "--quiet", "--no-edit", "main"]);
    assert_eq!(kinds(&lines(&sandbox, &[])), ALL[..1]);
    let line = &lines(&sandbox, &[])[0];
    assert_eq!(line["commit"], json!(git(&sandbox, &["rev-parse", "main"])));
}

#[test]
fn a_broken_manifest_recorded_nothing() {
    let sandbox = delivered();
    sandbox.write("work/.github/manifest.yaml", "ci: [");
    publish(&sandbox);
    git(&sandbox, &["revert", "--no-edit", "HEAD"]);
    assert_eq!(kinds(&lines(&sandbox, &[])), ALL);
}

#[test]
fn a_shallow_clone_is_refused() {
    let sandbox = delivered();
    let remote = format!("file://{}", sandbox.path("remote").display());
    sandbox.git(&["clone", "--quiet", "--depth", "1", &remote, "shallow"]);
    for command in ["log", "metrics"] {
        let run = sandbox.run_in("shallow", &[command]);
        assert_eq!(run.code, 2, "{run}");
        assert!(run.stderr.contains("this clone is shallow"), "{run}");
        assert!(run.stderr.contains("git fetch --unshallow"), "{run}");
    }
}

#[test]
fn a_missing_commit_is_named() {
    let sandbox = clone(HEAD);
    record(&sandbox, HEAD, &state(2, "v1.0.0", ""), "https://x/runs/1");
    let third = state(4, "v1.2.0", &previous(3, "v1.1.0"));
    record(&sandbox, HEAD, &third, "https://x/runs/3");
    let said = "the commit that recorded v1.1.0 in prod is missing";
    let window = ["--since", "2026-01-01", "--until", "2026-02-01"];
    refused(
        &sandbox,
        &[&["metrics"], &window[..]].concat(),
        &["was rewritten", said, "--since 2026-01-04T08:00:01Z"],
    );
    let run = ok(&sandbox, &["log"]);
    assert!(run.stderr.contains(said), "{run}");
    ok(
        &sandbox,
        &["metrics", "--since", "2026-01-05", "--until", "2026-02-01"],
    );
}

#[test]
fn a_rewritten_branch_is_refused() {
    let sandbox = delivered();
    ok(&sandbox, &["state", "move"]);
    publish(&sandbox);
    let tree = git(&sandbox, &["rev-parse", "origin/cascade-state^{tree}"]);
    let other = git(&sandbox, &["commit-tree", &tree, "-m", "squashed"]);
    git(
        &sandbox,
        &[
            "push",
            "--quiet",
            "--force",
            "origin",
            &format!("{other}:refs/heads/cascade-state"),
        ],
    );
    refused(
        &sandbox,
        &["log"],
        &[
            "the history of `cascade-state` was rewritten",
            "git push --force origin",
        ],
    );
}

#[test]
fn measures_for_people_and_scripts() {
    let sandbox = delivered();
    let window = ["--since", "2026-01-01", "--until", "2026-01-11"];
    let metrics = |more: &[&str]| ok(&sandbox, &[&["metrics"], &window[..], more].concat()).stdout;
    insta::assert_snapshot!(metrics(&["--deploys", "--weeks"]));
    let document: Value = serde_json::from_str(&metrics(&["--json"])).unwrap();
    let prod = &document["environments"][2];
    assert_eq!(
        (&document["version"], &prod["environment"]),
        (&json!(1), &json!("prod"))
    );
    let measures = &prod["measures"];
    assert_eq!(
        (
            &measures["deployments"],
            &measures["failed"],
            &measures["change_failure_rate"]
        ),
        (&json!(2), &json!(1), &json!(0.5))
    );
    assert_eq!(measures["time_to_restore"]["median"], 86_400);
    assert_eq!(
        document["environments"][0]["measures"]["deployments_per_day"],
        Value::Null
    );
    assert!(metrics(&["--format", "openmetrics"]).ends_with("# EOF\n"));
    let both = run(&sandbox, &["metrics", "--json", "--format", "openmetrics"]);
    assert_eq!(both.code, 2, "{both}");
}

fn reviews(request: &str) -> (u16, String) {
    match request {
        "GET /repos/acme/shop/actions/runs/1/approvals" => (404, "{}".to_owned()),
        "GET /repos/acme/shop/actions/runs/2/approvals" => {
            let review = |state: &str, name: &str, by: &str| json!({ "state": state, "environments": [{ "name": name }], "user": { "login": by } });
            let reviews = [
                review("approved", "prod", "hubot"),
                review("approved", "dev", "somebody"),
                review("rejected", "prod", "mona"),
            ];
            (200, json!(reviews).to_string())
        }
        _ => (500, json!({ "message": "no" }).to_string()),
    }
}

#[test]
fn github_tells_who_approved() {
    let api = Api::start(reviews);
    let sandbox = clone(HEAD)
        .variable("GITHUB_API_URL", &api.address)
        .variable("GITHUB_REPOSITORY", "acme/shop")
        .variable("GITHUB_TOKEN", "secret");
    let run = |id: u32| format!("https://x/acme/shop/actions/runs/{id}");
    record(&sandbox, HEAD, &state(2, "v1.0.0", ""), &run(1));
    let second = state(3, "v1.1.0", &previous(2, "v1.0.0"));
    record(&sandbox, HEAD, &second, &run(2));
    let third = state(4, "v1.2.0", &previous(3, "v1.1.0"));
    record(
        &sandbox,
        HEAD,
        &third,
        "https://x/other/shop/actions/runs/2",
    );
    let lines = lines(&sandbox, &["--approvals"]);
    let approved: Vec<&Value> = lines.iter().map(|line| &line["approved_by"]).collect();
    assert_eq!(approved, [&Value::Null, &json!(["hubot"]), &Value::Null]);
    assert_eq!(api.asked().len(), 2, "{:?}", api.asked());
}
