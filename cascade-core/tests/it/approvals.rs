//! Who is asked before a deployment, and what is held meanwhile.

use cascade_core::check::{Checked, check};
use cascade_core::contract::{Contracts, MemorySource};
use cascade_core::generate::generate;
use cascade_core::manifest::yaml::Manifest;
use serde_yaml::Value;

/// A deploy's workflow whose job has this `environment`.
fn callback(environment: &str) -> String {
    format!(
        "on: {{ workflow_call: {{ inputs: {{ environment: {{ type: string }} }} }} }}\n\
         permissions: {{}}\n\
         jobs: {{ deploy: {{ runs-on: ubuntu-latest, {environment} steps: [{{ run: echo }}] }} }}\n"
    )
}

fn checked(web: &str, api: &str) -> Checked {
    let files = [("web", web), ("api", api)];
    let files = files.map(|(name, own)| (format!(".github/workflows/{name}.yaml"), callback(own)));
    let source: MemorySource = files.into_iter().collect();
    let text = "\
ci:
  config:
    schema_version: 1
    trunk_branch: main
    cli: { source: preinstalled }
    runs_on: self-hosted
    environments: [dev, { name: prod, environment_url: https://example.com }]
    deploys:
      - { name: web, workflow: .github/workflows/web.yaml }
      - { name: api, workflow: .github/workflows/api.yaml }
";
    let manifest = Manifest::read(text.as_bytes(), "ci").unwrap();
    check(manifest.config(), &Contracts::new(&source))
}

/// A generated file, where the jobs of `web` and `api` have these environments.
fn file(name: &str, web: &str, api: &str) -> Value {
    let pipeline = checked(web, api).pipeline.unwrap();
    let files = generate(&pipeline, "1.2.3").unwrap();
    let file = files.iter().find(|file| file.path.ends_with(name)).unwrap();
    serde_yaml::from_str(&file.text).unwrap()
}

fn needs(job: &Value) -> Vec<&str> {
    match &job["needs"] {
        Value::String(one) => vec![one],
        many => many
            .as_sequence()
            .unwrap()
            .iter()
            .filter_map(Value::as_str)
            .collect(),
    }
}

#[test]
fn people_are_asked_before_the_lock_is_taken() {
    for name in [
        "promote.yaml",
        "cascade-rollback.yaml",
        "cascade-hotfix.yaml",
    ] {
        let workflow = file(name, "", "");
        let asks = &workflow["jobs"]["approve-prod"];
        assert_eq!(asks["environment"]["name"], "prod", "{name}");
        assert_eq!(asks["environment"]["deployment"], false, "{name}");
        assert!(
            asks["concurrency"].is_null() && asks["permissions"].is_null(),
            "{name}"
        );
        let deploys = &workflow["jobs"]["deploy-prod"];
        let lock = deploys["concurrency"]["group"].as_str().unwrap();
        assert!(lock.starts_with("cascade-env-prod"), "{name}: {lock}");
        assert!(needs(deploys).contains(&"approve-prod"), "{name}");
        let when = deploys["if"].as_str().unwrap();
        assert!(
            when.contains("needs.approve-prod.result == 'success'"),
            "{name}: {when}"
        );
    }
    let restores = &file("promote.yaml", "", "")["jobs"]["restore-prod"];
    assert!(!needs(restores).contains(&"approve-prod"));
    let locked = file("cascade-deploy.yaml", "", "");
    for (id, job) in locked["jobs"].as_mapping().unwrap() {
        assert!(job["environment"].is_null(), "{id:?}");
    }
}

#[test]
fn nobody_is_asked_twice() {
    let own = [
        "environment: \"${{ inputs.environment }}\",",
        "environment: { name: \"${{inputs.environment}}\", url: https://example.com },",
        "environment: Prod,",
    ];
    for own in own {
        let jobs = file("promote.yaml", own, own)["jobs"].clone();
        assert!(jobs["approve-prod"].is_null(), "{own}");
        assert!(
            !needs(&jobs["deploy-prod"]).contains(&"approve-prod"),
            "{own}"
        );
        assert_eq!(checked(own, own).findings, [], "{own}");
    }
}

#[test]
fn deploys_that_ask_beside_others_that_do_not_are_named() {
    let own = "environment: \"${{ inputs.environment }}\",";
    assert!(!file("promote.yaml", own, "")["jobs"]["approve-prod"].is_null());
    let findings = checked(own, "").findings;
    let [warning] = findings.as_slice() else {
        panic!("{findings:#?}");
    };
    assert_eq!(warning.rule.code, "C312");
    let message = warning.message.to_string();
    assert!(message.contains("`web`"), "{message}");
}

#[test]
fn another_environment_is_no_approval_of_this_one() {
    let other = "environment: staging,";
    assert!(!file("promote.yaml", other, other)["jobs"]["approve-prod"].is_null());
    assert_eq!(checked(other, other).findings, []);
}
