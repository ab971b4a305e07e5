//! Rehearses the pipeline of a repository: `cascade rehearse` starts this.

use std::process::ExitCode;

use clap::Parser;
use e2e::rehearse::{Options, rehearse};
use e2e::roles::Role;

/// The status if a run did not succeed.
const FAILED: u8 = 1;
/// The status if it could not be rehearsed.
const COULD_NOT_RUN: u8 = 2;

fn main() -> ExitCode {
    if let Some(role) = Role::of_process() {
        return role.play();
    }
    let options = Options::parse();
    match run(&options) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(FAILED),
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(COULD_NOT_RUN)
        }
    }
}

fn run(options: &Options) -> anyhow::Result<bool> {
    let report = rehearse(options, &std::env::current_dir()?)?;
    report.show(options)?;
    Ok(report.succeeded())
}
