//! Issues that track integrations, and what the monitor may do: it comments, labels, opens and
//! closes issues, and asks for runs. Nothing here moves a branch or merges.

use crate::cli::error::Failure;
use crate::github::GitHub;
use crate::uri::{encoded, encoded_segment};
use cascade_core::lifecycle::integration::{Entry, Issue, Run, Status, Trail};
use cascade_core::pipeline::Labels;
use cascade_core::time::Time;
use serde_json::{Value, json};

/// The workflow that integrates.
pub(crate) const WORKFLOW: &str = "cascade-integrate.yaml";

/// The issues of a repository's integrations.
#[derive(Debug)]
pub(crate) struct Tracker {
    pub(crate) github: GitHub,
    pub(crate) labels: Labels,
}

impl Tracker {
    /// The issues that are open, oldest first.
    pub(crate) fn open(&self) -> Result<Vec<Issue>, Failure> {
        let sync = encoded(&self.labels.sync);
        let path = format!("/issues?state=open&labels={sync}&sort=created&direction=asc");
        let listed = self.github.list(&self.github.path(&path))?;
        Ok(listed.iter().filter_map(|each| self.read(each)).collect())
    }

    /// The hundred issues that were closed or changed last.
    pub(crate) fn closed(&self) -> Result<Vec<Issue>, Failure> {
        let sync = encoded(&self.labels.sync);
        let path = self.github.path(&format!(
            "/issues?state=closed&labels={sync}&sort=updated&direction=desc&per_page=100"
        ));
        let listed = self.github.read(&path)?.list()?;
        Ok(listed.iter().filter_map(|each| self.read(each)).collect())
    }

    /// An issue; the list of them has pull requests, too.
    fn read(&self, value: &Value) -> Option<Issue> {
        if value.get("pull_request").is_some_and(Value::is_object) {
            return None;
        }
        let labels = value["labels"].as_array()?;
        let labels: Vec<String> = labels
            .iter()
            .filter_map(|label| Some(label["name"].as_str()?.to_owned()))
            .collect();
        let body = value["body"].as_str().unwrap_or_default().to_owned();
        let open = value["state"] == "open";
        let time = |name: &str| value[name].as_str()?.parse::<Time>().ok();
        Some(Issue {
            number: value["number"].as_u64()?,
            status: Status::read(&self.labels, &labels, open),
            labels,
            trail: Trail::read(&body),
            body,
            created: time("created_at")?,
            updated: time("updated_at")?,
            closed: time("closed_at"),
        })
    }

    /// Writes labels, text and whether it is closed, in one request.
    pub(crate) fn save(&self, issue: &Issue) -> Result<(), Failure> {
        let path = self.github.path(&format!("/issues/{}", issue.number));
        let mut body = json!({
            "labels": issue.labels,
            "body": issue.trail.write(&issue.body),
        });
        if issue.closed.is_some() {
            body["state"] = "closed".into();
            body["state_reason"] = "completed".into();
        }
        self.github.change("PATCH", &path, &body)?.accepted()?;
        Ok(())
    }

    /// Says something on an issue or pull request.
    pub(crate) fn comment(&self, number: u64, text: &str) -> Result<(), Failure> {
        self.github.comment(number, text)
    }

    /// Opens an issue; its number.
    pub(crate) fn create(&self, title: &str, body: &str, labels: &[&str]) -> Result<u64, Failure> {
        let path = self.github.path("/issues");
        let new = json!({ "title": title, "body": body, "labels": labels });
        let answer = self.github.create(&path, &new)?.accepted()?;
        answer.number("number")
    }

    /// Opens an issue beside a tracked one, or writes the one that is open anew; its number.
    ///
    /// `mark` tells it from others, whoever edits the rest of its text.
    pub(crate) fn companion(
        &self,
        mark: &str,
        title: &str,
        body: &str,
        label: &str,
    ) -> Result<u64, Failure> {
        let name = encoded(label);
        let path = self
            .github
            .path(&format!("/issues?state=open&labels={name}"));
        let open = self.github.list(&path)?;
        let has = |issue: &&Value| {
            issue["body"]
                .as_str()
                .is_some_and(|text| text.contains(mark))
        };
        let body = format!("{body}\n{mark}\n");
        let Some(number) = open
            .iter()
            .find(has)
            .and_then(|issue| issue["number"].as_u64())
        else {
            return self.create(title, &body, &[label]);
        };
        let path = self.github.path(&format!("/issues/{number}"));
        self.github
            .change("PATCH", &path, &json!({ "body": body }))?
            .accepted()?;
        Ok(number)
    }

