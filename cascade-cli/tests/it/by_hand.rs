//! `notify`, `manage-release`: what workflows do, by hand.

use crate::support::api::Api;
use crate::support::{MANIFEST, Sandbox};
use serde_json::{Value, json};

const SHA: &str = "1111111111111111111111111111111111111111";

fn producer() -> Sandbox {
    Sandbox::new(&format!(
        "ci:\n  config:\n    schema_version: 1\n    trunk_branch: main\n    \
         cli: {{ source: preinstalled }}\n    runs_on: self-hosted\n    environments: [dev, prod]\n    \
         notify: {{ repo: acme/producer, deploy_name: cdk }}\n    deploys:\n      \
         - {{ name: web, workflow: .github/workflows/deploy.yaml, permissions: {{}} }}\n  \
         state:\n    dev: {{ sha: \"{SHA}\", version: v1.0.0-rc.0 }}\n"
    ))
    .variable("GITHUB_REPOSITORY", "acme/cdk")
}

#[test]
fn a_version_is_told() {
    let api = Api::start(|request| match request {
        "GET /repos/acme/producer" => (200, r#"{"default_branch": "trunk"}"#.to_owned()),
        _ => (204, String::new()),
    });
    let sandbox = producer()
        .variable("GITHUB_API_URL", &api.address)
        .variable("PRIMARY_REPO_TOKEN", "secret-token");
    let run = sandbox.run(&["notify", "--artifacts", r#"{"image":"cdk:1"}"#]);
    assert_eq!(
        (run.code, run.stdout.as_str()),
        (
            0,
            format!(
                "acme/producer was told of cdk v1.0.0-rc.0 ({SHA}) in dev, by external-update.yaml\n"
            )
            .as_str()
        ),
        "{run}"
    );
    let path = "POST /repos/acme/producer/actions/workflows/external-update.yaml/dispatches ";
    let asked = api.asked();
    let body: Value = serde_json::from_str(asked[1].strip_prefix(path).unwrap()).unwrap();
    assert_eq!(
        body,
        json!({ "ref": "trunk", "inputs": {
            "source_repo": "acme/cdk", "deploy_name": "cdk", "environment": "dev",
            "sha": SHA, "version": "v1.0.0-rc.0", "artifacts": r#"{"image":"cdk:1"}"#,
        }})
    );
}

#[test]
fn options_come_before_the_pipeline() {
    let run = producer().run(&[
        "notify",
        "--dry-run",
        "--json",
        "--repo",
        "acme/other",
        "--workflow",
        "update.yaml",
        "--deploy-name",
        "x",
        "--environment",
        "prod",
        "--sha",
        "abc",
        "--version",
        "v2.0.0",
    ]);
    let document: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(
        (
            &document["repository"],
            &document["workflow"],
            &document["dispatched"]
        ),
        (&json!("acme/other"), &json!("update.yaml"), &json!(false))
    );
    let inputs = &document["inputs"];
    assert_eq!(
        (&inputs["environment"], &inputs["version"]),
        (&json!("prod"), &json!("v2.0.0"))
    );
}

#[test]
fn what_is_missing_is_named() {
    let run = producer().run(&["notify"]);
    assert!(
        run.code == 2 && run.stderr.contains("PRIMARY_REPO_TOKEN"),
        "{run}"
    );
    let run = producer().run(&["notify", "--dry-run", "--artifacts", "[1]"]);
    assert!(
        run.code == 2 && run.stderr.contains("no JSON object"),
        "{run}"
    );
    let run = Sandbox::new(MANIFEST).run(&["notify"]);
    assert!(run.code == 2 && run.stderr.contains("`--repo`"), "{run}");
}

/// A repository with a remote of its own.
fn released() -> Sandbox {
    let sandbox = producer();
    sandbox.commit("feat: begin");
    sandbox.git(&["init", "--quiet", "--bare", "remote"]);
    sandbox.git(&["remote", "add", "origin", "remote"]);
    sandbox.git(&["push", "--quiet", "origin", "main"]);
    sandbox
}

#[test]
fn a_candidate_is_drafted() {
    let api = Api::start(|request| match request {
        list if list.starts_with("GET") => (200, "[]".to_owned()),
        _ => (201, r#"{"id": 5, "draft": true, "assets": []}"#.to_owned()),
    });
    let sandbox = released()
        .variable("GITHUB_API_URL", &api.address)
        .variable("GITHUB_TOKEN", "secret-token");
    let head = sandbox.git(&["rev-parse", "HEAD"]);
    let run = sandbox.run(&[
        "manage-release",
        "--action",
        "draft",
        "--version",
        "v1.1.0-rc.0",
    ]);
    assert_eq!(run.code, 0, "{run}");
    assert_eq!(
        run.stdout,
        format!("v1.1.0-rc.0 ({}) is drafted\n", &head[..7])
    );
    assert!(
        sandbox
            .git(&["ls-remote", "--tags", "origin"])
            .contains("refs/tags/v1.1.0-rc.0")
    );
    let made = api
        .asked()
        .into_iter()
        .find(|each| each.starts_with("POST"))
        .unwrap();
    assert!(
        made.contains("\"prerelease\":true") && made.contains(&head),
        "{made}"
    );
}

#[test]
fn a_candidate_is_published_as_its_release() {
    let sandbox = released();
    let candidate = sandbox.git(&["rev-parse", "HEAD"]);
    sandbox.git(&["tag", "v1.1.0-rc.3"]);
    sandbox.change("later", "fix: later");
    for version in ["v1.1.0", "v1.1.0-rc.3"] {
        let arguments = [
            "manage-release",
            "--dry-run",
            "--json",
            "--action",
            "publish",
            "--version",
            version,
        ];
        let document: Value = serde_json::from_str(&sandbox.run(&arguments).stdout).unwrap();
        assert_eq!(
            document,
            json!({ "action": "publish", "version": "v1.1.0", "sha": candidate, "done": false })
        );
    }
}

#[test]
fn what_is_recorded_is_not_deleted() {
    let sandbox = released();
    let run = sandbox.run(&[
        "manage-release",
        "--action",
        "delete",
        "--version",
        "v1.0.0-rc.0",
    ]);
    assert_eq!(
        (run.code, run.stderr.as_str()),
        (
            1,
            "error: v1.0.0-rc.0 is recorded, and stays\n  \
             help: `cascade status` shows where; promote or roll back first\n"
        )
    );
    sandbox.git(&["tag", "v0.9.0-rc.0"]);
    sandbox.git(&["push", "--quiet", "origin", "v0.9.0-rc.0"]);
    let run = sandbox.run(&[
        "manage-release",
        "--action",
        "delete",
        "--version",
        "v0.9.0-rc.0",
    ]);
    assert_eq!(run.code, 0, "{run}");
    assert_eq!(sandbox.git(&["ls-remote", "--tags", "origin"]), "");
}

#[test]
fn what_is_no_version_is_refused() {
    for (action, version) in [("draft", "v1.0.0"), ("publish", "latest")] {
        let run = released().run(&["manage-release", "--action", action, "--version", version]);
        assert_eq!(run.code, 2, "{run}");
    }
}

#[test]
fn a_signal_of_64_kilobytes_is_refused_in_a_sentence() {
    let texts = ["x".repeat(64_000), "$(id)\n".repeat(10_000)];
    for text in texts {
        for field in ["environment", "target", "deployable"] {
            let mut payload = json!({ "environment": "prod" });
            payload[field] = text.as_str().into();
            let sandbox = producer().variable("DISPATCH", &payload.to_string());
            let run = sandbox.run(&["rollback", "preflight"]);
            assert!([1, 2].contains(&run.code), "{field}: {}", run.code);
            assert_eq!(run.stdout, "", "{field}");
            assert!(run.stderr.len() < 1_000, "{field}: {}", run.stderr.len());
            assert!(run.stderr.contains(field), "{field}: {}", run.stderr);
            assert!(!run.stderr.contains("panicked"), "{field}");
        }
    }
}
