//! `lint`: findings for people, scripts, GitHub and SARIF.

use crate::support::{MANIFEST, Sandbox};
use insta::assert_snapshot;
use serde_json::{Value, json};

const BROKEN: &str = "\
ci:
  confg: 1
  config:
    trunk_branch: main
    environments: [dev, \"prod 1\"]
    deploys:
      - name: wéb
        workflow: .github/workflows/deplyo.yaml
        concurrency: x
        retries: 9
  state:
    dev: { sha: [1] }
";

#[test]
fn everything_in_one_run() {
    assert_snapshot!(Sandbox::new(BROKEN).run(&["lint"]));
}

#[test]
fn text_that_cannot_be_read() {
    let duplicate = MANIFEST.replace(
        "    trunk_branch",
        "    schema_version: 1\n    trunk_branch",
    );
    assert_snapshot!(Sandbox::new(&duplicate).run(&["lint"]));
}

#[test]
fn nothing_to_say() {
    let sandbox = Sandbox::new(MANIFEST);
    let run = sandbox.run(&["lint"]);
    assert_eq!(run.stdout, ".github/manifest.yaml: no findings\n");
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert_eq!(sandbox.run(&["parse-config", "-q"]).stdout, "");
}

#[test]
fn warnings_are_no_failure() {
    let sandbox = Sandbox::new(&MANIFEST.replace("    schema_version: 1\n", ""));
    let run = sandbox.run(&["lint"]);
    assert_eq!(run.code, 0, "{run}");
    assert!(run.stdout.starts_with("warning[C101]"), "{run}");
    assert!(run.stdout.ends_with("1 warning\n"), "{run}");
}

#[test]
fn json_is_stable() {
    let sandbox = Sandbox::new(&MANIFEST.replace(
        "    trunk_branch: main\n",
        "    trunk_branch: main\n    x: 1\n    x: 2\n",
    ));
    assert_snapshot!(sandbox.run(&["lint", "--json"]));
    assert_eq!(
        sandbox.run(&["lint", "--format", "json"]),
        sandbox.run(&["lint", "--json"])
    );
}

#[test]
fn annotations() {
    assert_snapshot!(Sandbox::new(BROKEN).run(&["lint", "--format", "github"]));
}

/// What SARIF 2.1.0 and GitHub's code scanning ask for.
#[test]
fn sarif_has_what_code_scanning_reads() {
    let run = Sandbox::new(BROKEN).run(&["lint", "--format", "sarif"]);
    assert_eq!(run.code, 1);
    let log: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let one = &log["runs"][0];
    let driver = &one["tool"]["driver"];
    assert_eq!(driver["name"], "cascade");
    let rules = driver["rules"].as_array().unwrap();
    let results = one["results"].as_array().unwrap();
    assert!(results.len() >= 6, "{}", results.len());
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(rules[index]["shortDescription"]["text"].is_string());
        assert!(rules[index]["help"]["text"].is_string());
        assert!(["error", "warning"].contains(&result["level"].as_str().unwrap()));
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], ".github/manifest.yaml");
        let number = |key: &str| place["region"][key].as_u64().unwrap();
        assert!(number("startLine") >= 1 && number("startColumn") >= 1);
        assert!(number("endLine") >= number("startLine"));
    }
}

/// Mistakes of which each has two places.
const TWICE: &str = "\
ci:
  config:
    schema_version: 1
    trunk_branch: main
    cli: { source: preinstalled }
    runs_on: self-hosted
    environments: [dev, prod, dev]
    deploys:
      - name: web-app
        workflow: .github/workflows/deploy.yaml
        permissions: {}
      - name: web_app
        workflow: .github/workflows/deploy.yaml
        depends_on: [web-app]
        optional_depends_on:
          - web-app
        permissions: {}
    state: { branch: main }
";

#[test]
fn related_places_are_shown_to_people() {
    assert_snapshot!(Sandbox::new(TWICE).run(&["lint"]));
}

#[test]
fn a_related_place_far_away_has_an_excerpt_of_its_own() {
    let between = "    # nothing to see here\n".repeat(200);
    let apart = TWICE.replace(
        "      - name: web_app\n",
        &format!("{between}      - name: web_app\n"),
    );
    let said = Sandbox::new(&apart).run(&["lint"]).stdout;
    assert!(said.contains("::: .github/manifest.yaml:9:15"), "{said}");
    assert!(!said.contains("nothing to see here"), "{said}");
}

#[test]
fn related_places_are_annotated() {
    assert_snapshot!(Sandbox::new(TWICE).run(&["lint", "--format", "github"]));
}

