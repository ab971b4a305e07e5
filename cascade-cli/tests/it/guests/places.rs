//! The repository around the working directory decides, wherever the program was built.

use crate::support::crates;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

const MAIN: &str = r#"
use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev))]
pub struct Shop {
    #[deploy(workflow = ".github/workflows/deploy-api.yaml")]
    api: Deploy,
}

fn main() -> std::process::ExitCode {
    cascade::main::<Shop>()
}
"#;

const BUILT: &str = r#"
use cascade::prelude::*;

fn main() -> std::process::ExitCode {
    let deploy = Deploy::new("api", ".github/workflows/deploy-api.yaml");
    let pipeline = Builder::new("main").root(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    cascade::run(pipeline.environment("dev").add(deploy).build().expect("a pipeline"))
}
"#;

/// Gives a folder the workflow that is called.
fn github(top: &Path) {
    let shop = super::cases().join("ui/shop/.github/workflows/deploy-api.yaml");
    fs::create_dir_all(top.join(".github/workflows")).unwrap();
    fs::copy(shop, top.join(".github/workflows/deploy-api.yaml")).unwrap();
}

/// A repository whose pipeline crate is in `.github/pipeline`.
fn repository(top: &Path, main: &str, program: &str) {
    github(top);
    fs::create_dir_all(top.join(".git")).unwrap();
    let own = top.join(".github/pipeline");
    crates::write(&own.join("src/main.rs"), main);
    crates::manifest(&own, program, program);
}

/// A copy with the same times, which Cargo takes for what it has built.
fn copied(from: &Path, to: &Path) {
    let status = Command::new("cp").arg("-a").args([from, to]).status();
    assert!(status.unwrap().success());
}

fn orchestrate(top: &Path) -> PathBuf {
    top.join(".github/workflows/orchestrate.yaml")
}

/// Runs a program by the name that no other test has, so that nobody replaces it meanwhile.
fn generate(folder: &Path, program: &str, args: &[&str]) -> crates::Run {
    let mut command = Command::new(env!("CARGO"));
    crates::settle(&mut command);
    command.args(["run", "--quiet", "--bin", program, "--"]);
    crates::run(command, folder, args)
}

fn built(program: &str) -> PathBuf {
    crates::target().join("debug").join(program)
}

#[test]
fn a_copy_and_a_moved_repository_get_their_own_files() {
    let all = crates::folder("places");
    for (name, main) in [("declared-place", MAIN), ("built-place", BUILT)] {
        let [first, second, third] = ["first", "second", "third"].map(|at| all.join(name).join(at));
        repository(&first, main, name);
        let run = generate(&first.join(".github/pipeline"), name, &["verify"]);
        assert_eq!(run.code, Some(1), "{name}: {run:?}");
        copied(&first, &second);
        let run = generate(&second.join(".github/pipeline"), name, &["generate"]);
        assert_eq!(run.code, Some(0), "{name}: {run:?}");
        assert!(orchestrate(&second).exists(), "{name}");
        assert!(
            !orchestrate(&first).exists(),
            "{name}: it wrote into the other repository"
        );

        fs::rename(&first, &third).unwrap();
        let run = generate(&third.join(".github/pipeline"), name, &["generate"]);
        assert_eq!(run.code, Some(0), "{name}: {run:?}");
        assert!(orchestrate(&third).exists(), "{name}");

        // What was checked while compiling is checked again, against the files that are here.
        fs::remove_file(second.join(".github/workflows/deploy-api.yaml")).unwrap();
        let program = built(name);
        let run = crates::run(Command::new(&program), &second, &["verify"]);
        assert_eq!(run.code, Some(2), "{name}: {run:?}");
        assert!(run.stderr.contains("C301"), "{name}: {run:?}");

        // From elsewhere, `--config` decides.
        fs::remove_file(orchestrate(&third)).unwrap();
        let config = third.join(".github/manifest.yaml");
        let args = ["generate", "--config", config.to_str().unwrap()];
        let run = crates::run(Command::new(&program), &second, &args);
        assert_eq!(run.code, Some(0), "{name}: {run:?}");
        assert!(orchestrate(&third).exists(), "{name}");
    }
}

#[test]
fn a_repository_within_another_is_found_from_everywhere_in_it() {
    let top = crates::folder("nested");
    fs::create_dir(top.join(".git")).unwrap();
    let inner = top.join("examples/inner");
    repository(&inner, MAIN, "within");
    fs::remove_dir(inner.join(".git")).unwrap();
    fs::create_dir_all(top.join(".github/workflows")).unwrap();
    fs::create_dir_all(inner.join("services/api/.github")).unwrap();
    let manifest = inner.join(".github/pipeline/Cargo.toml");
    let mut command = Command::new(env!("CARGO"));
    crates::settle(&mut command);
    let args = [
        "run",
        "--quiet",
        "--manifest-path",
        manifest.to_str().unwrap(),
        "--",
        "generate",
    ];
    let run = crates::run(command, &top, &args);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(orchestrate(&inner).exists() && !orchestrate(&top).exists());
    fs::remove_file(orchestrate(&inner)).unwrap();
    let program = built("within");
    let run = crates::run(
        Command::new(program),
        &inner.join("services/api"),
        &["generate"],
    );
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(orchestrate(&inner).exists());
}

/// A folder with a `.github` and, somewhere below it, a pipeline crate that is built.
fn package(top: &Path, folder: &str, program: &str) -> PathBuf {
    github(top);
    let own = top.join(folder);
    crates::write(&own.join("src/main.rs"), MAIN);
    crates::manifest(&own, program, program);
    let run = crates::cargo(&own, &["build", "--quiet"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    own
}

#[test]
fn a_repository_ends_at_the_top_of_git() {
    let outside = crates::folder("outside");
    let own = package(&outside, "clones/shop/delivery", "bounded");
    let top = outside.join("clones/shop");
    fs::create_dir(top.join(".git")).unwrap();
    for folder in [&own, &top] {
        let run = crates::run(Command::new(built("bounded")), folder, &["verify"]);
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!(run.stderr.contains("C301"), "{run:?}");
    }
    github(&top);
    let run = crates::run(Command::new(built("bounded")), &own, &["generate"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(orchestrate(&top).exists() && !orchestrate(&outside).exists());

    // What is outside is not read while compiling either.
    fs::remove_dir_all(outside.join(".github")).unwrap();
    fs::create_dir_all(outside.join(".github/workflows")).unwrap();
    fs::remove_dir_all(top.join(".github")).unwrap();
    crates::write(&own.join("src/main.rs"), &MAIN.replace("Shop", "Store"));
    let run = crates::cargo(&own, &["build", "--quiet"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    github(&top);
    let run = crates::run(Command::new(built("bounded")), &own, &["verify"]);
    assert_eq!(run.code, Some(1), "{run:?}");
}

#[test]
fn a_nearer_folder_that_appears_later_is_the_repository() {
    let top = crates::folder("nearer");
    fs::create_dir(top.join(".git")).unwrap();
    let own = package(&top, "services/shop/delivery", "nearer");
    let near = top.join("services/shop");
    github(&near);
    for (count, folder) in [&own, &near, &top].into_iter().enumerate() {
        let run = crates::run(Command::new(built("nearer")), folder, &["generate"]);
        assert_eq!(run.code, Some(0), "{count}: {run:?}");
        assert!(orchestrate(&near).exists() && !orchestrate(&top).exists());
        fs::remove_file(orchestrate(&near)).unwrap();
    }
    let config = top.join(".github/manifest.yaml");
    let args = ["generate", "--config", config.to_str().unwrap()];
    let run = crates::run(Command::new(built("nearer")), &near, &args);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(orchestrate(&top).exists() && !orchestrate(&near).exists());
}

#[test]
fn a_file_with_an_older_time_is_checked_where_the_program_runs() {
    let top = crates::folder("older");
    fs::create_dir(top.join(".git")).unwrap();
    let own = package(&top, ".github/pipeline", "older");
    let run = generate(&own, "older", &["generate"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    let api = top.join(".github/workflows/deploy-api.yaml");
    let asks = "on:\n  workflow_call:\n    inputs:\n      environment: { type: string }\n      \
                cluster: { type: string, required: true }\njobs: {}\n";
    fs::write(&api, asks).unwrap();
    let file = fs::File::options().append(true).open(&api).unwrap();
    file.set_modified(SystemTime::UNIX_EPOCH).unwrap();
    for command in ["generate", "verify", "lint"] {
        let run = generate(&own, "older", &[command]);
        assert_ne!(run.code, Some(0), "{command}: {run:?}");
        let said = [run.stdout, run.stderr].concat();
        assert!(said.contains("C304"), "{command}: {said}");
    }
}

#[test]
fn a_program_holds_no_folder_of_its_builder() {
    let top = crates::folder("secret-builder");
    repository(&top, MAIN, "held");
    let own = top.join(".github/pipeline");
    let mut command = Command::new(env!("CARGO"));
    crates::settle(&mut command);
    let run = crates::run(command, &own, &["build", "--quiet"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    let program = fs::read(built("held")).unwrap();
    let needle = b"secret-builder";
    assert!(!program.windows(needle.len()).any(|part| part == needle));
}
