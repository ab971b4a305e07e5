//! Workflow files, as far as the engine knows them; a key that it does not know is refused.
//!
//! Source: GitHub, "Workflow syntax for GitHub Actions" and "Metadata syntax".

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::Value;

/// A workflow file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Workflow {
    pub(super) name: Option<String>,
    #[serde(rename = "run-name")]
    _run_name: Option<String>,
    pub(super) on: Value,
    #[serde(default)]
    pub(super) env: IndexMap<String, Value>,
    #[serde(default)]
    pub(super) defaults: Defaults,
    #[serde(rename = "permissions")]
    _permissions: Option<Value>,
    pub(super) concurrency: Option<Value>,
    pub(super) jobs: IndexMap<String, Job>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Defaults {
    #[serde(default)]
    pub(super) run: DefaultsOfRun,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct DefaultsOfRun {
    pub(super) shell: Option<String>,
    pub(super) working_directory: Option<String>,
}

/// A job: steps, or the call of another workflow.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Job {
    #[serde(rename = "name")]
    _name: Option<Value>,
    #[serde(default)]
    pub(super) needs: Names,
    #[serde(rename = "if")]
    pub(super) condition: Option<Value>,
    #[serde(rename = "permissions")]
    _permissions: Option<Value>,
    #[serde(rename = "runs-on")]
    _runs_on: Option<Value>,
    pub(super) environment: Option<Value>,
    pub(super) concurrency: Option<Value>,
    #[serde(default)]
    pub(super) outputs: IndexMap<String, Value>,
    #[serde(default)]
    pub(super) env: IndexMap<String, Value>,
    pub(super) defaults: Option<Defaults>,
    #[serde(default)]
    pub(super) steps: Vec<Step>,
    #[serde(rename = "timeout-minutes")]
    _timeout_minutes: Option<Value>,
    pub(super) strategy: Option<Strategy>,
    pub(super) uses: Option<String>,
    #[serde(default)]
    pub(super) with: IndexMap<String, Value>,
    pub(super) secrets: Option<Secrets>,
}

/// One name or several.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(untagged)]
pub(super) enum Names {
    #[default]
    None,
    One(String),
    Many(Vec<String>),
}

impl Names {
    pub(super) fn iter(&self) -> impl Iterator<Item = &String> {
        match self {
            Self::None => [].iter(),
            Self::One(name) => std::slice::from_ref(name).iter(),
            Self::Many(names) => names.iter(),
        }
    }
}

/// The secrets of a call.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum Secrets {
    /// `inherit`.
    Word(String),
    Named(IndexMap<String, Value>),
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Strategy {
    #[serde(default)]
    pub(super) matrix: Value,
    #[serde(rename = "fail-fast")]
    pub(super) fail_fast: Option<Value>,
    #[serde(rename = "max-parallel")]
    _max_parallel: Option<Value>,
}

/// A step: a script, or an action.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Step {
    pub(super) id: Option<String>,
    pub(super) name: Option<Value>,
    #[serde(rename = "if")]
    pub(super) condition: Option<Value>,
    pub(super) uses: Option<String>,
    #[serde(default)]
    pub(super) with: IndexMap<String, Value>,
    pub(super) run: Option<String>,
    pub(super) shell: Option<String>,
    #[serde(default)]
    pub(super) env: IndexMap<String, Value>,
    pub(super) working_directory: Option<String>,
    #[serde(default)]
    pub(super) continue_on_error: Value,
    #[serde(rename = "timeout-minutes")]
    _timeout_minutes: Option<Value>,
}

/// The interface of a called workflow.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Called {
    #[serde(default)]
    pub(super) inputs: IndexMap<String, Input>,
    #[serde(default)]
    pub(super) outputs: IndexMap<String, Output>,
    #[serde(default)]
    pub(super) secrets: IndexMap<String, Option<DeclaredSecret>>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DeclaredSecret {
    #[serde(rename = "description")]
    _description: Option<Value>,
    #[serde(default)]
    pub(super) required: bool,
}

/// An input of a workflow.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    #[serde(rename = "description")]
    _description: Option<Value>,
    #[serde(default)]
    pub(super) required: bool,
    #[serde(default)]
    pub(super) default: Value,
    #[serde(rename = "type")]
    pub(super) kind: Option<String>,
    #[serde(rename = "options")]
    _options: Option<Value>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Output {
    #[serde(rename = "description")]
    _description: Option<Value>,
    pub(super) value: String,
}

/// The description of an action.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Action {
    #[serde(default)]
    pub(super) inputs: BTreeMap<String, ActionInput>,
    #[serde(default)]
    pub(super) outputs: BTreeMap<String, ActionOutput>,
    pub(super) runs: Runs,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct ActionInput {
    #[serde(default)]
    pub(super) default: Value,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct ActionOutput {
    pub(super) value: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Runs {
    pub(super) using: String,
    #[serde(default)]
    pub(super) steps: Vec<Step>,
    pub(super) main: Option<String>,
    pub(super) pre: Option<String>,
    pub(super) post: Option<String>,
    #[serde(rename = "pre-if")]
    _pre_if: Option<String>,
    #[serde(rename = "post-if")]
    _post_if: Option<String>,
}

impl Workflow {
    /// Returns what `on` says of an event; `None` if the workflow does not react to it.
    pub(super) fn reaction(&self, event: &str) -> Option<Value> {
        match &self.on {
            Value::String(one) if one == event => Some(Value::Null),
            Value::Array(all) if all.iter().any(|each| each == event) => Some(Value::Null),
            Value::Object(all) => all.get(event).cloned(),
            _ => None,
        }
    }
}
