//! A host with a repository that was there before anybody wrote a scenario: for rehearsals.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::action::{self, Done};
use super::approval::{Asked, Environment};
use super::call::Call;
use super::format::{self, Secret};
use super::launch::{self, Disturbance};
use super::machine::{Machine, RunScope, Watcher};
use super::observe;
use super::step::Step;
use super::stub::Stub;
use super::world::{Repository, World, secrets};
use crate::engine::Engine;
use crate::github::{NewRepository, RepositoryHandle};

/// A repository that is there already.
#[derive(Debug, Clone, Default)]
pub(crate) struct Existing {
    /// The body of the manifest's `config`.
    pub(crate) config: Value,
    /// The path of the manifest.
    pub(crate) manifest: String,
    pub(crate) secrets: BTreeMap<String, Secret>,
    pub(crate) variables: BTreeMap<String, String>,
    pub(crate) environments: BTreeMap<String, Environment>,
    pub(crate) stubs: Vec<Stub>,
    /// The workflows that may run; others that an event would start are noted.
    pub(crate) wanted: Vec<String>,
    /// The composite actions of the repository that put cascade on the path, as steps use them:
    /// it is there.
    pub(crate) setup_actions: Vec<String>,
    /// The environments for which everybody says no.
    pub(crate) rejected: Vec<String>,
}

/// A run that took place.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Ran {
    pub(crate) id: u64,
    /// The name of the file.
    pub(crate) workflow: String,
    pub(crate) event: String,
    pub(crate) result: String,
    /// The paths of jobs with their results, in the order of the files.
    pub(crate) jobs: Vec<(String, String)>,
    pub(crate) summary: String,
    pub(crate) log: String,
}

/// Everything that there is at one moment.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Snapshot {
    pub(crate) state: Value,
    pub(crate) latest_release: Value,
    pub(crate) tags: BTreeMap<String, String>,
    pub(crate) branches: BTreeMap<String, String>,
    pub(crate) releases: Value,
    pub(crate) deployments: Value,
    pub(crate) pull_requests: Value,
    pub(crate) issues: Value,
}

/// The host, while a rehearsal goes on.
pub(crate) struct Stage {
    world: World,
    name: String,
    calls: usize,
    asked: usize,
}

impl Stage {
    /// Starts the host, in a folder.
    pub(crate) fn set(
        folder: &Path,
        machine: Machine,
        engine: Engine,
        watch: Arc<Watcher>,
    ) -> anyhow::Result<Self> {
        let mut world = World::create(folder, machine)?;
        world.engine = engine;
        world.watch = watch;
        Ok(Self {
            world,
            name: String::new(),
            calls: 0,
            asked: 0,
        })
    }

    /// Adds an empty repository, and says where its bare folder is.
    pub(crate) fn create(&mut self, name: &str, trunk: &str) -> anyhow::Result<PathBuf> {
        name.clone_into(&mut self.name);
        let new = NewRepository::new(name).default_branch(trunk).private();
        Ok(self.world.server.create(&new)?.folder())
    }

    /// Adds a public repository with one commit and a release, of which the pipeline takes versions.
    pub(crate) fn add_producer(&self, name: &str, branch: &str, tag: &str) -> anyhow::Result<()> {
        let new = NewRepository::new(name).default_branch(branch);
        let handle = self.world.server.create(&new)?;
        let commit = super::git::Commit {
            parent: None,
            merged: None,
            message: "feat: begin",
            at: self.world.seconds(),
        };
        let files = BTreeMap::from([("README.md".to_owned(), Some(name.to_owned()))]);
        let sha = commit.make(&handle.folder(), &files)?;
        for reference in [format!("refs/heads/{branch}"), format!("refs/tags/{tag}")] {
            handle.set_ref(&reference, Some(&sha))?;
        }
        let release = format::Release {
            tag: tag.to_owned(),
            name: None,
            body: None,
            draft: false,
            prerelease: false,
            latest: true,
        };
        handle.put_release(super::fixture::release(&self.world, 0, &release, &sha))
    }

