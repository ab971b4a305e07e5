//! `doctor`: what would fail at the first push, and its fix.
//!
//! | file | what is there |
//! |---|---|
//! | `diagnosis` | what an examination finds, and what mends it |
//! | `needs` | what the generated files need: actions, secrets, variables |
//! | the others | one subject each |

mod actions;
mod branches;
mod diagnosis;
mod environments;
mod go_tool;
mod installation;
mod labels;
mod names;
mod needs;
mod rules;

use crate::author::host::Host;
use crate::cli::diagnostic::json;
use crate::cli::error::{CommandResult, Error};
use crate::cli::request::Request;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::{GREEN, RED, Terminal, YELLOW};
use crate::files::generated;
use crate::git::Git;
use crate::project::Project;
use cascade_core::pipeline::Pipeline;
use diagnosis::{Diagnosis, Verdict};
use needs::Needs;
use serde_json::{Value, json};
use std::path::Path;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Set on GitHub what can be set there, then look again
    #[arg(long)]
    fix: bool,
}

/// Everything that an examination looks at.
struct Patient<'a> {
    host: &'a Host,
    pipeline: &'a Pipeline,
    needs: &'a Needs,
    root: &'a Path,
    git: &'a Git,
}

pub(crate) fn run(args: &Args, request: &Request, terminal: &Terminal) -> CommandResult {
    request.whole("doctor")?;
    let project = Project::open(request, terminal)?;
    let pipeline = project.pipeline(terminal)?;
    let root = project.location.root.as_path();
    let host = Host::find(root)?;
    let needs = Needs::of(&generated(&pipeline)?);
    let git = Git::new(root, &host.environment, host.environment.token.as_ref());
    let patient = Patient {
        host: &host,
        pipeline: &pipeline,
        needs: &needs,
        root,
        git: &git,
    };
    let mut found = examine(&patient)?;
    let mut mended = Vec::new();
    if args.fix && !request.dry_run {
        for diagnosis in &found {
            if diagnosis.mend(&patient)? {
                mended.push(diagnosis.subject.clone());
            }
        }
        if !mended.is_empty() {
            found = examine(&patient)?;
        }
    }
    terminal.out(&match terminal.json() {
        true => json::pretty(&document(&host, &found, &mended)),
        false => spoken(&host, &found, &mended, terminal),
    })?;
    match found.iter().any(|each| each.verdict == Verdict::Wrong) {
        true => Ok(ExitStatus::No),
        false => Ok(ExitStatus::Success),
    }
}

fn examine(patient: &Patient<'_>) -> Result<Vec<Diagnosis>, Error> {
    let mut found = branches::examine(patient)?;
    found.extend(actions::examine(patient)?);
    found.extend(rules::examine(patient)?);
    found.extend(environments::examine(patient)?);
    found.extend(names::examine(patient)?);
    found.extend(installation::examine(patient)?);
    found.extend(labels::examine(patient)?);
    found.extend(go_tool::examine(patient)?);
    Ok(found)
}

fn document(host: &Host, found: &[Diagnosis], mended: &[String]) -> Value {
    json!({
        "version": json::VERSION,
        "repository": host.name,
        "items": found.iter().map(Diagnosis::json).collect::<Vec<_>>(),
        "fixed": mended,
    })
}

fn spoken(host: &Host, found: &[Diagnosis], mended: &[String], terminal: &Terminal) -> String {
    let mut text = format!("{}\n\n", host.name);
    for diagnosis in found {
        let (word, style) = match diagnosis.verdict {
            Verdict::Good => ("ok     ", GREEN),
            Verdict::Wrong => ("wrong  ", RED),
            Verdict::Unknown => ("unknown", YELLOW),
        };
        let word = terminal.paint(style, word);
        text.push_str(&format!(
            "{word}  {}: {}\n",
            diagnosis.subject, diagnosis.said
        ));
        if let Some(fix) = diagnosis.fix.shown() {
            let lines = fix.lines().map(|line| format!("           {line}\n"));
            text.push_str(&lines.collect::<String>());
        }
    }
    let count = |verdict: Verdict| found.iter().filter(|each| each.verdict == verdict).count();
    let (wrong, unknown) = (count(Verdict::Wrong), count(Verdict::Unknown));
    text.push_str(&match (wrong, unknown) {
        (0, 0) => "\nNothing is in the way of the first push.\n".to_owned(),
        (0, unknown) => {
            format!("\nNothing is known to be wrong; {unknown} could not be looked at.\n")
        }
        (wrong, _) => format!("\n{wrong} of {} would fail.\n", found.len()),
    });
    if !mended.is_empty() {
        text.push_str(&format!("Fixed: {}.\n", mended.join(", ")));
    } else if found.iter().any(|each| each.fix.is_by_api()) {
        text.push_str("`cascade doctor --fix` sets what is marked with \"--fix\".\n");
    }
    text
}