    /// Closes an issue that was opened beside a tracked one: one that has its mark, and is open.
    pub(crate) fn close_companion(&self, number: u64, mark: &str) -> Result<(), Failure> {
        let path = self.github.path(&format!("/issues/{number}"));
        let answer = self.github.get(&path)?;
        // It may be gone, and its text may be empty.
        let body = answer.body["body"].as_str().unwrap_or_default();
        if answer.body["state"] != "open" || !body.contains(mark) {
            return Ok(());
        }
        let closed = json!({ "state": "closed", "state_reason": "completed" });
        self.github.change("PATCH", &path, &closed)?.accepted()?;
        Ok(())
    }

    /// Asks for an integration on the trunk.
    pub(crate) fn dispatch(&self, trunk: &str, issue: u64) -> Result<(), Failure> {
        let inputs = json!({ "issue_number": issue.to_string() });
        self.github.dispatch_once(WORKFLOW, trunk, &inputs)
    }

    /// The hundred newest runs of the integration's workflow, newest first.
    pub(crate) fn runs(&self) -> Result<Vec<Run>, Failure> {
        let listed = self.github.newest_runs(WORKFLOW)?;
        let run = |value: &Value| {
            Some(Run {
                id: value["id"].as_u64()?,
                created: value["created_at"].as_str()?.parse().ok()?,
                over: value["status"] == "completed",
            })
        };
        Ok(listed.iter().filter_map(run).collect())
    }

    /// A run that is older than those; nothing if GitHub has forgotten it.
    pub(crate) fn run(&self, id: u64) -> Result<Option<Run>, Failure> {
        let Some(answer) = self.github.run(id)? else {
            return Ok(None);
        };
        let created = answer.text("created_at")?;
        Ok(created.parse().ok().map(|created| Run {
            id,
            created,
            over: answer.body["status"] == "completed",
        }))
    }

    /// Returns the time at which a label was last removed from an issue, and the person who did it.
    pub(crate) fn released(
        &self,
        number: u64,
        label: &str,
    ) -> Result<Option<(Time, String)>, Failure> {
        let path = self.github.path(&format!("/issues/{number}/timeline"));
        let events = self.github.list(&path)?;
        let taken = events.iter().rev().find(|event| {
            let name = event["label"]["name"].as_str().unwrap_or_default();
            event["event"] == "unlabeled" && name.eq_ignore_ascii_case(label)
        });
        Ok(taken.and_then(|event| {
            let at = event["created_at"].as_str()?.parse().ok()?;
            Some((at, event["actor"]["login"].as_str()?.to_owned()))
        }))
    }

    /// Makes a label, or gives the one that is there its colour and description.
    pub(crate) fn ensure_label(
        &self,
        name: &str,
        color: &str,
        description: &str,
    ) -> Result<bool, Failure> {
        let path = self.github.path("/labels");
        let label = json!({ "name": name, "color": color, "description": description });
        let there = self
            .github
            .path(&format!("/labels/{}", encoded_segment(name)));
        let found = self.github.get(&there)?;
        if found.status == 404 {
            let answer = self.github.create(&path, &label)?;
            return answer.accepted().map(|_| true);
        }
        let found = found.accepted()?;
        let same = found.body["color"] == color && found.body["description"] == description;
        if !same {
            let change = json!({ "color": color, "description": description });
            self.github.change("PATCH", &there, &change)?.accepted()?;
        }
        Ok(!same)
    }
}

/// An entry of the trail, by this run.
pub(crate) fn entry(
    event: cascade_core::lifecycle::integration::Event,
    (at, by): (Time, &str),
    run: Option<u64>,
) -> Entry {
    Entry {
        at,
        by: by.to_owned(),
        run,
        companion: None,
        event,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_one_segment_of_a_path() {
        assert_eq!(
            encoded_segment("area/needs a person"),
            "area%2Fneeds%20a%20person"
        );
    }
}
