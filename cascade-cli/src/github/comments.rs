//! Comments on issues and pull requests.
//!
//! Source: GitHub's REST API, "Issue comments"; a pull request is an issue, too.

use super::GitHub;
use crate::cli::error::Failure;
use cascade_core::pull_request::Written;
use serde_json::{Value, json};

impl GitHub {
    /// Lists the comments of an issue or pull request, oldest first.
    pub(crate) fn comments(&self, number: u64) -> Result<Vec<Written>, Failure> {
        let listed = self.list(&self.path(&format!("/issues/{number}/comments")))?;
        let read = |value: &Value| {
            Some(Written {
                id: value["id"].as_u64()?,
                author: value["user"]["login"].as_str()?.to_owned(),
                body: value["body"].as_str()?.to_owned(),
            })
        };
        Ok(listed.iter().filter_map(read).collect())
    }

    /// Says something on an issue or pull request.
    pub(crate) fn comment(&self, number: u64, body: &str) -> Result<(), Failure> {
        let path = self.path(&format!("/issues/{number}/comments"));
        let answer = self.create(&path, &json!({ "body": body }))?;
        answer.accepted().map(|_| ())
    }

    /// Changes the text of a comment.
    pub(crate) fn change_comment(&self, id: u64, body: &str) -> Result<(), Failure> {
        let path = self.path(&format!("/issues/comments/{id}"));
        let answer = self.change("PATCH", &path, &json!({ "body": body }))?;
        answer.accepted().map(|_| ())
    }
}
