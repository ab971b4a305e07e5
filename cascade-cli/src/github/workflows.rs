//! Workflows: starting them, and their runs.
//!
//! Source: GitHub's REST API, "Workflows" and "Workflow runs".

use super::{Answer, GitHub};
use crate::cli::error::Failure;
use crate::uri::{encoded, encoded_segment};
use serde_json::{Value, json};

/// Somebody's approval of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Approval {
    pub(crate) by: String,
    /// GitHub's names of the environments.
    pub(crate) environments: Vec<String>,
}

impl GitHub {
    /// Starts a workflow on a branch or tag; may be asked twice, where a connection breaks.
    pub(crate) fn dispatch(
        &self,
        file: &str,
        reference: &str,
        inputs: Option<&Value>,
    ) -> Result<(), Failure> {
        let (path, body) = self.dispatching(file, reference, inputs);
        self.change("POST", &path, &body)?.accepted().map(|_| ())
    }

    /// Starts a workflow on a branch or tag, once.
    pub(crate) fn dispatch_once(
        &self,
        file: &str,
        reference: &str,
        inputs: &Value,
    ) -> Result<(), Failure> {
        let (path, body) = self.dispatching(file, reference, Some(inputs));
        self.create(&path, &body)?.accepted().map(|_| ())
    }

    fn dispatching(&self, file: &str, reference: &str, inputs: Option<&Value>) -> (String, Value) {
        let mut body = json!({ "ref": reference });
        if let Some(inputs) = inputs {
            body["inputs"] = inputs.clone();
        }
        (self.workflow(file, "dispatches"), body)
    }

    /// Counts the runs of a workflow that somebody started on a branch or tag.
    pub(crate) fn dispatched(&self, file: &str, reference: &str) -> Result<u64, Failure> {
        let runs = self.workflow(file, "runs");
        let branch = encoded(reference);
        self.read(&format!("{runs}?event=workflow_dispatch&branch={branch}"))?
            .number("total_count")
    }

    /// Lists the hundred newest runs of a workflow, newest first.
    pub(crate) fn newest_runs(&self, file: &str) -> Result<Vec<Value>, Failure> {
        let runs = self.workflow(file, "runs");
        let answer = self.read(&format!("{runs}?per_page=100"))?;
        Ok(answer.items("workflow_runs")?.to_vec())
    }

    /// Reads a run; `None` if GitHub has forgotten it.
    pub(crate) fn run(&self, id: u64) -> Result<Option<Answer>, Failure> {
        let answer = self.get(&self.path(&format!("/actions/runs/{id}")))?;
        match answer.status {
            404 => Ok(None),
            _ => answer.accepted().map(Some),
        }
    }

    /// Lists the people who let a run go on, each with the environments that they approved; `None`
    /// if GitHub has forgotten the run.
    ///
    /// Source: "Get the review history for a workflow run"; `state` is `approved`, `rejected` or
    /// `pending`.
    pub(crate) fn approvals(&self, run: &str) -> Result<Option<Vec<Approval>>, Failure> {
        let run = encoded_segment(run);
        let answer = self.get(&self.path(&format!("/actions/runs/{run}/approvals")))?;
        let reviews = match answer.status {
            404 => return Ok(None),
            _ => answer.accepted()?.list()?,
        };
        let approved = reviews
            .iter()
            .filter(|review| review["state"] == "approved");
        let approval = |review: &Value| {
            let environments = review["environments"].as_array().into_iter().flatten();
            let environments = environments.filter_map(|each| each["name"].as_str());
            Some(Approval {
                by: review["user"]["login"].as_str()?.to_owned(),
                environments: environments.map(str::to_owned).collect(),
            })
        };
        Ok(Some(approved.filter_map(approval).collect()))
    }

    /// Runs the failed jobs of a run again.
    pub(crate) fn rerun_failed_jobs(&self, run: &str) -> Result<Answer, Failure> {
        let run = encoded_segment(run);
        let path = self.path(&format!("/actions/runs/{run}/rerun-failed-jobs"));
        self.change("POST", &path, &json!({}))
    }

    fn workflow(&self, file: &str, rest: &str) -> String {
        let file = encoded_segment(file);
        self.path(&format!("/actions/workflows/{file}/{rest}"))
    }
}
