//! Pipelines in Rust: what the compiler says of them, the examples, what `import --rust` writes, what `init --rust` scaffolds.

#![allow(clippy::unwrap_used, reason = "tests")]

mod crates;
mod guests;

use cascade_core::draft::{Map, Node};
use cascade_core::generate::MARKER;
use cascade_core::yaml::Manifest;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const NONE: (&str, &str) = ("CASCADE_TEST", "");

/// What trybuild gives the compiler for a case, and one flag less for what the cases need.
const FLAGS: &[&str] = &[
    "--cfg",
    "trybuild",
    "--verbose",
    "-A",
    "dead_code",
    "--diagnostic-width=140",
];

/// What a user sees while a pipeline compiles: one mistake per file, each with its exact errors.
///
/// It stands here so that it runs beside the examples: both wait for the compiler, mostly for one
/// process of it. It runs in a process with flags that outdo trybuild's own two sets of them, for
/// which cargo would build everything that the cases need twice.
#[test]
fn ui() {
    // The package that trybuild makes of the cases is the one that they are compiled in.
    let shop = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui/shop/.github");
    let package = Path::new(env!("CARGO_TARGET_TMPDIR")).join("../tests/trybuild/cascade-cli");
    crates::copy(&shop, &package.join(".github"));
    let mut cases = Command::new(std::env::current_exe().unwrap());
    crates::share(&mut cases);
    cases
        .args(["ui_cases", "--exact", "--ignored", "--nocapture"])
        .args(std::env::args().filter(|argument| argument.starts_with("trybuild=")))
        .env("CARGO_ENCODED_RUSTFLAGS", FLAGS.join("\x1f"));
    assert!(cases.status().unwrap().success(), "the cases are above");
}

