//! Runs pipeline crates with cargo. They share one target folder, and with this workspace the folder
//! of what cargo keeps between builds, so that what they depend on is built once.

use fs4::fs_std::FileExt;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// No variable that means anything.
pub(crate) const NONE: (&str, &str) = ("CASCADE_TEST", "");

/// A callback that declares whatever it is given.
pub(crate) const STUB: &str = "\
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

/// What a run printed.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// The time it took, without that of waiting for its turn.
    pub(crate) elapsed: Duration,
}

/// The folder of this repository.
pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

/// Every example, sorted.
pub(crate) fn examples() -> Vec<PathBuf> {
    let entries = fs::read_dir(repository().join("examples")).unwrap();
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    folders.retain(|folder| folder.is_dir());
    folders.sort();
    folders
}

/// The target folder of this workspace.
fn own_target() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap()
}

/// The target folder of all pipeline crates.
pub(crate) fn target() -> PathBuf {
    own_target().join("examples")
}

/// Lets a cargo of another workspace take what this one has built: whatever has the same version,
/// features and profile. Scaffolds optimise macros, whose every dependency would be one of its own.
pub(crate) fn share(command: &mut Command) {
    command
        .env("CARGO_BUILD_BUILD_DIR", own_target())
        .env("CARGO_PROFILE_DEV_BUILD_OVERRIDE_OPT_LEVEL", "0")
        .env("CARGO_PROFILE_DEV_BUILD_OVERRIDE_DEBUG_ASSERTIONS", "true")
        .env("CARGO_PROFILE_DEV_BUILD_OVERRIDE_OVERFLOW_CHECKS", "true");
}

/// An empty folder beside the crates' target folder. It is always the same one: cargo would build
/// a crate of another folder as another crate.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = target().join("crates").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Copies a folder over another one.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let from = entry.unwrap().path();
        let to = to.join(from.file_name().unwrap());
        if from.is_dir() {
            copy(&from, &to);
        } else {
            fs::copy(&from, &to).unwrap();
        }
    }
}

/// Writes a file, and makes the folders that it is in.
pub(crate) fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Makes a folder a pipeline crate with one program.
pub(crate) fn manifest(folder: &Path, package: &str, program: &str) {
    let cli = repository().join("cascade-cli");
    let cargo = format!(
        "[package]\nname = {package:?}\nedition = \"2024\"\n[workspace]\n[dependencies]\n\
         cascade-cli = {{ path = {cli:?} }}\n[[bin]]\nname = {program:?}\npath = \"src/main.rs\"\n"
    );
    write(&folder.join("Cargo.toml"), &cargo);
    lock(folder);
}

/// Gives a crate the versions that this workspace has, which are on this machine already.
pub(crate) fn lock(folder: &Path) {
    fs::copy(repository().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
}

/// Waits until no other test builds crates: they would wait for each other's cargo. It lasts until
/// the file is dropped.
pub(crate) fn turn() -> File {
    fs::create_dir_all(target()).unwrap();
    let turn = File::create(target().join("turn")).unwrap();
    turn.lock_exclusive().unwrap();
    turn
}

/// `cargo run` of the crate's pipeline, one at a time on this machine: all are named `cascade`.
pub(crate) fn pipeline(folder: &Path, variable: (&str, &str), args: &[&str]) -> Run {
    let _turn = turn();
    let mut command = Command::new(env!("CARGO"));
    settle(&mut command);
    command
        .args(["run", "--quiet", "--bin", "cascade", "--"])
        .env(variable.0, variable.1);
    run(command, folder, args)
}

/// Cargo with the settings that all pipeline crates share.
pub(crate) fn cargo(folder: &Path, args: &[&str]) -> Run {
    let _turn = turn();
    let mut command = Command::new(env!("CARGO"));
    settle(&mut command);
    run(command, folder, args)
}

pub(crate) fn settle(command: &mut Command) {
    share(command);
    command
        .env("CARGO_TARGET_DIR", target())
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env("CARGO_TERM_COLOR", "never");
}

/// The installed program.
pub(crate) fn cascade(folder: &Path, args: &[&str]) -> Run {
    run(Command::new(env!("CARGO_BIN_EXE_cascade")), folder, args)
}

pub(crate) fn run(mut command: Command, folder: &Path, args: &[&str]) -> Run {
    let start = Instant::now();
    let output = command.args(args).current_dir(folder).output().unwrap();
    Run {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
        elapsed: start.elapsed(),
    }
}

/// Fails unless rustfmt leaves the file as it is.
pub(crate) fn assert_formatted(file: &Path) {
    let mut command = Command::new("rustfmt");
    command.args(["--check", "--edition", "2024"]);
    let run = run(command, &repository(), &[file.to_str().unwrap()]);
    assert_eq!(run.code, Some(0), "{}", run.stdout);
}

/// The workflows and actions of a repository, with their texts; its manifests are left out, the one
/// with mistakes too.
pub(crate) fn github(repository: &Path) -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    let mut folders = vec![repository.join(".github")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.parent() != Some(&repository.join(".github")) {
                let text = fs::read_to_string(&path).unwrap();
                files.push((path.strip_prefix(repository).unwrap().to_owned(), text));
            }
        }
    }
    files.sort();
    files
}
