//! Rehearsals: the generated workflows of a person's repository, run on the person's machine.
//!
//! | module | what lives there |
//! |---|---|
//! | `options` | what somebody wants |
//! | `source`, `bare` | the person's repository, which is only read, and git for it |
//! | `callbacks`, `names`, `credentials` | stubs, the names of callbacks, made-up secrets |
//! | `known` | what GitHub knows of the repository and git does not |
//! | `timeline` | when jobs began and ended, shown live |
//! | `producers` | made-up repositories that others deliver from |
//! | `report`, `text` | what happened: data, for a terminal |
//! | `page`, `picture` | the same as a page |

mod bare;
mod callbacks;
mod credentials;
mod known;
mod names;
mod options;
mod page;
mod picture;
mod producers;
mod report;
mod source;
mod text;
mod timeline;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, bail};
use serde_json::Value;

use crate::engine::{Engine, Moment, NoAction};
use crate::scenario::stage::{Existing, Ran, Stage};
use crate::scenario::{Environment, Machine};
use callbacks::Files;
use known::Known;
use names::Callback;
use options::Failure;
pub use options::Options;
use report::Head;
pub use report::Report;
use source::Source;
use timeline::Timeline;

/// The operation that a push starts.
const PUSH: &str = "orchestrate";

/// Rehearses what the options say, in the repository around a folder.
///
/// # Errors
/// There is no pipeline, something is asked for that it does not have, or a workflow has something
/// that the engine does not know. A run that fails is not an error: see [`Report::succeeded`].
pub fn rehearse(options: &Options, from: &Path) -> anyhow::Result<Report> {
    let source = Source::find(from, options.config.as_deref(), &options.manifest_key)?;
    let files = Files::read(&source.root, &source.config)?;
    let folder = crate::scratch::named("rehearsal-")?;
    let timeline = Arc::new(Timeline::begin(options.json));
    let report = Rehearsal {
        options,
        source: &source,
        files: &files,
        timeline: &timeline,
    }
    .run(folder.path());
    if options.keep {
        eprintln!("kept {}", folder.keep().display());
    }
    report
}

/// Finds a program on the `PATH`.
fn found(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let mut files = std::env::split_paths(&path).map(|folder| folder.join(program));
    files.find(|file| file.is_file())
}

/// The error, with the way out of it where a real callback lacks an action.
fn explained(error: anyhow::Error) -> anyhow::Error {
    let lacks_action = error.chain().any(|cause| cause.is::<NoAction>());
    match lacks_action {
        true => error.context(
            "rehearse the callback as a stub, or give a folder of actions with `--actions DIR`",
        ),
        false => error,
    }
}

struct Rehearsal<'a> {
    options: &'a Options,
    source: &'a Source,
    files: &'a Files,
    timeline: &'a Arc<Timeline>,
}

