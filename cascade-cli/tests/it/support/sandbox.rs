//! Runs the binary the way a person does: in a folder, with a clean environment.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// A repository in a folder of its own.
pub(crate) struct Sandbox {
    folder: TempDir,
    program: PathBuf,
    variables: Vec<(String, String)>,
}

/// What a run printed, temporary paths redacted.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) code: i32,
}

/// A deploy workflow that declares everything that cascade passes.
pub(crate) const DEPLOY: &str = "\
on:
  workflow_call:
    inputs:
      environment: { type: string, required: true }
jobs:
  deploy:
    runs-on: ubuntu-latest
    permissions: {}
    steps: [{ run: 'true' }]
";

/// A manifest without findings.
pub(crate) const MANIFEST: &str = "\
ci:
  config:
    schema_version: 1
    trunk_branch: main
    cli: { source: preinstalled }
    runs_on: self-hosted
    environments: [dev, prod]
    deploys:
      - name: web
        workflow: .github/workflows/deploy.yaml
        permissions: {}
";

impl Sandbox {
    /// An empty folder.
    pub(crate) fn empty() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            program: env!("CARGO_BIN_EXE_cascade").into(),
            variables: Vec::new(),
        }
    }

    /// A repository with a manifest and the workflow that it names.
    pub(crate) fn new(manifest: &str) -> Self {
        let sandbox = Self::empty();
        sandbox.write(".github/manifest.yaml", manifest);
        sandbox.write(".github/workflows/deploy.yaml", DEPLOY);
        sandbox
    }

    /// The same folder with another program: an example of this package.
    pub(crate) fn program(mut self, example: &str) -> Self {
        let deps = std::env::current_exe().unwrap();
        let target = deps.parent().and_then(Path::parent).unwrap();
        self.program = target.join("examples").join(example);
        assert!(
            self.program.exists(),
            "`cargo build -p cascade-cli --example {example}` builds what this test runs; \
             `cargo test` without `--test` does so, too"
        );
        self
    }

    /// The same folder with the installed binary.
    pub(crate) fn program_of_manifests(mut self) -> Self {
        self.program = env!("CARGO_BIN_EXE_cascade").into();
        self
    }

    pub(crate) fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    pub(crate) fn exists(&self, path: &str) -> bool {
        self.path(path).exists()
    }

    /// Every file, sorted.
    pub(crate) fn files(&self) -> Vec<String> {
        let mut files = Vec::new();
        let mut folders = vec![self.folder.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let path = path.strip_prefix(self.folder.path()).unwrap();
                    files.push(path.to_str().unwrap().to_owned());
                }
            }
        }
        files.sort();
        files
    }

    pub(crate) fn run(&self, args: &[&str]) -> Run {
        self.run_in("", args)
    }

    pub(crate) fn run_in(&self, folder: &str, args: &[&str]) -> Run {
        let output = Command::new(&self.program)
            .args(args)
            .current_dir(self.path(folder))
            .env_clear()
            .envs(self.variables.iter().cloned())
            .output()
            .unwrap();
        let root = self.folder.path().canonicalize().unwrap();
        let text = |bytes: Vec<u8>| {
            let text = String::from_utf8(bytes).unwrap();
            text.replace(root.to_str().unwrap(), "[ROOT]")
        };
        Run {
            stdout: text(output.stdout),
            stderr: text(output.stderr),
            code: output.status.code().expect("no signal"),
        }
    }
}

impl std::fmt::Display for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "exit code: {}", self.code)?;
        writeln!(f, "----- stdout -----\n{}", self.stdout)?;
        write!(f, "----- stderr -----\n{}", self.stderr)
    }
}
