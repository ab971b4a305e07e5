//! `reconcile`: bumps of pinned actions in generated files become pins of the pipeline.

mod adoption;

pub(crate) use adoption::{Adoption, is_from_code, pinned};

use crate::author::pull_request::folder;
use crate::cli::diagnostic::json;
use crate::cli::error::{CommandResult, Error, Failure};
use crate::cli::request::Request;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::files::{Disk, generated, write};
use crate::project::Project;
use crate::run::Actions;
use cascade_core::generate::pins::Bumps;
use cascade_core::manifest::Pin;
use cascade_core::protocol::variable;
use cascade_core::pull_request::{Bump, Pins, Report as _, Untrusted};
use std::collections::BTreeMap;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only tell which pins would be adopted
    #[arg(long)]
    check: bool,
    /// Look only at this generated file; may be given several times
    #[arg(long = "changed-file", value_name = "FILE")]
    changed_files: Vec<String>,
    /// Write a summary for the workflow
    #[arg(long)]
    gha_output: bool,
    /// Leave a report in this folder
    #[arg(long, value_name = "FOLDER", env = variable::REPORT.as_str())]
    report: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, request: &Request, terminal: &Terminal) -> CommandResult {
    request.whole("reconcile")?;
    let actions = Actions::new(args.gha_output)?;
    let project = Project::open(request, terminal)?;
    let pipeline = project.pipeline(terminal)?;
    let disk = Disk::new(&project.location.root);
    let mut files = generated(&pipeline)?;
    files.retain(|file| args.changed_files.is_empty() || args.changed_files.contains(&file.path));
    let mut found = BTreeMap::new();
    for file in &files {
        found.insert(file.path.clone(), disk.read(&file.path)?);
    }
    let bumps = Bumps::find(&files, |path| found.get(path).cloned().flatten());
    let pins = report(&bumps);
    if let Some(folder) = &args.report {
        folder::write(folder, &pins)?;
    }
    actions.show_report(&pins.markdown())?;
    match terminal.json() {
        true => terminal.out(&json::pretty(&pins))?,
        false => terminal.say(&pins.markdown())?,
    }
    if !bumps.adoptable.is_empty() && is_from_code(&project) {
        let told = by_hand(&bumps.adoptable);
        actions.refused("Pins of actions", &told);
        return Err(told.into());
    }
    if !args.check && !request.dry_run && !bumps.adoptable.is_empty() {
        adopt(&project, &disk, &bumps.adoptable, terminal)?;
    }
    Ok(match bumps.refused.is_empty() {
        true => ExitStatus::Success,
        false => ExitStatus::No,
    })
}

fn report(bumps: &Bumps) -> Pins {
    let refused = bumps.refused.iter();
    let refused = refused.map(|(action, why)| Untrusted::new(&format!("{action}: {why}")));
    let adoptable = bumps.adoptable.iter();
    Pins {
        bumps: adoptable
            .filter_map(|(action, pin)| Bump::new(action, pin))
            .collect(),
        refused: refused.collect(),
    }
}

/// Writes the manifest with the pins, and the files that follow from it.
fn adopt(
    project: &Project,
    disk: &Disk,
    pins: &BTreeMap<String, Pin>,
    terminal: &Terminal,
) -> Result<(), Error> {
    let adoption = Adoption::of(project, pins, terminal)?;
    let manifest = project.location.shown();
    let mut files = vec![(manifest.as_str(), adoption.manifest.as_str())];
    for file in &adoption.files {
        if disk.read(&file.path)?.as_deref() != Some(file.text.as_str()) {
            files.push((&file.path, &file.text));
        }
    }
    write::write(disk, &files)?;
    let names: Vec<String> = files
        .iter()
        .map(|(path, _)| format!("  {path}\n"))
        .collect();
    if !terminal.json() {
        terminal.say(&format!("wrote\n{}", names.concat()))?;
    }
    Ok(())
}

/// Says what to write into the code of a pipeline, which no program edits.
pub(crate) fn by_hand(pins: &BTreeMap<String, Pin>) -> Failure {
    let each = pins.iter();
    let each: Vec<String> = each
        .map(|(action, pin)| format!("\"{action}\" = \"{pin}\""))
        .collect();
    Failure::new("the pipeline is declared in code, where its pins are").help(format!(
        "write `action_pins({})` into `#[pipeline(...)]`, and run its `generate`",
        each.join(", ")
    ))
}
