//! The texts that people read: spelling, and words that the project does not use.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use e2e::tools::Tools;

use crate::sizes::sources;

/// Words of old, and what stands for them now.
const REPLACED: [(&str, &str); 12] = [
    ("lane", "component, or operation"),
    ("ladder", "promotion order"),
    ("satellite", "producer"),
    ("superseded", "stale"),
    ("premise", "the state that a plan is based on"),
    ("half way", "incomplete"),
    ("way back", "rollback"),
    ("taken back", "rolled back"),
    ("takes back", "rolls back"),
    ("deaths", "crashes"),
    (
        "certificate authorities to believe",
        "trusted CA certificates",
    ),
    ("belongs into", "belongs in"),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

#[test]
fn words_are_spelt_as_a_dictionary_has_them() {
    let tools = Tools::install().unwrap();
    let output = Command::new(tools.bin().join("typos"))
        .args(["--format", "brief"])
        .current_dir(root())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}");
    assert_eq!(said, "");
}

/// Pages of the docs, and lines of rustdoc, which are also the program's help.
fn prose() -> Vec<(String, String)> {
    let root = root();
    let mut found = Vec::new();
    let pages = Command::new("git")
        .args(["ls-files", "*.md", ":!CHANGELOG.md", ":!e2e/scenarios"])
        .current_dir(&root)
        .output()
        .unwrap();
    for page in String::from_utf8(pages.stdout).unwrap().lines() {
        let text = std::fs::read_to_string(root.join(page)).unwrap();
        let lines = text.lines().enumerate();
        found.extend(lines.map(|(at, line)| (format!("{page}:{}", at + 1), line.to_owned())));
    }
    assert!(found.len() > 1000, "{}", found.len());
    for (file, text) in sources() {
        for (at, line) in text.lines().enumerate() {
            let line = line.trim_start();
            if line.starts_with("///") || line.starts_with("//!") {
                found.push((format!("{file}:{}", at + 1), line.to_owned()));
            }
        }
    }
    found
}

#[test]
fn words_of_old_are_gone() {
    let mut wrong = BTreeSet::new();
    for (place, line) in prose() {
        let words = line.to_lowercase();
        let words: String = words
            .chars()
            .map(|letter| {
                if letter.is_alphanumeric() {
                    letter
                } else {
                    ' '
                }
            })
            .collect();
        let padded = format!(" {words} ");
        for (old, new) in REPLACED {
            if padded.contains(&format!(" {old} ")) {
                wrong.insert(format!("{place}: `{old}`: write {new}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", Vec::from_iter(wrong).join("\n"));
}
