//! The format of scenario files.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::approval::Environment;
use super::programs::Runner;
use super::step::Tick;
use crate::engine::Engine;

/// A scenario.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// Its name.
    pub name: String,
    /// The features that it proves.
    #[serde(default)]
    pub proves: Vec<String>,
    /// For people.
    pub description: Option<String>,
    /// The programs of the runners.
    #[serde(default)]
    pub(super) runner: Runner,
    #[serde(default)]
    pub(super) config: Option<Value>,
    pub(super) manifest: Option<String>,
    #[serde(default)]
    pub(super) setup: Setup,
    #[serde(default)]
    pub(super) callbacks: BTreeMap<String, Callback>,
    #[serde(default)]
    pub(super) repos: BTreeMap<String, Repository>,
    pub(crate) steps: Vec<Value>,
    /// Mistakes that are put into generated files, to see that somebody notices.
    #[serde(default)]
    pub(super) mistakes: Vec<Mistake>,
    /// The only engine that knows what it is about.
    #[serde(default)]
    pub(super) engine: Option<Engine>,
    /// It is about state in the manifest, so it never runs with the state on a branch.
    #[serde(default)]
    pub(super) state_in_manifest: bool,
    /// git is set up to do everything in another way where cascade runs.
    #[serde(default)]
    pub(super) hostile_git: bool,
    /// It runs with the state on a branch, which it does not know.
    #[serde(skip)]
    pub(super) state_branch: bool,
}

/// A mistake in a generated file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Mistake {
    pub(super) file: String,
    pub(super) right: String,
    pub(super) wrong: String,
}

/// A repository of a scenario with several.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Repository {
    pub(super) config: Option<Value>,
    pub(super) manifest: Option<String>,
    /// The folder of `examples` whose manifest it has.
    pub(super) example: Option<String>,
    /// It has the files of this project, with its own callbacks but for those that are named.
    #[serde(default)]
    pub(super) project: bool,
    #[serde(default)]
    pub(super) setup: Setup,
    #[serde(default)]
    pub(super) callbacks: BTreeMap<String, Callback>,
}

/// The world before the first step.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Setup {
    /// `ci.state`; `commit0` is the first commit.
    pub(super) state: Option<Value>,
    /// `ci.latest_release`.
    pub(super) latest_release: Option<Value>,
    /// Names, or name to commit.
    pub(super) tags: Names,
    pub(super) releases: Vec<Release>,
    pub(super) branches: Names,
    pub(super) files: BTreeMap<String, String>,
    pub(super) secrets: BTreeMap<String, Secret>,
    pub(super) variables: BTreeMap<String, String>,
    pub(super) labels: Vec<String>,
    pub(super) issues: Vec<Issue>,
    /// Branches that nobody but these logins may move.
    pub(super) protect: BTreeMap<String, Vec<String>>,
    /// The demands of branches on pull requests into them.
    pub(super) pull_requests: BTreeMap<String, PullRequests>,
    /// Pull requests may be told to merge themselves.
    pub(super) auto_merge: bool,
    /// Nobody but these logins makes tags.
    pub(super) restrict_tags: Option<Vec<String>>,
    /// Branches that take signed commits only.
    pub(super) signed: Vec<String>,
    pub(super) immutable_releases: bool,
    pub(super) environments: BTreeMap<String, Environment>,
    /// A repository that is the only one is private unless it says otherwise, so that what reads it
    /// needs the permission to.
    pub(super) private: Option<bool>,
    pub(super) fork_of: Option<String>,
    /// Has the same commits, and the host does not know why.
    pub(super) copy_of: Option<String>,
}

/// The demands of a branch on pull requests into it, and what people do: lengths of time.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct PullRequests {
    /// Its required checks take so long.
    pub(super) checks: Option<Tick>,
    /// Somebody closes them after so long.
    pub(super) closed: Option<Tick>,
}

/// Names at the first commit, or each with its commit.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum Names {
    Listed(Vec<String>),
    Placed(BTreeMap<String, String>),
}

impl Default for Names {
    fn default() -> Self {
        Self::Listed(Vec::new())
    }
}

impl Names {
    /// Each with its commit.
    pub(super) fn placed(&self) -> Vec<(&str, &str)> {
        match self {
            Self::Listed(names) => names
                .iter()
                .map(|name| (name.as_str(), "commit0"))
                .collect(),
            Self::Placed(names) => names
                .iter()
                .map(|(name, at)| (name.as_str(), at.as_str()))
                .collect(),
        }
    }
}

/// A release that is there before anything happens.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Release {
    pub(crate) tag: String,
    pub(crate) name: Option<String>,
    pub(crate) body: Option<String>,
    #[serde(default)]
    pub(crate) draft: bool,
    #[serde(default)]
    pub(crate) prerelease: bool,
    #[serde(default)]
    pub(crate) latest: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Issue {
    pub(super) title: String,
    pub(super) body: Option<String>,
    #[serde(default)]
    pub(super) labels: Vec<String>,
    /// So many of them.
    pub(super) repeat: Option<usize>,
}

/// A secret: the token of a person, of an app, one that only reads, or just a text.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(crate) enum Secret {
    Text(String),
    Token(TokenOf),
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub(crate) enum TokenOf {
    Personal(String),
    App(String),
    /// The id of an App, and its private key, with which tokens are minted.
    #[serde(rename = "app_id")]
    AppId(String),
    #[serde(rename = "app_key")]
    AppKey(String),
    /// Reads the contents of these repositories, and may do nothing else anywhere.
    Reader(Vec<String>),
}

/// A callback's stub.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Callback {
    /// Name to type, or to a declaration as in a workflow.
    pub(super) inputs: Option<BTreeMap<String, Value>>,
    pub(super) outputs: BTreeMap<String, Value>,
    pub(super) secrets: Vec<String>,
    pub(super) fail: Vec<Map<String, Value>>,
    /// The time that each call takes, in milliseconds.
    pub(super) takes: u64,
    /// The condition of its job, like `always()`, with which it runs in a cancelled run, too.
    pub(super) r#if: Option<String>,
    /// The whole file instead of a stub.
    pub(super) workflow: Option<String>,
}
