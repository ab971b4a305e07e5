//! One run of a verb: the pipeline, and everything around it.

use super::clock::Clock;
use super::environment::{self, Environment};
use super::git::{Git, Identity};
use super::github::GitHub;
use super::store::{Store, Transport, with_begun};
use crate::args::Request;
use crate::error::{Error, Failure};
use crate::project::{Project, select};
use crate::terminal::Terminal;
use cascade_core::lifecycle::orchestrate::base_release;
use cascade_core::lifecycle::run_ref::{RunRefs, require_trunk};
use cascade_core::lifecycle::{Deploying, History, Operation, Stamp};
use cascade_core::pipeline::{Lane, Settings};
use cascade_core::state::{self, Begun, Managed};
use cascade_core::version::Forced;
use cascade_core::yaml::Manifest;

/// One run of a verb.
#[derive(Debug)]
pub(crate) struct Session {
    /// What concerns the whole repository.
    pub(crate) settings: Settings,
    /// The lane.
    pub(crate) lane: Lane,
    /// What the runner says.
    pub(crate) environment: Environment,
    /// The checkout.
    pub(crate) git: Git,
    /// The time.
    pub(crate) clock: Clock,
    /// Whether nothing may change.
    pub(crate) dry_run: bool,
    project: Project,
}

impl Session {
    /// Reads the pipeline and its surroundings.
    pub(crate) fn open(request: &Request, terminal: &Terminal) -> Result<Self, Error> {
        let project = Project::open(request, terminal)?;
        let mut pipeline = project.pipeline(terminal)?;
        select(&mut pipeline, request.component.as_deref())?;
        let settings = pipeline.settings;
        let mut lanes = pipeline.lanes.into_iter();
        let (Some(lane), None) = (lanes.next(), lanes.next()) else {
            let failure = Failure::new("the pipeline has several components");
            return Err(failure.help("name one with `--component`").into());
        };
        if lane.component.is_some() {
            let failure = Failure::new("this version of cascade does not run components yet");
            return Err(failure
                .help("`generate` says the same of their workflows")
                .into());
        }
        let environment = Environment::read();
        let git = Git::new(
            &project.location.root,
            &environment,
            environment.token.as_ref(),
        );
        Ok(Self {
            settings,
            lane,
            environment,
            git,
            clock: request.clock,
            dry_run: request.dry_run || environment::text("DRY_RUN").as_deref() == Some("true"),
            project,
        })
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

    /// The state: in a run that of the trunk, by hand that of the working tree.
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
    /// checked out; what is checked out where there is no trunk, or on another branch.
    pub(crate) fn managed_on(&self, trunk: Option<&str>) -> Result<Managed, Failure> {
        let head = self.git.head()?;
        let Some(trunk) = trunk else {
            return self.managed();
        };
        if !self.git.contains(trunk, &head)? {
            return self.managed();
        }
        let path = self.project.location.shown();
        let Some(bytes) = self.git.show(trunk, &path)? else {
            return self.managed();
        };
        let manifest = Manifest::read(&bytes, &self.project.key).map_err(|_| {
            Failure::new(format!(
                "{path} on `{}` cannot be read",
                self.settings.trunk
            ))
            .help("`cascade lint` says what is wrong with it")
        })?;
        Managed::read(&manifest)
            .map_err(|error| Failure::new("the state cannot be read").cause(error))
    }

    /// The state that this run's first attempt began with, with the deployments of other runs that
    /// began: a run that is started again must decide what it decided then, and not go on from what
    /// it recorded, or did not come to record.
    pub(crate) fn managed_at_start(&self) -> Result<Managed, Failure> {
        let mut managed = self.with_begun(self.recorded_at_start()?)?;
        if self.environment.attempt > 1 {
            let own = |begun: &mut Begun| begun.run == self.environment.run_url;
            for environment in managed.state.environments.values_mut() {
                environment.begun.take_if(own);
            }
        }
        Ok(managed)
    }

    fn recorded_at_start(&self) -> Result<Managed, Failure> {
        let Some(url) = self
            .environment
            .run_url
            .as_ref()
            .filter(|_| self.environment.attempt > 1)
        else {
            return self.managed();
        };
        let path = self.project.location.shown();
        let line = format!("Run: {url}");
        let Some(before) = self.git.before_mention(&self.trunk_head()?, &line, &path)? else {
            return self.managed();
        };
        let bytes = self.git.show(&before, &path)?.unwrap_or_default();
        let manifest = Manifest::read(&bytes, &self.project.key).ok();
        match manifest.map(|manifest| Managed::read(&manifest)) {
            Some(Ok(managed)) => Ok(managed),
            _ => self.managed(),
        }
    }

    /// The newest commit under `start` that is more than a write of state.
    pub(crate) fn newest_change(&self, start: &str) -> Result<String, Failure> {
        let path = self.project.location.shown();
        // Mostly the newest commit is one, or the one below it.
        let mut count = 3;
        loop {
            let line = self.git.first_parents(start, count)?;
            for pair in line.windows(2) {
                if pair[0].1 != [path.as_str()]
                    || !self.same_config(&pair[0].0, &pair[1].0, &path)?
                {
                    return Ok(pair[0].0.clone());
                }
            }
            if line.len() < count {
                let last = line.into_iter().next_back();
                return Ok(last.map_or_else(|| start.to_owned(), |(sha, _)| sha));
            }
            count *= 8;
        }
    }

    /// Whether two versions of the manifest configure the same pipeline.
    fn same_config(&self, commit: &str, parent: &str, path: &str) -> Result<bool, Failure> {
        let config = |commit: &str| -> Result<_, Failure> {
            let bytes = self.git.show(commit, path)?.unwrap_or_default();
            let manifest = Manifest::read(&bytes, &self.project.key).ok();
            Ok(manifest.map(|manifest| manifest.config().clone()))
        };
        let now = config(commit)?;
        Ok(now.is_some() && now == config(parent)?)
    }

    /// What older versions of the manifest recorded for an environment, newest first.
    pub(crate) fn past(&self, environment: &str) -> Result<Vec<state::Environment>, Failure> {
        let path = self.project.location.shown();
        let mut past: Vec<state::Environment> = Vec::new();
        for commit in self.git.touching(&self.trunk_head()?, &path)? {
            let Some(bytes) = self.git.show(&commit, &path)? else {
                continue;
            };
            // A manifest that was broken for a while recorded nothing then.
            let Ok(manifest) = Manifest::read(&bytes, &self.project.key) else {
                continue;
            };
            let Ok(mut managed) = Managed::read(&manifest) else {
                continue;
            };
            if let Some(mut held) = managed.state.environments.shift_remove(environment) {
                held.previous.clear();
                if past.last() != Some(&held) {
                    past.push(held);
                }
            }
        }
        Ok(past)
    }

    /// What files of the folder for version overrides, new since the last release, force.
    pub(crate) fn forced(&self, managed: &Managed, head: &str) -> Result<Vec<Forced>, Failure> {
        let block = self
            .lane
            .release_build
            .as_ref()
            .and_then(|block| block.version_overrides.as_ref());
        let Some(folder) = block.and_then(|block| block.dir.get()) else {
            return Ok(Vec::new());
        };
        let since = base_release(&self.lane, managed, &self.git)?.and_then(|release| release.sha);
        let files = self
            .git
            .files_since(since.as_deref(), head, folder.as_str())?;
        let mut forced = Vec::new();
        for file in files {
            if let Some(bytes) = self.git.show(head, &file)? {
                let text = String::from_utf8_lossy(&bytes).into_owned();
                forced.push(
                    text.parse()
                        .map_err(|why: String| Failure::new(format!("{file}: {why}")))?,
                );
            }
        }
        Ok(forced)
    }

    /// The state, to be changed; on the trunk if `push`, else in the working tree.
    pub(crate) fn store(&self, push: bool) -> Result<Store, Failure> {
        let chosen = environment::text("CASCADE_STATE_TRANSPORT");
        let transport = match (push, chosen.as_deref()) {
            (false, _) if self.environment.in_actions && !self.is_at_trunk()? => {
                Transport::Look(self.git.clone())
            }
            (false, _) => Transport::WorkTree(self.project.location.manifest.clone()),
            (true, Some("api")) => Transport::Contents(self.github()?.ok_or_else(|| {
                Failure::new("CASCADE_STATE_TRANSPORT=api needs GITHUB_REPOSITORY and GITHUB_TOKEN")
            })?),
            (true, None | Some("git")) => Transport::Git(self.git.clone()),
            (true, Some(other)) => {
                return Err(
                    Failure::new(format!("CASCADE_STATE_TRANSPORT is `{other}`"))
                        .help("it is `git` or `api`"),
                );
            }
        };
        let signing = match (push, &chosen) {
            (true, None) => self.github()?,
            _ => None,
        };
        Ok(Store {
            transport,
            signing,
            path: self.project.location.shown(),
            key: self.project.key.clone(),
            trunk: self.settings.trunk.to_string(),
            identity: if push {
                self.identity()
            } else {
                Identity::bot()
            },
            run_url: self.environment.run_url.clone(),
            refs: push.then(|| self.git.clone()),
        })
    }

    /// A state with the deployments that began, which the remote is asked for.
    pub(crate) fn with_begun(&self, managed: Managed) -> Result<Managed, Failure> {
        if self.git.has_remote()? {
            self.git.fetch_begun()?;
        }
        Ok(with_begun(managed, &self.git.begun()?))
    }

    /// The state with the deployments that began; without them, and with a warning, where the remote
    /// does not answer.
    pub(crate) fn managed_with_begun(&self, terminal: &Terminal) -> Result<Managed, Failure> {
        let managed = self.managed()?;
        let mut folders = self.root().ancestors();
        if !folders.any(|folder| folder.join(".git").exists()) {
            return Ok(managed);
        }
        self.with_begun(managed.clone()).or_else(|failure| {
            terminal.note(&format!(
                "warning: whether deployments run now is unknown: {failure}"
            ));
            Ok(managed)
        })
    }

    /// A deployment by this run.
    pub(crate) fn deploying<'a>(&'a self, operation: Operation, stamp: &'a Stamp) -> Deploying<'a> {
        Deploying {
            operation,
            run: self.environment.run_url.as_deref(),
            stamp,
        }
    }

    /// Who commits: asking git takes time, and only a push needs to know.
    pub(crate) fn identity(&self) -> Identity {
        let git = self.settings.git.as_ref();
        let name = git.and_then(|git| git.user_name.clone());
        let email = git.and_then(|git| git.user_email.clone());
        let own = |key: &str| {
            self.git
                .config(key)
                .filter(|_| !self.environment.in_actions)
        };
        Identity {
            name: name
                .or_else(|| own("user.name"))
                .unwrap_or_else(|| Identity::bot().name),
            email: email
                .or_else(|| own("user.email"))
                .unwrap_or_else(|| Identity::bot().email),
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

    /// The folder of the repository.
    pub(crate) fn root(&self) -> &std::path::Path {
        &self.project.location.root
    }
}
