//! The installed `cascade` binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    cascade::cli(std::env::args_os())
}
