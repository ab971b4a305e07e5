//! Manifests that `import --rust` writes as Rust: the same pipelines.

use crate::support::crates::{self, STUB, write};
use cascade_core::manifest::draft::{Map, Node};
use cascade_core::manifest::yaml::Manifest;
use cascade_core::protocol::MARKER;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// A manifest, and the folder of the module that it becomes.
struct Imported {
    name: String,
    manifest: PathBuf,
    module: PathBuf,
}

impl Imported {
    fn new(folder: &Path, name: &str, manifest: PathBuf) -> Self {
        let name = name.replace('-', "_");
        let module = folder.join("src").join(&name);
        Self {
            name,
            manifest,
            module,
        }
    }

    /// An example, with the workflows that it calls.
    fn example(folder: &Path, manifest: PathBuf) -> Self {
        let repository = manifest.ancestors().nth(2).unwrap().to_owned();
        let name = repository.file_name().unwrap().to_str().unwrap();
        let imported = Self::new(folder, name, manifest);
        for (path, text) in crates::github(&repository) {
            if !text.starts_with(MARKER) {
                write(&imported.module.join(path), &text);
            }
        }
        imported
    }

    /// A manifest whose callbacks are stubs.
    fn extreme(folder: &Path, path: &str) -> Self {
        let manifest = crates::repository().join(path);
        let name = manifest.file_stem().unwrap().to_str().unwrap().to_owned();
        let imported = Self::new(folder, &name, manifest);
        stubs(&imported.manifest, &imported.module);
        imported
    }

    fn exports_the_same(&self, folder: &Path) {
        let name = &self.name;
        let run = crates::pipeline(folder, ("PIPELINE", name), &["export"]);
        assert_eq!(run.code, Some(0), "{name}: {run:?}");
        let expected = config(&fs::read(&self.manifest).unwrap());
        assert_eq!(config(run.stdout.as_bytes()), expected, "{name}");
    }

    fn generates_the_same(&self, folder: &Path) {
        let name = &self.name;
        let run = crates::pipeline(folder, ("PIPELINE", name), &["generate"]);
        assert_eq!(run.code, Some(0), "{name}: {run:?}");
        let original = crates::github(self.manifest.ancestors().nth(2).unwrap());
        let original = original
            .into_iter()
            .filter(|(path, _)| !path.ends_with(".gitignore"));
        let mut imported = crates::github(&self.module);
        imported.retain(|(path, _)| !path.ends_with("mod.rs"));
        assert_eq!(imported, original.collect::<Vec<_>>(), "{name}");
    }
}

#[test]
fn what_is_imported_is_the_same_pipeline() {
    let folder = crates::folder("imported");
    let manifests = crates::examples()
        .into_iter()
        .map(|example| example.join(".github/manifest.yaml"))
        .filter(|manifest| manifest.exists());
    let mut all: Vec<Imported> = manifests
        .map(|manifest| Imported::example(&folder, manifest))
        .collect();
    let extremes = [
        "cascade-core/tests/fixtures/every-workflow.yaml",
        "cascade-cli/tests/fixtures/awkward.yaml",
        "cascade-cli/tests/fixtures/components.yaml",
    ];
    all.extend(extremes.map(|path| Imported::extreme(&folder, path)));
    program(&folder, &all);

    for imported in &all {
        imported.exports_the_same(&folder);
        if imported.manifest.ends_with(".github/manifest.yaml") {
            imported.generates_the_same(&folder);
        }
    }
}

/// A crate with a module for each manifest; a variable says which is meant.
fn program(folder: &Path, all: &[Imported]) {
    let (mut modules, mut arms) = (String::new(), String::new());
    for Imported {
        name,
        manifest,
        module,
    } in all
    {
        let manifest = manifest.to_str().unwrap();
        let args = [
            "import", "--rust", "--print", "--name", name, "--config", manifest,
        ];
        let run = crates::cascade(folder, &args);
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{name}");
        let file = module.join("mod.rs");
        write(&file, &run.stdout);
        crates::assert_formatted(&file);
        let ty = cascade_core::rust_source::type_name(name);
        writeln!(modules, "#[allow(dead_code)]\nmod {name};").unwrap();
        writeln!(arms, "        {name:?} => cascade::main::<{name}::{ty}>(),").unwrap();
    }
    let main = format!(
        "#![deny(warnings)]\n{modules}\nfn main() -> std::process::ExitCode {{\n    \
         match std::env::var(\"PIPELINE\").unwrap_or_default().as_str() {{\n{arms}        \
         other => panic!(\"{{other}}\"),\n    }}\n}}\n"
    );
    write(&folder.join("src/main.rs"), &main);
    crates::manifest(folder, "imported", "cascade");
}

/// A file for every callback that a manifest names, which declares whatever they are given.
fn stubs(manifest: &Path, root: &Path) {
    let text = fs::read_to_string(manifest).unwrap();
    let paths = text.split(|c: char| c.is_whitespace() || "{},".contains(c));
    for path in paths.filter(|path| path.starts_with(".github/workflows/")) {
        write(&root.join(path), STUB);
    }
}

/// The configuration of a manifest, with the defaults that Rust writes out.
fn config(manifest: &[u8]) -> Map {
    let manifest = Manifest::read(manifest, "ci").unwrap();
    let Node::Map(mut config) = manifest.config().clone() else {
        panic!("no configuration");
    };
    config
        .entry("schema_version".to_owned())
        .or_insert(Node::from(1));
    if let Some(Node::List(environments)) = config.get_mut("environments") {
        for environment in environments {
            if let Node::Map(map) = environment
                && map.len() == 1
                && let Some(name) = map.get("name").cloned()
            {
                *environment = name;
            }
        }
    }
    config
}
