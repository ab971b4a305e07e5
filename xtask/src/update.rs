//! Files that tests keep in step with the code.

use crate::{Step, root};
use anyhow::{Context, ensure};
use clap::ValueEnum;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

const REFERENCE: &[(&str, &str)] = &[("UPDATE_REFERENCE", "1")];
const SCENARIOS: &[(&str, &str)] = &[("UPDATE_SCENARIOS", "1")];

/// The files that are written anew.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The files; all of them if none is named
    what: Vec<What>,
}

/// Files of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum What {
    /// `docs/configuration.md`, `docs/cost.md`, `docs/security.md`, `cascade-macros/docs/pipeline.md`
    Reference,
    /// `schema/manifest.schema.json`
    Schema,
    /// The table of scenarios in `docs/testing.md`
    Scenarios,
    /// `docs/SUMMARY.md`, the contents of the book
    Summary,
    /// Pictures in `docs/images`
    Pictures,
    /// Snapshots of the core and of the command line
    Snapshots,
    /// The compiler's output for wrong pipelines, in `cascade-cli/tests/ui`
    Ui,
    /// Lock files of pipeline crates, which have this workspace's versions
    Locks,
    /// Generated files of the examples, and of this repository
    Examples,
    /// `CHANGELOG.md`
    Changelog,
}

/// Writes them anew. Read the difference before you commit it.
///
/// # Errors
/// A command that fails, or a file that cannot be written.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let all = What::value_variants();
    let what = if args.what.is_empty() {
        all
    } else {
        &args.what
    };
    what.iter().try_for_each(|what| what.write())
}

impl What {
    fn write(self) -> anyhow::Result<()> {
        match self {
            Self::Reference => steps(&[
                Step::new("cargo test -q -p cascade-core --test it -- reference cost permissions")
                    .with(REFERENCE),
                Step::new("cargo test -q -p cascade-macros").with(REFERENCE),
            ]),
            Self::Schema => printed("schema/manifest.schema.json", &["schema"]),
            Self::Scenarios => {
                steps(&[Step::new("cargo test -q -p e2e --test it -- listing").with(SCENARIOS)])
            }
            Self::Summary => crate::book::write_summary(),
            Self::Pictures => steps(&[
                Step::new(
                    "cargo run -q --bin cascade -- -c examples/shop/.github/manifest.yaml graph -o docs/images/shop.svg",
                ),
                Step::new("cargo test -q -p e2e --test it -- graph::")
                    .with(&[("UPDATE_SCREENSHOTS", "1")]),
            ]),
            Self::Snapshots => steps(&[Step::new("cargo test -q -p cascade-core -p cascade-cli")
                .with(&[("INSTA_UPDATE", "always")])]),
            Self::Ui => {
                steps(&[
                    Step::new("cargo test -q -p cascade-cli --test it -- compiled::ui")
                        .with(&[("TRYBUILD", "overwrite")]),
                ])
            }
            Self::Locks => locks(),
            Self::Examples => examples(),
            Self::Changelog => changelog(),
        }
    }
}

fn steps(steps: &[Step]) -> anyhow::Result<()> {
    steps.iter().try_for_each(Step::run)
}

/// Returns the output of cascade for these arguments.
fn cascade(arguments: &[&str]) -> anyhow::Result<String> {
    println!("$ cascade {}", arguments.join(" "));
    let output = Command::new("cargo")
        .args(["run", "--quiet", "--bin", "cascade", "--"])
        .args(arguments)
        .current_dir(root())
        .stderr(std::process::Stdio::inherit())
        .output()
        .context("cannot start cargo")?;
    ensure!(
        output.status.success(),
        "`cascade {}` failed",
        arguments.join(" ")
    );
    Ok(String::from_utf8(output.stdout)?)
}

fn printed(file: &str, arguments: &[&str]) -> anyhow::Result<()> {
    let text = cascade(arguments)?;
    fs::write(root().join(file), text).with_context(|| format!("cannot write {file}"))
}

/// The folders of pipeline crates, which are workspaces of their own.
fn pipeline_crates() -> anyhow::Result<Vec<PathBuf>> {
    let mut found = vec![root().join(".github/pipeline")];
    for example in fs::read_dir(root().join("examples"))? {
        let folder = example?.path();
        found.extend(folder.join("Cargo.lock").is_file().then_some(folder));
    }
    found.sort();
    Ok(found)
}

fn locks() -> anyhow::Result<()> {
    for folder in pipeline_crates()? {
        println!("$ cp Cargo.lock {}", folder.display());
        fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock"))?;
        // Drops what the crate does not need, and changes no version.
        let status = Command::new("cargo")
            .args(["metadata", "--offline", "--format-version", "1"])
            .current_dir(&folder)
            .stdout(std::process::Stdio::null())
            .status()?;
        ensure!(status.success(), "cannot lock {}", folder.display());
    }
    Ok(())
}

fn examples() -> anyhow::Result<()> {
    let mut roots = vec![root()];
    for example in fs::read_dir(root().join("examples"))? {
        roots.push(example?.path());
    }
    roots.sort();
    for folder in roots {
        let manifest = folder.join(".github/manifest.yaml");
        if manifest.is_file() {
            cascade(&["--config", &manifest.to_string_lossy(), "generate"])?;
        }
    }
    Ok(())
}

fn changelog() -> anyhow::Result<()> {
    let changes = cascade(&["generate-changelog"])?;
    let text = format!(
        "# Changelog\n\n\
         Written by `cargo xtask update changelog` from the commits, as cascade writes the changelog of\n\
         every pipeline. Each release on GitHub has its own part.\n\n\
         ## Unreleased\n\n{}",
        changes.trim_start()
    );
    fs::write(root().join("CHANGELOG.md"), text).context("cannot write CHANGELOG.md")
}