/// Only mistakes: with a program that compiles among them, trybuild would build everything to
/// the end instead of checking it.
#[test]
#[ignore = "`ui` runs it"]
fn ui_cases() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/ui/*/fail/*.rs");
}

/// What stands beside the mistakes compiles, and does what it says.
#[test]
fn what_is_right_compiles_and_runs() {
    let shop = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui/shop");
    let folder = crates::folder("right");
    crates::copy(&shop.join(".github"), &folder.join(".github"));
    crates::copy(&shop.join("pass"), &folder.join("src"));
    let (mut modules, mut calls) = (String::new(), String::new());
    for entry in fs::read_dir(shop.join("pass")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        writeln!(modules, "mod {name};").unwrap();
        writeln!(calls, "    {name}::main();").unwrap();
    }
    let main = format!("#![allow(dead_code)]\n{modules}\nfn main() {{\n{calls}}}\n");
    write(&folder.join("src/main.rs"), &main);
    manifest(&folder, "right");
    let run = crates::pipeline(&folder, NONE, &[]);
    assert_eq!(run.code, Some(0), "{run:?}");
}

/// Writes each example of the page about pipelines in Rust as a module, beside the workflows that
/// they call; returns their names.
fn page(folder: &Path) -> Vec<String> {
    let page = fs::read_to_string(crates::repository().join("docs/dsl.md")).unwrap();
    let is_callback =
        |path: &&str| path.starts_with(".github/workflows/") && path.ends_with(".yaml");
    for path in page.split('"').filter(is_callback) {
        write(&folder.join(path), STUB);
    }
    let blocks = page.split("\n```rust\n").skip(1);
    let blocks = blocks.filter_map(|rest| rest.split("\n```").next());
    let names = blocks.enumerate().map(|(number, block)| {
        let shown = |line: &str| match line.strip_prefix("# ") {
            Some(hidden) => format!("{hidden}\n"),
            None => format!("{line}\n"),
        };
        let text: String = block
            .lines()
            .filter(|line| *line != "#")
            .map(shown)
            .collect();
        let text = match text.contains("fn main()") {
            true => text,
            false => format!("fn main() {{\n{text}}}\n"),
        };
        let name = format!("page_{number}");
        write(&folder.join(format!("src/{name}.rs")), &text);
        name
    });
    let names: Vec<String> = names.collect();
    assert!(names.len() >= 8, "{names:?}");
    names
}

#[test]
fn the_examples_of_the_page_compile() {
    let folder = crates::folder("page");
    let modules: String = page(&folder)
        .iter()
        .map(|name| format!("mod {name};\n"))
        .collect();
    let main = format!("#![allow(dead_code)]\n{modules}\nfn main() {{}}\n");
    write(&folder.join("src/main.rs"), &main);
    manifest(&folder, "page");
    let run = crates::pipeline(&folder, NONE, &[]);
    assert_eq!(run.code, Some(0), "{run:?}");
}

#[test]
fn every_example_compiles_and_verifies() {
    let crates = crates::examples().into_iter();
    let crates: Vec<PathBuf> = crates
        .filter(|folder| folder.join("Cargo.toml").exists())
        .collect();
    assert!(crates.len() >= 3, "{crates:?}");
    for folder in crates {
        crates::assert_formatted(&folder.join("src/main.rs"));
        let run = crates::pipeline(&folder, NONE, &["verify"]);
        assert_eq!(run.code, Some(0), "{}: {run:?}", folder.display());
    }
}

#[test]
fn the_pipeline_of_cascade_itself_compiles_and_verifies() {
    let folder = crates::repository().join(".github/pipeline");
    crates::assert_formatted(&folder.join("src/main.rs"));
    let run = crates::pipeline(&folder, NONE, &["verify"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    let run = crates::pipeline(&folder, NONE, &["lint"]);
    assert!(run.stdout.contains("no findings"), "{run:?}");
}

#[test]
fn twins_have_the_same_files() {
    let twins = crates::examples().into_iter().filter_map(|rust| {
        let name = rust.file_name()?.to_str()?.strip_suffix("-rust")?;
        let yaml = rust.with_file_name(name);
        yaml.is_dir().then_some((yaml, rust))
    });
    let twins: Vec<(PathBuf, PathBuf)> = twins.collect();
    assert!(twins.len() >= 2, "{twins:?}");
    for (yaml, rust) in twins {
        assert_eq!(
            crates::github(&yaml),
            crates::github(&rust),
            "{}",
            yaml.display()
        );
    }
}

/// A manifest, and the folder of the module that it becomes.
struct Imported {
    name: String,
    manifest: PathBuf,
    module: PathBuf,
}

#[test]
fn what_is_imported_is_the_same_pipeline() {
    let folder = crates::folder("imported");
    let mut all: Vec<Imported> = Vec::new();
    let manifests = crates::examples()
        .into_iter()
        .map(|example| example.join(".github/manifest.yaml"))
        .filter(|manifest| manifest.exists());
    for manifest in manifests {
        let repository = manifest.ancestors().nth(2).unwrap();
        let name = repository
            .file_name()
            .unwrap()
            .to_str()
            .unwrap()
            .replace('-', "_");
        let module = folder.join("src").join(&name);
        for (path, text) in crates::github(repository) {
            if !text.starts_with(MARKER) {
                write(&module.join(path), &text);
            }
        }
        all.push(Imported {
            name,
            manifest,
            module,
        });
    }
    let extremes = [
        "cascade-core/tests/fixtures/every-lane.yaml",
        "cascade-cli/tests/crates/awkward.yaml",
        "cascade-cli/tests/crates/components.yaml",
    ];
    for path in extremes {
        let manifest = crates::repository().join(path);
        let name = manifest.file_stem().unwrap().to_str().unwrap();
        let name = name.replace('-', "_");
        let module = folder.join("src").join(&name);
        stubs(&manifest, &module);
        all.push(Imported {
            name,
            manifest,
            module,
        });
    }
    program(&folder, &all);

    for Imported {
        name,
        manifest,
        module,
    } in &all
    {
        let run = crates::pipeline(&folder, ("PIPELINE", name), &["export"]);
        assert_eq!(run.code, Some(0), "{name}: {run:?}");
        let expected = config(&fs::read(manifest).unwrap());
        assert_eq!(config(run.stdout.as_bytes()), expected, "{name}");
        if !manifest.ends_with(".github/manifest.yaml") {
            continue;
        }
        let run = crates::pipeline(&folder, ("PIPELINE", name), &["generate"]);
        assert_eq!(run.code, Some(0), "{name}: {run:?}");
        let original = crates::github(manifest.ancestors().nth(2).unwrap());
        let original = original
            .into_iter()
            .filter(|(path, _)| !path.ends_with(".gitignore"));
        let mut imported = crates::github(module);
        imported.retain(|(path, _)| !path.ends_with("mod.rs"));
        assert_eq!(imported, original.collect::<Vec<_>>(), "{name}");
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
    manifest(folder, "imported");
}

/// Makes a folder a pipeline crate.
fn manifest(folder: &Path, name: &str) {
    let cli = crates::repository().join("cascade-cli");
    let cargo = format!(
        "[package]\nname = {name:?}\nedition = \"2024\"\n[workspace]\n[dependencies]\n\
         cascade-cli = {{ path = {cli:?} }}\n[[bin]]\nname = \"cascade\"\npath = \"src/main.rs\"\n"
    );
    write(&folder.join("Cargo.toml"), &cargo);
    crates::lock(folder);
}

/// A callback that declares whatever it is given.
const STUB: &str = "\
on:
  workflow_dispatch:
  workflow_call:
    inputs:
      environment: { type: string }
      tag: { type: string }
      models: { type: string }
      percent: { type: number }
      text-with-dash: { type: string }
      os: { type: string }
      cluster: { type: string }
    secrets:
      TOKEN: { required: false }
    outputs:
      image_tag: { value: x }
jobs:
  stub:
    if: always()
    runs-on: ubuntu-latest
    permissions: {}
    steps: [{ run: 'true' }]
";

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

#[test]
fn a_scaffold_generates_and_names_mistakes() {
    let top = crates::folder("scaffold");
    let folder = top.join(".github/pipeline");
    fs::create_dir(top.join(".git")).unwrap();
    let path = crates::repository();
    let path = path.to_str().unwrap();
    let args = [
        "init",
        "--rust",
        "--name",
        "my-shop",
        "--cascade-path",
        path,
    ];
    let run = crates::cascade(&top, &args);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    let main = folder.join("src/main.rs");
    crates::assert_formatted(&main);
    crates::lock(&folder);

    // What `init` has written is what the crate generates; it finds the repository around it.
    let run = crates::pipeline(&folder, NONE, &["verify"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(run.stdout.contains("7 files checked, no drift"), "{run:?}");
    let promote = top.join(".github/workflows/promote.yaml");
    fs::remove_file(&promote).unwrap();
    let run = crates::pipeline(&folder, NONE, &["generate"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(promote.exists(), "{run:?}");

    let source = fs::read_to_string(&main).unwrap();
    let mistakes = [
        (
            "depends_on(package)",
            "depends_on(pakcage)",
            "did you mean `package`?",
        ),
        (
            "workflows/deploy.yaml",
            "workflows/deplo.yaml",
            "deploy.yaml",
        ),
        (
            "supports_dry_run",
            "supports_dryrun",
            "did you mean `supports_dry_run`?",
        ),
        (
            "contents = \"read\"",
            "content = \"read\"",
            "did you mean `contents`?",
        ),
    ];
    for (right, wrong, message) in mistakes {
        assert!(source.contains(right), "{right}");
        write(&main, &source.replacen(right, wrong, 1));
        let run = crates::pipeline(&folder, NONE, &["generate"]);
        assert_eq!(run.code, Some(101), "{wrong}: {run:?}");
        assert!(run.stderr.contains(message), "{wrong}: {}", run.stderr);
    }
}

/// One command moves a pipeline to Rust, where it is: the crate generates what is there.
#[test]
fn a_pipeline_moves_in_place() {
    let top = crates::folder("moved");
    let shop = crates::repository().join("examples/shop");
    for (path, text) in crates::github(&shop) {
        write(&top.join(path), &text);
    }
    fs::create_dir(top.join(".git")).unwrap();
    let manifest = top.join(".github/manifest.yaml");
    let text = fs::read_to_string(shop.join(".github/manifest.yaml")).unwrap();
    let state = "  state:\n    dev:\n      version: v1.2.0-rc.3\n";
    write(&manifest, &format!("{text}{state}"));
    let path = crates::repository();
    let args = [
        "import",
        "--rust",
        "--force",
        "--cascade-path",
        path.to_str().unwrap(),
    ];
    let run = crates::cascade(&top, &args);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{run:?}");
    let text = fs::read_to_string(&manifest).unwrap();
    assert!(text.starts_with(MARKER) && text.ends_with(state), "{text}");

    let folder = top.join(".github/pipeline");
    crates::assert_formatted(&folder.join("src/main.rs"));
    crates::lock(&folder);
    for command in ["verify", "generate", "verify"] {
        let run = crates::pipeline(&folder, NONE, &[command]);
        assert_eq!(run.code, Some(0), "{command}: {run:?}");
    }
    assert_eq!(fs::read_to_string(&manifest).unwrap(), text);
    for command in ["verify", "lint"] {
        let run = crates::cascade(&folder, &[command]);
        assert_eq!(run.code, Some(0), "{command}: {run:?}");
    }
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}
