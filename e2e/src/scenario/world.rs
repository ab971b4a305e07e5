//! Everything that a scenario runs in.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, UNIX_EPOCH};

use anyhow::{Context, bail, ensure};
use serde_json::Value;

use super::app_key::AppKey;
use super::approval::{Asked, Environment};
use super::call::{Exchange, Script};
use super::format::{Callback, Mistake, Secret, Setup, TokenOf};
use super::git;
use super::machine::{Machine, RunScope, Watcher};
use super::programs::{Programs, Runner};
use super::stub::Stub;
use crate::engine::{Earlier, Engine, Groups};
use crate::github::{self, App, Clock, Event, Permissions, RepositoryHandle, Scope, Server, Token};

/// The file that tells the time to every process.
const CLOCK: &str = "clock";

/// The token of the person who works on the repositories.
pub(super) const PERSON: &str = "e2e-person";
pub(super) const LOGIN: &str = "octocat";

/// A repository of the scenario.
#[derive(Debug, Clone)]
pub(super) struct Repository {
    /// Its name in the scenario; empty if it is the only one.
    pub(super) key: String,
    pub(super) handle: RepositoryHandle,
    pub(super) config: Value,
    pub(super) trunk: String,
    pub(super) manifest: String,
    pub(super) callbacks: BTreeMap<String, Callback>,
    pub(super) stubs: Vec<Stub>,
    pub(super) secrets: BTreeMap<String, String>,
    pub(super) variables: BTreeMap<String, String>,
    pub(super) environments: BTreeMap<String, Environment>,
    /// Composite actions of the repository for which a stand-in is used, as steps name them.
    pub(super) setup_actions: Vec<String>,
    /// Workflow files that stand in for those of the repository, or of another one.
    pub(super) instead: BTreeMap<String, String>,
}

impl Repository {
    /// The key that the manifest's body stands under.
    pub(super) fn manifest_key(&self) -> &str {
        self.config["manifest_key"].as_str().unwrap_or("ci")
    }

    /// The manifest's file and key.
    pub(super) fn place(&self) -> (&str, &str) {
        (&self.manifest, self.manifest_key())
    }
}

/// A run that was.
#[derive(Debug, Clone)]
pub(super) struct Past {
    pub(super) repository: String,
    pub(super) workflow: String,
    pub(super) event: Event,
    pub(super) id: u64,
    pub(super) attempt: u64,
    /// Only those jobs run that had not ended well in this earlier attempt.
    pub(super) after: Option<Earlier>,
    /// The end of the run, once it has ended.
    pub(super) ended: Option<Earlier>,
}

impl Past {
    /// A run that starts.
    pub(super) fn first(workflow: String, event: Event, id: u64) -> Self {
        Self {
            repository: event.repository.clone(),
            workflow,
            event,
            id,
            attempt: 1,
            after: None,
            ended: None,
        }
    }

    /// The next attempt, of everything.
    pub(super) fn again(&self) -> Self {
        Self {
            attempt: self.attempt + 1,
            after: None,
            ended: None,
            ..self.clone()
        }
    }
}

pub(super) struct World {
    pub(super) folder: PathBuf,
    pub(super) server: Server,
    pub(super) events: Receiver<Event>,
    pub(super) clock: Clock,
    pub(super) exchange: Exchange,
    pub(super) programs: Programs,
    pub(super) runner: Runner,
    pub(super) engine: Engine,
    /// The program act, if it is another one than that of the tests.
    pub(super) act: Option<PathBuf>,
    pub(super) groups: Arc<Groups>,
    /// The environments for which everybody says no, in this step.
    pub(super) rejects: Vec<String>,
    /// The jobs that asked somebody.
    pub(super) asked: Arc<Mutex<Vec<Asked>>>,
    /// Hears of what happens in every run.
    pub(super) watch: Arc<Watcher>,
    pub(super) scope: RunScope,
    pub(super) repositories: Vec<Repository>,
    /// The first commit of the first repository, then those of the steps.
    pub(super) commits: Vec<String>,
    /// The commits that merged pull requests, by the numbers of those.
    pub(super) merges: Vec<String>,
    pub(super) past: Vec<Past>,
    pub(super) next_run: u64,
    /// Mistakes that are put into generated files.
    pub(super) mistakes: Vec<Mistake>,
    /// The scenario does not know that the state is on a branch.
    pub(super) hides_state_branch: bool,
}

