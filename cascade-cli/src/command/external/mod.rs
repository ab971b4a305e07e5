//! `external`: versions of other repositories.

mod finalize;
mod source;
mod update;

use crate::args::Request;
use crate::error::Outcome;
use crate::terminal::Terminal;
use clap::Subcommand;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Record a version that another repository reports
    Update(update::Args),
    /// Record that what arrived is deployed
    Finalize(finalize::Args),
}

pub(crate) fn run(verb: &Verb, request: &Request, terminal: &Terminal) -> Outcome {
    match verb {
        Verb::Update(args) => update::run(args, request, terminal),
        Verb::Finalize(args) => finalize::run(args, request, terminal),
    }
}

/// A version that arrived and must be deployed, for the job that does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Arrival {
    environment: String,
    sha: String,
    version: String,
    #[serde(default)]
    previous_sha: String,
    #[serde(default)]
    previous_version: String,
}

/// Everything that must be deployed, by name.
type Arrivals = IndexMap<String, Arrival>;
