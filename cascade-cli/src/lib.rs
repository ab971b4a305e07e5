//! Delivery pipelines for GitHub Actions, declared in Rust and checked while they compile.
//!
//! ```
//! use cascade::prelude::*;
//!
//! /// Delivery of the shop.
//! #[pipeline(
//!     trunk_branch = "main",
//!     environments(dev, prod),
//! )]
//! pub struct Shop {
//!     #[build(
//!         workflow = "acme/ci/.github/workflows/build-app.yaml@v1",
//!         triggers("src/**"),
//!     )]
//!     image: Build,
//!
//!     #[deploy(
//!         workflow = "acme/ci/.github/workflows/deploy-web.yaml@v1",
//!         depends_on(image),
//!         inputs(tag = image.outputs.image_tag),
//!         env_inputs(prod(replicas = 3)),
//!     )]
//!     web: Deploy,
//! }
//!
//! # fn never() -> std::process::ExitCode {
//! // The body of the pipeline crate's `main`: `cargo run -- generate` writes the workflow files.
//! cascade::main::<Shop>()
//! # }
//! ```
//!
//! A wrong name, a missing input of a reusable workflow or a duration that is none is a compile
//! error at the token. The attributes are documented with [`macro@pipeline`]; [`mod@pipeline`] shows
//! how to edit a declared pipeline in code, [`builder`] how to declare one without macros.
//!
//! The program behind [`main`](fn@main) has these modules:
//!
//! | module | what lives there |
//! |---|---|
//! | [`mod@pipeline`], [`builder`], [`prelude`] | what a pipeline crate uses |
//! | `command` | the tree of commands |
//! | `author` | commands of people who write a pipeline |
//! | `operation` | commands that generated workflows call |
//! | `run` | what operations share: session, state, results of jobs, outputs |
//! | `project` | the pipeline that a request is about, from a manifest or from code |
//! | `files` | generated files against the disk: compare, diff, write |
//! | `github`, `git` | GitHub's REST API and the `git` command, typed |
//! | `repository`, `origin` | finding the manifest and the repository; the build of this program |
//! | `page` | the frame and the look of HTML pages |
//! | `cli` | requests, errors, diagnostics, what is printed |

mod author;
mod cli;
mod command;
mod files;
mod git;
mod github;
mod operation;
mod origin;
mod project;
mod repository;
mod run;
mod templates;
mod uri;

#[doc(hidden)]
#[path = "expanded.rs"]
pub mod __private;
pub mod builder;
#[doc(hidden)]
pub mod page;
pub mod pipeline;
pub mod prelude;

pub use cli::clock::Clock;
pub use pipeline::{
    BlueGreen, Build, Builder, Canary, Definition, Deploy, Draft, Environment, External,
    ExternalDeploy, Finding, Handle, Node, Pipeline, Publish, Report, Settings, UnknownEnvironment,
    Validate, block, main, run,
};
pub use pipeline::{build, component, deploy, external, pipeline, publish, strategy, validate};

use cascade_core::builder::Root;
use clap::{CommandFactory, FromArgMatches};
use clap_complete::CompleteEnv;
use cli::request::{Origin, Request};
use cli::terminal::Terminal;
use command::Cli;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

/// Runs the command line whose pipeline is the manifest that it finds; the first argument is the
/// program's name.
#[must_use]
pub fn cli(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    run_from(args, Origin::Manifest, Clock::default())
}

/// [`cli`] on the process's own arguments, with another clock: for tests that move time.
#[must_use]
pub fn run_with(clock: Clock) -> ExitCode {
    run_from(std::env::args_os(), Origin::Manifest, clock)
}

/// Runs the program's command line for a pipeline that was declared in code.
///
/// `root` is the repository's root, as [`Builder::root`] takes it; without it the repository around
/// the working directory is meant.
#[must_use]
pub fn run_draft(draft: Node, root: Option<PathBuf>) -> ExitCode {
    let root = root.map_or(Root::Around, Root::Named);
    run_code(Draft::new(draft, root))
}

fn run_code(draft: Draft) -> ExitCode {
    let origin = Origin::Code(draft);
    run_from(std::env::args_os(), origin, Clock::default())
}

fn run_from(args: impl IntoIterator<Item = OsString>, origin: Origin, clock: Clock) -> ExitCode {
    let completing = || command::completing(Cli::command());
    CompleteEnv::with_factory(completing)
        .var(author::completions::VARIABLE)
        .complete();
    let mut command = command::grouped();
    let arguments = author::rehearse::arranged(args.into_iter().collect(), &command);
    let parsed = command.try_get_matches_from_mut(arguments);
    let parsed = parsed.and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(usage) => {
            let usage = usage.format(&mut command);
            // Help that nobody reads any more is no failure.
            let _ = usage.print();
            return ExitCode::from(u8::try_from(usage.exit_code()).unwrap_or(2));
        }
    };
    let terminal = Terminal::new(&cli.global);
    let outcome = Request::new(cli.global, origin, clock)
        .and_then(|request| command::run(cli.command, &request, &terminal));
    let status = match outcome {
        Ok(status) => status,
        Err(error) => {
            error.print(&terminal);
            error.status()
        }
    };
    terminal.end();
    status.into()
}
