//! The reader of callbacks refuses what GitHub's own parser refuses, and takes what it takes.

use cascade_core::contract::Contract;
use e2e::tools::Tools;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// The files of a corpus: what stands above each says what it is about.
fn corpus(text: &str) -> Vec<(String, String)> {
    let files = text.split("\n---\n").skip(1);
    let named = files.map(|file| {
        let name = file.lines().next().unwrap_or_default();
        (
            name.trim_start_matches("# ").to_owned(),
            format!("{file}\n"),
        )
    });
    named.collect()
}

const REFUSED: &str = include_str!("../../callbacks/refused.yaml");
const ACCEPTED: &str = include_str!("../../callbacks/accepted.yaml");

/// Files that GitHub refuses when a run starts, about which its parser says nothing.
const BEYOND_THE_PARSER: [&str; 5] = [
    "A job without steps.",
    "An output of a job that does not exist.",
    "An output that its job does not have.",
    "The same, with an index.",
    "An output of a job without outputs.",
];

#[test]
fn callbacks_are_judged_as_github_judges_them() {
    let folder = e2e::scratch::folder().unwrap();
    let tools = Tools::install().unwrap();
    for (corpus, is_sound) in [(corpus(REFUSED), false), (corpus(ACCEPTED), true)] {
        let paths: Vec<PathBuf> = (0..corpus.len())
            .map(|at| folder.path().join(format!("{is_sound}-{at}.yaml")))
            .collect();
        for (path, (_, text)) in paths.iter().zip(&corpus) {
            std::fs::write(path, text).unwrap();
        }
        let found = tools.github_parser(&paths).unwrap();
        let refused: BTreeSet<PathBuf> = found.iter().map(|each| each.file.clone()).collect();
        for (path, (name, text)) in paths.iter().zip(&corpus) {
            let here = Contract::parse(text.as_bytes());
            assert_eq!(here.is_ok(), is_sound, "{name}: {here:?}");
            let there = !refused.contains(path) && !BEYOND_THE_PARSER.contains(&name.as_str());
            assert_eq!(there, is_sound, "{name}: {found:?}");
        }
    }
}
