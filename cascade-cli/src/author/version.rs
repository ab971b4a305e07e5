//! `version`.

use crate::cli::diagnostic::json;
use crate::cli::error::CommandResult;
use crate::cli::request::Request;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::files::VERSION;
use crate::origin::{self, ProgramOrigin};
use cascade_core::commits::short;
use serde::Serialize;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Fail unless this is the running version
    #[arg(long, value_name = "VERSION")]
    require: Option<String>,
    /// Fail unless the running version was built from this commit, in full
    #[arg(long, value_name = "COMMIT")]
    rev: Option<String>,
}

#[derive(Debug, Serialize)]
struct Document<'a> {
    version: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    required: Option<&'a str>,
    origin: Option<&'a ProgramOrigin>,
}

pub(crate) fn run(args: &Args, request: &Request, terminal: &Terminal) -> CommandResult {
    let origin = origin::of(request);
    let required = args.require.as_deref();
    terminal.out(&match terminal.json() {
        true => json::pretty(&Document {
            version: VERSION,
            required,
            origin: origin.as_ref(),
        }),
        false => format!("{}\n", shown(origin.as_ref())),
    })?;
    if let Some(wanted) =
        required.filter(|wanted| wanted.strip_prefix('v').unwrap_or(wanted) != VERSION)
    {
        terminal.err(&format!(
            "this is cascade {VERSION}, and {wanted} is required\n  \
             help: install {wanted}, or generate the workflows with {VERSION}\n"
        ));
        return Ok(ExitStatus::No);
    }
    let built_from = origin.as_ref().map(|origin| origin.rev.as_str());
    match args.rev.as_deref() {
        Some(wanted) if built_from != Some(wanted) => {
            let found = built_from.unwrap_or("a commit that is not known");
            terminal.err(&format!(
                "this cascade was built from {found}, and {wanted} is required\n  \
                 help: build it from that commit\n"
            ));
            Ok(ExitStatus::No)
        }
        _ => Ok(ExitStatus::Success),
    }
}

fn shown(origin: Option<&ProgramOrigin>) -> String {
    match origin {
        Some(ProgramOrigin {
            release: Some(repository),
            ..
        }) => {
            format!("cascade {VERSION} (release of {repository})")
        }
        Some(origin) => format!(
            "cascade {VERSION} ({} at {})",
            origin.url,
            short(&origin.rev)
        ),
        None => format!("cascade {VERSION}"),
    }
}
