//! A pipeline declared with plain calls: what `#[pipeline]` is sugar over, with a type for each
//! choice.
//!
//! ```
//! use cascade::builder::{Builder, Cli, CliSource, Deploy, RunPolicy};
//!
//! let web = Deploy::new("web", "acme/ci/.github/workflows/deploy.yaml@v1")
//!     .run_policy(RunPolicy::Always);
//! let definition = Builder::new("main")
//!     .settings(|s| s.cli(Cli::new(CliSource::Workspace).path(".github/pipeline")))
//!     .environment("prod")
//!     .add(web)
//!     .build()?;
//! # Ok::<(), cascade::Report>(())
//! ```

pub use cascade_core::builder::*;
