//! Chores of this repository: `cargo xtask help`.

use clap::{Parser, Subcommand};
use xtask::{book, check, update};

/// Chores of this repository.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Chores {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Debug, Subcommand)]
enum Chore {
    /// Write anew what tests keep in step with the code
    Update(update::Args),
    /// Build the book of the docs below `target/book`
    Book(book::Args),
    /// Run what is quick: formatting, lints, and the tests of the core and of the command line
    Check,
}

fn main() -> anyhow::Result<()> {
    match Chores::parse().chore {
        Chore::Update(args) => update::run(&args),
        Chore::Book(args) => book::run(&args),
        Chore::Check => check::run(),
    }
}
