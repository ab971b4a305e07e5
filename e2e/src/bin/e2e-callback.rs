//! What the stub of a callback runs: notes the call, then does what the scenario says.

use std::process::ExitCode;

fn main() -> ExitCode {
    match e2e::scenario::answer_call() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => {
            eprintln!("fails, as the scenario says");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::from(2)
        }
    }
}
