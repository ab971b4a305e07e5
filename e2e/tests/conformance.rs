//! Generated workflows are accepted by tools that nobody here wrote.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use std::path::{Path, PathBuf};

use e2e::tools::{Finding, Tools};

/// A checker, by name.
struct Checker {
    name: &'static str,
    check: fn(&Tools, &[PathBuf]) -> Vec<Finding>,
    /// A mistake that this checker sees: text of the caller's file, and what replaces it.
    mistake: (&'static str, &'static str),
    seen_as: &'static str,
}

const CHECKERS: [Checker; 4] = [
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

/// Every workflow of every example.
fn examples() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let folders = std::fs::read_dir(root).into_iter().flatten();
    let folders = folders.map(|entry| entry.unwrap().path().join(".github/workflows"));
    let mut files: Vec<_> = folders
        .flat_map(|folder| std::fs::read_dir(folder).into_iter().flatten())
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "yaml")
        })
        .collect();
    files.sort();
    files
}

#[test]
fn examples_are_accepted() {
    assert_accepted(&examples());
}

#[test]
fn rendered_workflows_are_accepted() {
    let repository = common::repository(|text| text);
    assert_accepted(&common::files(repository.path()));
}

#[test]
fn every_tool_sees_a_mistake() {
    let tools = Tools::install().unwrap();
    for checker in &CHECKERS {
        let repository = common::repository(|text| text);
        let file = repository.path().join(common::CALLER);
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
