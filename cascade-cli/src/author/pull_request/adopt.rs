//! `pull-request adopt`: the pins that a bot's pull request brings become pins of the manifest.
//!
//! Nothing of the pull request is run. Its configuration must be the trunk's; the trunk's cascade writes
//! the pins into it, which are all that is taken from the report, and generates the files again.

use super::folder;
use super::followed::{FollowedRun, client};
use crate::author::reconcile::{Adoption, by_hand, is_from_code, pinned};
use crate::cli::diagnostic::json;
use crate::cli::error::{CommandResult, Error, Failure};
use crate::cli::request::Request;
use crate::cli::runner;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::git::{Git, Pushed};
use crate::github::{GitHub, NewPull};
use crate::project::Project;
use crate::run::{Actions, Workspace};
use cascade_core::manifest::yaml::Manifest;
use cascade_core::manifest::{Pin, ReconcileCommit};
use cascade_core::pipeline::Reconcile;
use cascade_core::protocol::variable;
use cascade_core::pull_request::Pins;
use cascade_core::summary::Summary;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Write a summary for the workflow
    #[arg(long)]
    gha_output: bool,
    /// The folder with the report
    #[arg(long, value_name = "FOLDER", env = variable::REPORT.as_str())]
    report: PathBuf,
}

pub(super) fn run(args: &Args, request: &Request, terminal: &Terminal) -> CommandResult {
    let actions = Actions::new(args.gha_output)?;
    let workspace = Workspace::open(request, terminal)?;
    workspace.require_trunk()?;
    let project = Project::open(request, terminal)?;
    let adopter = Adopter::new(&project, &workspace)?;
    let pins = folder::read::<Pins>(&args.report);
    let pins = pins.inspect_err(|failure| actions.refused("Pins of actions", failure))?;
    let pins = pins.unwrap_or_default().by_action();
    let said = adopter.adopt(&pins, terminal);
    let said = said.inspect_err(|error| {
        if let Error::Failure(failure) = error {
            actions.refused("Pins of actions", failure);
        }
    })?;
    actions.summarise(&Summary::titled("Pins of actions").sentence(&said))?;
    match terminal.json() {
        true => terminal.out(&json::pretty(&serde_json::json!({ "result": said })))?,
        false => terminal.say(&format!("{said}\n"))?,
    }
    Ok(ExitStatus::Success)
}

/// The adopter of pins: the trunk, and a credential that may change workflow files.
struct Adopter<'a> {
    project: &'a Project,
    workspace: &'a Workspace,
    reconcile: Reconcile,
    run: FollowedRun,
    /// Reads pull requests.
    reader: GitHub,
    /// Opens one.
    writer: GitHub,
    /// Pushes.
    git: Git,
}

impl<'a> Adopter<'a> {
    fn new(project: &'a Project, workspace: &'a Workspace) -> Result<Self, Failure> {
        let environment = &workspace.environment;
        let reconcile = workspace.settings.reconcile.clone().ok_or_else(|| {
            Failure::new("the pipeline does not ask for pins to be adopted")
                .help("set `reconcile: { enabled: true }`")
        })?;
        let token = runner::token(variable::ADOPTION_TOKEN).ok_or_else(|| {
            Failure::new("the token that commits pins is empty")
                .help("add the secret that `state_token` names, or the App of `state_token_app`")
        })?;
        Ok(Self {
            project,
            workspace,
            reconcile,
            run: FollowedRun::read(environment)?,
            reader: client(workspace.github()?)?,
            writer: client(GitHub::new(environment, Some(&token))?)?,
            git: Git::new(&project.location.root, environment, Some(&token)),
        })
    }

    fn adopt(&self, pins: &BTreeMap<String, Pin>, terminal: &Terminal) -> Result<String, Error> {
        let trunk = self.workspace.settings.trunk.as_str();
        let Some(pull) = self.run.pull(&self.reader, trunk)? else {
            return Ok(format!("nothing is adopted: {}", self.run.outdated()));
        };
        let number = pull["number"].as_u64().unwrap_or_default();
        if !self.is_of_bot(&pull) {
            let bot = self.reconcile.account();
            return Ok(format!(
                "nothing is adopted: #{number} is not a pull request of `{bot}` from this repository"
            ));
        }
        if pins.is_empty() {
            return Ok(format!("#{number} brings no pins"));
        }
        if is_from_code(self.project) {
            return Err(by_hand(pins).into());
        }
        let adoption = Adoption::of(self.project, pins, terminal)?;
        let head = self.head(number)?;
        let manifest = self.manifest_at(&head, number)?;
        match self.reconcile.commit {
            ReconcileCommit::Append => {
                let manifest = pinned(&manifest, &self.project.key, pins)?;
                let adoption = Adoption {
                    manifest,
                    ..adoption
                };
                Ok(self.append(&adoption, &head, number)?)
            }
            ReconcileCommit::Followup => Ok(self.follow_up(&adoption, number)?),
        }
    }

