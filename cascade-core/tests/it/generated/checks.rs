//! Checks of what is not on the trunk yet.

use super::{files, text};
use cascade_core::check::check;
use cascade_core::contract::{Contracts, MemorySource};
use cascade_core::manifest::yaml::Manifest;
use serde_yaml::Value;

const CHECKED: &str = "\
trunk_branch: main
validate: { workflow: validate.yaml, permissions: { contents: read }, secrets: { KEY: KEY } }
validate_check: { enabled: true }
merge_queue: { enabled: true }
";

#[test]
fn both_read_only_and_pass_no_secret() {
    let files = files(CHECKED);
    for name in ["cascade-validate.yaml", "cascade-merge-queue.yaml"] {
        let file = text(&files, name);
        assert!(!file.contains(": write"), "{file}");
        assert!(!file.contains("secrets"), "{file}");
        let workflow: Value = serde_yaml::from_str(file).unwrap();
        let jobs = workflow["jobs"].as_mapping().unwrap();
        let jobs: Vec<_> = jobs.keys().filter_map(Value::as_str).collect();
        assert_eq!(
            jobs,
            ["lint", "validate"],
            "a required check has one name in both"
        );
    }
    let orchestrate = text(&files, "orchestrate.yaml");
    assert!(!orchestrate.contains("merge_group"));
}

#[test]
fn a_validation_that_needs_more_is_refused() {
    let findings = |workflow: &str| {
        let source = MemorySource::new().with(".github/workflows/validate.yaml", workflow);
        let text = format!(
            "ci: {{ config: {{ trunk_branch: main, validate: {{ workflow: validate.yaml, secrets: {{ KEY: KEY }} }}, merge_queue: {{ enabled: true }} }} }}{}",
            "\n"
        );
        let manifest = Manifest::read(text.as_bytes(), "ci").unwrap();
        let checked = check(manifest.config(), &Contracts::new(&source));
        let findings = checked.findings.iter();
        let found = findings.filter(|finding| finding.rule.code == "C604");
        found
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("\n")
    };
    let call = |secret: &str, access: &str| {
        format!(
            "on: {{ workflow_call: {{ secrets: {{ KEY: {{ required: {secret} }} }} }} }}\npermissions: {{ contents: {access} }}\njobs: {{ a: {{ runs-on: x, steps: [{{ run: y }}] }} }}\n"
        )
    };
    assert_eq!(findings(&call("false", "read")), "");
    let secret = findings(&call("true", "read"));
    assert!(
        secret.contains("merge_queue.enabled") && secret.contains("the secret `KEY`"),
        "{secret}"
    );
    let writes = findings(&call("false", "write"));
    assert!(writes.contains("asks for `contents: write`"), "{writes}");
}

const BOARD: &str = "\
trunk_branch: main
environments: [dev, prod]
board: { enabled: true, pages: true }
deploys: [{ name: web, workflow: deploy.yaml, permissions: {} }]
";

#[test]
fn a_board_follows_every_operation_by_its_name() {
    let files = files(BOARD);
    let board = workflow(&files, "cascade-board.yaml");
    let followed = board["on"]["workflow_run"]["workflows"]
        .as_sequence()
        .unwrap();
    let names = [
        "orchestrate",
        "promote",
        "cascade-hotfix",
        "cascade-rollback",
    ];
    let names = names.map(|stem| workflow(&files, &format!("{stem}.yaml"))["name"].clone());
    assert_eq!(followed, &names);
    assert_eq!(board["on"]["workflow_run"]["branches"][0], "main");
}

#[test]
fn only_the_job_that_publishes_may_write_pages() {
    let files = files(BOARD);
    let board = workflow(&files, "cascade-board.yaml");
    let pages = &board["jobs"]["pages"];
    assert_eq!(pages["environment"]["name"], "github-pages");
    let granted = pages["permissions"].as_mapping().unwrap();
    let granted: Vec<_> = granted
        .iter()
        .map(|(scope, level)| (scope.as_str(), level.as_str()))
        .collect();
    let write = Some("write");
    assert_eq!(granted, [(Some("id-token"), write), (Some("pages"), write)]);
    let written = serde_yaml::to_string(&board["jobs"]["board"]).unwrap();
    assert!(!written.contains(": write"), "{written}");
    assert!(written.contains("upload-pages-artifact"), "{written}");
    let private = files_without_pages();
    let alone = text(&private, "cascade-board.yaml");
    for word in ["pages", "id-token", ": write"] {
        assert!(!alone.contains(word), "{word}: {alone}");
    }
    assert!(alone.contains("actions/upload-artifact@"), "{alone}");
}

fn files_without_pages() -> Vec<cascade_core::generate::File> {
    files(&BOARD.replace(", pages: true", ""))
}

fn workflow(files: &[cascade_core::generate::File], name: &str) -> Value {
    serde_yaml::from_str(text(files, name)).unwrap()
}

const DRIFT: &str = "\
trunk_branch: release+1
drift_check: { enabled: true }
";

#[test]
fn what_runs_the_code_of_a_pull_request_only_reads() {
    let files = files(DRIFT);
    let check = text(&files, "cascade-drift-check.yaml");
    assert!(
        !check.contains(": write") && !check.contains("secrets"),
        "{check}"
    );
    assert!(!check.contains("token"), "{check}");
    let workflow: Value = serde_yaml::from_str(check).unwrap();
    assert_eq!(workflow["on"]["pull_request"]["branches"][0], "release\\+1");
}

