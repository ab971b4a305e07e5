//! The steps of scenarios.

use std::collections::BTreeMap;

use anyhow::{Context, bail};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// A step.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) verb: String,
    pub(super) action: Action,
    pub(super) repo: Option<String>,
    pub(super) expect: Expect,
}

#[derive(Debug, Clone)]
pub(super) enum Action {
    Commit(Commit),
    /// Names of tags with their commits; nothing deletes the tag.
    Tag(BTreeMap<String, Option<Target>>),
    Launch(Launch),
    MergePull(MergePull),
    Queue(Queue),
    Issue(Issue),
    Tick(Tick),
    Cli(Cli),
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Commit {
    /// Path to text; nothing deletes the file.
    pub(super) files: BTreeMap<String, Option<String>>,
    /// Text that is replaced in every file below `.github` of the parent, as a bot does.
    pub(super) replace: BTreeMap<String, String>,
    pub(super) message: Option<String>,
    /// The message so many times.
    pub(super) repeat: Option<usize>,
    /// The trunk, if it is not said; made if it does not exist.
    pub(super) branch: Option<String>,
    /// The parent, if it is not the branch's head; the branch is moved by force.
    pub(super) onto: Option<String>,
    /// A branch or commit that it merges: a further parent, of which it takes no files.
    pub(super) merges: Option<String>,
    /// A new `ci.config`; what is generated is generated again.
    pub(super) config: Option<Value>,
    /// Opens a pull request to `base`, or to the trunk.
    pub(super) pull_request: bool,
    /// The repository that the pull request goes to, if it is not this one.
    pub(super) into: Option<String>,
    /// The account that pushes and opens it, if it is not the person who works here.
    pub(super) by: Option<String>,
    pub(super) base: Option<String>,
    pub(super) labels: Vec<String>,
}

/// The object that a tag points at.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum Target {
    Commit(String),
    /// A tag object that stands for the commit.
    Annotated {
        annotated: String,
    },
}

/// A run to be.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Launch {
    pub(super) workflow: Option<String>,
    pub(super) component: Option<String>,
    pub(super) inputs: Option<Map<String, Value>>,
    pub(super) r#type: Option<String>,
    pub(super) payload: Option<Value>,
    pub(super) r#ref: Option<String>,
    /// The commit of the push; the branch's head, if it is not said.
    pub(super) sha: Option<String>,
    pub(super) attempt: Option<u64>,
    /// The last run of the workflow again.
    pub(super) rerun: Rerun,
    pub(super) actor: Option<String>,
    /// The schedule that comes, of several.
    pub(super) schedule: Option<String>,
    /// The place at which it is cancelled, or crashes.
    pub(super) job: Option<String>,
    /// So many writes to the host succeed first.
    pub(super) after: usize,
    /// The write at which the process crashes takes effect.
    pub(super) applied: bool,
    pub(super) faults: Vec<Fault>,
    /// The environments for which everybody who is asked says no.
    pub(super) reject: Vec<String>,
    /// Payloads, or inputs, of further signals that arrive in the same moment, before this one.
    pub(super) also: Vec<Value>,
    /// The signals do not wait for each other: their runs run at the same time.
    pub(super) together: bool,
    /// As GitHub runs it, with its calls.
    pub(super) unflattened: bool,
    /// The simulation is not compared with what happens.
    pub(super) unsimulated: bool,
}

/// The part of the last run that starts again.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum Rerun {
    Whole(bool),
    Only(Jobs),
}

/// The jobs of a run that start again.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Jobs {
    Failed,
}

impl Default for Rerun {
    fn default() -> Self {
        Self::Whole(false)
    }
}

/// Requests that go wrong during the step.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Fault {
    pub(super) path: String,
    pub(super) method: Option<String>,
    /// `429`, `403`, `502`, `refused`, `dropped`, `dropped_after` or `slow`.
    pub(super) kind: String,
    #[serde(default)]
    pub(super) after: usize,
    #[serde(default = "once")]
    pub(super) times: usize,
}

fn once() -> usize {
    1
}

/// A pull request that enters the merge queue.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Queue {
    pub(super) number: u64,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct MergePull {
    pub(super) number: Option<u64>,
    pub(super) head: Option<String>,
    pub(super) method: Option<String>,
    /// The account that approves its last commit before.
    pub(super) approved_by: Option<String>,
}

/// The changes that a person makes to an issue or pull request.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Issue {
    pub(super) number: u64,
    /// All of its labels.
    pub(super) labels: Option<Vec<String>>,
    pub(super) title: Option<String>,
    pub(super) body: Option<String>,
    /// `open` or `closed`.
    pub(super) state: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum Tick {
    By(String),
    Seconds(u64),
}

