//! Events, dispatches and runs.

use super::{commit, done, plain, put};
use crate::support::client::{Call, Host, READER, WORKFLOW};
use e2e::github::{Event, Job, Run};
use serde_json::{Value, json};
use std::sync::mpsc::Receiver;

const WORKFLOW_FILE: &str = ".github/workflows/deploy.yaml";

#[test]
fn events_start_what_github_would_start() {
    let host = plain();
    let events = host.server.events();
    let checkout = host.checkout();
    let next = || {
        events
            .try_iter()
            .map(|event| (event.name, event.reference))
            .collect::<Vec<_>>()
    };
    let push = |reference: &str| ("push".to_owned(), reference.to_owned());
    let create = |reference: &str| ("create".to_owned(), reference.to_owned());
    let main = "refs/heads/main";
    assert_eq!(next(), [create(main), push(main)]);
    commit(&checkout, "a", "1");
    done(&checkout, &["push", "--quiet", "run", "main"]);
    host.shop("PUT", "/contents/b")
        .json(&put("b", None))
        .expect(201);
    assert_eq!(next(), []);
    let head = done(&checkout, &["rev-parse", "HEAD"]);
    host.shop("POST", "/git/refs")
        .json(&json!({"ref": "refs/tags/v1", "sha": head}))
        .expect(201);
    assert_eq!(next(), [create("refs/tags/v1"), push("refs/tags/v1")]);
    host.shop("POST", "/releases")
        .json(&json!({"tag_name": "v1"}))
        .expect(201);
    let release = |name: &str| (name.to_owned(), "refs/tags/v1".to_owned());
    assert_eq!(next(), [release("release"), release("release")]);
}

#[test]
fn dispatches_start_workflows_whoever_asks() {
    let host = plain();
    let checkout = host.checkout();
    let events = host.server.events();
    let dispatch = |file: &str, body: &Value| {
        let path = format!("/actions/workflows/{file}/dispatches");
        host.shop("POST", &path).token(WORKFLOW).json(body)
    };
    let given = json!({"ref": "main", "inputs": {"environment": "prod"}});
    dispatch("deploy.yaml", &given).expect(204);
    let event = events.try_recv().unwrap();
    assert_eq!(
        event.workflow.as_deref(),
        Some(".github/workflows/deploy.yaml")
    );
    assert_eq!(
        event.payload["inputs"],
        json!({"environment": "prod", "percent": "100"})
    );
    assert_eq!(event.sha, done(&checkout, &["rev-parse", "HEAD"]));
    dispatch("none.yaml", &given).expect(404);
    dispatch("deploy.yaml", &json!({"ref": "nowhere"})).expect(422);
    let missing = dispatch("deploy.yaml", &json!({"ref": "main"})).expect(422);
    assert!(
        missing
            .text("message")
            .contains("'environment' not provided")
    );
    let odd = json!({"ref": "main", "inputs": {"environment": "x", "odd": "y"}});
    assert!(
        dispatch("deploy.yaml", &odd)
            .expect(422)
            .text("message")
            .contains("Unexpected inputs")
    );
    commit(
        &checkout,
        ".github/workflows/push.yaml",
        "on: [push]\njobs: {}\n",
    );
    done(&checkout, &["push", "--quiet", "person", "main"]);
    dispatch("push.yaml", &json!({"ref": "main"})).expect(422);
    assert_eq!(events.try_recv().unwrap().name, "push");

    repositories_are_dispatched_to(&host, &events);
}

fn repositories_are_dispatched_to(host: &Host, events: &Receiver<Event>) {
    let send = |body: &Value| host.shop("POST", "/dispatches").token(WORKFLOW).json(body);
    let payload =
        json!({"event_type": "rollback-requested", "client_payload": {"environment": "prod"}});
    send(&payload).expect(204);
    let event = events.try_recv().unwrap();
    assert_eq!(event.action.as_deref(), Some("rollback-requested"));
    assert_eq!(event.payload["client_payload"]["environment"], "prod");
    let many: serde_json::Map<_, _> = (0..11)
        .map(|number| (number.to_string(), json!(1)))
        .collect();
    send(&json!({"event_type": "x", "client_payload": many})).expect(422);
    host.shop("POST", "/dispatches")
        .token(READER)
        .json(&payload)
        .expect(403);
    assert!(events.try_recv().is_err());
}

#[test]
fn runs_are_listed_cancelled_and_started_again() {
    let host = plain();
    let checkout = host.checkout();
    let head = done(&checkout, &["rev-parse", "HEAD"]);
    let times = ["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"];
    register_two(&host, &head, times);
    let ids = |path: &str| {
        let list = host.shop("GET", path).expect(200);
        let runs = list.json["workflow_runs"].as_array().unwrap().clone();
        runs.iter()
            .map(|run| run["id"].as_u64().unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(ids("/actions/runs"), [2, 1]);
    assert_eq!(ids("/actions/runs?status=failure"), [1]);
    assert_eq!(ids("/actions/runs?status=in_progress&branch=main"), [2]);
    assert_eq!(ids("/actions/runs?created=%3E%3D2026-01-02"), [2]);
    assert_eq!(
        ids("/actions/runs?created=2026-01-01..2026-01-01T12:00:00Z"),
        [1]
    );
    assert_eq!(ids("/actions/workflows/deploy.yaml/runs?event=push"), [1]);
    assert!(ids("/actions/workflows/other.yaml/runs").is_empty());
    host.shop("GET", "/actions/runs/1").expect(200);
    host.shop("GET", "/actions/runs/3").expect(404);
    let jobs = host.shop("GET", "/actions/runs/1/jobs").expect(200);
    assert_eq!(jobs.json["jobs"][0]["conclusion"], "failure");
    host.shop("POST", "/actions/runs/1/cancel").expect(409);
    host.shop("POST", "/actions/runs/2/cancel").expect(202);
    assert!(host.shop.runs().unwrap()[1].cancel_requested);

    failed_jobs_run_again(&host);
    let well =
        Run::started(4, WORKFLOW_FILE, "push", &head, times[0]).completed("success", times[1]);
    host.shop.register_run(well).unwrap();
    failed_again(&host, 4).expect(403);
}

/// A run that failed, and one that goes on.
fn register_two(host: &Host, head: &str, times: [&str; 2]) {
    let mut over =
        Run::started(1, WORKFLOW_FILE, "push", head, times[0]).completed("failure", times[1]);
    over.jobs = vec![Job {
        name: "setup".to_owned(),
        status: "completed".to_owned(),
        conclusion: Some("failure".to_owned()),
        started_at: times[0].to_owned(),
        completed_at: Some(times[1].to_owned()),
    }];
    host.shop.register_run(over).unwrap();
    host.shop
        .register_run(Run::started(
            2,
            WORKFLOW_FILE,
            "workflow_dispatch",
            head,
            times[1],
        ))
        .unwrap();
}

fn failed_jobs_run_again(host: &Host) {
    let again = |id| failed_again(host, id);
    again(1).token(READER).expect(403);
    again(2).expect(403);
    again(3).expect(404);
    again(1).expect(201);
    again(1).expect(403);
    let run = host.shop("GET", "/actions/runs/1").expect(200);
    assert_eq!(
        (&run.json["status"], &run.json["run_attempt"]),
        (&json!("queued"), &json!(2))
    );
}

fn failed_again(host: &Host, run: u64) -> Call {
    let path = format!("/actions/runs/{run}/rerun-failed-jobs");
    host.shop("POST", &path)
}
