//! The book builds, has every page, and its links lead somewhere.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::{Path, PathBuf};
use xtask::{book, links, root};

fn pages(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            pages(&path, found);
        } else if path.extension().is_some_and(|ext| ext == "md") {
            found.push(path);
        }
    }
}

fn docs() -> Vec<PathBuf> {
    let mut found = Vec::new();
    pages(&root().join("docs"), &mut found);
    found.sort();
    found
}

#[test]
fn the_contents_name_every_page_once() {
    let written = fs::read_to_string(root().join("docs/SUMMARY.md")).unwrap();
    assert_eq!(
        written,
        book::summary().unwrap(),
        "cargo xtask update summary"
    );
    for page in docs() {
        let name = page
            .strip_prefix(root().join("docs"))
            .unwrap()
            .to_str()
            .unwrap();
        let times = written.matches(&format!("({name})")).count();
        assert_eq!(times, usize::from(name != "SUMMARY.md"), "{name}");
    }
}

#[test]
fn links_lead_somewhere() {
    let root = root();
    let mut all = docs();
    all.extend(["README.md", "CONTRIBUTING.md", "SECURITY.md"].map(|page| root.join(page)));
    let folders = [
        "e2e/scenarios",
        "cascade-core",
        "cascade-cli",
        "cascade-macros",
        "e2e",
    ];
    let examples = fs::read_dir(root.join("examples")).unwrap();
    let examples = examples.map(|entry| entry.unwrap().path());
    let folders = folders
        .into_iter()
        .map(|folder| root.join(folder))
        .chain(examples);
    all.extend(folders.map(|folder| folder.join("README.md")));
    let broken: Vec<String> = all.iter().flat_map(|page| links::broken(page)).collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn the_book_is_built_with_its_search_and_leads_out_to_the_sources() {
    let folder = tempfile::tempdir().unwrap();
    let args = book::Args {
        output: folder.path().join("book"),
        repository: "someone/cascade".to_owned(),
    };
    book::run(&args).unwrap();
    let page = |name: &str| fs::read_to_string(args.output.join(name)).unwrap();
    assert!(page("tutorial.html").contains("A pipeline in fifteen minutes"));
    assert!(page("errors/C203.html").contains("Unknown callback"));
    let strategies = page("strategies.html");
    let source = "https://github.com/someone/cascade/blob/main/examples/progressive";
    assert!(strategies.contains(source), "no {source}");
    assert!(!strategies.contains("href=\"../examples"));
    let names: Vec<String> = fs::read_dir(&args.output)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(
        names.iter().any(|name| name.starts_with("searchindex")),
        "{names:?}"
    );
}
