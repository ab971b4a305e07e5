//! `environments`, `branch-protection`: what is set up on GitHub.

use crate::support::Sandbox;
use crate::support::api::Api;
use serde_json::{Value, json};

const MANIFEST: &str = "\
ci:
  config:
    schema_version: 1
    trunk_branch: main
    cli: { source: preinstalled }
    runs_on: self-hosted
    state_token: STATE_TOKEN
    environments:
      - dev
      - name: prod
        gha_environment: production
        required_reviewers: [octocat, acme/ops]
        wait_timer: 30
        branch_policy: custom
        branch_patterns: [main]
        tag_patterns: [\"v*\"]
        secrets: [DEPLOY_KEY]
        variables: [REGION]
    deploys:
      - name: web
        workflow: .github/workflows/deploy.yaml
        permissions: {}
";

fn at(api: &Api) -> Sandbox {
    Sandbox::new(MANIFEST)
        .variable("GITHUB_API_URL", &api.address)
        .variable("GITHUB_REPOSITORY", "acme/shop")
        .variable("GITHUB_TOKEN", "secret-token")
}

#[test]
fn environments_are_listed() {
    let run = Sandbox::new(MANIFEST).run(&["environments"]);
    assert_eq!(run.code, 0, "{run}");
    insta::assert_snapshot!(run.stdout);
    let run = Sandbox::new(MANIFEST).run(&["environments", "--json"]);
    let document: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(
        document["environments"][0]["github_environment"],
        json!(null)
    );
    assert_eq!(
        document["environments"][1]["github_environment"],
        "production"
    );
    assert_eq!(document["secrets"], json!(["STATE_TOKEN"]));
}

#[test]
fn environments_are_set() {
    let api = Api::start(|request| match request {
        "GET /users/octocat" => (200, r#"{"id": 1}"#.to_owned()),
        "GET /orgs/acme/teams/ops" => (200, r#"{"id": 2}"#.to_owned()),
        list if list.starts_with("GET /repos/acme/shop/environments/production/deployment") => {
            let there = r#"[{"id": 7, "name": "old"}, {"id": 8, "name": "main"}]"#;
            (200, format!(r#"{{"branch_policies": {there}}}"#))
        }
        delete if delete.starts_with("DELETE") => (204, String::new()),
        _ => (200, "{}".to_owned()),
    });
    let run = at(&api).run(&["environments", "--apply"]);
    assert_eq!(run.code, 0, "{run}");
    let asked = api.asked();
    let put = asked
        .iter()
        .find_map(|each| each.strip_prefix("PUT /repos/acme/shop/environments/production "));
    let body: Value = serde_json::from_str(put.unwrap()).unwrap();
    assert_eq!(
        body,
        json!({
            "wait_timer": 30,
            "reviewers": [{ "type": "User", "id": 1 }, { "type": "Team", "id": 2 }],
            "deployment_branch_policy": { "protected_branches": false, "custom_branch_policies": true },
        })
    );
    let policies = "/repos/acme/shop/environments/production/deployment-branch-policies";
    assert!(
        asked.contains(&format!("DELETE {policies}/7")),
        "{asked:#?}"
    );
    assert!(
        asked.contains(&format!(
            "POST {policies} {{\"name\":\"v*\",\"type\":\"tag\"}}"
        )),
        "{asked:#?}"
    );
    assert!(
        !asked.iter().any(|each| each.contains("environments/dev")),
        "{asked:#?}"
    );
}

#[test]
fn nothing_is_set_in_a_dry_run() {
    let api = Api::start(|_| (200, "{}".to_owned()));
    assert_eq!(
        at(&api).run(&["environments", "--apply", "--dry-run"]).code,
        0
    );
    assert_eq!(
        at(&api)
            .run(&["branch-protection", "--apply", "--dry-run"])
            .code,
        0
    );
    assert_eq!(api.asked(), [""; 0]);
    let run = Sandbox::new(MANIFEST).run(&["environments", "--apply"]);
    assert_eq!(run.code, 2, "{run}");
}

#[test]
fn the_trunk_is_protected() {
    let run = Sandbox::new(MANIFEST).run(&["branch-protection"]);
    assert_eq!(run.code, 0, "{run}");
    insta::assert_snapshot!(run.stdout);
}

#[test]
fn rulesets_are_set() {
    let api = with_rulesets();
    let run = at(&api).run(&[
        "branch-protection",
        "--apply",
        "--bypass-app",
        "cascade-bot",
        "--bypass-deploy-key",
        "--check",
        "test",
    ]);
    assert_eq!(run.code, 0, "{run}");
    let asked = api.asked();
    let bodies = |method: &str| -> Vec<Value> {
        let bodies = asked.iter().filter_map(|each| each.strip_prefix(method));
        bodies
            .map(|body| serde_json::from_str(body).unwrap())
            .collect()
    };
    let trunk = bodies("PUT /repos/acme/shop/rulesets/7 ").remove(0);
    assert_eq!(
        trunk["bypass_actors"],
        json!([
            { "actor_type": "Integration", "actor_id": 41, "bypass_mode": "always" },
            { "actor_type": "DeployKey", "actor_id": null, "bypass_mode": "always" },
        ])
    );
    let include = |ruleset: &Value| ruleset["conditions"]["ref_name"]["include"].clone();
    assert_eq!(include(&trunk), json!(["refs/heads/main"]));
    let kinds = |ruleset: &Value| -> Vec<String> {
        let rules = ruleset["rules"].as_array().unwrap().iter();
        rules
            .map(|rule| rule["type"].as_str().unwrap().to_owned())
            .collect()
    };
    let all = [
        "pull_request",
        "required_status_checks",
        "non_fast_forward",
        "deletion",
    ];
    assert_eq!(kinds(&trunk), all);
    let made = bodies("POST /repos/acme/shop/rulesets ");
    let branches: Vec<Value> = made.iter().map(include).collect();
    assert_eq!(
        branches,
        [
            json!(["refs/heads/env/*"]),
            json!(["refs/heads/hotfix/**/*"])
        ]
    );
    assert_eq!(kinds(&made[1]), ["creation", "non_fast_forward"]);
    assert!(!run.stdout.contains("Note"), "{run}");
}

fn with_rulesets() -> Api {
    Api::start(|request| match request {
        "GET /apps/cascade-bot" => (200, r#"{"id": 41}"#.to_owned()),
        list if list.starts_with("GET /repos/acme/shop/rulesets") => {
            let there = r#"[{"id": 7, "name": "cascade: trunk"}, {"id": 8, "name": "ours"}]"#;
            (200, there.to_owned())
        }
        classic if classic.ends_with("/branches/main/protection") => {
            (404, r#"{"message": "Branch not protected"}"#.to_owned())
        }
        _ => (200, "{}".to_owned()),
    })
}

/// The rulesets of a pipeline whose state is on a branch.
fn on_a_branch(more: &[&str]) -> (String, Vec<Value>) {
    let manifest = MANIFEST.replace(
        "trunk_branch: main\n",
        "trunk_branch: main\n    state: { branch: cascade-state }\n",
    );
    let sandbox = Sandbox::new(&manifest);
    let run = |args: &[&str]| {
        let run = sandbox.run(&[&["branch-protection"], more, args].concat());
        assert_eq!(run.code, 0, "{run}");
        run.stdout
    };
    let document: Value = serde_json::from_str(&run(&["--json"])).unwrap();
    assert_eq!(document["state_branch"], "cascade-state");
    (run(&[]), document["rulesets"].as_array().unwrap().clone())
}

#[test]
fn a_state_branch_is_protected_and_nobody_bypasses_the_trunk() {
    let of = |rulesets: &[Value], name: &str| {
        let found = rulesets.iter().find(|ruleset| ruleset["name"] == name);
        found.cloned().unwrap_or(Value::Null)
    };
    let kinds = |ruleset: &Value| -> Vec<Value> {
        let rules = ruleset["rules"].as_array().unwrap().iter();
        rules.map(|rule| rule["type"].clone()).collect()
    };
    let (text, rulesets) = on_a_branch(&["--bypass-app", "cascade-bot"]);
    let state = of(&rulesets, "cascade: state");
    let include = json!(["refs/heads/cascade-state"]);
    assert_eq!(state["conditions"]["ref_name"]["include"], include);
    assert_eq!(kinds(&state), ["non_fast_forward", "deletion"]);
    assert_eq!(state["bypass_actors"], json!([]));
    let writers = of(&rulesets, "cascade: state writers");
    assert_eq!(writers["conditions"]["ref_name"]["include"], include);
    assert_eq!(kinds(&writers), ["creation", "update"]);
    assert_eq!(writers["bypass_actors"][0]["slug"], "cascade-bot");
    assert_eq!(of(&rulesets, "cascade: trunk")["bypass_actors"], json!([]));
    assert_eq!(
        of(&rulesets, "cascade: hotfixes")["bypass_actors"][0]["slug"],
        "cascade-bot"
    );
    assert!(
        text.contains("Nobody bypasses the rules of `main`"),
        "{text}"
    );
    // Without a named actor, nobody could write if updates were limited.
    let (text, rulesets) = on_a_branch(&[]);
    assert_eq!(of(&rulesets, "cascade: state writers"), Value::Null);
    assert!(text.contains("can push to `cascade-state`"), "{text}");
}

#[test]
fn a_classic_protection_is_pointed_out() {
    let api = Api::start(|request| match request {
        list if list.starts_with("GET /repos/acme/shop/rulesets") => (200, "[]".to_owned()),
        _ => (200, "{}".to_owned()),
    });
    let run = at(&api).run(&["branch-protection", "--apply", "--bypass-deploy-key"]);
    assert_eq!(run.code, 0, "{run}");
    assert!(
        run.stdout.contains("`main` has a classic protection, too"),
        "{run}"
    );
}

#[test]
fn a_refusal_is_explained() {
    let api = Api::start(|_| (403, r#"{"message": "Resource not accessible"}"#.to_owned()));
    let run = at(&api).run(&["branch-protection", "--apply"]);
    assert_eq!(run.code, 2, "{run}");
    assert!(
        run.stderr.contains("HTTP 403: Resource not accessible"),
        "{run}"
    );
    assert!(!run.stderr.contains("secret-token"), "{run}");
}
