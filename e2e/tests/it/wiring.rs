//! The generated files of the shop run in act, with a stand-in for the commands: what one job decides
//! reaches the others.

use crate::support;
use std::path::{Path, PathBuf};

use e2e::act::{Act, Run, known_to_act};
use e2e::tools::Tools;
use serde_json::{Value, json};

const SHA: &str = "1111111111111111111111111111111111111111";
const OLD: &str = "2222222222222222222222222222222222222222";

/// A checkout of the shop, and a stand-in that puts out `outputs`.
struct Shop {
    folder: tempfile::TempDir,
    log: PathBuf,
    outputs: PathBuf,
}

impl Shop {
    fn new(outputs: &Value) -> Self {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/shop");
        let folder = support::copy(&source, |text| known_to_act(&text));
        support::write(folder.path(), "src/main.rs", "");
        support::commit(folder.path());
        let aside = folder.path().join(".git");
        let (log, file) = (aside.join("stand-in.log"), aside.join("stand-in.json"));
        std::fs::write(&log, "").unwrap();
        std::fs::write(&file, outputs.to_string()).unwrap();
        Self {
            folder,
            log,
            outputs: file,
        }
    }

    fn run(&self, event: &str, workflow: &str, adapt: impl FnOnce(Act) -> Act) -> Run {
        let tools = Tools::install().unwrap();
        let _place = support::machine::one_core();
        let stand_in = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stand-in");
        let act = Act::new(tools.act(), self.folder.path(), event)
            .workflow(format!(".github/workflows/{workflow}"))
            .path(stand_in.join("bin"))
            .action(support::CHECKOUT, &stand_in.join("checkout"))
            .env("STAND_IN_SOURCE", self.folder.path().to_str().unwrap())
            .secret("SHOP_DEPLOY_KEY", "sesame")
            .env("STAND_IN_LOG", self.log.to_str().unwrap())
            .env("STAND_IN_OUTPUTS", self.outputs.to_str().unwrap());
        adapt(act).run().unwrap()
    }

    /// What the stand-in was given for a verb, the last time.
    fn given(&self, verb: &str) -> Value {
        let log = std::fs::read_to_string(&self.log).unwrap();
        let mut lines = log
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap());
        let found = lines.rfind(|line| line["verb"] == verb);
        found.unwrap_or_else(|| panic!("`{verb}` was not called:\n{log}"))["given"].take()
    }
}

fn orchestrated(builds: &Value, deploys: &Value, dry_run: bool) -> Value {
    let image = json!({ "image": { "image_tag": "recorded" } });
    json!({
        "orchestrate setup": {
            "run": "true", "sha": SHA, "version": "v0.1.0-rc.0", "plan": { "builds": image },
            "validate": "true", "builds": builds, "deploys": ["infra", "web"],
            "dispatch": { "region": "us" }, "dry_run": dry_run.to_string(),
        },
        "deploy gate": { "deploys": deploys, "builds": image },
        "deploy record": { "results": { "web": { "result": "success" } }, "restore": "" },
    })
}

fn planned(names: &[&str]) -> Value {
    let one = |name: &&str| {
        let recorded = json!({ "infra": { "endpoint": "https://recorded.example.com" } });
        let plan = json!({ "sha": SHA, "version": "v0.1.0-rc.0", "previous_sha": OLD, "outputs": recorded });
        ((*name).to_owned(), plan)
    };
    Value::Object(names.iter().map(one).collect())
}

#[test]
fn a_push_builds_and_deploys_what_setup_selected() {
    let shop = Shop::new(&orchestrated(
        &json!(["image"]),
        &planned(&["infra", "web"]),
        false,
    ));
    let run = shop.run("push", "orchestrate.yaml", |act| act);
    assert!(run.succeeded(), "{}{}", run.log, run.stderr);
    assert!(
        run.log
            .contains("recorded on 1 of blue in dev, dry run: false"),
        "{}",
        run.log
    );
    let built: Value = serde_json::from_str(
        shop.given("deploy gate")["NEEDS_BUILD_IMAGE"]
            .as_str()
            .unwrap(),
    )
    .unwrap();
    assert_eq!(built["outputs"]["image_tag"], "v0.1.0-rc.0");
    let recorded = shop.given("deploy record");
    assert_eq!(recorded["OPERATION"], "orchestrate");
    let infra: Value =
        serde_json::from_str(recorded["NEEDS_DEPLOY_INFRA"].as_str().unwrap()).unwrap();
    assert_eq!(infra["outputs"]["endpoint"], "https://dev.example.com");
    let api: Value = serde_json::from_str(recorded["NEEDS_DEPLOY_API"].as_str().unwrap()).unwrap();
    assert_eq!(api["result"], "skipped");
    assert_eq!(
        shop.given("orchestrate finalize")["NEEDS_DEPLOY_DEV"],
        "success"
    );
}