impl World {
    pub(super) fn create(folder: &Path, machine: Machine) -> anyhow::Result<Self> {
        let start = UNIX_EPOCH + Duration::from_secs(machine.start);
        let clock = Clock::kept(&folder.join(CLOCK), start)?;
        let server = Server::start_with(folder.join("host"), clock.clone())?;
        let programs = Programs::install(&folder.join("programs"), &machine)?;
        let exchange = Exchange::create(&folder.join("exchange"))?;
        Ok(Self {
            folder: folder.to_owned(),
            events: server.events(),
            server,
            clock,
            exchange,
            programs,
            runner: machine.runner,
            engine: Engine::default(),
            act: machine.act,
            groups: Arc::default(),
            rejects: Vec::new(),
            asked: Arc::default(),
            watch: Arc::new(|_, _| ()),
            scope: RunScope::default(),
            repositories: Vec::new(),
            commits: Vec::new(),
            merges: Vec::new(),
            past: Vec::new(),
            next_run: 1,
            mistakes: Vec::new(),
            hides_state_branch: false,
        })
    }

    /// Returns the jobs that waited in front of environments so far.
    pub(super) fn asked(&self) -> Vec<Asked> {
        let asked = self.asked.lock();
        asked.unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn seconds(&self) -> u64 {
        let now = self.clock.now().duration_since(UNIX_EPOCH);
        now.map_or(0, |now| now.as_secs())
    }

    pub(super) fn advance(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    pub(super) fn clock_file(&self) -> PathBuf {
        self.folder.join(CLOCK)
    }

    /// The repository of a step, or the only one.
    pub(super) fn repository(&self, key: Option<&str>) -> anyhow::Result<&Repository> {
        match (key, self.repositories.as_slice()) {
            (Some(key), all) => all
                .iter()
                .find(|one| one.key == key || one.handle.name() == key)
                .with_context(|| format!("no repository `{key}`")),
            (None, [first, ..]) => Ok(first),
            (None, []) => bail!("no repository"),
        }
    }

    pub(super) fn full_name(key: &str) -> String {
        match key {
            "" => "acme/app".to_owned(),
            key if key.contains('/') => key.to_owned(),
            key => format!("acme/{key}"),
        }
    }

    /// Makes the credentials known: the person's, and the secrets that are tokens.
    pub(super) fn register(&self, names: &[String], setups: &[&Setup]) -> anyhow::Result<()> {
        let all = |token: Token| {
            let every = names.iter();
            every.fold(token, |token, name| {
                token.may(name, Permissions::write_all())
            })
        };
        self.server.register(all(Token::personal(PERSON, LOGIN)));
        for (name, secret) in setups.iter().flat_map(|setup| &setup.secrets) {
            let token = match secret {
                Secret::Text(text) => Token::personal(text, LOGIN),
                Secret::Token(TokenOf::Personal(login)) => Token::personal(value_of(name), login),
                Secret::Token(TokenOf::App(login)) => Token::app(value_of(name), login),
                Secret::Token(TokenOf::AppId(slug)) => {
                    let app = App::new(app_id(slug), slug, AppKey::of_process()?.public.clone());
                    let app = app.installed(names, Permissions::write_all());
                    self.server.register_app(app);
                    continue;
                }
                Secret::Token(TokenOf::AppKey(slug)) => {
                    let named = |secret: &Secret| matches!(secret, Secret::Token(TokenOf::AppId(id)) if id == slug);
                    let mut all = setups.iter().flat_map(|setup| setup.secrets.values());
                    ensure!(all.any(named), "no secret is the id of the App `{slug}`");
                    continue;
                }
                Secret::Token(TokenOf::Reader(keys)) => {
                    let contents = || Permissions::none().read(Scope::Contents);
                    let token = Token::app(value_of(name), "reader");
                    let reads =
                        |token: Token, key: &String| token.may(Self::full_name(key), contents());
                    self.server.register(keys.iter().fold(token, reads));
                    continue;
                }
            };
            self.server.register(all(token));
        }
        Ok(())
    }

    /// Tells the stubs what to do, with the commits that there are now.
    pub(super) fn write_script(&self) -> anyhow::Result<()> {
        let mut script = Script::new();
        for repository in &self.repositories {
            let answers = repository.stubs.iter().map(|stub| {
                let mut answer = stub.answer.clone();
                for entry in &mut answer.fail {
                    for value in entry.values_mut() {
                        *value = self.resolve(value);
                    }
                }
                for value in answer.outputs.values_mut() {
                    *value = self.resolve(value);
                }
                (stub.name.clone(), answer)
            });
            script.insert(repository.handle.name().to_owned(), answers.collect());
        }
        self.exchange.set_script(&script)
    }

    /// The commits that runs of the first repository's pull requests are of, by the numbers of those.
    fn trials(&self) -> Vec<String> {
        let Some(first) = self.repositories.first() else {
            return Vec::new();
        };
        let bare = first.handle.folder();
        let at = |number: usize| {
            let name = format!("refs/pull/{number}/merge");
            let found = git::run(&bare, &["rev-parse", "--quiet", "--verify", &name]);
            found.map(|sha| sha.trim().to_owned()).unwrap_or_default()
        };
        let pulls = first.handle.pulls().map_or(0, |pulls| pulls.len());
        (0..=pulls).map(at).collect()
    }

    /// A value with commits in place of `commitN`, `shortN`, `mergeN` and `trialN`.
    pub(super) fn resolve(&self, value: &Value) -> Value {
        let short = |sha: &String| sha.chars().take(7).collect();
        let shorts: Vec<String> = self.commits.iter().map(short).collect();
        let hosts = [self.server.url()];
        let trials = match value.to_string().contains("trial") {
            true => self.trials(),
            false => Vec::new(),
        };
        let words = [
            ("trial", trials.as_slice()),
            ("host", hosts.as_slice()),
            ("commit", self.commits.as_slice()),
            ("short", shorts.as_slice()),
            ("merge", self.merges.as_slice()),
        ];
        super::substitute::value(value, &words)
    }

    pub(super) fn run_id(&mut self) -> u64 {
        let id = self.next_run;
        self.next_run += 1;
        id
    }

    /// An event as if a person had done something.
    pub(super) fn event(
        &self,
        repository: &Repository,
        name: &str,
        sha: &str,
        mut payload: Value,
    ) -> Event {
        let full = repository.handle.name();
        let (owner, short) = full.split_once('/').unwrap_or(("", full));
        payload["repository"] = serde_json::json!({
            "name": short, "full_name": full, "owner": {"login": owner}, "fork": false,
            "default_branch": repository.trunk, "private": false,
            "html_url": format!("{}/{full}", self.server.url()),
        });
        payload["sender"] = serde_json::json!({"login": LOGIN, "type": "User"});
        Event {
            repository: full.to_owned(),
            name: name.to_owned(),
            action: None,
            reference: format!("refs/heads/{}", repository.trunk),
            sha: sha.to_owned(),
            actor: LOGIN.to_owned(),
            workflow: None,
            payload,
        }
    }
}

/// A token's text, out of the secret's name.
fn value_of(secret: &str) -> String {
    format!("e2e-{}", secret.to_ascii_lowercase())
}

pub(crate) fn app_id(slug: &str) -> String {
    format!("Iv1.{slug}")
}

/// The secrets as a run sees them.
pub(super) fn secrets(setup: &Setup) -> anyhow::Result<BTreeMap<String, String>> {
    let value = |(name, secret): (&String, &Secret)| {
        let text = match secret {
            Secret::Text(text) => text.clone(),
            Secret::Token(TokenOf::AppId(slug)) => app_id(slug),
            Secret::Token(TokenOf::AppKey(_)) => AppKey::of_process()?.private.clone(),
            Secret::Token(_) => value_of(name),
        };
        Ok((name.clone(), text))
    };
    setup.secrets.iter().map(value).collect()
}

/// The stamp of the run's host.
pub(super) fn stamp(world: &World) -> String {
    github::stamp(world.clock.now())
}
