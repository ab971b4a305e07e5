//! The examples are what is generated, and say what must be said in every file.

use cascade_core::check::check;
use cascade_core::contract::{Contracts, WorkflowSource};
use cascade_core::generate::{File, generate};
use cascade_core::manifest::yaml::Manifest;
use std::path::{Path, PathBuf};

/// The workflow files of an example.
struct Callbacks(PathBuf);

impl WorkflowSource for Callbacks {
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, String> {
        Ok(std::fs::read(self.0.join(path)).ok())
    }

    fn list(&self) -> Vec<String> {
        Vec::new()
    }
}

/// The folders of the examples, each with its manifest.
fn manifests() -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let folders = std::fs::read_dir(folder).unwrap();
    let folders = folders.map(|entry| entry.unwrap().path());
    let read = |root: PathBuf| {
        let text = std::fs::read_to_string(root.join(".github/manifest.yaml")).unwrap();
        (root, text)
    };
    folders.map(read).collect()
}

/// The files of an example, whose manifest says this.
fn generated(root: &Path, manifest: &str) -> Vec<File> {
    let manifest = Manifest::read(manifest.as_bytes(), "ci").unwrap();
    let source = Callbacks(root.to_owned());
    let checked = check(manifest.config(), &Contracts::new(&source));
    let found = format!("{}: {:#?}", root.display(), checked.findings);
    assert!(checked.findings.is_empty(), "{found}");
    generate(&checked.pipeline.expect(&found), "0.1.0").unwrap()
}

#[test]
fn the_examples_are_what_is_generated() {
    for (root, manifest) in manifests() {
        for file in generated(&root, &manifest) {
            let path = root.join(&file.path);
            let written = std::fs::read_to_string(&path).unwrap_or_default();
            let same = written == file.text;
            assert!(
                same,
                "{} is not what is generated: regenerate, and read the difference",
                path.display()
            );
        }
    }
}

#[test]
fn the_signal_of_a_rollback_changes_nothing_else_in_any_example() {
    let mut changes = 0;
    let file = ".github/workflows/cascade-rollback.yaml";
    // Elsewhere there is nothing to roll back, and a rule says so, or it is on already.
    let with_rollbacks = manifests()
        .into_iter()
        .filter(|(root, manifest)| root.join(file).exists() && !manifest.contains("    rollback:"));
    for (root, manifest) in with_rollbacks {
        let signal = "  config:\n    rollback: { repository_dispatch: { types: [undo] } }\n";
        let on = manifest.replacen("  config:\n", signal, 1);
        assert_ne!(on, manifest, "{}", root.display());
        let (on, off) = (generated(&root, &on), generated(&root, &manifest));
        assert_eq!(on.len(), off.len());
        for (on, off) in on.iter().zip(&off) {
            if on.path == file {
                changes += 1;
                assert!(on.text.contains("client_payload"), "{}", root.display());
                assert!(!off.text.contains("client_payload"), "{}", root.display());
            } else {
                assert_eq!(on.text, off.text, "{}", root.display());
            }
        }
    }
    assert!(changes >= 3, "{changes}");
}
