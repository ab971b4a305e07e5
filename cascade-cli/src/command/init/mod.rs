//! `init`: scaffolds a repository that verifies.

mod rust;
mod scaffold;

use crate::args::{Origin, Request};
use crate::diagnostic::{count, json};
use crate::error::{Failure, Outcome};
use crate::files::{Disk, generated, write};
use crate::repository::MANIFEST;
use crate::status::ExitStatus;
use crate::terminal::{GREEN, Terminal};
use cascade_core::check::check;
use cascade_core::contract::{Contracts, MemorySource};
use cascade_core::draft::Leaf;
use cascade_core::pipeline::Name;
use cascade_core::yaml::Manifest;
use clap::ValueEnum;
use rust::Dependency;
use scaffold::Scaffold;
use serde::Serialize;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The environments of the promotion ladder, in order
    #[arg(long, value_delimiter = ',', value_name = "NAME,...")]
    envs: Option<Vec<String>>,
    /// The kind of pipeline
    ///
    /// By default what fits the environments.
    #[arg(long, value_enum, value_name = "KIND")]
    topology: Option<Topology>,
    /// The name of what is delivered; by default that of the folder
    #[arg(long)]
    name: Option<String>,
    /// The repository; by default the working directory
    #[arg(long, value_name = "FOLDER")]
    dir: Option<PathBuf>,
    /// Write into a folder that is not empty, over files of the same names
    #[arg(long)]
    force: bool,
    /// Scaffold a pipeline crate instead of a manifest
    ///
    /// It stands at the root of the repository.
    #[arg(long)]
    rust: bool,
    /// The repository that the crate gets cascade from
    #[arg(
        long,
        requires = "rust",
        value_name = "URL",
        conflicts_with = "cascade_path"
    )]
    cascade_git: Option<String>,
    /// The folder of sources that the crate gets cascade from
    #[arg(long, requires = "rust", value_name = "FOLDER")]
    cascade_path: Option<PathBuf>,
}

/// The kind of a pipeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Topology {
    /// Releases, and nothing is deployed.
    Library,
    /// One environment.
    Single,
    /// Several environments, promoted one after the other.
    Ladder,
}

#[derive(Debug, Serialize)]
struct Document<'a> {
    version: u32,
    dry_run: bool,
    directory: String,
    files: Vec<&'a str>,
}

pub(crate) fn run(args: &Args, request: &Request, terminal: &Terminal) -> Outcome {
    if matches!(request.origin, Origin::Code { .. }) {
        let failure = Failure::new("this pipeline is declared in code already");
        return Err(failure.help("run `generate` to write its files").into());
    }
    let folder = args.dir.as_ref().map_or_else(
        || request.directory.clone(),
        |folder| request.directory.join(folder),
    );
    let scaffold = validate(args, &folder)?;
    if !args.force {
        refuse_used(&folder)?;
    }
    let dependency = args
        .rust
        .then(|| Dependency::of(args, &request.directory, &folder))
        .transpose()?;
    let files = files(&scaffold, dependency.as_ref())?;
    let disk = Disk::new(&folder);
    for (path, _) in &files {
        disk.read(path)?;
    }
    let paths: Vec<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
    if !request.dry_run {
        let texts: Vec<(&str, &str)> = files
            .iter()
            .map(|(p, t)| (p.as_str(), t.as_str()))
            .collect();
        write::write(&disk, &texts)?;
    }
    if terminal.json() {
        terminal.out(&json::pretty(&Document {
            version: json::VERSION,
            dry_run: request.dry_run,
            directory: folder.display().to_string(),
            files: paths,
        }))?;
    } else if !terminal.quiet() {
        let word = if request.dry_run {
            "would write"
        } else {
            "created"
        };
        let word = terminal.paint(GREEN, word);
        let mut out: String = paths
            .iter()
            .map(|path| format!("{word}  {path}\n"))
            .collect();
        out.push_str(&count(paths.len(), "file"));
        out.push_str(&next(args, dependency.as_ref()));
        terminal.out(&out)?;
    }
    Ok(ExitStatus::Success)
}

