//! `docs/testing.md` lists every scenario by what it proves.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use serde_yaml::Value;

const BEGIN: &str = "<!-- scenarios -->\n";
const END: &str = "<!-- /scenarios -->";

#[test]
fn the_page_lists_every_scenario() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = root.join("../docs/testing.md");
    let text = std::fs::read_to_string(&page).unwrap();
    let begin = text.find(BEGIN).unwrap() + BEGIN.len();
    let end = text.find(END).unwrap();
    let wanted = table(&root.join("scenarios"));
    if std::env::var_os("UPDATE_SCENARIOS").is_some() {
        let updated = format!("{}{wanted}{}", &text[..begin], &text[end..]);
        std::fs::write(&page, updated).unwrap();
        return;
    }
    assert_eq!(&text[begin..end], wanted, "UPDATE_SCENARIOS=1 writes it");
}

fn table(folder: &Path) -> String {
    let mut features: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in files(folder) {
        let text = std::fs::read_to_string(&file).unwrap();
        let scenario: Value = serde_yaml::from_str(&text).unwrap();
        let path = file.strip_prefix(folder).unwrap().display().to_string();
        let name = path.trim_end_matches(".yaml");
        let proves = scenario["proves"].as_sequence();
        let proves = proves.unwrap_or_else(|| panic!("{path} says nothing under `proves`"));
        for feature in proves {
            let feature = feature.as_str().unwrap().to_owned();
            let link = format!("[{name}](../e2e/scenarios/{path})");
            features.entry(feature).or_default().push(link);
        }
    }
    let mut table = "| proved | by |\n|---|---|\n".to_owned();
    for (feature, links) in features {
        writeln!(table, "| {feature} | {} |", links.join(", ")).unwrap();
    }
    table
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|kind| kind == "yaml") {
            found.push(path);
        }
    }
    found
}
