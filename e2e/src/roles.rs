//! The programs that steps call: one file under several names, so that each is there as soon as
//! the program is that runs the workflows.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use anyhow::Context;

use crate::github::clock;
use crate::scenario::{answer_call, note_process};

/// act closes the terminal of a step that fails at once, read or not (`exec` in its
/// `host_environment.go`), and with it goes the message.
const UNTIL_ACT_HAS_READ: Duration = Duration::from_millis(200);
/// In a scenario in which this process crashes, it must not end before that.
const UNTIL_IT_IS_KILLED: Duration = Duration::from_secs(5);

/// The programs that hold all roles.
const HOLDERS: [&str; 2] = ["e2e", "cascade-rehearse"];

/// A part that the program plays under a name of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// cascade, at the time that `E2E_CLOCK` says: a file with seconds since 1970.
    Cascade,
    /// The stub of a callback: notes the call, then does what the scenario says.
    Callback,
}

impl Role {
    /// Returns the role of a program that was started under this name.
    #[must_use]
    pub fn of(program: &Path) -> Option<Self> {
        match program.file_name()?.to_str()? {
            "cascade" => Some(Self::Cascade),
            "e2e-callback" => Some(Self::Callback),
            _ => None,
        }
    }

    /// Returns the role that this process was started for.
    #[must_use]
    pub fn of_process() -> Option<Self> {
        let program = std::env::args_os().next();
        Self::of(Path::new(&program.unwrap_or_default()))
    }

    /// Plays it, with the arguments of the process.
    #[must_use]
    pub fn play(self) -> ExitCode {
        match self {
            Self::Cascade => cascade(),
            Self::Callback => callback(),
        }
    }
}

fn cascade() -> ExitCode {
    note_process();
    let clock = match clock() {
        Some(_) => cascade::Clock::new(now).waiting(pass),
        None => cascade::Clock::default(),
    };
    let code = cascade::run_with(clock);
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
    clock().map_or_else(SystemTime::now, |file| clock::read(&file))
}

fn pass(time: Duration) {
    let passed = clock().map(|file| clock::pass(&file, time));
    if let Some(Err(error)) = passed {
        eprintln!("the clock cannot be moved: {error:#}");
        std::thread::sleep(time);
    }
}

fn clock() -> Option<PathBuf> {
    std::env::var_os("E2E_CLOCK").map(PathBuf::from)
}

fn callback() -> ExitCode {
    match answer_call() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => {
            eprintln!("fails, as the stub was told to");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::from(2)
        }
    }
}

/// Finds the file that plays the roles: the one that runs, or that which cargo put beside it.
pub(crate) fn holder() -> anyhow::Result<PathBuf> {
    let running = std::env::current_exe()?;
    let holds = |file: &Path| {
        let stem = file.file_stem().and_then(|stem| stem.to_str());
        stem.is_some_and(|stem| HOLDERS.contains(&stem)) && file.is_file()
    };
    let beside = running.ancestors().skip(1).take(2);
    let beside = beside.map(|folder| folder.join(HOLDERS[0]));
    std::iter::once(running.clone())
        .chain(beside)
        .find(|file| holds(file))
        .with_context(|| format!("no `{}` beside {}", HOLDERS[0], running.display()))
}
