//! `pull-request check`: `verify` and `lint`, for people who read a pull request.

use super::folder;
use crate::author::pin::callbacks;
use crate::author::verify;
use crate::cli::diagnostic::{Diagnostic, Report, github, json};
use crate::cli::error::{CommandResult, Error};
use crate::cli::request::Request;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::files::Comparison;
use crate::project::Project;
use crate::run::Actions;
use cascade_core::protocol::variable;
use cascade_core::pull_request::{
    Bounded, Drift, DriftedFile, FileState, Finding, Report as _, Untrusted,
};
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Write a summary for the workflow, and annotations
    #[arg(long)]
    gha_output: bool,
    /// Leave a report in this folder
    #[arg(long, value_name = "FOLDER", env = variable::REPORT.as_str())]
    report: Option<PathBuf>,
}

pub(super) fn run(args: &Args, request: &Request, terminal: &Terminal) -> CommandResult {
    request.whole("pull-request check")?;
    let actions = Actions::new(args.gha_output)?;
    let project = Project::open(request, terminal)?;
    let mut findings = project.check_in_manifest().report;
    callbacks::explain(&project, &mut findings);
    let drift = match findings.has_errors() {
        true => Drift {
            findings: told(&findings),
            ..Drift::default()
        },
        false => compared(&project, &findings, terminal)?,
    };
    if let Some(folder) = &args.report {
        folder::write(folder, &drift)?;
    }
    let markdown = drift.markdown();
    actions.show_report(&markdown)?;
    match (terminal.json(), args.gha_output) {
        (true, _) => terminal.out(&json::pretty(&drift))?,
        (false, annotated) => {
            if annotated {
                terminal.out(&github::render(&findings))?;
            }
            terminal.say(&markdown)?;
        }
    }
    Ok(match drift.is_clean() {
        true => ExitStatus::Success,
        false => ExitStatus::No,
    })
}

fn compared(project: &Project, findings: &Report, terminal: &Terminal) -> Result<Drift, Error> {
    let comparison = Comparison::of(project, terminal).map_err(Error::unchecked)?;
    let files = verify::files(&comparison);
    let drifted = files.iter().filter(|file| file.state != FileState::Same);
    Ok(Drift {
        compared: Some(number(files.len())),
        files: drifted.map(drifted_file).collect(),
        findings: told(findings),
    })
}

fn drifted_file(file: &verify::File<'_>) -> DriftedFile {
    DriftedFile {
        path: Untrusted::new(file.path),
        state: file.state,
        line: file.line.map(number),
        found: file.found.map(Untrusted::new),
        generated: file.generated.map(Untrusted::new),
    }
}

/// Returns findings as a report has them.
pub(super) fn told(report: &Report) -> Bounded<Finding> {
    let place = |each: &Diagnostic| {
        let start = each.span.and_then(|span| report.source().positions(span));
        match (start, report.source().path()) {
            (Some((start, _)), Some(path)) => Some(format!("{path}:{}", start.line)),
            _ => each.path.clone(),
        }
    };
    let finding = |each: &Diagnostic| Finding {
        rule: Untrusted::new(&format!("{} {}", each.rule.code, each.rule.name)),
        severity: each.rule.severity.into(),
        message: Untrusted::new(&each.message),
        help: each.help.as_deref().map(Untrusted::new),
        place: place(each).as_deref().map(Untrusted::new),
    };
    report.diagnostics().iter().map(finding).collect()
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
