//! `lint`: everything that is wrong, in one run.

use super::pin::callbacks;
use crate::cli::diagnostic::{github, human, json, sarif};
use crate::cli::error::{CommandResult, Failure};
use crate::cli::request::Request;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::origin;
use crate::project::Project;
use clap::ValueEnum;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// For whom the findings are
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<Format>,
}

/// For whom findings are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// People: excerpts with underlines.
    Human,
    /// Scripts.
    Json,
    /// GitHub: annotations of a run.
    Github,
    /// Code scanning: SARIF 2.1.0.
    Sarif,
}

pub(crate) fn run(args: &Args, request: &Request, terminal: &Terminal) -> CommandResult {
    let format = format(args, terminal)?;
    request.whole("lint")?;
    let project = Project::open(request, terminal)?;
    let mut report = match format {
        Format::Human | Format::Json => project.check_with_files(),
        Format::Github | Format::Sarif => project.check_in_manifest(),
    }
    .report;
    callbacks::explain(&project, &mut report);
    let text = match format {
        Format::Human if report.diagnostics().is_empty() => match terminal.quiet() {
            true => String::new(),
            false => human::summary(&report) + "\n",
        },
        Format::Human => human::render(&report, terminal.colors_output()),
        Format::Json => json::render(&report),
        Format::Github => github::render(&report),
        Format::Sarif => sarif::render(&report, &origin::pages(request)),
    };
    terminal.out(&text)?;
    Ok(match report.has_errors() {
        true => ExitStatus::No,
        false => ExitStatus::Success,
    })
}

fn format(args: &Args, terminal: &Terminal) -> Result<Format, Failure> {
    match (args.format, terminal.json()) {
        (None, false) => Ok(Format::Human),
        (None | Some(Format::Json), _) => Ok(Format::Json),
        (Some(format), false) => Ok(format),
        (Some(_), true) => {
            let failure = Failure::new("`--json` and `--format` ask for different things");
            Err(failure.help("leave one of them out"))
        }
    }
}
