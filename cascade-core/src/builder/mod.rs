//! A pipeline declared with plain calls: what the attribute macros are sugar over.
//!
//! The builder makes the same draft as a manifest or `#[pipeline]`, and is held to the same rules.
//!
//! ```
//! use cascade_core::builder::{Build, Builder, Canary, Deploy, Environment};
//!
//! let image = Build::new("image", ".github/workflows/build.yaml").triggers(["src/**"]);
//! let web = Deploy::new("web", ".github/workflows/deploy.yaml")
//!     .depends_on("image")
//!     .strategy(Canary::new(
//!         ".github/workflows/promote.yaml",
//!         ".github/workflows/rollback.yaml",
//!     ).percent(25));
//! let definition = Builder::new("main")
//!     .environment("dev")
//!     .environment(Environment::new("prod").wait_timer(5))
//!     .add(image)
//!     .add(web)
//!     .build()?;
//! assert_eq!(definition.node().get("trunk_branch"), Some(&"main".into()));
//! # Ok::<(), cascade_core::builder::Report>(())
//! ```
//!
//! A choice is a type, so that a word which is none of them does not compile:
//!
//! ```
//! use cascade_core::builder::{Deploy, OnFailure, RunPolicy};
//! let web = Deploy::new("web", ".github/workflows/deploy.yaml")
//!     .run_policy(RunPolicy::Always)
//!     .on_failure(OnFailure::Continue);
//! ```
//!
//! ```compile_fail,E0308
//! use cascade_core::builder::Deploy;
//! Deploy::new("web", ".github/workflows/deploy.yaml").run_policy("alwyas");
//! ```
//!
//! A canary without its callbacks does not compile:
//!
//! ```compile_fail
//! cascade_core::builder::Canary::new(".github/workflows/promote.yaml");
//! ```

mod blocks;
mod callback;
mod definition;
mod environment;
mod external;
mod handle;
mod part;
mod root;
mod secrets;
mod setters;
mod settings;
mod strategy;

#[cfg(test)]
mod tests;

pub use crate::manifest::{
    Access, BranchPolicy, Cadence, CliSource, GitMode, InputKind, OnFailure, PinMode,
    ReconcileCommit, ReconcileSource, ReleaseTrigger, Role, RunActivity, RunPolicy, Source,
    TargetMode, TelemetryAdapter, UpstreamWorkflows,
};
pub use blocks::{
    Cli, DeployTarget, DispatchInput, ExtraTriggers, Git, Integration, Reconcile, Telemetry,
    WorkflowRun,
};
pub use callback::{Build, Deploy, Publish, Validate};
pub use definition::{Definition, Draft, Report};
pub use environment::Environment;
pub use external::{External, ExternalDeploy};
pub use handle::{Handle, Named};
pub use part::{Part, Place};
pub use root::{Package, PackageRoot, Root};
pub use secrets::Secrets;
pub use settings::Settings;
pub use strategy::{BlueGreen, Canary, Rollout};

use crate::check;
use crate::contract::Contracts;
use crate::finding::{Finding, rules, suggest};
use crate::key_path::KeyPath;
use crate::manifest::SCHEMA_VERSION;
use crate::manifest::draft::{Map, Node};
use crate::message;
use std::path::PathBuf;

/// A block of the manifest: its keys and their values.
///
/// ```
/// use cascade_core::builder::{Builder, block};
/// let builder = Builder::new("main")
///     .settings(|s| s.set("concurrency", block([("cancel_in_progress", true)])));
/// assert!(builder.build().is_ok());
/// ```
pub fn block<K: Into<String>, V: Into<Node>>(entries: impl IntoIterator<Item = (K, V)>) -> Node {
    let entry = |(key, value): (K, V)| (key.into(), value.into());
    Node::Map(entries.into_iter().map(entry).collect())
}

/// A pipeline that is being declared.
#[derive(Debug, Clone)]
pub struct Builder {
    map: Map,
    root: Root,
    findings: Vec<Finding>,
}

