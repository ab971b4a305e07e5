//! Everything around the pipeline: the checkout, the runner, the state.

use super::store::{Place, Store, Transport, with_begun};
use crate::cli::clock::Clock;
use crate::cli::error::{Error, Failure};
use crate::cli::request::Request;
use crate::cli::runner::{self, Runner};
use crate::cli::terminal::Terminal;
use crate::git::{Git, Identity, Signer, SigningKey};
use crate::github::GitHub;
use crate::project::{Declared, Project, select};
use crate::repository::is_git_top;
use cascade_core::lifecycle::run_ref::{RunRefs, require_trunk};
use cascade_core::lifecycle::{Deploying, History, Operation, Stamp};
use cascade_core::manifest::GitMode;
use cascade_core::pipeline::{Component, Pipeline, Settings};
use cascade_core::protocol;
use cascade_core::state::{Home, Managed, Scope};
use std::rc::Rc;
use std::sync::Arc;

/// The repository that a command works in, with all its components or with one of them in scope.
#[derive(Debug, Clone)]
pub(crate) struct Workspace {
    /// The settings of the whole repository.
    pub(crate) settings: Settings,
    /// Everything that is declared.
    pub(crate) pipeline: Rc<Pipeline>,
    /// The part of the state that the command works on.
    pub(crate) scope: Scope,
    /// The variables of the runner.
    pub(crate) environment: Runner,
    /// The checkout.
    pub(crate) git: Git,
    /// The time.
    pub(crate) clock: Clock,
    /// True if nothing may change.
    pub(crate) dry_run: bool,
    pub(super) project: Rc<Project>,
}

impl Workspace {
    /// Reads the surroundings of the whole repository.
    pub(crate) fn open(request: &Request, terminal: &Terminal) -> Result<Self, Error> {
        Ok(Self::with_components(request, terminal)?.0)
    }

    /// Reads the surroundings of the whole repository, and its components or the one that is named.
    pub(crate) fn with_components(
        request: &Request,
        terminal: &Terminal,
    ) -> Result<(Self, Vec<Component>), Error> {
        let project = Project::open(request, terminal)?;
        let pipeline = project.pipeline(terminal)?;
        let (_, components) = select(pipeline.clone(), request.component.as_deref())?.into_parts();
        Ok((Self::around(project, pipeline, request), components))
    }

    /// Looks at the surroundings of a pipeline.
    pub(super) fn around(project: Project, pipeline: Pipeline, request: &Request) -> Self {
        let mut environment = Runner::read();
        environment.actor = request.actor.clone().or(environment.actor);
        let git = Git::new(
            &project.location.root,
            &environment,
            environment.token.as_ref(),
        );
        Self {
            settings: pipeline.settings().clone(),
            pipeline: Rc::new(pipeline),
            scope: Scope::default(),
            environment,
            git,
            clock: request.clock,
            dry_run: request.dry_run
                || runner::variable(protocol::variable::DRY_RUN).as_deref() == Some("true"),
            project: Rc::new(project),
        }
    }

    /// Refuses a workflow's run of any ref but the trunk, whichever event started it.
    pub(crate) fn require_trunk(&self) -> Result<(), Failure> {
        let environment = &self.environment;
        if !environment.in_actions {
            return Ok(());
        }
        let refs = RunRefs {
            reference: environment.reference.as_deref(),
            workflow: environment.workflow.as_deref(),
        };
        let trunk = self.settings.trunk.as_str();
        require_trunk(trunk, refs).map_err(|refusal| {
            Failure::new(refusal.to_string()).help(format!(
                "start the run on `{trunk}`; schedules, `repository_dispatch` and `workflow_run` use the default branch, which must be the trunk then"
            ))
        })
    }

    /// The state: in a run that of the remote, by hand that of the working tree, or of the state branch
    /// here or there, whichever is ahead.
    pub(crate) fn managed(&self) -> Result<Managed, Failure> {
        self.store(false)?.read()
    }

    fn is_at_trunk(&self) -> Result<bool, Failure> {
        let trunk = self.git.fetched(self.settings.trunk.as_str())?;
        Ok(trunk == Some(self.git.head()?))
    }

    /// The newest commit of the trunk: in a run as the host has it now, by hand the one that is
    /// checked out.
    pub(crate) fn trunk_head(&self) -> Result<String, Failure> {
        match self.environment.in_actions {
            true => self.git.fetch(self.settings.trunk.as_str()),
            false => self.git.head(),
        }
    }