    /// Adds the repository that this one is a fork of: one commit ahead of its trunk.
    pub(crate) fn add_upstream(&self, name: &str, branch: &str) -> anyhow::Result<()> {
        let repository = self.repository()?;
        let bare = repository.handle.folder();
        let copy = NewRepository::new(name)
            .copy_of(repository.handle.name())
            .default_branch(branch);
        let handle = self.world.server.create(&copy)?;
        let trunk = format!("refs/heads/{}", repository.trunk);
        let head = super::git::run(&bare, &["rev-parse", &trunk])?;
        let commit = super::git::Commit {
            parent: Some(&head),
            merged: None,
            message: "feat: something new upstream",
            at: self.world.seconds(),
        };
        let files = BTreeMap::from([("UPSTREAM.md".to_owned(), Some("new\n".to_owned()))]);
        let sha = commit.make(&handle.folder(), &files)?;
        handle.set_ref(&format!("refs/heads/{branch}"), Some(&sha))
    }

    /// Adds releases that the repository has already, each with its target.
    pub(crate) fn add_releases(
        &self,
        releases: &[(format::Release, String)],
    ) -> anyhow::Result<()> {
        let handle = self.handle()?;
        for (at, (release, target)) in releases.iter().enumerate() {
            handle.put_release(super::fixture::release(&self.world, at, release, target))?;
        }
        Ok(())
    }

    /// Opens the repository, whose folder has its commits by now.
    pub(crate) fn open(&mut self, existing: Existing) -> anyhow::Result<()> {
        let handle = self.handle()?;
        let setup = format::Setup {
            secrets: existing.secrets,
            ..format::Setup::default()
        };
        self.world
            .register(std::slice::from_ref(&self.name), &[&setup])?;
        let trunk = existing.config["trunk_branch"].as_str().unwrap_or("main");
        let instead = existing
            .stubs
            .iter()
            .map(|stub| (stub.path.clone(), stub.text.clone()));
        self.world.repositories.push(Repository {
            key: String::new(),
            trunk: trunk.to_owned(),
            handle,
            manifest: existing.manifest,
            callbacks: BTreeMap::new(),
            instead: instead.collect(),
            stubs: existing.stubs,
            secrets: secrets(&setup)?,
            variables: existing.variables,
            environments: existing.environments,
            setup_actions: existing.setup_actions,
            config: existing.config,
        });
        self.world.rejects = existing.rejected;
        self.world.scope = RunScope::Only {
            wanted: existing.wanted,
            others: Vec::new(),
        };
        self.world.write_script()
    }

    fn handle(&self) -> anyhow::Result<RepositoryHandle> {
        self.world.server.repository(&self.name)
    }

    fn repository(&self) -> anyhow::Result<Repository> {
        Ok(self.world.repository(None)?.clone())
    }

    /// Pushes the trunk, which had that commit before, and runs what follows.
    pub(crate) fn push(&mut self, before: Option<&str>, sha: &str) -> anyhow::Result<Vec<Ran>> {
        let repository = self.repository()?;
        let message = super::git::run(
            &repository.handle.folder(),
            &["log", "-1", "--format=%B", sha],
        )?;
        let none = "0".repeat(40);
        let payload = json!({
            "ref": format!("refs/heads/{}", repository.trunk),
            "before": before.unwrap_or(&none), "after": sha,
            "created": before.is_none(), "deleted": false, "forced": false,
            "head_commit": {"id": sha, "message": message},
        });
        let event = self.world.event(&repository, "push", sha, payload);
        self.react(|world, done| action::dispatch(world, &event, &Disturbance::default(), done))
    }

    /// Starts a workflow by hand, and runs what follows.
    pub(crate) fn start(
        &mut self,
        workflow: &str,
        inputs: &Map<String, Value>,
    ) -> anyhow::Result<Vec<Ran>> {
        let repository = self.repository()?;
        let body = json!({"ref": repository.trunk, "inputs": launch::inputs(inputs)});
        let path = format!("/actions/workflows/{workflow}/dispatches");
        self.post(&path, &body)
    }

    /// Sends a signal, and runs what follows.
    pub(crate) fn signal(&mut self, kind: &str, payload: &Value) -> anyhow::Result<Vec<Ran>> {
        let body = json!({"event_type": kind, "client_payload": payload});
        self.post("/dispatches", &body)
    }