    /// Returns true if the bot opened it, from a branch of this repository: only who may write here can
    /// push to that.
    fn is_of_bot(&self, pull: &Value) -> bool {
        let here = self.workspace.environment.repository.as_deref();
        pull["user"]["login"] == self.reconcile.account()
            && pull["user"]["type"] == "Bot"
            && here == Some(self.run.repository.as_str())
    }

    /// Fetches the head, which must be the commit of the run.
    fn head(&self, number: u64) -> Result<String, Failure> {
        let head = self.git.fetch(&self.run.branch)?;
        match head == self.run.followed.head {
            true => Ok(head),
            false => Err(Failure::new(format!("#{number} has moved on"))
                .help("the check of its new head starts another run")),
        }
    }

    /// Returns the manifest of the pull request, if its configuration is the trunk's.
    fn manifest_at(&self, head: &str, number: u64) -> Result<Vec<u8>, Failure> {
        let shown = self.project.location.shown();
        let bytes = self.git.show(head, &shown)?.unwrap_or_default();
        let manifest = Manifest::read(&bytes, &self.project.key).ok();
        let same = manifest.is_some_and(|it| Some(it.config()) == self.project.draft());
        match same {
            true => Ok(bytes),
            false => Err(Failure::new(format!(
                "the configuration in #{number} is not that of the trunk"
            ))
            .help("rebase the pull request, so that nothing but pins differs")),
        }
    }

    fn append(&self, adoption: &Adoption, head: &str, number: u64) -> Result<String, Failure> {
        let Some(commit) = self.commit(adoption, head, number)? else {
            return Ok(format!("#{number} has its pins already"));
        };
        let pushed = self.git.push_with(&[(&commit, &self.run.branch)], &[])?;
        accepted(pushed)?;
        Ok(format!("added the pins to #{number}"))
    }

    fn follow_up(&self, adoption: &Adoption, number: u64) -> Result<String, Failure> {
        let trunk = self.workspace.settings.trunk.as_str();
        let base = self.git.head()?;
        let Some(commit) = self.commit(adoption, &base, number)? else {
            return Ok("the trunk has these pins already".to_owned());
        };
        let branch = format!("cascade/reconcile-{number}");
        let there = self.git.tip(&branch)?;
        accepted(
            self.git
                .move_branch(&branch, there.as_deref(), Some(&commit))?,
        )?;
        let head = self.writer.head_label(&branch);
        if let Some(open) = self.writer.open_pull(&head, trunk)? {
            return Ok(format!("renewed #{} for #{number}", open.number));
        }
        let opened = self.writer.create_pull(&NewPull {
            title: &title(number),
            body: &format!(
                "#{number} brings these pins in generated files. Here they are in the manifest, and the files are generated again.\n"
            ),
            head: &head,
            head_repository: None,
            base: trunk,
            token_setting: "state_token",
        })?;
        Ok(format!("opened #{opened} for #{number}"))
    }

    /// Makes a commit of what the adoption changes; `None` if that is nothing.
    fn commit(
        &self,
        adoption: &Adoption,
        base: &str,
        number: u64,
    ) -> Result<Option<String>, Failure> {
        let shown = self.project.location.shown();
        let files = adoption.files.iter();
        let files = files.map(|file| (file.path.as_str(), file.text.as_str()));
        let mut changed = Vec::new();
        for (path, text) in files.chain([(shown.as_str(), adoption.manifest.as_str())]) {
            if self.git.show(base, path)?.as_deref() != Some(text.as_bytes()) {
                changed.push((path, text.as_bytes()));
            }
        }
        if changed.is_empty() {
            return Ok(None);
        }
        // Dependabot goes on with a branch that others commit to only if they say so.
        let message = format!("{}\n\n[dependabot skip]\n", title(number));
        let identity = self.workspace.identity()?;
        self.git
            .commit_files(base, &changed, &message, &identity)
            .map(Some)
    }
}

fn title(number: u64) -> String {
    format!("chore: adopt the pins of #{number}")
}

fn accepted(pushed: Pushed) -> Result<(), Failure> {
    match pushed {
        Pushed::Done => Ok(()),
        Pushed::Raced => Err(Failure::new("the branch moved meanwhile")
            .help("the check of its new head starts another run")),
        Pushed::Refused(why) => Err(Failure::new("the pins cannot be pushed")
            .cause(why)
            .help("the token of `state_token` needs to write contents and workflows")),
    }
}
