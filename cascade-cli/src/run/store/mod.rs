//! Writing state: the one function, and its transports.
//!
//! Read the tip, apply the pure change, write with the expected parent. Whoever loses the race
//! reads again and applies again; nothing is ever overwritten, and a change whose expected state has changed
//! refuses itself.

mod place;
mod put;
mod tip;

pub(crate) use place::{Place, state_file};
pub(crate) use tip::state_before;

use crate::cli::error::{Error, Failure};
use crate::cli::pause::Attempts;
use crate::git::{Git, Identity, Records};
use crate::github::GitHub;
use crate::github::refusal::{Move, explained};
use cascade_core::state::{Home, Managed, Scope};
use put::Attempt;
use std::time::Duration;

/// The time for which a writer keeps trying.
const PATIENCE: Duration = Duration::from_secs(180);
/// The longest pause between two attempts, in milliseconds.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// The first one.
const PAUSE: Duration = Duration::from_millis(25);

/// A way in which the state is read and written.
#[derive(Debug)]
pub(crate) enum Transport {
    /// The manifest in the working tree; nobody else sees it.
    WorkTree,
    /// The state branch as this clone has it.
    Local,
    /// The branch of the remote, which is read and not written.
    Look,
    /// A commit that is here, which is read and not written.
    At(String),
    /// A commit that is pushed to the branch.
    Git,
    /// A commit that GitHub makes, and signs.
    Contents(GitHub),
}

/// The state of a pipeline, or of one of its components, to be changed.
#[derive(Debug)]
pub(crate) struct Store {
    /// The way in which it is read and written.
    pub(crate) transport: Transport,
    /// The client that writes it if the branch wants signatures, which no push of ours has.
    pub(crate) signing: Option<GitHub>,
    /// The place that keeps it.
    pub(crate) place: Place,
    /// The part of it that is read and changed.
    pub(crate) scope: Scope,
    /// The identity that commits, unless GitHub does.
    pub(crate) identity: Identity,
    /// The page of the run that writes.
    pub(crate) run_url: Option<String>,
    /// The checkout.
    pub(crate) git: Git,
}

/// A change that a caller wants: the state afterwards, and what the commit says.
pub(crate) struct Change<T> {
    /// The state afterwards.
    pub(crate) managed: Managed,
    /// The subject of the commit: the operation, the environment, the version.
    pub(crate) message: String,
    /// The result for the caller.
    pub(crate) value: T,
}

/// The outcome of a write.
#[derive(Debug)]
pub(crate) struct Written<T> {
    /// The result for the caller.
    pub(crate) value: T,
    /// True if there was anything to write.
    pub(crate) changed: bool,
}

/// Returns true if a push was refused because its commits are not signed.
///
/// Source: GitHub, "Available rules for rulesets", Require signed commits.
fn unsigned(refusal: &str) -> bool {
    refusal.contains("signatures")
}

/// Puts the deployments that began beside what is recorded.
pub(crate) fn with_begun(mut managed: Managed, records: &Records) -> Managed {
    for (path, (_, begun)) in records {
        managed.state.at_path(path).begun = Some(begun.clone());
    }
    managed
}

impl Store {
    /// Applies a change to whatever the state is now, and writes it.
    pub(crate) fn write<T>(
        &mut self,
        mut change: impl FnMut(&Managed) -> Result<Change<T>, Error>,
    ) -> Result<Written<T>, Error> {
        let mut attempts = Attempts::new(PAUSE, PATIENCE).never_longer_than(LONGEST_PAUSE);
        loop {
            let tip = self.tip()?;
            let mut whole = self.whole(&tip)?;
            let before = self.in_scope(&tip, &whole);
            let wanted = change(&before)?;
            if wanted.managed == before {
                return Ok(Written {
                    value: wanted.value,
                    changed: false,
                });
            }
            let text = match wanted.managed.is_written_like(&before) {
                true => None,
                false => {
                    self.scope.put(&mut whole, wanted.managed.clone());
                    Some(self.place.text(tip.bytes.as_deref(), &whole)?)
                }
            };
            let message = self.commit_message(&wanted.message);
            match self.put(&tip, text.as_deref(), &wanted.managed, &message)? {
                Attempt::Done => {
                    return Ok(Written {
                        value: wanted.value,
                        changed: true,
                    });
                }
                Attempt::Raced if attempts.wait() => {}
                Attempt::Raced => {
                    let text = text.as_deref().unwrap_or_default();
                    return Err(self.lost(&wanted.message, text));
                }
                Attempt::Refused(why) => match self.signing.take().filter(|_| unsigned(&why)) {
                    Some(github) => self.transport = Transport::Contents(github),
                    None => return Err(self.refused(&wanted.message, &why)),
                },
            }
        }
    }

    fn commit_message(&self, what: &str) -> String {
        let subject = match self.scope.component() {
            Some(component) => self.place.subject(&format!("{component}: {what}")),
            None => self.place.subject(what),
        };
        match &self.run_url {
            Some(url) => format!("{subject}\n\nRun: {url}\n"),
            None => subject,
        }
    }

    fn lost(&self, message: &str, text: &str) -> Error {
        let (branch, path) = (self.place.branch(), self.place.path());
        let failure = Failure::new(format!("`{branch}` moved too often to write: {message}"))
            .cause(format!("{path} as it was to be written:\n{text}"))
            .help("run the job again; nothing was overwritten");
        failure.into()
    }

    fn refused(&self, message: &str, why: &str) -> Error {
        let branch = self.place.branch();
        let failure = Failure::new(format!(
            "the state was not written to `{branch}`: {message}"
        ));
        let what = match &self.place.home {
            Home::Manifest(_) => "trunk",
            Home::Branch(_) => "state branch",
        };
        let token = "`state_token` or `state_token_app`";
        explained(failure, why, Move { what, token }).into()
    }
}
