//! Pull requests, their labels and reviews.
//!
//! Source: GitHub's REST API, "Pull requests" and "Labels".

use super::{Answer, GitHub};
use crate::cli::error::Failure;
use crate::uri::encoded;
use serde_json::{Value, json};

/// A pull request to be opened.
#[derive(Debug)]
pub(crate) struct NewPull<'a> {
    /// The title.
    pub(crate) title: &'a str,
    /// The text.
    pub(crate) body: &'a str,
    /// The branch that it comes from: `owner:branch`.
    pub(crate) head: &'a str,
    /// The repository of the head, where its owner has several of one network.
    pub(crate) head_repository: Option<&'a str>,
    /// The branch that it goes into.
    pub(crate) base: &'a str,
    /// The setting that names another token, for the help of a refusal.
    pub(crate) token_setting: &'a str,
}

/// A pull request that is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OpenPull {
    /// Its number.
    pub(crate) number: u64,
    /// Its title.
    pub(crate) title: String,
}

/// The pull requests that are asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pulls<'a> {
    /// `open`, `closed` or `all`.
    pub(crate) state: &'static str,
    /// `owner:branch`, where only pull requests from there count.
    pub(crate) head: Option<&'a str>,
    /// The branch, where only pull requests into it count.
    pub(crate) base: Option<&'a str>,
}

impl Pulls<'_> {
    fn query(&self) -> String {
        let part = |name: &str, value: Option<&str>| {
            value.map_or_else(String::new, |value| format!("&{name}={}", encoded(value)))
        };
        let (head, base) = (part("head", self.head), part("base", self.base));
        format!("state={}{head}{base}", self.state)
    }
}

impl GitHub {
    /// Returns a branch of this repository as the head of a pull request: `owner:branch`.
    pub(crate) fn head_label(&self, branch: &str) -> String {
        format!("{}:{branch}", self.owner())
    }

    /// Reads a pull request.
    pub(crate) fn pull(&self, number: u64) -> Result<Answer, Failure> {
        self.read(&self.path(&format!("/pulls/{number}")))
    }

    /// Lists pull requests, all of them.
    pub(crate) fn pulls(&self, wanted: Pulls<'_>) -> Result<Vec<Value>, Failure> {
        self.list(&self.path(&format!("/pulls?{}", wanted.query())))
    }

    /// Lists the hundred pull requests that were opened last.
    pub(crate) fn newest_pulls(&self, wanted: Pulls<'_>) -> Result<Vec<Value>, Failure> {
        let path = format!("/pulls?{}&per_page=100", wanted.query());
        self.read(&self.path(&path))?.list()
    }

    /// Finds the pull request that is open from `head`, which is `owner:branch`, into `base`.
    pub(crate) fn open_pull(&self, head: &str, base: &str) -> Result<Option<OpenPull>, Failure> {
        let found = self.pulls(Pulls {
            state: "open",
            head: Some(head),
            base: Some(base),
        })?;
        Ok(found.first().and_then(|pull| {
            Some(OpenPull {
                number: pull["number"].as_u64()?,
                title: pull["title"].as_str().unwrap_or_default().to_owned(),
            })
        }))
    }

    /// Opens a pull request; returns its number.
    ///
    /// A broken connection leaves open whether it was made, so that is looked up.
    pub(crate) fn create_pull(&self, new: &NewPull<'_>) -> Result<u64, Failure> {
        let mut body = json!({
            "title": new.title, "head": new.head, "base": new.base, "body": new.body,
        });
        if let Some(repository) = new.head_repository {
            body["head_repo"] = repository.into();
        }
        let refused = match self.create(&self.path("/pulls"), &body) {
            Ok(answer) if answer.status == 403 => {
                Failure::new("GitHub refused to open the pull request")
                    .cause(answer.message())
                    .help(format!(
                        "allow it in the repository's settings (Actions, \"Allow GitHub Actions to create and approve pull requests\"), or set `{}`",
                        new.token_setting
                    ))
            }
            Ok(answer) => match answer.accepted() {
                Ok(answer) => return answer.number("number"),
                Err(failure) => failure,
            },
            Err(failure) => failure,
        };
        let found = self.open_pull(new.head, new.base)?;
        found.map(|pull| pull.number).ok_or(refused)
    }

    /// Changes the title and text of a pull request.
    pub(crate) fn edit_pull(&self, number: u64, title: &str, body: &str) -> Result<(), Failure> {
        let change = json!({ "title": title, "body": body });
        let path = self.path(&format!("/pulls/{number}"));
        self.change("PATCH", &path, &change)?.accepted().map(|_| ())
    }

    /// Merges a pull request whose head is this commit.
    pub(crate) fn merge_pull(
        &self,
        number: u64,
        head: &str,
        method: &str,
    ) -> Result<Answer, Failure> {
        let body = json!({ "sha": head, "merge_method": method });
        let path = self.path(&format!("/pulls/{number}/merge"));
        self.change("PUT", &path, &body)
    }

    /// Closes a pull request without merging it.
    pub(crate) fn close_pull(&self, number: u64) -> Result<(), Failure> {
        let path = self.path(&format!("/pulls/{number}"));
        let body = json!({ "state": "closed" });
        self.change("PATCH", &path, &body)?.accepted().map(|_| ())
    }

    /// Puts labels on an issue or pull request.
    pub(crate) fn label(&self, number: u64, labels: &[&str]) -> Result<(), Failure> {
        let path = self.path(&format!("/issues/{number}/labels"));
        let body = json!({ "labels": labels });
        self.change("POST", &path, &body)?.accepted().map(|_| ())
    }

    /// Lists the reviews of a pull request.
    pub(crate) fn reviews(&self, number: u64) -> Result<Vec<Value>, Failure> {
        self.list(&self.path(&format!("/pulls/{number}/reviews")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_branches_are_escaped_in_the_query() {
        let pulls = Pulls {
            state: "open",
            head: Some("acme:hotfix/prod/a&b"),
            base: Some("env/prod"),
        };
        let query = "state=open&head=acme%3Ahotfix/prod/a%26b&base=env/prod";
        assert_eq!(pulls.query(), query);
        let all = Pulls {
            state: "all",
            head: None,
            base: None,
        };
        assert_eq!(all.query(), "state=all");
    }
}
