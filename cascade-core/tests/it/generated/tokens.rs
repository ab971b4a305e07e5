//! Tokens of the pipeline and of Apps.

use super::{SMALL, files, steps, text};
use serde_yaml::Value;
use std::collections::BTreeMap;

#[test]
fn an_app_that_opens_hotfixes_may_write_what_they_need() {
    let app = format!("{SMALL}state_token_app: {{ app_id: APP_ID, private_key: APP_KEY }}\n");
    let files = files(&app);
    let hotfix = text(&files, "cascade-hotfix.yaml");
    for scope in ["contents", "pull-requests", "workflows"] {
        assert!(
            hotfix.contains(&format!("permission-{scope}: write")),
            "{scope}"
        );
    }
    let others = files.iter().filter(|file| !file.path.contains("hotfix"));
    assert!(
        others
            .clone()
            .all(|file| !file.text.contains("permission-workflows"))
    );
}

#[test]
fn tokens_of_ones_own_need_no_permission_to_write() {
    let own = format!("{SMALL}state_token: STATE_TOKEN\n");
    for file in files(&own)
        .iter()
        .filter(|file| file.path.contains("workflows"))
    {
        assert!(!file.text.contains("contents: write"), "{}", file.path);
    }
    assert!(
        text(&files(&own), "cascade-deploy.yaml")
            .contains("GITHUB_TOKEN: ${{ secrets.STATE_TOKEN }}")
    );
}

#[test]
fn an_app_mints_its_token_in_the_job_that_writes() {
    let app = format!("{SMALL}state_token_app: {{ app_id: APP_ID, private_key: APP_KEY }}\n");
    let deploy = files(&app);
    let deploy = text(&deploy, "cascade-deploy.yaml");
    assert!(deploy.contains("client-id: ${{ secrets.APP_ID }}"));
    let old = "action_pins: { actions/create-github-app-token: v2.2.1 }\n";
    let old = files(&format!("{app}{old}"));
    let old = text(&old, "cascade-deploy.yaml");
    assert!(old.contains("app-id: ${{ secrets.APP_ID }}") && !old.contains("client-id"));
    assert!(deploy.contains("GITHUB_TOKEN: ${{ steps.state-token.outputs.token }}"));
    // The job that notes that a deployment begins, and the one that records it.
    assert_eq!(deploy.matches("create-github-app-token@").count(), 2);
}

/// Returns the permissions of the App tokens of a job, by the steps' ids.
fn minted(job: &Value) -> BTreeMap<String, Vec<String>> {
    let steps = steps(job).into_iter().filter_map(|step| {
        let with = step["with"].as_mapping()?;
        let keys = with.keys().filter_map(Value::as_str);
        let asked = keys.filter_map(|key| key.strip_prefix("permission-"));
        let asked: Vec<String> = asked.map(str::to_owned).collect();
        let id = step.get("id")?.as_str()?.to_owned();
        (!asked.is_empty()).then_some((id, asked))
    });
    steps.collect()
}

#[test]
fn an_app_is_asked_for_what_its_step_does_and_the_job_for_nothing_more() {
    let state = "state_token_app: { app_id: APP_ID, private_key: APP_KEY }\n";
    let release = "release_token_app: { app_id: RELEASE_ID, private_key: RELEASE_KEY }\n";
    let does = "deployments: { enabled: true }\nrelease_build: { workflow: .github/workflows/publish.yaml }\n";
    let reads: Value = serde_yaml::from_str("{ contents: read }").unwrap();
    let jobs = |tokens: &str, file: &str| {
        let files = files(&format!("{SMALL}{tokens}{does}"));
        let workflow: Value = serde_yaml::from_str(text(&files, file)).unwrap();
        workflow["jobs"].clone()
    };
    let record = &jobs(state, "cascade-deploy.yaml")["record"];
    assert_eq!(minted(record)["state-token"], ["contents", "deployments"]);
    assert_eq!(record["permissions"], reads);
    let both = format!("{state}{release}");
    let job = &jobs(&both, "promote.yaml")["release"];
    let minted_for = minted(job);
    assert_eq!(minted_for["state-token"], ["contents"]);
    assert_eq!(
        minted_for["release-token"],
        ["contents", "workflows", "actions"]
    );
    assert_eq!(job["permissions"], reads);
    let one = format!(
        "{state}{}",
        state.replace("state_token_app", "release_token_app")
    );
    let job = &jobs(&one, "promote.yaml")["release"];
    assert_eq!(
        minted(job)["state-token"],
        ["contents", "workflows", "actions"]
    );
    // With GitHub's own token the job has the permission.
    let job = &jobs("", "promote.yaml")["release"];
    assert_eq!(job["permissions"]["actions"], "write");
}

#[test]
fn an_app_for_releases_may_tag_commits_with_other_workflows() {
    let app = format!("{SMALL}release_token_app: {{ app_id: APP_ID, private_key: APP_KEY }}\n");
    let files = files(&app);
    let promote = text(&files, "promote.yaml");
    assert_eq!(promote.matches("permission-workflows: write").count(), 2);
    assert!(promote.contains("RELEASE_TOKEN: ${{ steps.release-token.outputs.token }}"));
    let deploy = text(&files, "cascade-deploy.yaml");
    assert!(!deploy.contains("create-github-app-token"));
}