impl Builder {
    /// A pipeline whose releases flow from `trunk_branch`.
    #[must_use]
    pub fn new(trunk_branch: impl Into<String>) -> Self {
        let map = Map::from_iter([
            ("schema_version".to_owned(), Node::from(SCHEMA_VERSION)),
            ("trunk_branch".to_owned(), Node::from(trunk_branch.into())),
        ]);
        Self::from_map(map, Root::Around)
    }

    fn from_map(map: Map, root: Root) -> Self {
        Self {
            map,
            root,
            findings: Vec::new(),
        }
    }

    /// The repository that the pipeline is for; by default the one around the working directory.
    ///
    /// An absolute folder counts if it is in the git repository around the working directory, or if
    /// there is no repository around it: it may be that of another copy, in which the program was
    /// built. A relative folder begins at the working directory.
    #[must_use]
    pub fn root(mut self, root: impl Into<PathBuf>) -> Self {
        self.root = Root::Named(root.into());
        self
    }

    /// Adds an environment to the end of the promotion order: a name, or an [`Environment`].
    #[must_use]
    pub fn environment(mut self, environment: impl Into<Environment>) -> Self {
        self.list("environments").push(environment.into().into());
        self
    }

    /// Changes what concerns the whole pipeline.
    #[must_use]
    pub fn settings(mut self, change: impl FnOnce(Settings) -> Settings) -> Self {
        self.map = change(Settings::from(self.map)).into();
        self
    }

    /// Adds a callback or another repository.
    ///
    /// A pipeline has one [`Validate`] and one [`Publish`]: the last one holds.
    #[must_use]
    #[expect(clippy::should_implement_trait, reason = "a pipeline is no number")]
    pub fn add<P: Part>(mut self, part: P) -> Self {
        let node = Node::Map(part.into_map());
        match P::PLACE {
            Place::One(key) => {
                self.map.insert(key.to_owned(), node);
            }
            Place::Many(key) => self.list(key).push(node),
        }
        self
    }

    /// Changes what a handle names.
    ///
    /// A name that nothing has is a finding of [`build`](Self::build).
    #[must_use]
    #[expect(
        clippy::needless_pass_by_value,
        reason = "a handle is copied, and `Shop::WEB` reads better than `&Shop::WEB`"
    )]
    pub fn edit<P: Part>(mut self, handle: impl Named<P>, change: impl FnOnce(P) -> P) -> Self {
        let name = handle.name();
        match part::find::<P>(&mut self.map, &name) {
            Some(map) => *map = change(P::from_map(std::mem::take(map))).into_map(),
            None => self.findings.push(self.unknown::<P>(&name)),
        }
        self
    }

    /// Checks the pipeline against every rule that needs no files.
    ///
    /// What the workflow files declare is checked when the pipeline is generated or verified.
    ///
    /// # Errors
    /// Everything that is wrong.
    pub fn build(self) -> Result<Definition, Report> {
        let draft = Draft::new(Node::Map(self.map), self.root);
        let checked = check::check(&draft.node, &Contracts::unavailable());
        let mut findings = self.findings;
        let sound = findings.is_empty() && checked.pipeline.is_some();
        findings.extend(checked.findings);
        if sound {
            Ok(Definition::new(draft, findings))
        } else {
            Err(Report::new(findings))
        }
    }

    fn list(&mut self, key: &str) -> &mut Vec<Node> {
        let node = self.map.entry(key.to_owned()).or_insert(Node::Null);
        if !matches!(node, Node::List(_)) {
            *node = Node::List(Vec::new());
        }
        match node {
            Node::List(items) => items,
            _ => unreachable!("a list was put here"),
        }
    }

    fn unknown<P: Part>(&self, name: &str) -> Finding {
        let names = part::names::<P>(&self.map);
        let key = P::PLACE.key();
        let help = suggest::among(name, names.iter().map(String::as_str), "there are");
        let message = message!("{} has nothing named {} to change", key = key, name = name);
        let at = KeyPath::root().key(key);
        Finding::new(&rules::UNKNOWN_CALLBACK, at, message).help(help)
    }
}

impl From<Draft> for Builder {
    fn from(draft: Draft) -> Self {
        let map = match draft.node {
            Node::Map(map) => map,
            _ => Map::new(),
        };
        Self::from_map(map, draft.root)
    }
}
