//! `export`: the pipeline as a manifest.

use crate::cli::error::{CommandResult, Error};
use crate::cli::request::Request;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::project::{Project, code};

pub(crate) fn run(request: &Request, terminal: &Terminal) -> CommandResult {
    request.whole("export")?;
    let project = Project::open(request, terminal)?;
    let Some(draft) = project.draft() else {
        return Err(Error::Findings {
            report: Box::new(project.check().report),
            status: ExitStatus::No,
        });
    };
    terminal.out(&code::manifest(draft, &project.key))?;
    Ok(ExitStatus::Success)
}
