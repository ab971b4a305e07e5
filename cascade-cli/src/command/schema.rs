//! `schema`: the JSON schema of the manifest.

use crate::args::Request;
use crate::diagnostic::json;
use crate::error::Outcome;
use crate::status::ExitStatus;
use crate::terminal::Terminal;
use cascade_core::schema;

pub(crate) fn run(request: &Request, terminal: &Terminal) -> Outcome {
    let key = request.key.as_deref().unwrap_or("ci");
    terminal.out(&json::pretty(&schema::manifest(key)))?;
    Ok(ExitStatus::Success)
}
