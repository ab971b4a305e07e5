//! Another value in a file of the target: as a pull request that is merged by itself.
//!
//! Sources: GitHub's REST API, "Pull requests" (`mergeable_state`, merging, 405 where something
//! keeps it from being merged); "Automatically merging a pull request".

use super::Done;
use super::change::Change;
use crate::cli::error::Failure;
use crate::cli::progress::Progress;
use crate::github::{Answer, NewPull};
use cascade_core::manifest::TimeSpan;
use serde_json::{Value, json};
use std::time::Duration;

/// The pause between two looks at the pull request.
const LOOK: Duration = Duration::from_secs(15);
/// The setting of the token, for the help of a refusal.
const TOKEN: &str = "deploy_target.token";

/// Proposes the change and waits until it is merged.
pub(super) fn propose(change: &Change<'_>, time: TimeSpan) -> Result<Done, Failure> {
    let Some(text) = change.read(&change.deployment.branch)?.changed else {
        return change.nothing_to_do();
    };
    let proposal = Proposal {
        change,
        head: head(change),
        method: method(change)?,
    };
    let number = proposal.open(&text)?;
    proposal.await_merge(number, time)
}

/// A branch for each deploy and environment of this repository: what was proposed before makes room.
fn head(change: &Change<'_>) -> String {
    let deployment = change.deployment;
    let (name, environment) = (&deployment.name, &deployment.environment);
    format!("cascade/{}/{environment}/{name}", deployment.source())
}

/// The way in which the repository lets pull requests be merged.
fn method(change: &Change<'_>) -> Result<&'static str, Failure> {
    let repository = change.github().described()?.accepted()?;
    let allowed = |field: &str| repository.body[field] != Value::Bool(false);
    Ok(
        match (allowed("allow_merge_commit"), allowed("allow_squash_merge")) {
            (true, _) => "merge",
            (false, true) => "squash",
            (false, false) => "rebase",
        },
    )
}

struct Proposal<'a> {
    change: &'a Change<'a>,
    /// The branch that the change is on.
    head: String,
    method: &'static str,
}

impl Proposal<'_> {
    /// Opens the pull request, or takes the one that is open; returns its number.
    fn open(&self, text: &str) -> Result<u64, Failure> {
        let (change, github) = (self.change, self.change.github());
        let base = &change.deployment.branch;
        let label = github.head_label(&self.head);
        let open = github.open_pull(&label, base)?;
        let title = change.deployment.title();
        let body = change.deployment.origin();
        if open.is_none() || self.is_outdated()? {
            self.write(text)?;
        }
        let number = match open {
            Some(pull) => {
                github.edit_pull(pull.number, &title, &body)?;
                pull.number
            }
            None => github.create_pull(&NewPull {
                title: &title,
                body: &body,
                head: &label,
                head_repository: None,
                base,
                token_setting: TOKEN,
            })?,
        };
        self.let_it_merge(&github.pull(number)?, number)?;
        Ok(number)
    }

    /// Returns true if the branch of the open pull request has another change.
    fn is_outdated(&self) -> Result<bool, Failure> {
        Ok(self.change.read(&self.head)?.changed.is_some())
    }

    /// Puts the change on the tip of the target's branch.
    fn write(&self, text: &str) -> Result<(), Failure> {
        let github = self.change.github();
        let tip = self.change.tip()?;
        let file = json!({
            "path": self.change.path(), "mode": "100644", "type": "blob", "content": text,
        });
        let tree = github.create_tree_on(&tip, &file)?;
        let body = json!({ "message": self.change.message(), "tree": tree, "parents": [tip] });
        let commit = github.create_commit(&body)?;
        github.point_branch(&self.head, &commit)
    }

    /// Lets GitHub merge as soon as it may; where nothing keeps it from that, merges now.
    fn let_it_merge(&self, pull: &Answer, number: u64) -> Result<(), Failure> {
        let github = self.change.github();
        let Some(refused) = github.auto_merge(pull.text("node_id")?, self.method)? else {
            return Ok(());
        };
        let head = pull.object("head")?.text("sha")?.to_owned();
        let merged = github.merge_pull(number, &head, self.method)?;
        if !merged.is_success() {
            let terminal = self.change.deployment.terminal;
            terminal.note(&format!(
                "pull request {number} waits for people: {refused}; {}",
                merged.message()
            ));
        }
        Ok(())
    }

    fn await_merge(&self, number: u64, time: TimeSpan) -> Result<Done, Failure> {
        let (change, github) = (self.change, self.change.github());
        let clock = change.deployment.session.clock;
        let until = (clock.now() + Duration::from_secs(time.seconds())).to_string();
        let waits = format!("pull request {number} waits to be merged");
        let progress = Progress::begin(change.deployment.terminal, &waits);
        loop {
            let pull = github.pull(number)?;
            let closed = pull.text("state")? == "closed";
            if pull.body["merged"] == Value::Bool(true) {
                return Ok(change.done(pull.text("merge_commit_sha")?.to_owned()));
            }
            let page = pull.text("html_url")?;
            if closed {
                return Err(
                    Failure::new(format!("{page} was closed without being merged"))
                        .help("run the job again to propose the change once more"),
                );
            }
            let left = clock.until(&until);
            if left.is_zero() {
                return self.give_up(number, page, time);
            }
            if pull.body["mergeable_state"] == "dirty" {
                self.renew()?;
            }
            progress.say(&format!(
                "{page} is not merged yet; {} s left",
                left.as_secs()
            ));
            clock.wait(left.min(LOOK));
        }
    }

    /// Makes the change again, on what others changed meanwhile.
    fn renew(&self) -> Result<(), Failure> {
        match self.change.read(&self.change.deployment.branch)?.changed {
            Some(text) => self.write(&text),
            None => Ok(()),
        }
    }

    /// Closes the pull request, so that nobody merges later what counts as failed.
    fn give_up(&self, number: u64, page: &str, time: TimeSpan) -> Result<Done, Failure> {
        let github = self.change.github();
        github.close_pull(number)?;
        let pull = github.pull(number)?;
        if pull.body["merged"] == Value::Bool(true) {
            return Ok(self.change.done(pull.text("merge_commit_sha")?.to_owned()));
        }
        Err(
            Failure::new(format!("{page} was not merged within {time}, and is closed now"))
                .help("run the job again to propose the change once more, or allow a longer `deploy_target.timeout`"),
        )
    }
}
