//! Reading what act printed.

use std::process;

use serde_json::Value;

/// A finished run.
#[derive(Debug, Clone, Default)]
pub struct Run {
    /// act's exit code; `None` if it was killed.
    pub code: Option<i32>,
    /// The jobs that ran, in the order in which they ended. A skipped job is not among them.
    pub jobs: Vec<JobResult>,
    /// The outputs of steps, in order.
    pub outputs: Vec<Output>,
    /// The step summaries, in order.
    pub summaries: Vec<String>,
    /// The lines that the steps printed, each behind the path of its job.
    pub log: String,
    /// True if it was cancelled while it waited for another run.
    pub cancelled: bool,
    /// The messages of act itself.
    pub stderr: String,
}

/// The result of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobResult {
    /// The job's id in its own workflow.
    pub id: String,
    /// The names of workflow and job; of a called one, behind the caller's.
    pub path: String,
    /// `success` or `failure`.
    pub result: String,
}

/// A value that a step put out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// The id of the job.
    pub job: String,
    /// The id of the step.
    pub step: String,
    /// Its name.
    pub name: String,
    /// The value.
    pub value: String,
}

impl Run {
    pub(super) fn read(output: &process::Output) -> Self {
        let mut run = Self {
            code: output.status.code(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
            ..Self::default()
        };
        for line in String::from_utf8_lossy(&output.stdout).lines() {
            match serde_json::from_str(line) {
                Ok(event) => run.event(&event),
                Err(_) => run.line("act", line),
            }
        }
        run
    }

    /// Returns true if every job succeeded or was skipped.
    #[must_use]
    pub fn succeeded(&self) -> bool {
        self.code == Some(0)
    }

    /// Returns the result of the job `id`; `None` if it did not run.
    #[must_use]
    pub fn result(&self, id: &str) -> Option<&str> {
        let job = self.jobs.iter().find(|job| job.id == id)?;
        Some(&job.result)
    }

    fn event(&mut self, event: &Value) {
        let text = |key: &str| event[key].as_str().unwrap_or_default();
        if event["command"] == "summary" {
            self.summaries.push(text("content").to_owned());
        }
        if event["command"] == "set-output" {
            self.outputs.push(Output {
                job: text("jobID").to_owned(),
                step: event["stepID"][0].as_str().unwrap_or_default().to_owned(),
                name: text("name").to_owned(),
                value: text("arg").to_owned(),
            });
        }
        if let Some(result) = event["jobResult"].as_str() {
            self.jobs.push(JobResult {
                id: text("jobID").to_owned(),
                path: text("job").to_owned(),
                result: result.to_owned(),
            });
        }
        self.line(text("job"), text("msg"));
    }

    fn line(&mut self, job: &str, message: &str) {
        for part in message.trim_end_matches('\n').split('\n') {
            self.log.push_str(job);
            self.log.push_str(" | ");
            self.log.push_str(part);
            self.log.push('\n');
        }
    }
}
