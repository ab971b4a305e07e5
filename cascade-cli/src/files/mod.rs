//! Generated files against the disk.

pub(crate) mod attributes;
mod comparison;
mod disk;
pub(crate) mod manifest;
mod orphans;
pub(crate) mod write;

pub(crate) use comparison::{Comparison, Entry, State, plain};
pub(crate) use disk::Disk;

use crate::cli::error::Failure;
use cascade_core::generate::{self, GenerateError};
use cascade_core::pipeline::Pipeline;

/// The version that generated files name.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The files of a pipeline.
pub(crate) fn generated(pipeline: &Pipeline) -> Result<Vec<generate::File>, Failure> {
    generate::generate(pipeline, VERSION).map_err(|GenerateError::Workflow { path, error }| {
        Failure::new(format!("`{path}` would be a workflow that GitHub refuses")).cause(error)
    })
}
