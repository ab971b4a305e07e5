//! Generated workflows are accepted by tools that nobody here wrote.

use crate::support;
use std::path::{Path, PathBuf};

use e2e::tools::{Finding, Tools, interfaces};

/// A checker, by name.
struct Checker {
    name: &'static str,
    check: fn(&Tools, &[PathBuf]) -> Vec<Finding>,
    /// A mistake that this checker sees: text of the caller's file, and what replaces it.
    mistake: (&'static str, &'static str),
    seen_as: &'static str,
}

const CHECKERS: [Checker; 5] = [
    Checker {
        name: "GitHub's workflow parser",
        check: |tools, files| tools.github_parser(files).unwrap(),
        mistake: ("timeout-minutes: 5", "timeout-minuts: 5"),
        seen_as: "timeout-minuts",
    },
    Checker {
        name: "actionlint",
        check: |tools, files| tools.actionlint(files).unwrap(),
        mistake: ("needs.setup.outputs.said", "needs.setup.outputs.sad"),
        seen_as: "\"sad\" is not defined",
    },
    Checker {
        name: "zizmor",
        check: |tools, files| above_lowest(tools.zizmor(files).unwrap()),
        mistake: ("permissions: {}", "permissions: write-all"),
        seen_as: "excessive-permissions",
    },
    Checker {
        name: "github-actions-models",
        check: |_, files| files.iter().filter_map(|file| model(file).err()).collect(),
        mistake: ("runs-on: ubuntu-latest", "runs-upon: ubuntu-latest"),
        seen_as: "did not match any variant",
    },
    Checker {
        name: "recorded interfaces",
        check: |_, files| interfaces::against(files).unwrap(),
        mistake: (
            "    steps:\n",
            "    steps:\n      - uses: actions/checkout@v7\n        with: { persist-credential: false }\n",
        ),
        seen_as: "actions/checkout has no input `persist-credential`",
    },
];

fn above_lowest(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.retain(|finding| finding.severity != "Informational");
    findings
}

fn model(file: &Path) -> Result<github_actions_models::workflow::Workflow, Finding> {
    let text = std::fs::read_to_string(file).unwrap();
    serde_yaml::from_str(&text).map_err(|error| Finding {
        file: file.to_owned(),
        line: error.location().map_or(0, |at| at.line() as u64),
        rule: "model".to_owned(),
        severity: "error".to_owned(),
        message: error.to_string(),
    })
}

fn assert_accepted(files: &[PathBuf]) {
    let tools = Tools::install().unwrap();
    for checker in &CHECKERS {
        let findings: Vec<_> = (checker.check)(&tools, files)
            .iter()
            .map(ToString::to_string)
            .collect();
        assert!(
            findings.is_empty(),
            "{}:\n{}",
            checker.name,
            findings.join("\n")
        );
    }
}

/// The workflows of a repository.
fn workflows(repository: &Path) -> Vec<PathBuf> {
    let folder = std::fs::read_dir(repository.join(".github/workflows"));
    let files = folder
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = files
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "yaml")
        })
        .collect();
    files.sort();
    files
}

/// Each example is looked at in a repository of its own: actionlint reads callbacks from the root
/// of the repository.
#[test]
fn examples_are_accepted() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let folders = std::fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let copies: Vec<tempfile::TempDir> = folders
        .filter(|folder| folder.join(".github/workflows").is_dir())
        .map(|folder| support::copy(&folder.join(".github"), |text| text))
        .map(|copy| {
            let folder = e2e::scratch::folder().unwrap();
            std::fs::rename(copy.path(), folder.path().join(".github")).unwrap();
            support::commit(folder.path());
            folder
        })
        .collect();
    let files: Vec<PathBuf> = copies
        .iter()
        .flat_map(|copy| workflows(copy.path()))
        .collect();
    assert!(files.len() > 50, "{files:?}");
    assert_accepted(&files);
}

#[test]
fn the_workflows_of_this_project_are_accepted() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let files = workflows(&root.canonicalize().unwrap());
    assert!(files.len() >= 5, "{files:?}");
    assert_accepted(&files);
}

#[test]
fn rendered_workflows_are_accepted() {
    let repository = support::repository(|text| text);
    assert_accepted(&support::files(repository.path()));
}

#[test]
fn every_tool_sees_a_mistake() {
    let tools = Tools::install().unwrap();
    for checker in &CHECKERS {
        let repository = support::repository(|text| text);
        let file = repository.path().join(support::CALLER);
        let text = std::fs::read_to_string(&file).unwrap();
        let broken = text.replacen(checker.mistake.0, checker.mistake.1, 1);
        assert_ne!(text, broken, "{}: nothing to break", checker.name);
        std::fs::write(&file, broken).unwrap();
        let findings = (checker.check)(&tools, std::slice::from_ref(&file));
        let seen = findings
            .iter()
            .any(|f| f.to_string().contains(checker.seen_as));
        assert!(seen, "{}: {findings:#?}", checker.name);
        assert!(findings.iter().all(|finding| finding.file == file));
    }
}

