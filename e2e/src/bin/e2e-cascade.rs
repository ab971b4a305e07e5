//! cascade with the scenario's clock: seconds since 1970 in the file that `E2E_CLOCK` names.

use std::process::ExitCode;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// act closes the terminal of a step that fails at once, read or not (`exec` in its
/// `host_environment.go`), and with it goes the message.
const UNTIL_ACT_HAS_READ: Duration = Duration::from_millis(200);
/// In a scenario in which this process crashes, it must not end before that.
const UNTIL_IT_IS_KILLED: Duration = Duration::from_secs(5);

fn main() -> ExitCode {
    e2e::scenario::note_process();
    let code = cascade::run_with(cascade::Clock::new(now));
    let is = |name| std::env::var_os(name).is_some();
    match code {
        ExitCode::SUCCESS => {}
        _ if is("E2E_CRASH") => std::thread::sleep(UNTIL_IT_IS_KILLED),
        _ if is("E2E_JOB") => {}
        _ => std::thread::sleep(UNTIL_ACT_HAS_READ),
    }
    code
}

fn now() -> SystemTime {
    let file = std::env::var_os("E2E_CLOCK");
    let text = file.and_then(|file| std::fs::read_to_string(file).ok());
    let seconds = text.and_then(|text| text.trim().parse().ok());
    seconds.map_or_else(SystemTime::now, |seconds| {
        UNIX_EPOCH + Duration::from_secs(seconds)
    })
}