/// What to do now.
fn next(args: &Args, dependency: Option<&Dependency>) -> String {
    let Some(dependency) = dependency else {
        return format!(
            "; put your commands into the workflows that `{MANIFEST}` names, then commit\n"
        );
    };
    let mut out = "; `cargo run --bin cascade -- generate` writes the workflows\n".to_owned();
    if args.cascade_git.is_none() && args.cascade_path.is_none() {
        out.push_str(&dependency.note());
    }
    out
}

fn validate(args: &Args, folder: &Path) -> Result<Scaffold, Failure> {
    let given = args.envs.clone();
    let topology = args.topology.unwrap_or(match given.as_deref() {
        None => Topology::Ladder,
        Some([]) => Topology::Library,
        Some([_]) => Topology::Single,
        Some(_) => Topology::Ladder,
    });
    let environments = given.unwrap_or_else(|| {
        let names: &[&str] = match topology {
            Topology::Library => &[],
            Topology::Single => &["prod"],
            Topology::Ladder => &["dev", "prod"],
        };
        names.iter().map(ToString::to_string).collect()
    });
    let (fits, wanted) = match topology {
        Topology::Library => (environments.is_empty(), "a library has no environments"),
        Topology::Single => (
            environments.len() == 1,
            "`single` has exactly one environment",
        ),
        Topology::Ladder => (
            environments.len() >= 2,
            "a ladder has at least two environments",
        ),
    };
    if !fits {
        let failure = Failure::new(format!(
            "{wanted}, and `--envs` names {}",
            environments.len()
        ));
        return Err(failure.help("change `--envs`, or leave `--topology` out"));
    }
    let name = match &args.name {
        Some(name) => name.clone(),
        None => default_name(folder),
    };
    let name = Name::parse(&name).map_err(|problem| {
        Failure::new(format!("`--name`: {}", problem.message))
            .help(problem.help.unwrap_or_default())
    })?;
    Ok(Scaffold { name, environments })
}

/// The folder's name, as far as it can be one.
fn default_name(folder: &Path) -> String {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let fit = |c: char| {
        if c.is_ascii_alphanumeric() || c == '_' {
            c
        } else {
            '-'
        }
    };
    let name: String = name.chars().map(fit).take(100).collect();
    let name = name.trim_matches('-');
    if name.is_empty() { "app" } else { name }.to_owned()
}

fn refuse_used(folder: &Path) -> Result<(), Failure> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => {
            let failure = Failure::new(format!("cannot read the folder {}", folder.display()));
            return Err(failure.cause(error).help("name another one with `--dir`"));
        }
    };
    if entries.flatten().any(|entry| entry.file_name() != ".git") {
        let failure = Failure::new(format!("{} is not empty", folder.display()));
        return Err(failure.help("write into it with `--force`, or name another one with `--dir`"));
    }
    Ok(())
}

/// The pipeline and its callbacks; for a manifest also what is generated from both.
fn files(
    scaffold: &Scaffold,
    dependency: Option<&Dependency>,
) -> Result<Vec<(String, String)>, Failure> {
    let manifest = scaffold.manifest();
    let mut files: Vec<(String, String)> = scaffold.callbacks();
    let source: MemorySource = files.iter().cloned().collect();
    let read = Manifest::read(manifest.as_bytes(), "ci").map_err(|_| broken())?;
    let checked = check(read.config(), &Contracts::new(&source));
    let pipeline = checked
        .pipeline
        .ok_or_else(|| match checked.findings.first() {
            Some(finding) => {
                let failure = Failure::new(format!("`{}`: {}", finding.at, finding.message));
                failure.help(finding.help.clone().unwrap_or_default())
            }
            None => broken(),
        })?;
    if let Some(dependency) = dependency {
        files.extend(rust::files(&scaffold.name, read.config(), dependency));
    } else {
        let generated = generated(&pipeline)?;
        files.push((MANIFEST.to_owned(), manifest));
        files.extend(generated.into_iter().map(|file| (file.path, file.text)));
    }
    files.sort();
    Ok(files)
}

fn broken() -> Failure {
    Failure::new("the scaffold is not a pipeline").help("this is a defect of cascade: report it")
}
