//! How the files get cascade and other actions.

use super::{SMALL, files, text};
use serde_yaml::Value;

#[test]
fn actions_are_pinned_as_the_manifest_says() {
    let tags = format!("{SMALL}pin_mode: tag\n");
    assert!(text(&files(&tags), "promote.yaml").contains("uses: actions/checkout@v7.0.1\n"));
    let pinned = format!("{SMALL}action_pins: {{ actions/checkout: v8 }}\n");
    assert!(text(&files(&pinned), "promote.yaml").contains("uses: actions/checkout@v8\n"));
}

#[test]
fn a_manifest_elsewhere_is_found_by_the_verbs() {
    let elsewhere = format!("{SMALL}manifest_file: delivery/manifest.yaml\nmanifest_key: shop\n");
    let files = files(&elsewhere);
    let workflow: Value = serde_yaml::from_str(text(&files, "promote.yaml")).unwrap();
    assert_eq!(workflow["env"]["CASCADE_CONFIG"], "delivery/manifest.yaml");
    assert_eq!(workflow["env"]["CASCADE_MANIFEST_KEY"], "shop");
}

#[test]
fn cascade_is_installed_as_the_manifest_says() {
    let sum = "0123456789abcdef".repeat(4);
    let release = format!(
        "{SMALL}cli: {{ source: release, repository: acme/cascade, version: 0.1.7, token: READ, checksums: {{ x86_64-unknown-linux-musl: {sum} }} }}\n"
    );
    let of_a_release = files(&release);
    let action = text(&of_a_release, "action.yaml");
    assert!(
        action.contains("REPOSITORY: acme/cascade")
            && action.contains("CASCADE_VERSION: \"0.1.7\"")
    );
    assert!(action.contains(&format!("x86_64-unknown-linux-musl {sum}")));
    let deploy = text(&of_a_release, "cascade-deploy.yaml");
    assert!(deploy.contains("token: ${{ secrets.READ }}") && deploy.contains("      READ:\n"));
    let rev = "abcdef0123".repeat(4);
    let git = format!(
        "{SMALL}cli: {{ source: git, url: \"https://git.example/acme/cascade\", rev: {rev}, token: READ }}\n"
    );
    let built = files(&git);
    let action = text(&built, "action.yaml");
    assert!(
        action.contains(&format!("REV: {rev}")) && action.contains(&format!("CASCADE_REV: {rev}"))
    );
    let with_token = |name: &str| {
        text(&built, name)
            .matches("token: ${{ secrets.READ }}")
            .count()
    };
    assert_eq!(
        with_token("orchestrate.yaml"),
        1,
        "only the job that builds reads the repository"
    );
    assert_eq!(with_token("cascade-deploy.yaml"), 0);
    let crate_of_its_own = format!("{SMALL}cli: {{ source: workspace, path: pipeline }}\n");
    let action = files(&crate_of_its_own);
    assert!(text(&action, "action.yaml").contains("CRATE: pipeline"));
}

/// Everything that a pipeline of one's own crate can have.
const OF_A_CRATE: &str = "\
trunk_branch: main
cli: { source: workspace, path: pipeline }
environments: [dev, { name: prod, gha_environment: production }]
builds: [{ name: app, workflow: .github/workflows/build.yaml }]
deploys: [{ name: web, workflow: .github/workflows/deploy.yaml, depends_on: [app], strategy: canary, canary: { steps: [10], bake_time: 5m, promote_callback: .github/workflows/all.yaml, rollback_callback: .github/workflows/back.yaml } }]
external:
  - { mode: push, repo: acme/net, deploys: [{ name: net, on_update: { deploy: { workflow: .github/workflows/net.yaml } } }] }
  - { mode: pull, repo: acme/models, cadence: poll, deploys: [{ name: models }] }
integration: { upstream: acme/base }
";

#[test]
fn a_built_cascade_is_handed_on_and_never_cached() {
    for file in files(OF_A_CRATE) {
        assert!(!file.text.contains("actions/cache"), "{}", file.path);
        let workflow: Value = serde_yaml::from_str(&file.text).unwrap();
        let Some(jobs) = workflow["jobs"].as_mapping() else {
            continue;
        };
        let called = file.path.ends_with("cascade-deploy.yaml");
        let sha256 = match called {
            true => "${{ inputs.cascade_sha256 }}",
            false => "${{ needs.cascade.outputs.sha256 }}",
        };
        let owned: Vec<_> = jobs
            .iter()
            .filter(|(_, job)| job.get("steps").is_some())
            .collect();
        assert!(!called || workflow["jobs"]["cascade"].is_null());
        for (id, job) in &owned {
            let steps = job["steps"].as_sequence().unwrap();
            let installs = |step: &&Value| step["name"] == "Set up cascade";
            let Some(step) = steps.iter().find(installs) else {
                continue;
            };
            // A file of one job hands nothing on.
            let expected = (owned.len() > 1).then(|| Value::from(sha256));
            assert_eq!(
                step["with"].get("sha256").cloned(),
                expected,
                "{} {id:?}",
                file.path
            );
        }
        for (id, job) in jobs {
            let uses = job["uses"].as_str().unwrap_or_default();
            if uses.ends_with("cascade-deploy.yaml") {
                assert_eq!(
                    job["with"]["cascade_sha256"], sha256,
                    "{} {id:?}",
                    file.path
                );
            }
        }
    }
    let action = files(OF_A_CRATE);
    let action = text(&action, "action.yaml");
    let verifies = action.find("!= \"$CHECKSUM\"").unwrap();
    assert!(verifies < action.find("GITHUB_PATH").unwrap());
}
