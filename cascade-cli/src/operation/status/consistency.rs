//! `status consistency`.

use crate::cli::diagnostic::json;
use crate::cli::error::{CommandResult, Failure};
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::git::Pushed;
use crate::github::refusal::{Move, explained};
use crate::operation::reconcile;
use crate::run::Releases;
use crate::run::{Session, hotfixes};
use cascade_core::lifecycle::hotfix::{Facts, Inconsistency, Remedy, inconsistencies};
use cascade_core::lifecycle::release::Existing;
use cascade_core::state::Managed;
use serde_json::{Value, json};

pub(super) fn run(
    session: &Session,
    managed: &Managed,
    fix: bool,
    terminal: &Terminal,
) -> CommandResult {
    let pulls = match session.github()? {
        Some(github) => hotfixes::all(session, &github)?,
        None => Vec::new(),
    };
    let facts = Facts {
        trunk: &session.trunk_head()?,
        branches: &hotfixes::branches(session)?,
        pulls: &pulls,
    };
    let existing = existing(session)?;
    let releases = existing.as_deref();
    let (component, state) = (&session.component, &managed.state);
    let found = inconsistencies(component, state, facts, releases, &session.git)?;
    let mends = fix && !session.dry_run;
    let mut results = Vec::new();
    for each in &found {
        let mended = match &each.remedy {
            Some(remedy) if mends => Some(mend(session, managed, remedy)),
            _ => None,
        };
        results.push((each, mended));
    }
    if mends {
        reconcile::hotfixes(session, managed)?;
    }
    let consistent = results
        .iter()
        .all(|(_, mended)| matches!(mended, Some(Ok(()))));
    match terminal.json() {
        true => terminal.out(&json::pretty(&json!({
            "version": 1,
            "consistent": consistent,
            "findings": results.iter().map(entry).collect::<Vec<Value>>(),
        })))?,
        false if found.is_empty() => terminal.out("the repository is what the state says\n")?,
        false => {
            for result in &results {
                terminal.out(&line(result, fix))?;
            }
        }
    }
    for (_, mended) in &results {
        if let Some(Err(failure)) = mended {
            terminal.failure(failure);
        }
    }
    Ok(match consistent {
        true => ExitStatus::Success,
        false => ExitStatus::No,
    })
}

type Mended = Option<Result<(), Failure>>;

fn entry((found, mended): &(&Inconsistency, Mended)) -> Value {
    json!({
        "environment": found.environment,
        "what": found.what,
        "remedy": found.remedy,
        "fixed": matches!(mended, Some(Ok(()))),
    })
}

fn line((found, mended): &(&Inconsistency, Mended), fix: bool) -> String {
    let hint = match (mended, &found.remedy) {
        (Some(Ok(())), _) => " (mended)",
        (Some(Err(_)), _) => " (could not be mended)",
        (None, Some(_)) if fix => " (would be mended)",
        (None, Some(_)) => " (`--fix` mends it)",
        (None, None) => " (needs a person)",
    };
    format!("{found}{hint}\n")
}

/// The releases on GitHub; none where none are wanted, or no repository of GitHub's is known.
fn existing(session: &Session) -> Result<Option<Vec<Existing>>, Failure> {
    let releases = Releases::new(session)?;
    releases
        .available()
        .then(|| releases.existing())
        .transpose()
}

fn mend(session: &Session, managed: &Managed, remedy: &Remedy) -> Result<(), Failure> {
    match remedy {
        Remedy::Release { .. } => reconcile::reconcile(session, managed),
        Remedy::Tag { tag, sha } => Releases::new(session)?.ensure_tag(tag, sha),
        Remedy::MoveBranch { branch, from, to } => {
            let moved = session
                .git
                .move_branch(branch, from.as_deref(), to.as_deref())?;
            match moved {
                Pushed::Done => Ok(()),
                Pushed::Raced => Err(Failure::new(format!("`{branch}` moved meanwhile"))
                    .help("look again: somebody else may have mended it")),
                Pushed::Refused(why) => {
                    let failure = Failure::new(format!("`{branch}` was refused"));
                    Err(explained(
                        failure,
                        &why,
                        Move {
                            what: "branch",
                            token: "GITHUB_TOKEN",
                        },
                    ))
                }
            }
        }
    }
}