impl Tick {
    /// Its length in seconds.
    pub(super) fn seconds(&self) -> anyhow::Result<u64> {
        let text = match self {
            Tick::Seconds(seconds) => return Ok(*seconds),
            Tick::By(text) => text.trim(),
        };
        let (number, unit) = text.split_at(
            text.find(|c: char| !c.is_ascii_digit())
                .unwrap_or(text.len()),
        );
        let number: u64 = number
            .parse()
            .with_context(|| format!("`{text}` is no time, like 90s, 5m, 2h or 3d"))?;
        Ok(number
            * match unit.trim() {
                "" | "s" => 1,
                "m" => 60,
                "h" => 3_600,
                "d" => 86_400,
                _ => bail!("`{text}` is no time, like 90s, 5m, 2h or 3d"),
            })
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Cli {
    pub(super) args: Arguments,
    pub(super) env: BTreeMap<String, String>,
    pub(super) stdin: Option<String>,
    pub(super) r#ref: Option<String>,
    /// Files in the clone, before the command.
    pub(super) files: BTreeMap<String, Option<String>>,
    /// The message of the trunk's commit that takes the changes of the command.
    pub(super) commit: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum Arguments {
    Line(String),
    List(Vec<String>),
}

impl Default for Arguments {
    fn default() -> Self {
        Self::List(Vec::new())
    }
}

impl Arguments {
    pub(super) fn list(&self) -> Vec<String> {
        match self {
            Self::Line(line) => line.split_whitespace().map(str::to_owned).collect(),
            Self::List(list) => list.clone(),
        }
    }
}

/// The result that a step must lead to.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Expect {
    pub(super) result: Option<Value>,
    pub(super) exit: Option<Value>,
    pub(super) jobs: Option<Value>,
    pub(super) runs: Option<Value>,
    pub(super) state: Option<Value>,
    pub(super) latest_release: Option<Value>,
    pub(super) manifest: Option<Value>,
    pub(super) tags: Option<Value>,
    pub(super) releases: Option<Value>,
    pub(super) calls: Option<Value>,
    pub(super) branches: Option<Value>,
    pub(super) pull_requests: Option<Value>,
    pub(super) issues: Option<Value>,
    pub(super) labels: Option<Value>,
    pub(super) deployments: Option<Value>,
    pub(super) summary: Option<Value>,
    pub(super) files: Option<Map<String, Value>>,
    pub(super) stdout: Option<Value>,
    pub(super) stderr: Option<Value>,
    pub(super) log: Option<Value>,
    pub(super) requests: Option<Value>,
    /// The jobs that waited in front of environments.
    pub(super) asked: Option<Value>,
    /// The events that the receiver of webhooks took.
    pub(super) delivered: Option<Value>,
}

const VERBS: [&str; 21] = [
    "commit",
    "tag",
    "push",
    "orchestrate",
    "promote",
    "rollback",
    "hotfix",
    "merge_pr",
    "queue",
    "issue",
    "dispatch",
    "repository_dispatch",
    "external_update",
    "poll",
    "monitor",
    "tick",
    "cancel",
    "crash",
    "verify",
    "simulate",
    "cli",
];

impl Step {
    /// Reads a step.
    pub(super) fn read(value: &Value) -> anyhow::Result<Self> {
        let fields = value.as_object().context("a step is a mapping")?;
        let mut verbs = fields
            .iter()
            .filter(|(key, _)| VERBS.contains(&key.as_str()));
        let (verb, argument) = verbs
            .next()
            .with_context(|| format!("no verb; one of {}", VERBS.join(", ")))?;
        if let Some((second, _)) = verbs.next() {
            bail!("two verbs, `{verb}` and `{second}`");
        }
        for key in fields.keys() {
            if key != verb && !["repo", "expect", "name"].contains(&key.as_str()) {
                bail!("unknown field `{key}`; besides the verb: name, repo, expect");
            }
        }
        Ok(Self {
            verb: verb.clone(),
            action: action(verb, argument).with_context(|| format!("`{verb}`"))?,
            repo: fields
                .get("repo")
                .and_then(Value::as_str)
                .map(str::to_owned),
            expect: read(fields.get("expect").unwrap_or(&Value::Null)).context("`expect`")?,
        })
    }
}

fn action(verb: &str, argument: &Value) -> anyhow::Result<Action> {
    Ok(match verb {
        "commit" => Action::Commit(read(argument)?),
        "tag" => Action::Tag(serde_json::from_value(argument.clone())?),
        "merge_pr" => Action::MergePull(read(argument)?),
        "queue" => Action::Queue(serde_json::from_value(argument.clone())?),
        "issue" => Action::Issue(serde_json::from_value(argument.clone())?),
        "tick" => Action::Tick(serde_json::from_value(argument.clone())?),
        "cli" => Action::Cli(command(argument)?),
        "verify" | "simulate" => {
            let mut cli = command(argument)?;
            let mut args = vec![verb.to_owned()];
            args.extend(cli.args.list());
            cli.args = Arguments::List(args);
            Action::Cli(cli)
        }
        _ => Action::Launch(read(argument)?),
    })
}

fn command(argument: &Value) -> anyhow::Result<Cli> {
    if argument.is_object() || argument.is_null() {
        return read(argument);
    }
    let args = serde_json::from_value(argument.clone()).context("a command line or a mapping")?;
    Ok(Cli {
        args,
        ..Cli::default()
    })
}

fn read<T: DeserializeOwned + Default>(value: &Value) -> anyhow::Result<T> {
    if value.is_null() {
        return Ok(T::default());
    }
    Ok(serde_json::from_value(value.clone())?)
}