    /// The commit of the trunk: in a run as the host has it now, by hand as it was last fetched.
    ///
    /// The commit of a run says nothing of the trunk: the run may have waited, and its commit
    /// may have been fetched as the branch (`actions/checkout` without a `ref`).
    pub(crate) fn trunk(&self) -> Result<Option<String>, Failure> {
        let trunk = self.settings.trunk.as_str();
        match self.environment.in_actions {
            true => self.git.fetch(trunk).map(Some),
            false => self.git.fetched(trunk),
        }
    }

    /// The state as this commit of the trunk has it, which may be newer than the commit that is
    /// checked out; what is checked out where there is no trunk, or on another branch. A state branch
    /// is not tied to a commit of the trunk. The deployments that began are part of it.
    pub(crate) fn managed_on(&self, trunk: Option<&str>) -> Result<Managed, Failure> {
        let place = self.place();
        self.fetch_notes(&place)?;
        let managed = match trunk.filter(|_| matches!(place.home, Home::Manifest(_))) {
            Some(trunk) if self.has_manifest_after(trunk, &place)? => {
                let transport = Transport::At(trunk.to_owned());
                self.store_for(place, transport).read()?
            }
            _ => self.managed()?,
        };
        Ok(with_begun(managed, &self.git.noted(&self.scope)?.begun))
    }

    /// Returns true if a commit of the trunk has the manifest and contains what is checked out.
    fn has_manifest_after(&self, trunk: &str, place: &Place) -> Result<bool, Failure> {
        let head = self.git.head()?;
        Ok(self.git.contains(trunk, &head)? && self.git.show(trunk, &place.manifest)?.is_some())
    }

    /// Returns the place that the configuration keeps the state in.
    pub(crate) fn place(&self) -> Place {
        let location = &self.project.location;
        let manifest = location.shown();
        let home = match &self.settings.state_branch {
            Some(branch) => Home::Branch(branch.to_string()),
            None => Home::Manifest(manifest.clone()),
        };
        Place {
            home,
            manifest,
            work_tree: location.manifest.clone(),
            key: self.project.key.clone(),
            trunk: self.settings.trunk.to_string(),
        }
    }

    /// The state, to be changed: that of the remote if `push`, else that of this clone.
    pub(crate) fn store(&self, push: bool) -> Result<Store, Failure> {
        let place = self.place();
        let chosen = runner::variable(protocol::variable::CASCADE_STATE_TRANSPORT);
        let transport = match (push, chosen.as_deref()) {
            (false, _) => self.reading(&place)?,
            (true, Some("api")) => Transport::Contents(self.github()?.ok_or_else(|| {
                Failure::new("CASCADE_STATE_TRANSPORT=api needs GITHUB_REPOSITORY and GITHUB_TOKEN")
            })?),
            (true, None | Some("git")) => Transport::Git,
            (true, Some(other)) => {
                return Err(
                    Failure::new(format!("CASCADE_STATE_TRANSPORT is `{other}`"))
                        .help("it is `git` or `api`"),
                );
            }
        };
        let mut store = self.store_for(place, transport);
        if push {
            store.identity = self.identity()?;
        }
        if push && chosen.is_none() {
            store.signing = self.github()?;
        }
        Ok(store)
    }

    fn reading(&self, place: &Place) -> Result<Transport, Failure> {
        let in_actions = self.environment.in_actions;
        Ok(match &place.home {
            Home::Branch(_) if in_actions => Transport::Look,
            Home::Branch(branch) => {
                self.fetch_state(branch)?;
                Transport::Local
            }
            Home::Manifest(_) if in_actions && !self.is_at_trunk()? => Transport::Look,
            Home::Manifest(_) => Transport::WorkTree,
        })
    }

    pub(super) fn fetch_state(&self, branch: &str) -> Result<(), Failure> {
        if self.git.has_remote()? {
            self.git.fetch_with_noted(branch)?;
        }
        Ok(())
    }

    pub(super) fn store_for(&self, place: Place, transport: Transport) -> Store {
        Store {
            transport,
            signing: None,
            place,
            scope: self.scope.clone(),
            identity: Identity::bot(),
            run_url: self.environment.run_url.clone(),
            git: self.git.clone(),
        }
    }

    /// Fetches what is noted beside the branches, where there is a remote; with a state branch, it is
    /// fetched together with that.
    pub(crate) fn fetch_notes(&self, place: &Place) -> Result<(), Failure> {
        match &place.home {
            Home::Manifest(_) if self.git.has_remote()? => self.git.fetch_noted(),
            Home::Manifest(_) | Home::Branch(_) => Ok(()),
        }
    }

