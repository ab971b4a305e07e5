//! Pipelines that are declared in Rust.
//!
//! ```
//! use cascade::prelude::*;
//!
//! /// Delivery of the shop.
//! #[pipeline(trunk_branch = "main", environments(dev, prod(wait_timer = 5)))]
//! struct Shop {
//!     #[build(workflow = "acme/ci/.github/workflows/build.yaml@v1", triggers("src/**"))]
//!     image: Build,
//!
//!     #[deploy(
//!         workflow = "acme/ci/.github/workflows/deploy.yaml@v1",
//!         depends_on(image),
//!         inputs(tag = image.outputs.image_tag),
//!         env_inputs(prod(cluster = "green")),
//!     )]
//!     web: Deploy,
//! }
//!
//! let shop = Shop::default();
//! assert_eq!(shop.web().name(), "web");
//! assert!(matches!("prod".parse(), Ok(ShopEnvironment::Prod)));
//!
//! // The same pipeline with one more deploy, and another place to release from.
//! let definition = Shop::builder()
//!     .settings(|s| s.trunk_branch("release"))
//!     .edit(Shop::WEB, |web| web.retries(2))
//!     .add(
//!         Deploy::new("search", "acme/ci/.github/workflows/deploy.yaml@v1")
//!             .depends_on(Shop::IMAGE),
//!     )
//!     .build()?;
//! // A runner without cascade, and callbacks of another repository by a tag that may move.
//! let known = ["C109", "C315"];
//! assert!(definition.warnings().iter().all(|finding| known.contains(&finding.rule.code)));
//! # Ok::<(), cascade::Report>(())
//! ```
//!
//! A pipeline crate's `main` is one call:
//!
//! ```no_run
//! # use cascade::prelude::*;
//! # #[pipeline(trunk_branch = "main")]
//! # struct Shop {}
//! fn main() -> std::process::ExitCode {
//!     cascade::main::<Shop>()
//! }
//! ```

pub use cascade_core::builder::{
    BlueGreen, Build, Builder, Canary, Definition, Deploy, Draft, Environment, External,
    ExternalDeploy, Handle, Publish, Report, Settings, Validate, block,
};
pub use cascade_core::finding::Finding;
pub use cascade_core::manifest::draft::Node;
pub use cascade_macros::{
    build, component, deploy, external, pipeline, publish, strategy, validate,
};

use std::fmt;
use std::process::ExitCode;

/// A pipeline that is declared with `#[pipeline]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a pipeline",
    note = "write `#[pipeline(...)]` above the struct"
)]
pub trait Pipeline: Sized {
    /// Returns the declared pipeline.
    fn draft() -> Draft;

    /// A builder that starts from what was declared.
    #[must_use]
    fn builder() -> Builder {
        Self::draft().into()
    }
}

/// Runs the command line for the pipeline `P`.
#[must_use]
pub fn main<P: Pipeline>() -> ExitCode {
    crate::run_code(P::draft())
}

/// Runs the command line for a pipeline that was built.
#[must_use]
pub fn run(definition: Definition) -> ExitCode {
    crate::run_code(definition.into_draft())
}

/// Text that names no environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownEnvironment(String);

impl UnknownEnvironment {
    /// The error for `text`.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for UnknownEnvironment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no environment is named `{}`", self.0)
    }
}

impl std::error::Error for UnknownEnvironment {}