#[test]
fn scripts_read_related_places() {
    let run = Sandbox::new(TWICE).run(&["lint", "--json"]);
    let document: Value = serde_json::from_str(&run.stdout).unwrap();
    let findings = document["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 4, "{run}");
    for finding in findings {
        assert_eq!(finding["related"].as_array().unwrap().len(), 1, "{finding}");
        assert_eq!(finding["note"], finding["related"][0]);
    }
    let of = |rule: &str| findings.iter().find(|each| each["rule"] == rule).unwrap();
    let offset = TWICE.find("web-app").unwrap();
    let expected = json!([{
        "message": "the other name",
        "path": "deploys[0].name",
        "start": { "line": 9, "column": 15, "offset": offset },
        "end": { "line": 9, "column": 22, "offset": offset + 7 },
    }]);
    assert_eq!(of("C202")["related"], expected);
    assert_eq!(of("C104")["related"][0]["path"], "environments[0].name");
}

#[test]
fn code_scanning_reads_related_places() {
    let run = Sandbox::new(TWICE).run(&["lint", "--format", "sarif"]);
    let log: Value = serde_json::from_str(&run.stdout).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let found = results
        .iter()
        .find(|each| each["ruleId"] == "C202")
        .unwrap();
    let expected = json!([{
        "physicalLocation": {
            "artifactLocation": { "uri": ".github/manifest.yaml", "uriBaseId": "%SRCROOT%" },
            "region": { "startLine": 9, "startColumn": 15, "endLine": 9, "endColumn": 22 },
        },
        "logicalLocations": [{ "fullyQualifiedName": "deploys[0].name" }],
        "message": { "text": "the other name" },
    }]);
    assert_eq!(found["relatedLocations"], expected);
}

#[test]
fn colours_are_asked_for() {
    let colored = |sandbox: Sandbox, args: &[&str]| sandbox.run(args).stdout.contains('\u{1b}');
    assert!(!colored(Sandbox::new(BROKEN), &["lint"]));
    assert!(colored(
        Sandbox::new(BROKEN),
        &["lint", "--color", "always"]
    ));
    let plain = Sandbox::new(BROKEN).variable("NO_COLOR", "1");
    assert!(!colored(plain, &["lint"]));
}

#[test]
fn two_formats_are_one_too_many() {
    let run = Sandbox::new(MANIFEST).run(&["lint", "--json", "--format", "github"]);
    assert_eq!(run.code, 2);
    assert_eq!(
        run.stderr,
        "error: `--json` and `--format` ask for different things\n  help: leave one of them out\n"
    );
}

#[test]
fn no_bytes_stop_it() {
    for bytes in [
        &b""[..],
        b"\xff\xfec\0i\0",
        b"\xef\xbb\xbfci: 1",
        b"ci: \x01",
        b"- \xc3\xa9: [",
        b"ci:\r\n  config:\r\n    a: \xc3\xa9",
    ] {
        let sandbox = Sandbox::empty();
        sandbox.write(".github/manifest.yaml", bytes);
        for args in [
            &["lint"][..],
            &["lint", "--json"],
            &["lint", "--format", "sarif"],
        ] {
            let run = sandbox.run(args);
            assert_eq!((run.code, run.stderr.as_str()), (1, ""), "{bytes:?} {run}");
        }
    }
}

#[test]
fn triggers_that_match_no_tracked_file_are_a_warning() {
    for (triggers, is_told) in [
        ("[\"source/**\"]", true),
        ("[\"src/**\"]", false),
        ("[\"docs/**\", \"*.toml\"]", true),
        ("[\"docs/**\", \"src/*.rs\"]", false),
        ("[\"**\", \"!src/**\", \"!.github/**\"]", true),
        ("[\"!docs/**\"]", false),
        ("[\"new/**\"]", true),
    ] {
        let manifest = format!("{MANIFEST}        triggers: {triggers}\n");
        let sandbox = Sandbox::new(&manifest);
        sandbox.write("src/main.rs", "");
        sandbox.commit("feat: begin");
        sandbox.write("new/untracked", "");
        let run = sandbox.run(&["lint"]);
        assert_eq!(run.code, 0, "{run}");
        assert_eq!(run.stdout.contains("C214"), is_told, "{triggers}: {run}");
    }
    let manifest = format!("{MANIFEST}        triggers: [\"source/**\"]\n");
    let outside_of_git = Sandbox::new(&manifest).run(&["lint"]);
    assert!(!outside_of_git.stdout.contains("C214"), "{outside_of_git}");
}
