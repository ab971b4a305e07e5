//! Another value in a file of the target: as a commit on its branch.

use super::{Deployment, Done};
use crate::cli::error::Failure;
use crate::cli::pause::Attempts;
use crate::github::GitHub;
use crate::github::refusal::{Move, explained};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cascade_core::gitops::{Deployed, Edited, edit, render};
use cascade_core::lifecycle::Outputs;
use cascade_core::pipeline::FieldChange;
use indexmap::IndexMap;
use serde_json::json;
use std::time::Duration;

/// The first pause before a write that lost a race is tried again.
const PAUSE: Duration = Duration::from_millis(200);
/// The time for which a write is tried that others keep winning.
const PATIENCE: Duration = Duration::from_secs(5 * 60);

/// A change of a file.
pub(super) struct Change<'a> {
    pub(super) deployment: &'a Deployment<'a>,
    field: &'a FieldChange,
    path: String,
    value: String,
}

/// A file of a branch, and what the change makes of it.
pub(super) struct File {
    /// GitHub's name of its content.
    content: String,
    /// The text after the change; nothing if it says so already.
    pub(super) changed: Option<String>,
}

impl<'a> Change<'a> {
    pub(super) fn new(
        deployment: &'a Deployment<'a>,
        field: &'a FieldChange,
        builds: &IndexMap<String, Outputs>,
    ) -> Result<Self, Failure> {
        let environment = &deployment.environment;
        let deployed = Deployed {
            environment,
            planned: &deployment.planned,
            builds,
        };
        let value = match render(&field.value, deployed) {
            Ok(value) => value,
            // A dry run builds nothing, so it does not know what builds would put out.
            Err(unknown) if deployment.session.dry_run => format!("a value in which {unknown}"),
            Err(unknown) => {
                let failure = Failure::new(unknown.to_string());
                return Err(failure.help("let the build put it out"));
            }
        };
        Ok(Self {
            deployment,
            field,
            path: field.path.of(environment),
            value,
        })
    }

    /// Commits the change to the branch, on whatever it holds by then.
    pub(super) fn commit(&self) -> Result<Done, Failure> {
        let github = self.github();
        let branch = &self.deployment.branch;
        let mut attempts = Attempts::new(PAUSE, PATIENCE);
        loop {
            let file = self.read(branch)?;
            let Some(text) = &file.changed else {
                return self.nothing_to_do();
            };
            if self.deployment.session.dry_run {
                let text = format!("{} would be {}", self.place(), self.value);
                return Ok(Done::new(None, text));
            }
            // Without an author GitHub signs the commit in the name of the token's owner.
            let body = json!({
                "message": self.message(),
                "content": STANDARD.encode(text),
                "sha": file.content,
                "branch": branch,
            });
            let answer = github.put_file(&self.path, &body)?;
            match answer.status {
                200 | 201 => {
                    let commit = answer.object("commit")?.text("sha")?.to_owned();
                    return Ok(self.done(commit));
                }
                // Somebody else's commit came first; what it changed is read again.
                409 if !answer.message().contains("rule") && attempts.wait() => {}
                _ => {
                    let failure = Failure::new(format!("{} was not changed", self.place()));
                    let moved = Move {
                        what: "branch",
                        token: "`deploy_target.token`",
                    };
                    let failure = explained(failure, &answer.message(), moved);
                    return Err(failure.or_help(
                        "the token needs `contents: write` there; where changes need a review, set `pull_request: true`",
                    ));
                }
            }
        }
    }

    /// Reads the file of a branch.
    pub(super) fn read(&self, branch: &str) -> Result<File, Failure> {
        let github = self.github();
        let answer = github.file(&self.path, branch)?;
        let place = format!("{} on {branch} of {}", self.path, github.repository());
        if answer.status == 404 {
            return Err(Failure::new(format!("there is no {place}")).help(
                "create it with the field, or correct `deploy_target`; a token that may not read the repository sees nothing, too",
            ));
        }
        let answer = answer.accepted()?;
        let content = answer.text("sha")?.to_owned();
        let refused = |why: &dyn std::fmt::Display| {
            Failure::new(format!(
                "`{}` of {place} cannot be set",
                self.field.field.as_str()
            ))
            .cause(why)
            .help("correct the file or `deploy_target`, and run the job again")
        };
        let text = String::from_utf8(github.content(&answer)?).map_err(|error| refused(&error))?;
        let steps = self.field.field.steps(&self.deployment.environment);
        let edited = edit(&text, &self.path, &steps, &self.value).map_err(|why| refused(&why))?;
        Ok(File {
            content,
            changed: match edited {
                Edited::Same => None,
                Edited::Changed(text) => Some(text),
            },
        })
    }

    /// Says that the branch holds the value already, with the commit that it is at.
    pub(super) fn nothing_to_do(&self) -> Result<Done, Failure> {
        let tip = self.tip()?;
        let text = format!("{} is {} already", self.place(), self.value);
        Ok(Done::new(Some(tip), text))
    }

    pub(super) fn done(&self, commit: String) -> Done {
        let short: String = commit.chars().take(7).collect();
        let text = format!("{} is {} since {short}", self.place(), self.value);
        Done::new(Some(commit), text)
    }

    /// The newest commit of the branch.
    pub(super) fn tip(&self) -> Result<String, Failure> {
        let reference = format!("refs/heads/{}", self.deployment.branch);
        let commit = self.github().commit(&reference)?.accepted()?;
        commit.text("sha").map(str::to_owned)
    }

    pub(super) fn github(&self) -> &GitHub {
        &self.deployment.github
    }

    pub(super) fn path(&self) -> &str {
        &self.path
    }

    pub(super) fn message(&self) -> String {
        let deployment = self.deployment;
        format!("{}\n\n{}", deployment.title(), deployment.origin())
    }

    /// `image.tag of apps/web.yaml on main of acme/infra`.
    pub(super) fn place(&self) -> String {
        let (field, path) = (self.field.field.as_str(), &self.path);
        let branch = &self.deployment.branch;
        format!(
            "{field} of {path} on {branch} of {}",
            self.github().repository()
        )
    }
}