#[test]
fn a_companion_runs_what_is_on_the_trunk_and_follows_its_check_by_name() {
    let files = files(DRIFT);
    let check: Value = serde_yaml::from_str(text(&files, "cascade-drift-check.yaml")).unwrap();
    let text = text(&files, "cascade-drift-comment.yaml");
    let companion: Value = serde_yaml::from_str(text).unwrap();
    assert_eq!(
        companion["on"]["workflow_run"]["workflows"][0],
        check["name"]
    );
    let job = &companion["jobs"]["comment"];
    let permissions = serde_yaml::to_string(&job["permissions"]).unwrap();
    assert_eq!(
        permissions,
        "actions: read\ncontents: read\npull-requests: write\n"
    );
    let checkout = &job["steps"][0]["with"];
    assert_eq!(checkout["ref"], "refs/heads/release+1");
    assert_eq!(checkout["persist-credentials"], false);
    let condition = job["if"].as_str().unwrap();
    assert!(
        condition.contains("'.github/workflows/cascade-drift-check.yaml'"),
        "{condition}"
    );
    for untrusted in ["head_branch", "head_repository", "head_sha", "path", "id"] {
        let of_run = format!("event.workflow_run.{untrusted}");
        for line in text.lines().filter(|line| line.contains("run: ")) {
            assert!(!line.contains(&of_run), "{line}");
        }
    }
}

#[test]
fn without_comments_nothing_is_handed_over() {
    let files = files("trunk_branch: main\ndrift_check: { enabled: true, comment: false }\n");
    assert!(
        !files
            .iter()
            .any(|file| file.path.ends_with("cascade-drift-comment.yaml"))
    );
    assert!(!text(&files, "cascade-drift-check.yaml").contains("artifact"));
}

#[test]
fn a_preview_is_one_file_for_all_components() {
    let several = "\
trunk_branch: main
pr_preview: { enabled: true, comment: false }
components:
  api: { path: api, tag_grammar: { prefix: api/v }, pr_preview: { comment: true } }
  web: { path: web, tag_grammar: { prefix: web/v } }
";
    let names = |config: &str| {
        let files = files(config).into_iter();
        let files = files.filter(|file| file.path.contains("cascade-pr-"));
        files.map(|file| file.path).collect::<Vec<_>>()
    };
    let [comment, preview] =
        ["comment", "preview"].map(|what| format!(".github/workflows/cascade-pr-{what}.yaml"));
    assert_eq!(names(several), [comment, preview.clone()]);
    assert_eq!(
        names(&several.replace("comment: true", "enabled: true")),
        [preview]
    );
    let off = several.replace("enabled: true, comment: false", "enabled: false");
    assert!(names(&off).is_empty());
    let files = files(several);
    let text = text(&files, "cascade-pr-preview.yaml");
    assert!(
        !text.contains(": write") && !text.contains("secrets"),
        "{text}"
    );
}

const RECONCILED: &str = "\
trunk_branch: main
state_token_app: { app_id: APP, private_key: KEY }
reconcile: { enabled: true }
action_pins: { actions/checkout: \"0123456789abcdef0123456789abcdef01234567 # v7.0.9\" }
";

#[test]
fn a_pin_keeps_its_version() {
    let files = files(RECONCILED);
    let check = text(&files, "cascade-reconcile-check.yaml");
    let line = "uses: actions/checkout@0123456789abcdef0123456789abcdef01234567 # v7.0.9\n";
    assert!(check.contains(line), "{check}");
}

#[test]
fn what_looks_for_pins_reads_and_what_adopts_them_is_of_the_trunk() {
    let config = RECONCILED;
    let files = files(config);
    let check = text(&files, "cascade-reconcile-check.yaml");
    assert!(
        !check.contains(": write") && !check.contains("secrets"),
        "{check}"
    );
    assert!(
        check.contains("github.event.pull_request.user.login == 'dependabot[bot]'"),
        "{check}"
    );
    let companion = text(&files, "cascade-reconcile-companion.yaml");
    assert!(
        companion.contains("permission-workflows: write"),
        "{companion}"
    );
    assert!(
        !companion.contains("permission-pull-requests"),
        "{companion}"
    );
    assert!(companion.contains("ref: refs/heads/main"), "{companion}");
    let of = |change: (&str, &str)| super::files(&config.replace(change.0, change.1));
    let followup = of((
        "enabled: true",
        "enabled: true, commit: followup, source: renovate",
    ));
    let companion = text(&followup, "cascade-reconcile-companion.yaml");
    assert!(
        companion.contains("permission-pull-requests: write"),
        "{companion}"
    );
    assert!(text(&followup, "cascade-reconcile-check.yaml").contains("'renovate[bot]'"));
}

#[test]
fn the_token_of_a_run_cannot_adopt_pins() {
    let found = |more: &str| {
        let text = format!(
            "ci:\n  config:\n    trunk_branch: main\n    reconcile: {{ enabled: true }}\n{more}"
        );
        let manifest = Manifest::read(text.as_bytes(), "ci").unwrap();
        let checked = check(manifest.config(), &Contracts::unavailable());
        let findings = checked.findings.iter();
        let found = findings.filter(|finding| finding.rule.code == "C608");
        found.map(ToString::to_string).collect::<String>()
    };
    let finding = found("");
    assert!(
        finding.contains("reconcile.enabled") && finding.contains("GITHUB_TOKEN"),
        "{finding}"
    );
    assert_eq!(found("    state_token: STATE\n"), "");
    assert_eq!(
        found("    state_token_app: { app_id: A, private_key: B }\n"),
        ""
    );
    assert!(!found("    release_token: RELEASE\n").is_empty());
}