#[test]
fn a_dry_run_calls_only_what_understands_it() {
    let shop = Shop::new(&orchestrated(
        &json!(["image"]),
        &planned(&["infra", "web"]),
        true,
    ));
    let run = shop.run("workflow_dispatch", "orchestrate.yaml", |act| {
        act.input("dry_run", "true")
    });
    assert!(run.succeeded(), "{}{}", run.log, run.stderr);
    let dispatch = shop.given("orchestrate setup")["DISPATCH"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        serde_json::from_str::<Value>(&dispatch).unwrap()["dry_run"],
        "true"
    );
    let recorded = shop.given("deploy record");
    assert_eq!(recorded["DRY_RUN"], "true");
    assert!(
        run.log
            .contains("recorded on 1 of blue in dev, dry run: true"),
        "{}",
        run.log
    );
    for (variable, result) in [
        ("NEEDS_DEPLOY_WEB", "success"),
        ("NEEDS_DEPLOY_INFRA", "skipped"),
        ("NEEDS_DEPLOY_API", "skipped"),
    ] {
        let job: Value = serde_json::from_str(recorded[variable].as_str().unwrap()).unwrap();
        assert_eq!(job["result"], result, "{variable}");
    }
}

#[test]
fn nothing_to_do_ends_early_and_green() {
    let shop = Shop::new(&json!({ "orchestrate setup": { "run": "false", "builds": [] } }));
    let run = shop.run("push", "orchestrate.yaml", |act| act);
    assert!(run.succeeded(), "{}{}", run.log, run.stderr);
    let ran: Vec<&str> = run.jobs.iter().map(|job| job.id.as_str()).collect();
    assert_eq!(ran, ["setup"]);
}

#[test]
fn a_promotion_stops_at_the_stages_that_move() {
    let outputs = json!({
        "promote preflight": {
            "can_proceed": "true", "plan": {}, "release": "", "publish": [], "independent": "false",
            "plan-test": { "sha": SHA }, "plan-uat": "", "plan-prod": "",
        },
        "deploy gate": {
            "deploys": planned(&["web"]), "builds": { "image": { "image_tag": "v0.1.0-rc.0" } },
        },
        "deploy record": { "results": {}, "restore": "" },
    });
    let shop = Shop::new(&outputs);
    let run = shop.run("workflow_dispatch", "promote.yaml", |act| {
        act.input("mode", "dev-to-test")
    });
    assert!(run.succeeded(), "{}{}", run.log, run.stderr);
    assert!(
        run.log
            .contains("v0.1.0-rc.0 on 1 of blue in test, dry run: false"),
        "{}",
        run.log
    );
    let finalized = shop.given("promote finalize");
    for (variable, result) in [
        ("NEEDS_DEPLOY_TEST", "success"),
        ("NEEDS_DEPLOY_UAT", "skipped"),
        ("NEEDS_RELEASE", "skipped"),
    ] {
        assert_eq!(finalized[variable], result, "{variable}");
    }
}

#[test]
fn a_signal_reaches_the_rollback_of_one_environment() {
    let outputs = json!({
        "rollback preflight": {
            "can_proceed": "true", "environment": "prod", "plan": {}, "dry_run": "false",
        },
        "deploy gate": {
            "deploys": planned(&["web"]), "builds": { "image": { "image_tag": "v1.0.0" } },
        },
        "deploy record": { "results": {}, "restore": "" },
    });
    let shop = Shop::new(&outputs);
    let payload =
        json!({ "environment": "prod", "target": "$(touch owned)'\"`\n${{ github.token }}" });
    let event = json!({ "action": "rollback-requested", "client_payload": payload });
    let run = shop.run("repository_dispatch", "cascade-rollback.yaml", |act| {
        act.payload(event)
    });
    assert!(run.succeeded(), "{}{}", run.log, run.stderr);
    let dispatch = shop.given("rollback preflight")["DISPATCH"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(serde_json::from_str::<Value>(&dispatch).unwrap(), payload);
    assert!(
        run.log
            .contains("v1.0.0 on 3 of green in prod, dry run: false"),
        "{}",
        run.log
    );
    assert_eq!(shop.given("deploy record")["OPERATION"], "rollback");
    assert_eq!(shop.given("deploy record")["PLAN"], "{}");
    let records = run.jobs.iter().filter(|job| job.id == "record");
    assert_eq!(records.count(), 1);
}
