//! A plain job: a folder of its own, its steps, its outputs.

use std::path::PathBuf;
use std::sync::atomic::Ordering;

use indexmap::IndexMap;
use serde_json::{Value, json};

use super::Running;
use super::contexts::Contexts;
use super::files::folder;
use super::graph::{JobEnd, Placed};
use super::matrix::Leg;
use super::step::{Frame, Post};
use super::workflow::DefaultsOfRun;

/// A job while its steps run.
pub(super) struct Worker<'a> {
    pub(super) running: &'a Running<'a>,
    /// The id in the whole run.
    pub(super) id: String,
    pub(super) path: String,
    /// The workspace.
    pub(super) work: PathBuf,
    /// The folder of what the steps leave, each in one of its own.
    pub(super) steps: PathBuf,
    pub(super) defaults: DefaultsOfRun,
    /// Variables that every step has.
    pub(super) given: IndexMap<String, String>,
    /// Variables of workflow and job, and those that steps set.
    pub(super) env: IndexMap<String, String>,
    /// Folders that steps put in front of `PATH`, the last one first.
    pub(super) search: Vec<String>,
    pub(super) posts: Vec<Post>,
    pub(super) number: usize,
}

impl Running<'_> {
    pub(super) fn legs(&self, placed: &Placed<'_>) -> anyhow::Result<JobEnd> {
        self.in_legs(placed, |leg, contexts| {
            let Some(contexts) = self.enter(placed, contexts)? else {
                return Ok(JobEnd::failed());
            };
            let _permit = self.permits.take();
            self.job(placed, leg, contexts)
        })
    }

    fn job(
        &self,
        placed: &Placed<'_>,
        leg: &Leg,
        mut contexts: Contexts,
    ) -> anyhow::Result<JobEnd> {
        let (id, path) = (placed.flat_id(), placed.path());
        let place = self.folder.join(format!("{id}-{}", leg.index));
        let text = |path: PathBuf| path.to_string_lossy().into_owned();
        let work = folder(&place.join("work"))?.to_owned();
        let temp = folder(&place.join("temp"))?.to_owned();
        contexts.put("github", "workspace", text(work.clone()).into());
        contexts.put("github", "job", placed.id.into());
        contexts.set("runner", runner(&text(temp.clone())));
        contexts.set("steps", json!({}));
        contexts.set("job", json!({ "status": "success" }));
        let env = self.env_of(placed, &contexts)?;
        let of_file = placed.scope.workflow.defaults.run.clone();
        let of_job = placed.job.defaults.clone().unwrap_or_default().run;
        let mut worker = Worker {
            running: self,
            given: self.given(placed, &contexts, &text(temp)),
            id,
            path,
            steps: place.join("steps"),
            work,
            defaults: DefaultsOfRun {
                shell: of_job.shell.or(of_file.shell),
                working_directory: of_job.working_directory.or(of_file.working_directory),
            },
            env,
            search: Vec::new(),
            posts: Vec::new(),
            number: 0,
        };
        let mut frame = Frame::of_job(contexts);
        worker.run_all(&placed.job.steps, &mut frame)?;
        worker.run_posts(&mut frame)?;
        let cancelled = self.cancel == Some(worker.path.as_str());
        if cancelled {
            self.cancelled.store(true, Ordering::SeqCst);
        }
        let result = match (cancelled, frame.failed) {
            (true, _) => "cancelled",
            (false, true) => "failure",
            (false, false) => "success",
        };
        Ok(JobEnd {
            result,
            outputs: self.outputs_of(placed, &frame.contexts)?,
            ran: true,
        })
    }

    /// The variables that the files give every step of the job.
    fn env_of(
        &self,
        placed: &Placed<'_>,
        contexts: &Contexts,
    ) -> anyhow::Result<IndexMap<String, String>> {
        let mut env = contexts.texts(&placed.scope.workflow.env)?;
        let contexts = contexts.clone().with("env", json!(env));
        env.extend(contexts.texts(&placed.job.env)?);
        Ok(env)
    }

    /// Source: GitHub, "Variables reference", default environment variables.
    fn given(
        &self,
        placed: &Placed<'_>,
        contexts: &Contexts,
        temp: &str,
    ) -> IndexMap<String, String> {
        let github = contexts.get("github");
        let field = |name: &str| github[name].as_str().unwrap_or_default().to_owned();
        let mut given: IndexMap<String, String> = [
            ("CI", "true".to_owned()),
            ("LANG", "C.UTF-8".to_owned()),
            ("GITHUB_ACTIONS", "true".to_owned()),
            ("GITHUB_JOB", placed.id.to_owned()),
            (
                "GITHUB_EVENT_PATH",
                self.event_file().to_string_lossy().into_owned(),
            ),
            ("RUNNER_OS", "Linux".to_owned()),
            ("RUNNER_ARCH", "X64".to_owned()),
            ("RUNNER_NAME", "e2e".to_owned()),
            ("RUNNER_TEMP", temp.to_owned()),
            ("RUNNER_TOOL_CACHE", temp.to_owned()),
            ("E2E_JOB", placed.flat_id()),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
        for name in [
            "workflow",
            "event_name",
            "actor",
            "triggering_actor",
            "repository_owner",
            "ref_name",
            "ref_type",
            "head_ref",
            "base_ref",
            "run_number",
            "workspace",
        ] {
            given.insert(format!("GITHUB_{}", name.to_uppercase()), field(name));
        }
        let home = self.setup.home.as_ref();
        given.extend(home.map(|home| ("HOME".to_owned(), home.to_string_lossy().into_owned())));
        given.extend(self.setup.env.iter().cloned());
        given
    }
}

fn runner(temp: &str) -> Value {
    json!({
        "os": "Linux", "arch": "X64", "name": "e2e", "environment": "self-hosted",
        "temp": temp, "tool_cache": temp, "debug": "",
    })
}
