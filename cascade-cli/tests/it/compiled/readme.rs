//! The README: what it shows is what happens.

use crate::support::crates::{self, NONE, write};
use crate::support::fences::blocks;
use std::fs;
use std::path::Path;
use std::process::Command;

const BUILD: &str = "\
on:
  workflow_call:
    outputs:
      image_tag: { value: \"${{ jobs.build.outputs.image_tag }}\" }
permissions: {}
jobs:
  build:
    runs-on: ubuntu-latest
    outputs: { image_tag: x }
    steps: [{ run: 'true' }]
";
const DEPLOY: &str = "\
on:
  workflow_call:
    inputs:
      tag: { type: string, required: true }
      replicas: { type: number }
permissions: {}
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps: [{ run: 'true' }]
";

fn readme() -> String {
    fs::read_to_string(crates::repository().join("README.md")).unwrap()
}

/// The generated workflows, by name.
fn workflows(folder: &Path) -> Vec<(String, String)> {
    let entries = fs::read_dir(folder.join(".github/workflows")).unwrap();
    let mut found: Vec<(String, String)> = entries
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, fs::read_to_string(path).unwrap())
        })
        .collect();
    found.sort();
    found
}

#[test]
fn both_spellings_of_the_readme_give_the_same_files() {
    let page = readme();
    let blocks = blocks(&page);
    let block = |language: &str| {
        let found = blocks.iter().find(|block| block.is(language));
        found.unwrap().text.clone()
    };
    let folders = ["readme", "readme-yaml"].map(crates::folder);
    for folder in &folders {
        write(&folder.join(".github/workflows/build-app.yaml"), BUILD);
        write(&folder.join(".github/workflows/deploy-web.yaml"), DEPLOY);
    }
    let [code, yaml] = &folders;
    write(&code.join("src/main.rs"), &block("rust"));
    crates::manifest(code, "readme", "cascade");
    let run = crates::pipeline(code, NONE, &["generate"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    write(&yaml.join(".github/manifest.yaml"), &block("yaml"));
    let output = Command::new(env!("CARGO_BIN_EXE_cascade"))
        .arg("generate")
        .current_dir(yaml)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let (code, yaml) = (workflows(code), workflows(yaml));
    assert!(code.len() > 4, "{code:?}");
    assert_eq!(code, yaml);
}

#[test]
fn the_mistake_of_the_readme_is_reported_as_it_is_shown() {
    let output = Command::new(env!("CARGO_BIN_EXE_cascade"))
        .args(["--config", "examples/shop/.github/mistake.yaml", "lint"])
        .current_dir(crates::repository())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8(said).unwrap();
    assert!(said.ends_with("3 errors\n"), "{said}");
    let introduction = crates::repository().join("docs/introduction.md");
    for page in [readme(), fs::read_to_string(introduction).unwrap()] {
        let blocks = blocks(&page);
        let shown = &blocks.iter().find(|block| block.is("text")).unwrap().text;
        assert!(said.contains(shown.as_str()), "{shown}\nis not in\n{said}");
    }
}
