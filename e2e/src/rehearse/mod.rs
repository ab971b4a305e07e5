//! Rehearsals: the generated workflows of a person's repository, run on the person's machine.
//!
//! | module | what lives there |
//! |---|---|
//! | `options` | what somebody wants |
//! | `source` | the person's repository, which is only read |
//! | `callbacks`, `names`, `credentials` | stubs, the names of callbacks, made-up secrets |
//! | `timeline` | when jobs began and ended, shown live |
//! | `report`, `text`, `page` | what happened: data, for a terminal, as a page |

mod callbacks;
mod credentials;
mod names;
mod options;
mod report;
mod source;
mod text;
mod timeline;

use std::path::Path;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context;
use serde_json::Value;

use crate::engine::{Engine, Moment};
use crate::scenario::Machine;
use crate::scenario::stage::{Existing, Ran, Stage};
use callbacks::Files;
pub use options::Options;
pub use report::Report;
use report::Head;
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
    let folder = tempfile::Builder::new().prefix("rehearsal-").tempdir()?;
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

struct Rehearsal<'a> {
    options: &'a Options,
    source: &'a Source,
    files: &'a Files,
    timeline: &'a Arc<Timeline>,
}

impl Rehearsal<'_> {
    fn run(&self, folder: &Path) -> anyhow::Result<Report> {
        let mut stage = self.stage(folder)?;
        let name = self.source.name();
        let bare = stage.create(&name, self.source.trunk())?;
        let push = self.source.copy(&bare, self.options.message.as_deref())?;
        self.open(&mut stage)?;
        let before = stage.snapshot()?;
        let mut report = Report::new(
            name,
            Head {
                subject: stage.subject(&push.head)?,
                sha: push.head.clone(),
            },
        );
        report.notes.clone_from(&push.notes);
        let runs = match &self.options.script {
            Some(file) => self.script(&mut stage, file, &mut report.differences)?,
            None => self.operations(&mut stage, &push)?,
        };
        let calls = stage.calls()?;
        let timed = self.timeline.jobs();
        let runs = runs.into_iter();
        report.runs = runs
            .map(|ran| report::run(ran, &calls, &timed, self.files))
            .collect();
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
        let machine = Machine {
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

    fn open(&self, stage: &mut Stage) -> anyhow::Result<()> {
        let mut stubs = self.files.stubs(&self.source.root, &self.options.real)?;
        let answers = self.files.answers(
            &self.options.outputs,
            &self.options.failures,
            &self.source.environments(),
        )?;
        for (callee, at) in answers {
            let stub = stubs.iter_mut().find(|stub| stub.path == callee);
            let stub = stub.with_context(|| format!("{callee} runs for real"))?;
            stub.answer.at.push(at);
        }
        let credentials = credentials::credentials(self.files);
        stage.open(Existing {
            config: self.source.config.clone(),
            manifest: self.source.manifest.clone(),
            secrets: credentials.secrets,
            variables: credentials.variables,
            stubs,
            wanted: self.files.generated.keys().cloned().collect(),
            ..Existing::default()
        })
    }

    fn operations(&self, stage: &mut Stage, push: &source::Push) -> anyhow::Result<Vec<Ran>> {
        let mut runs = Vec::new();
        for operation in &self.options.operations {
            let path = self.files.of(operation)?;
            let file = &self.files.generated[path];
            let more = match operation.as_str() {
                PUSH => stage.push(push.before.as_deref(), &push.head),
                _ => self.start(stage, path, file),
            };
            runs.extend(more.with_context(|| operation.clone())?);
        }
        Ok(runs)
    }

    /// Starts a workflow by hand, or by a signal where it waits for one.
    fn start(&self, stage: &mut Stage, path: &str, file: &Value) -> anyhow::Result<Vec<Ran>> {
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
