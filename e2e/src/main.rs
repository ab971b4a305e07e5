//! Runs scenario files.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use e2e::engine::Engine;
use e2e::roles::Role;
use e2e::scenario::suite::{Options, files, run};

/// Runs scenarios: the generated workflows, with the real cascade.
#[derive(Debug, Parser)]
#[command(name = "e2e")]
struct Arguments {
    /// Scenario files, and folders of them.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// How many run at a time.
    #[arg(long, default_value_t = 2)]
    jobs: usize,
    /// Only scenarios whose name contains this.
    #[arg(long)]
    only: Option<String>,
    /// Keep the folders, with repositories and logs.
    #[arg(long)]
    keep: bool,
    /// Keep the state on a branch of its own, where scenarios do not say where it is.
    #[arg(long)]
    state_branch: bool,
    /// Set up git to do everything in another way where cascade runs.
    #[arg(long)]
    hostile_git: bool,
    /// A folder of real actions to use instead of the stand-ins: `owner/name@ref` or `owner/name`.
    #[arg(long, value_name = "DIR")]
    actions: Option<PathBuf>,
    /// The engine that runs the workflows.
    #[arg(long, value_enum, default_value_t)]
    engine: Engine,
    /// Run each in act, too, and compare what both engines did.
    #[arg(long, conflicts_with = "engine")]
    compare: bool,
}

fn main() -> anyhow::Result<ExitCode> {
    if let Some(role) = Role::of_process() {
        return Ok(role.play());
    }
    let arguments = Arguments::parse();
    let options = Options {
        jobs: arguments.jobs,
        only: arguments.only,
        keep: arguments.keep,
        state_branch: arguments.state_branch,
        hostile_git: arguments.hostile_git,
        actions: arguments.actions,
        engine: arguments.engine,
        compare: arguments.compare,
    };
    let outcomes = run(&files(&arguments.paths)?, &options, &|outcome| {
        print!("{}", outcome.report());
    })?;
    let failed = outcomes
        .iter()
        .filter(|outcome| !outcome.failures.is_empty());
    let failed = failed.count();
    println!("{} ok, {failed} failed", outcomes.len() - failed);
    Ok(if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
