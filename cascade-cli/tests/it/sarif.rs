//! SARIF as code scanning takes it: each result has a file and a line, each rule a page.

use crate::support::{DEPLOY, MANIFEST, Sandbox};
use serde_json::Value;

fn sarif(sandbox: &Sandbox) -> Value {
    let run = sandbox.run(&["lint", "--format", "sarif"]);
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run}"))
}

/// The text of each result's line, with its rule.
fn places(sandbox: &Sandbox, log: &Value) -> Vec<(String, String)> {
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert!(!results.is_empty(), "{log}");
    let place = |result: &Value| {
        let place = &result["locations"][0]["physicalLocation"];
        let file = place["artifactLocation"]["uri"]
            .as_str()
            .unwrap_or_else(|| panic!("{result}"));
        let line = place["region"]["startLine"]
            .as_u64()
            .unwrap_or_else(|| panic!("{result}"));
        let text = std::fs::read_to_string(sandbox.path(file)).unwrap_or_default();
        let line = text.lines().nth(usize::try_from(line).unwrap() - 1);
        let rule = result["ruleId"].as_str().unwrap().to_owned();
        (rule, line.unwrap_or_default().trim().to_owned())
    };
    results.iter().map(place).collect()
}

#[test]
fn a_pipeline_in_code_has_the_places_of_its_manifest() {
    let sandbox = Sandbox::empty().program("in-code");
    sandbox.write(".github/workflows/deploy.yaml", DEPLOY);
    assert_eq!(sandbox.run(&["generate"]).code, 0);
    sandbox.write(".github/workflows/deploy.yaml", "on: push\njobs: {}\n");
    let log = sarif(&sandbox);
    let found = places(&sandbox, &log);
    let callback = found.iter().find(|(rule, _)| rule == "C302").unwrap();
    assert!(
        callback.1.contains(".github/workflows/deploy.yaml"),
        "{found:?}"
    );
}

#[test]
fn a_pipeline_in_code_without_a_manifest_has_places_too() {
    let sandbox = Sandbox::empty().program("in-code");
    sandbox.commit("feat: begin");
    let log = sarif(&sandbox);
    let found = places(&sandbox, &log);
    assert!(found.iter().any(|(rule, _)| rule == "C301"), "{found:?}");
    let result = &log["runs"][0]["results"][0]["locations"][0];
    let file = &result["physicalLocation"]["artifactLocation"]["uri"];
    assert_eq!(file, ".github/manifest.yaml");
}

#[test]
fn a_manifest_without_a_place_for_a_finding_has_its_first_line() {
    for manifest in ["", "ci: {}\n", "x: 1\n", "ci:\n  config: {}\n"] {
        let sandbox = Sandbox::new(manifest);
        let log = sarif(&sandbox);
        assert!(!places(&sandbox, &log).is_empty(), "{manifest}");
    }
}

#[test]
fn each_rule_has_the_address_of_its_page() {
    let log = sarif(&Sandbox::new(&MANIFEST.replace("dev, prod", "dev, dev")));
    let rules = log["runs"][0]["tool"]["driver"]["rules"]
        .as_array()
        .unwrap();
    for rule in rules {
        let code = rule["id"].as_str().unwrap();
        let address = rule["helpUri"].as_str().unwrap_or_else(|| panic!("{rule}"));
        assert!(address.starts_with("https://"), "{address}");
        assert!(
            address.ends_with(&format!("/docs/errors/{code}.md")),
            "{address}"
        );
    }
}

#[test]
fn standing_warnings_are_told_once_and_at_the_end() {
    // Its runners are GitHub's own, which have no cascade: a warning that stands.
    let manifest = MANIFEST.replace("    runs_on: self-hosted\n", "    runs_on: ubuntu-latest\n");
    let sandbox = Sandbox::new(&manifest);
    sandbox.commit("feat: begin");
    for arguments in [
        ["next-version"].as_slice(),
        &["status"],
        &["generate"],
        &["simulate", "orchestrate"],
        &["rollback", "--env", "prod", "--dry-run"],
        &["status", "env", "nope"],
    ] {
        let run = sandbox.run(arguments);
        assert_eq!(
            run.stderr.matches("warning[C109]").count(),
            1,
            "{arguments:?}: {run}"
        );
        assert!(
            run.stderr.trim_end().ends_with("1 warning"),
            "{arguments:?}: {run}"
        );
        let error = run.stderr.find("error: ");
        assert!(
            error.is_none_or(|error| error < run.stderr.find("warning[").unwrap()),
            "{run}"
        );
    }
}

#[test]
fn a_result_that_is_supposed_names_what_exists() {
    let sandbox = Sandbox::new(MANIFEST);
    sandbox.commit("feat: begin");
    for (given, help) in [
        ("wbe=failure", "did you mean `web`?"),
        ("prd/web=failure", "did you mean `prod`?"),
        ("web=broken", "failure"),
        ("web", "write `web=failure`"),
    ] {
        let run = sandbox.run(&["simulate", "orchestrate", "--deploy-result", given]);
        assert_eq!(run.code, 2, "{given}: {run}");
        assert!(run.stderr.contains(help), "{given}: {run}");
    }
}