/// The shop with other settings: what the examples do not show.
const VARIANTS: [(&str, &str); 7] = [
    (
        "a release, an App, a schedule",
        "cli:\n\
         \x20 source: release\n\
         \x20 repository: acme/cascade\n\
         \x20 version: 0.1.0\n\
         \x20 token: CASCADE_READ\n\
         \x20 checksums: { aarch64-apple-darwin: 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef }\n\
         state_token_app: { app_id: APP_ID, private_key: APP_KEY }\n\
         release_token: RELEASE_TOKEN\n\
         extra_triggers: { schedule: [{ cron: \"0 4 * * 1\" }], repository_dispatch: { types: [rebuild] } }\n",
    ),
    (
        "a crate, runners of one's own, a group",
        "cli: { source: workspace, path: pipeline }\n\
         runs_on: { group: large, labels: [linux] }\n\
         concurrency: { group: \"shop-${{ vars.LINE }}\" }\n\
         release_trigger: dispatch\n",
    ),
    (
        "tags, deployments, a release workflow",
        "cli: { source: git, url: \"https://git.example/acme/cascade\", rev: 3d3c42e5aac5ba805825da76410c181273ba90b1, token: CASCADE_READ }\n\
         action_pins: { actions/checkout: 3d3c42e5aac5ba805825da76410c181273ba90b1 }\n\
         deployments: { enabled: true }\n\
         release_build: { workflow: publish.yaml }\n",
    ),
    (
        "a manifest elsewhere",
        "cli: { source: preinstalled }\n\
         manifest_file: delivery/cascade.yaml\n\
         manifest_key: shop\n\
         state_token: STATE_TOKEN\n",
    ),
    (
        "checks before the trunk, signed commits",
        "cli: { source: git, url: \"https://git.example/acme/cascade\", rev: 3d3c42e5aac5ba805825da76410c181273ba90b1 }\n\
         git: { mode: custom, user_name: Shop, user_email: shop@example.com, gpg_key_secret: SIGNING }\n\
         concurrency: { cancel_in_progress: true }\n\
         validate_check: { enabled: true }\n\
         drift_check: { enabled: true }\n\
         state_token_app: { app_id: APP_ID, private_key: APP_KEY }\n\
         reconcile: { enabled: true, commit: followup }\n\
         pr_preview: { enabled: true }\n\
         board: { enabled: true, pages: true }\n\
         merge_queue: { enabled: true }\n",
    ),
    ("a board without pages", "board: { enabled: true }\n"),
    (
        "GitHub Enterprise Server, telemetry",
        "platform: { ghes: \"3.20\" }\n\
         runs_on: [self-hosted, linux]\n\
         telemetry: { enabled: true, adapter: webhook, webhook: { url: \"https://events.example\", secret_name: EVENTS } }\n\
         drift_check: { enabled: true, comment: false }\n\
         pr_preview: { enabled: true, comment: false }\n",
    ),
];

#[test]
fn variants_are_accepted() {
    use cascade_core::check::check;
    use cascade_core::contract::Contracts;
    use cascade_core::generate::generate;
    use cascade_core::manifest::yaml::Manifest;
    let shop = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/shop");
    let manifest = std::fs::read_to_string(shop.join(".github/manifest.yaml")).unwrap();
    for (name, settings) in VARIANTS {
        let folder = support::copy(&shop, |text| text);
        let lines: String = settings
            .lines()
            .map(|line| format!("    {line}\n"))
            .collect();
        let text = manifest.replace(
            "    cli: { source: preinstalled }\n    runs_on: self-hosted\n",
            &lines,
        );
        let manifest = Manifest::read(text.as_bytes(), "ci").unwrap();
        let callbacks = support::Callbacks(folder.path().to_owned());
        let checked = check(manifest.config(), &Contracts::new(&callbacks));
        let findings = format!("{name}: {:#?}", checked.findings);
        let files = generate(&checked.pipeline.expect(&findings), "0.1.0").unwrap();
        for file in &files {
            support::write(folder.path(), &file.path, &file.text);
        }
        support::commit(folder.path());
        let paths: Vec<PathBuf> = files
            .iter()
            .map(|file| folder.path().join(&file.path))
            .collect();
        let (actions, workflows): (Vec<_>, Vec<_>) = paths
            .into_iter()
            .partition(|path| path.ends_with("action.yaml"));
        assert_accepted(&workflows);
        let findings = above_lowest(Tools::install().unwrap().zizmor(&actions).unwrap());
        assert!(findings.is_empty(), "{name}: {findings:?}");
    }
}
