//! `status consistency`.

use crate::cli::diagnostic::json;
use crate::cli::error::{CommandResult, Failure};
use crate::cli::request::Request;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::git::Pushed;
use crate::github::refusal::{Move, explained};
use crate::operation::reconcile;
use crate::run::Releases;
use crate::run::{Session, Workspace, hotfixes};
use cascade_core::lifecycle::hotfix::{Facts, Inconsistency, Remedy, inconsistencies};
use cascade_core::lifecycle::release::Existing;
use cascade_core::state::Managed;
use serde_json::{Value, json};

/// The entries that do not fit, and which of them were mended.
struct Finding {
    component: Option<String>,
    found: Inconsistency,
    mended: Option<Result<(), Failure>>,
}

pub(super) fn run(fix: bool, request: &Request, terminal: &Terminal) -> CommandResult {
    let (workspace, components) = Workspace::with_components(request, terminal)?;
    workspace.git.require_history()?;
    let whole = workspace.managed_with_begun(terminal)?;
    let mut findings = Vec::new();
    for component in components {
        let session = Session::of(component, workspace.clone());
        let managed = session.scope.part(&whole);
        findings.extend(examine(&session, &managed, fix)?);
    }
    let is_mended = |each: &Finding| matches!(each.mended, Some(Ok(())));
    let consistent = findings.iter().all(is_mended);
    match terminal.json() {
        true => terminal.out(&json::pretty(&json!({
            "version": 1,
            "consistent": consistent,
            "findings": findings.iter().map(Finding::json).collect::<Vec<Value>>(),
        })))?,
        false if findings.is_empty() => terminal.out("the repository is what the state says\n")?,
        false => {
            for finding in &findings {
                terminal.out(&finding.line(fix))?;
            }
        }
    }
    for finding in &findings {
        if let Some(Err(failure)) = &finding.mended {
            terminal.failure(failure);
        }
    }
    Ok(match consistent {
        true => ExitStatus::Success,
        false => ExitStatus::No,
    })
}

/// Finds what does not fit a component, and mends what can be mended.
fn examine(session: &Session, managed: &Managed, fix: bool) -> Result<Vec<Finding>, Failure> {
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
    let mut findings = Vec::new();
    for found in found {
        let mended = match &found.remedy {
            Some(remedy) if mends => Some(mend(session, managed, remedy)),
            _ => None,
        };
        findings.push(Finding {
            component: component.name().map(str::to_owned),
            found,
            mended,
        });
    }
    if mends {
        reconcile::hotfixes(session, managed)?;
    }
    Ok(findings)
}

impl Finding {
    fn json(&self) -> Value {
        let found = &self.found;
        let mut entry = json!({
            "environment": found.environment,
            "what": found.what,
            "remedy": found.remedy,
            "fixed": matches!(self.mended, Some(Ok(()))),
        });
        if let Some(component) = &self.component {
            entry["component"] = component.as_str().into();
        }
        entry
    }

    fn line(&self, fix: bool) -> String {
        let found = &self.found;
        let hint = match (&self.mended, &found.remedy) {
            (Some(Ok(())), _) => " (mended)",
            (Some(Err(_)), _) => " (could not be mended)",
            (None, Some(_)) if fix => " (would be mended)",
            (None, Some(_)) => " (`--fix` mends it)",
            (None, None) => " (needs a person)",
        };
        match &self.component {
            Some(component) => format!("{component}: {found}{hint}\n"),
            None => format!("{found}{hint}\n"),
        }
    }
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