    /// The state with the deployments that began; as it was last fetched, and with a warning, where
    /// the remote does not answer.
    pub(crate) fn managed_with_begun(&self, terminal: &Terminal) -> Result<Managed, Failure> {
        let mut folders = self.root().ancestors();
        if !folders.any(is_git_top) {
            return self.managed();
        }
        let place = self.place();
        let (fetched, unknown) = match &place.home {
            Home::Branch(branch) => (
                self.fetch_state(branch),
                "the state is shown as it was last fetched",
            ),
            Home::Manifest(_) => (
                self.fetch_notes(&place),
                "whether deployments run now is unknown",
            ),
        };
        let transport = match &place.home {
            Home::Branch(_) => Transport::Local,
            Home::Manifest(_) => Transport::WorkTree,
        };
        let managed = self.store_for(place, transport).read()?;
        match fetched {
            Ok(()) => Ok(with_begun(managed, &self.git.noted(&self.scope)?.begun)),
            Err(failure) => {
                terminal.note(&format!("warning: {unknown}: {failure}"));
                Ok(managed)
            }
        }
    }

    /// A deployment by this run.
    pub(crate) fn deploying<'a>(&'a self, operation: Operation, stamp: &'a Stamp) -> Deploying<'a> {
        Deploying {
            operation,
            run: self.environment.run_url.as_deref(),
            stamp,
        }
    }

    /// Returns who commits: asking git takes time, and only a push needs to know.
    pub(crate) fn identity(&self) -> Result<Identity, Failure> {
        let signer = self.signer()?;
        Ok(Identity {
            signer,
            ..self.unsigned()
        })
    }

    /// Returns the person who commits by hand: with a signature, if git is configured to sign commits.
    pub(crate) fn person(&self) -> Identity {
        Identity {
            signer: self.configured(),
            ..self.unsigned()
        }
    }

    fn unsigned(&self) -> Identity {
        let git = &self.settings.git;
        let (name, email) = (git.user_name.clone(), git.user_email.clone());
        let asks_git = git.mode == GitMode::External || !self.environment.in_actions;
        let own = |key: &str| self.git.config(key).filter(|_| asks_git);
        let bot = Identity::bot();
        Identity {
            name: name.or_else(|| own("user.name")).unwrap_or(bot.name),
            email: email.or_else(|| own("user.email")).unwrap_or(bot.email),
            signer: Signer::Nobody,
        }
    }

    /// Returns what signs: the key that the step was given, or what git is configured with.
    fn signer(&self) -> Result<Signer, Failure> {
        let git = &self.settings.git;
        let Some(secret) = &git.gpg_key_secret else {
            return Ok(match git.mode {
                GitMode::External => self.configured(),
                GitMode::Default | GitMode::Custom => Signer::Nobody,
            });
        };
        match runner::token(protocol::variable::SIGNING_KEY) {
            Some(key) => {
                let key = SigningKey::new(&key, git.gpg_key_id.as_deref())?;
                Ok(Signer::Key(Arc::new(key)))
            }
            None if self.environment.in_actions => Err(Failure::new(format!(
                "commits are to be signed, and the secret `{secret}` is empty"
            ))
            .help("add it to the repository, or remove `git.gpg_key_secret`")),
            None => Ok(self.configured()),
        }
    }

    fn configured(&self) -> Signer {
        match self.git.config("commit.gpgsign").as_deref() {
            Some("true") => Signer::Configured,
            _ => Signer::Nobody,
        }
    }

    /// The API of this repository with the token that writes state.
    pub(crate) fn github(&self) -> Result<Option<GitHub>, Failure> {
        GitHub::new(&self.environment, self.environment.token.as_ref())
    }

    /// The API of this repository with the token that writes releases.
    pub(crate) fn releases(&self) -> Result<Option<GitHub>, Failure> {
        GitHub::new(&self.environment, self.environment.release_token.as_ref())
    }

    /// git with the token that writes releases and tags.
    pub(crate) fn tagging(&self) -> Git {
        let root = &self.project.location.root;
        Git::new(
            root,
            &self.environment,
            self.environment.release_token.as_ref(),
        )
    }

    /// Now, by whoever started this.
    pub(crate) fn stamp(&self) -> Stamp {
        let actor = self.environment.actor.clone();
        let by = actor.or_else(|| self.git.config("user.name"));
        Stamp {
            at: self.clock.now().to_string(),
            by: by.unwrap_or_else(|| "unknown".to_owned()),
        }
    }

    /// Returns true if a program declares the pipeline, and the manifest is generated.
    pub(crate) fn is_declared_in_code(&self) -> bool {
        matches!(self.project.declared, Declared::Code(_))
    }

    /// The folder of the repository.
    pub(crate) fn root(&self) -> &std::path::Path {
        &self.project.location.root
    }
}