    /// Does one step of a scenario; returns what ran, and what differs from its expectations.
    pub(crate) fn step(&mut self, given: &Value) -> anyhow::Result<(Vec<Ran>, Vec<String>)> {
        let step = Step::read(&self.world.resolve(given))?;
        let repository = self.repository()?;
        let before = observe::Before::of(&self.world, &repository)?;
        let mut done = Done::default();
        let ran = self.react(|world, ran| {
            done = action::act(world, &step)?;
            ran.clone_from(&done);
            Ok(())
        })?;
        let expect = Step::read(&self.world.resolve(given))?.expect;
        let found = observe::check(&self.world, &repository, (&expect, &done, &before))?;
        Ok((ran, found))
    }

    fn post(&mut self, path: &str, body: &Value) -> anyhow::Result<Vec<Ran>> {
        let repository = self.repository()?;
        self.react(|world, done| {
            let calm = Disturbance::default();
            action::ask(world, &repository, "POST", path, body, &calm, done)
        })
    }

    /// A minute passes, then somebody does something.
    fn react(
        &mut self,
        act: impl FnOnce(&mut World, &mut Done) -> anyhow::Result<()>,
    ) -> anyhow::Result<Vec<Ran>> {
        self.world.advance(60);
        let mut done = Done::default();
        act(&mut self.world, &mut done)?;
        action::drain(&mut self.world, &Disturbance::default(), &mut done)?;
        if let Some(refused) = done.refused {
            anyhow::bail!("GitHub would refuse it: {refused}");
        }
        Ok(done.runs.into_iter().map(ran).collect())
    }

    /// Returns the calls of stubs since this was asked the last time.
    pub(crate) fn calls(&mut self) -> anyhow::Result<Vec<Call>> {
        let mut all = self.world.exchange.calls()?;
        let new = all.split_off(self.calls);
        self.calls += new.len();
        Ok(new)
    }

    /// Returns the jobs that waited in front of environments since this was asked the last time.
    pub(crate) fn asked(&mut self) -> Vec<Asked> {
        let new = self.world.asked().split_off(self.asked);
        self.asked += new.len();
        new
    }

    /// Returns the workflows that events would have started besides.
    pub(crate) fn others(&self) -> &[String] {
        match &self.world.scope {
            RunScope::Only { others, .. } => others,
            RunScope::Every => &[],
        }
    }

    /// Looks at everything.
    pub(crate) fn snapshot(&self) -> anyhow::Result<Snapshot> {
        let repository = self.repository()?;
        let managed = observe::managed(&repository)?;
        Ok(Snapshot {
            state: managed["state"].clone(),
            latest_release: managed["latest_release"].clone(),
            tags: repository.handle.tags()?,
            branches: repository.handle.branches()?,
            releases: observe::releases(&repository)?,
            deployments: observe::deployments(&repository)?,
            pull_requests: observe::pulls(&repository)?,
            issues: observe::issues(&repository)?,
        })
    }

    /// Returns the first line of a commit's message.
    pub(crate) fn subject(&self, sha: &str) -> anyhow::Result<String> {
        let arguments = ["log", "-1", "--format=%s", sha];
        super::git::run(&self.handle()?.folder(), &arguments)
    }

    /// The subjects of the commits of a branch that were not in it before, the oldest first.
    pub(crate) fn commits(&self, before: Option<&str>, after: &str) -> anyhow::Result<Vec<String>> {
        let range = before.map_or_else(|| after.to_owned(), |before| format!("{before}..{after}"));
        let arguments = ["log", "--reverse", "--format=%s", &range];
        let listed = super::git::run(&self.handle()?.folder(), &arguments);
        let listed = listed.context("the commits cannot be listed")?;
        Ok(listed.lines().map(str::to_owned).collect())
    }
}

fn ran(finished: launch::Finished) -> Ran {
    let known = &finished.jobs;
    let jobs = finished.order.iter().filter_map(|id| {
        let path = id.replace("__", "/");
        let result = known.get(&path)?.clone();
        Some((path, result))
    });
    Ran {
        jobs: jobs.collect(),
        id: finished.id,
        workflow: finished.workflow,
        event: finished.event,
        result: finished.result,
        summary: finished.summary,
        log: finished.log,
    }
}