impl Rehearsal<'_> {
    fn run(&self, folder: &Path) -> anyhow::Result<Report> {
        let mut stage = self.stage(folder)?;
        let known = Known::read(self.options.host.as_deref())?;
        let name = known.repository.clone();
        let name = name.unwrap_or_else(|| self.source.name());
        let bare = stage.create(&name, self.source.trunk())?;
        let push = self.source.copy(&bare, self.options.message.as_deref())?;
        let mut notes = self.open(&mut stage, &known)?;
        let before = stage.snapshot()?;
        let mut report = Report::new(
            name,
            Head {
                subject: stage.subject(&push.head)?,
                sha: push.head.clone(),
            },
        );
        notes.splice(..0, push.notes.iter().chain(&known.notes).cloned());
        report.notes = notes;
        let runs = match &self.options.script {
            Some(file) => self.script(&mut stage, file, &mut report.differences)?,
            None => self.operations(&mut stage, &push, &mut report.notes)?,
        };
        let calls = stage.calls()?;
        let timed = self.timeline.jobs();
        let runs = runs.into_iter();
        report.runs = runs
            .map(|ran| report::run(&ran, &calls, &timed, self.files))
            .collect();
        let unreached = unreached(&self.options.failures, &report.runs);
        report.notes.extend(unreached);
        report.asked = stage.asked();
        let after = stage.snapshot()?;
        report.changes = report::changes(&before, &after);
        let trunk = after.branches.get(self.source.trunk());
        let trunk = trunk.context("the trunk is gone")?;
        report.changes.commits = stage.commits(Some(&push.head), trunk)?;
        report.state = report::Pair {
            before: before.state,
            after: after.state,
        };
        report.not_run = stage.others().to_vec();
        report.milliseconds = self.timeline.milliseconds();
        Ok(report)
    }

    fn stage(&self, folder: &Path) -> anyhow::Result<Stage> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
        let act = match self.options.act {
            true => Some(found("act").context("`act` is not on the PATH")?),
            false => None,
        };
        let machine = Machine {
            act,
            actions: self.options.actions.clone(),
            start: now.as_secs(),
            ..Machine::default()
        };
        let engine = match self.options.act {
            true => Engine::Act,
            false => Engine::Own,
        };
        let timeline = Arc::clone(self.timeline);
        let watch = Arc::new(move |run: u64, moment: &Moment<'_>| timeline.note(run, moment));
        Stage::set(folder, machine, engine, watch)
    }

    /// Opens the repository; returns what a person should know about it.
    fn open(&self, stage: &mut Stage, known: &Known) -> anyhow::Result<Vec<String>> {
        let mut stubs = self.files.stubs(&self.source.root, &self.options.real)?;
        let answers = self.files.answers(
            &self.options.outputs,
            &self.options.failures,
            &self.source.environments(),
        )?;
        let uploads = self.files.uploads(&self.source.config);
        for (callee, at) in uploads {
            // What runs for real uploads what it does.
            if let Some(stub) = stubs.iter_mut().find(|stub| stub.path == callee) {
                stub.answer.at.push(at);
            }
        }
        for (callee, at) in answers {
            let stub = stubs.iter_mut().find(|stub| stub.path == callee);
            let stub = stub.with_context(|| format!("{callee} runs for real"))?;
            let known = &stub.answer.outputs;
            if let Some(unknown) = at.outputs.keys().find(|name| !known.contains_key(*name)) {
                let all: Vec<&str> = known.keys().map(String::as_str).collect();
                bail!(
                    "{callee} has no output `{unknown}`; it has {}",
                    all.join(", ")
                );
            }
            stub.answer.at.push(at);
        }
        let mut credentials = credentials::credentials(self.files);
        let notes = known.keep(&mut credentials.secrets, &mut credentials.variables);
        let mut environments = known::declared(&self.source.config);
        environments.extend(known.environments.clone().into_iter().flatten());
        let rejected = self.rejected(&mut environments)?;
        let releases = known.releases.iter().flatten();
        let releases: Vec<_> = releases
            .map(|found| (found.release.clone(), found.target.clone()))
            .collect();
        stage.open(Existing {
            config: self.source.config.clone(),
            manifest: self.source.manifest.clone(),
            secrets: credentials.secrets,
            variables: credentials.variables,
            environments,
            stubs,
            wanted: self.files.generated.keys().cloned().collect(),
            setup_actions: self.files.setup_actions.clone(),
            rejected,
        })?;
        self.add_producers(stage)?;
        stage.add_releases(&releases)?;
        Ok(notes)
    }

    /// The environments for which everybody says no, by their names on GitHub; somebody is asked.
    fn rejected(
        &self,
        environments: &mut BTreeMap<String, Environment>,
    ) -> anyhow::Result<Vec<String>> {
        let names = self.options.rejected.iter();
        names
            .map(|name| {
                let gate = self.source.gate(name).with_context(|| {
                    let all = self.source.environments().join(", ");
                    format!("there is no environment `{name}`; there are {all}")
                })?;
                let environment = environments.entry(gate.clone()).or_default();
                if environment.reviewers.is_empty() {
                    environment.reviewers.push("a reviewer".to_owned());
                }
                Ok(gate)
            })
            .collect()
    }

    /// Adds the repositories of which the pipeline takes versions, each with one release, and the one
    /// that it is a fork of.
    fn add_producers(&self, stage: &Stage) -> anyhow::Result<()> {
        let integration = &self.source.config["integration"];
        if let Some(name) = integration["upstream"].as_str() {
            let branch = integration["upstream_branch"].as_str().unwrap_or("main");
            stage.add_upstream(name, branch)?;
        }
        let mut known = BTreeSet::new();
        let external = self.source.config["external"].as_array();
        for entry in external.into_iter().flatten() {
            let Some(name) = entry["repo"].as_str() else {
                continue;
            };
            if !known.insert(name) {
                continue;
            }
            let branch = entry["branch"].as_str().unwrap_or("main");
            let tag = producers::tag(entry["version"].as_str());
            stage.add_producer(name, branch, &tag)?;
        }
        Ok(())
    }

    fn operations(
        &self,
        stage: &mut Stage,
        push: &source::Push,
        notes: &mut Vec<String>,
    ) -> anyhow::Result<Vec<Ran>> {
        let named = self.options.operations.iter();
        for operation in named.filter(|operation| *operation != PUSH) {
            self.files.of(operation)?;
        }
        let mut runs = Vec::new();
        for operation in &self.options.operations {
            let more = match operation.as_str() {
                PUSH => self.push(stage, push, notes),
                _ => self
                    .files
                    .of(operation)
                    .and_then(|path| self.start(stage, path)),
            };
            runs.extend(more.with_context(|| operation.clone()).map_err(explained)?);
        }
        Ok(runs)
    }

    /// Pushes; starts by hand what a push should have started, if it starts nothing.
    fn push(
        &self,
        stage: &mut Stage,
        push: &source::Push,
        notes: &mut Vec<String>,
    ) -> anyhow::Result<Vec<Ran>> {
        let mut runs = stage.push(push.before.as_deref(), &push.head)?;
        if runs.is_empty() {
            let note = "a push of this starts nothing, as no changed file is among `on.push.paths`: what it should have started was started by hand";
            notes.push(note.to_owned());
            for path in self.files.orchestrating() {
                runs.extend(self.start(stage, path)?);
            }
        }
        Ok(runs)
    }

    /// Starts a workflow by hand, or by a signal where it waits for one.
    fn start(&self, stage: &mut Stage, path: &str) -> anyhow::Result<Vec<Ran>> {
        let file = &self.files.generated[path];
        let given = self.options.dispatch();
        let short = path.rsplit('/').next().unwrap_or(path);
        let by_hand = file["on"].get("workflow_dispatch");
        if by_hand.is_none()
            && let Some(kind) = file["on"]["repository_dispatch"]["types"][0].as_str()
        {
            return stage.signal(kind, &Value::Object(given));
        }
        let by_hand = by_hand.with_context(|| format!("{short} cannot be started by hand"))?;
        let declared = by_hand["inputs"].as_object();
        // Of several operations, each takes the inputs that it declares.
        let alone = self.options.operations.len() == 1;
        let known = |name: &String| declared.is_some_and(|all| all.contains_key(name));
        let inputs = given.into_iter().filter(|(name, _)| alone || known(name));
        stage.start(short, &inputs.collect())
    }

    fn script(
        &self,
        stage: &mut Stage,
        file: &Path,
        differences: &mut Vec<String>,
    ) -> anyhow::Result<Vec<Ran>> {
        let scenario = crate::scenario::load(file)?;
        let mut runs = Vec::new();
        for (at, step) in scenario.steps.iter().enumerate() {
            let place = format!("step {}", at + 1);
            let (ran, found) = stage.step(step).with_context(|| place.clone())?;
            runs.extend(ran);
            if !found.is_empty() {
                let found = found.into_iter().map(|one| format!("{place}: {one}"));
                differences.extend(found);
                break;
            }
        }
        Ok(runs)
    }
}

/// Says which callbacks were to fail and were never called, so that nobody believes to have seen it.
fn unreached(failures: &[Failure], runs: &[report::Run]) -> Vec<String> {
    let calls = || runs.iter().flat_map(|run| &run.calls);
    let reached = |failure: &&Failure| {
        calls().any(|called| {
            let callback: Result<Callback, _> = called.callback.parse();
            called.result == "failure" && callback.is_ok_and(|one| failure.callback.is(&one))
        })
    };
    let missed = failures.iter().filter(|failure| !reached(failure));
    missed
        .map(|failure| format!("`{failure}` was to fail, and was never called"))
        .collect()
}
