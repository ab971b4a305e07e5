//! Pipelines in Rust: what the compiler says of them, the examples, what `import --rust` writes, what `init --rust` scaffolds.

mod imported;
mod page;
mod readme;

use crate::support::crates::{self, NONE, write};
use cascade_core::protocol::MARKER;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The flags that trybuild gives the compiler, without the one that no case needs.
const FLAGS: &[&str] = &[
    "--cfg",
    "trybuild",
    "--verbose",
    "-A",
    "dead_code",
    "--diagnostic-width=140",
];
const ENCODED_FLAGS: &str = "CARGO_ENCODED_RUSTFLAGS";

/// Compiles pipelines with one mistake per file; each gives its exact errors.
///
/// It starts itself again with flags that outdo trybuild's own two sets of them, for which cargo
/// would build everything that the cases need twice.
#[test]
fn ui() {
    let flags = FLAGS.join("\x1f");
    if std::env::var(ENCODED_FLAGS).is_ok_and(|given| given == flags) {
        return compile_the_cases();
    }
    // The package that trybuild makes of the cases is the one that they are compiled in.
    let shop = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui/shop/.github");
    let package = Path::new(env!("CARGO_TARGET_TMPDIR")).join("../tests/trybuild/cascade-cli");
    crates::copy(&shop, &package.join(".github"));
    let _turn = crates::turn();
    let mut cases = Command::new(std::env::current_exe().unwrap());
    crates::share(&mut cases);
    cases
        .args(["compiled::ui", "--exact", "--nocapture"])
        .args(std::env::args().filter(|argument| argument.starts_with("trybuild=")))
        .env(ENCODED_FLAGS, flags);
    assert!(cases.status().unwrap().success(), "the cases are above");
}

/// Only mistakes: with a program that compiles among them, trybuild would build everything to
/// the end instead of checking it.
fn compile_the_cases() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/ui/*/fail/*.rs");
}

/// Compiles and runs the pipelines that are right.
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
    crates::manifest(&folder, "right", "cascade");
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

/// A package with another version in one crate would be built for that crate alone.
#[test]
fn crates_lock_the_versions_of_this_workspace() {
    let here = locked(&crates::repository());
    let pipeline = crates::repository().join(".github/pipeline");
    let crates = crates::examples().into_iter().chain([pipeline]);
    for folder in crates.filter(|folder| folder.join("Cargo.lock").exists()) {
        let others: Vec<_> = locked(&folder).difference(&here).cloned().collect();
        assert!(others.is_empty(), "{}: {others:?}", folder.display());
    }
}

/// The packages of a lock file that come from a registry, with their versions.
fn locked(folder: &Path) -> BTreeSet<(String, String)> {
    let text = fs::read_to_string(folder.join("Cargo.lock")).unwrap();
    let lock: toml::Table = text.parse().unwrap();
    let packages = lock["package"].as_array().unwrap().iter();
    let fetched = packages.filter(|package| package.get("source").is_some());
    let text = |package: &toml::Value, key: &str| package[key].as_str().unwrap().to_owned();
    fetched
        .map(|package| (text(package, "name"), text(package, "version")))
        .collect()
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

    mistakes_are_named(&folder, &main);
}

fn mistakes_are_named(folder: &Path, main: &Path) {
    let source = fs::read_to_string(main).unwrap();
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
        write(main, &source.replacen(right, wrong, 1));
        let run = crates::pipeline(folder, NONE, &["generate"]);
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
