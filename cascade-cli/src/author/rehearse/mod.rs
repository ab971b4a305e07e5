//! `rehearse`: starts the program that runs the generated workflows on this machine.

mod arguments;
mod known;
mod program;

use crate::author::host::Host;
use crate::cli::error::{CommandResult, Failure};
use crate::cli::request::Request;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::files::Comparison;
use crate::project::Project;
pub(crate) use arguments::arranged;
use known::Known;
use std::ffi::OsString;
use std::io::Write;
use std::process::Command;

#[derive(Debug, clap::Args)]
#[command(disable_help_flag = true)]
pub(crate) struct Args {
    /// Operations and options of the rehearsal: `--help` shows them
    #[arg(
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "ARGUMENTS"
    )]
    rest: Vec<OsString>,
}

pub(crate) fn run(args: &Args, request: &Request, terminal: &Terminal) -> CommandResult {
    if request.dry_run || request.component.is_some() || terminal.has_file() {
        let failure =
            Failure::new("`rehearse` takes no `--dry-run`, `--component` and `--output FILE`");
        return Err(failure
            .help("nothing is pushed anyway; a component's workflow is named: `rehearse promote-api`; `--html FILE` writes a page")
            .into());
    }
    let program = program::find(request)?;
    let mut command = Command::new(&program);
    command.args(&args.rest);
    if asks_for_help(&args.rest) {
        return start(command);
    }
    let project = Project::open(request, terminal)?;
    let root = project.location.root.as_path();
    command.arg("--config").arg(&project.location.manifest);
    if let Some(key) = &request.key {
        command.args(["--manifest-key", key]);
    }
    if terminal.json() {
        command.arg("--json");
    }
    let pipeline = project.pipeline(terminal)?;
    let mut known = match args.rest.iter().any(|one| one == "--offline") {
        true => Known::nothing("`--offline`"),
        false => Host::find(root)
            .and_then(|host| Known::ask(&host, &pipeline))
            .unwrap_or_else(|why| {
                Known::nothing(why.to_string().lines().next().unwrap_or_default())
            }),
    };
    if Comparison::of(&project, terminal).is_ok_and(|comparison| comparison.has_drift()) {
        known.notes.push(
            "the files on disk are not those that `cascade generate` writes; these are rehearsed"
                .to_owned(),
        );
    }
    let file = written(&known)?;
    command.arg("--host").arg(file.path());
    start(command)
}

fn asks_for_help(arguments: &[OsString]) -> bool {
    let mut asks = arguments.iter().take_while(|one| *one != "--");
    asks.any(|one| {
        ["--help", "-h", "--version", "-V"]
            .iter()
            .any(|asked| one == asked)
    })
}

fn written(known: &Known) -> Result<tempfile::NamedTempFile, Failure> {
    let write = || {
        let mut file = tempfile::NamedTempFile::new()?;
        serde_json::to_writer(&mut file, known)?;
        file.flush()?;
        Ok(file)
    };
    write().map_err(|error: std::io::Error| {
        Failure::new("a temporary file cannot be written").cause(error)
    })
}

/// Runs it to the end; its status is that of this command.
fn start(mut command: Command) -> CommandResult {
    let status = command.status().map_err(|error| {
        let program = command.get_program().display().to_string();
        Failure::new(format!("{program} does not start")).cause(error)
    })?;
    match status.code() {
        Some(0) => Ok(ExitStatus::Success),
        Some(1) => Ok(ExitStatus::No),
        _ => Ok(ExitStatus::CouldNotRun),
    }
}
