//! `version`.

use crate::diagnostic::json;
use crate::error::Outcome;
use crate::files::VERSION;
use crate::status::ExitStatus;
use crate::terminal::Terminal;
use serde::Serialize;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Fail unless this is the running version
    #[arg(long, value_name = "VERSION")]
    require: Option<String>,
}

#[derive(Debug, Serialize)]
struct Document<'a> {
    version: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    required: Option<&'a str>,
}

pub(crate) fn run(args: &Args, terminal: &Terminal) -> Outcome {
    let required = args.require.as_deref();
    terminal.out(&match terminal.json() {
        true => json::pretty(&Document {
            version: VERSION,
            required,
        }),
        false => format!("cascade {VERSION}\n"),
    })?;
    match required {
        Some(wanted) if wanted.strip_prefix('v').unwrap_or(wanted) != VERSION => {
            terminal.err(&format!(
                "this is cascade {VERSION}, and {wanted} is required\n  \
                 help: install {wanted}, or generate the workflows with {VERSION}\n"
            ));
            Ok(ExitStatus::No)
        }
        _ => Ok(ExitStatus::Success),
    }
}
