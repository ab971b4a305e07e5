//! The repository's settings: Actions, rules, labels, names of secrets and variables.
//!
//! Source: GitHub's REST API, "Permissions for GitHub Actions", "Rules", "Branch protection",
//! "Labels", "Secrets" and "Variables".

use super::{Answer, GitHub, Listing};
use crate::cli::error::Failure;
use crate::uri::encoded;
use serde_json::{Value, json};

/// A change of the settings, by one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Setting {
    /// The switch of Actions, and which ones may run.
    Actions(Value),
    /// The actions that may run, where only selected ones do.
    SelectedActions(Value),
    /// The permissions of each run's token.
    WorkflowToken(Value),
    /// The default branch.
    DefaultBranch(String),
    /// A label that is not there yet.
    Label {
        /// Its name.
        name: String,
        /// Its colour: six hexadecimal digits.
        color: &'static str,
    },
}

const ACTIONS: &str = "/actions/permissions";
const SELECTED_ACTIONS: &str = "/actions/permissions/selected-actions";
const WORKFLOW_TOKEN: &str = "/actions/permissions/workflow";

impl GitHub {
    /// Changes a setting.
    pub(crate) fn set(&self, setting: &Setting) -> Result<(), Failure> {
        let (method, path, body) = match setting {
            Setting::Actions(body) => ("PUT", ACTIONS, body.clone()),
            Setting::SelectedActions(body) => ("PUT", SELECTED_ACTIONS, body.clone()),
            Setting::WorkflowToken(body) => ("PUT", WORKFLOW_TOKEN, body.clone()),
            Setting::DefaultBranch(branch) => ("PATCH", "", json!({ "default_branch": branch })),
            Setting::Label { name, color } => {
                ("POST", "/labels", json!({ "name": name, "color": color }))
            }
        };
        let answer = self.change(method, &self.path(path), &body)?;
        answer.accepted().map(|_| ())
    }

    /// Asks whether Actions run, and which.
    pub(crate) fn actions(&self) -> Result<Answer, Failure> {
        self.get(&self.path(ACTIONS))
    }

    /// Asks which actions may run, where only selected ones do.
    pub(crate) fn selected_actions(&self) -> Result<Answer, Failure> {
        self.get(&self.path(SELECTED_ACTIONS))
    }

    /// Asks what the token of each run may do.
    pub(crate) fn workflow_token(&self) -> Result<Answer, Failure> {
        self.get(&self.path(WORKFLOW_TOKEN))
    }

    /// Lists the repository's `secrets` or `variables`.
    pub(crate) fn names(&self, field: &str) -> Result<Listing, Failure> {
        self.list_under(&self.path(&format!("/actions/{field}")), field)
    }

    /// Lists the `secrets` or `variables` that the organization shares with the repository.
    pub(crate) fn shared_names(&self, field: &str) -> Result<Listing, Failure> {
        self.list_under(&self.path(&format!("/actions/organization-{field}")), field)
    }

    /// Lists the labels.
    pub(crate) fn labels(&self) -> Result<Vec<Value>, Failure> {
        self.list(&self.path("/labels"))
    }

    /// Asks for the rules that hold for a branch.
    pub(crate) fn rules_of(&self, branch: &str) -> Result<Answer, Failure> {
        self.get(&self.path(&format!("/rules/branches/{}", encoded(branch))))
    }

    /// Asks for the older kind of protection of a branch.
    pub(crate) fn branch_protection(&self, branch: &str) -> Result<Answer, Failure> {
        self.get(&self.path(&format!("/branches/{}/protection", encoded(branch))))
    }

    /// Asks for the rulesets for tags, those of the organization included.
    pub(crate) fn rulesets_for_tags(&self) -> Result<Answer, Failure> {
        let path = "/rulesets?targets=tag&includes_parents=true&per_page=100";
        self.get(&self.path(path))
    }

    /// Lists the repository's own rulesets.
    pub(crate) fn rulesets(&self) -> Result<Vec<Value>, Failure> {
        self.list(&self.path("/rulesets?includes_parents=false"))
    }

    /// Asks for a ruleset with its rules.
    pub(crate) fn ruleset(&self, id: u64) -> Result<Answer, Failure> {
        self.get(&self.path(&format!("/rulesets/{id}")))
    }

    /// Makes a ruleset, or replaces the one of that number.
    pub(crate) fn put_ruleset(&self, id: Option<u64>, body: &Value) -> Result<(), Failure> {
        let answer = match id {
            Some(id) => self.change("PUT", &self.path(&format!("/rulesets/{id}")), body)?,
            None => self.change("POST", &self.path("/rulesets"), body)?,
        };
        answer.accepted().map(|_| ())
    }
}
