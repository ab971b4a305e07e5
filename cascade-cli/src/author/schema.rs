//! `schema`: the JSON schema of the manifest.

use crate::cli::diagnostic::json;
use crate::cli::error::CommandResult;
use crate::cli::request::Request;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use cascade_core::schema;

pub(crate) fn run(request: &Request, terminal: &Terminal) -> CommandResult {
    let key = request.key.as_deref().unwrap_or("ci");
    terminal.out(&json::pretty(&schema::manifest(key)))?;
    Ok(ExitStatus::Success)
}
