//! Callbacks.

use super::part::text;
use super::setters::setters;
use super::{DeployTarget, Part, Place, Rollout, Secrets};
use crate::manifest::draft::{Map, Node};
use crate::manifest::{Access, OnFailure, RunPolicy};

/// Declares a callback: its own setters, then those that every callback has.
macro_rules! callback {
    (
        $(#[doc = $doc:literal])*
        $name:ident at $place:expr;
        $($(#[doc = $own_doc:literal])* $own:ident : $kind:ident $(($ty:ty))?,)*
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, PartialEq)]
        pub struct $name {
            map: Map,
        }

        setters! {
            $name {
                $($(#[doc = $own_doc])* $own: $kind $(($ty))?,)*
                /// What the callback does, for headers and graphs.
                description: text,
                /// Values of the workflow's inputs, all at once.
                inputs: map,
                /// The complete permissions of the job that calls the workflow.
                permissions: map_of(Access),
                /// The secrets that the workflow gets: all, or callee's name to caller's.
                secrets: block(Secrets),
                /// True if the workflow understands `dry_run`.
                supports_dry_run: flag,
                /// How often a failed call is repeated.
                retries: number,
            }
        }

        impl $name {
            /// The reusable workflow.
            #[must_use]
            pub fn workflow(&self) -> String {
                text(&self.map, "workflow").unwrap_or_default()
            }

            /// Gives the workflow's input `name` a value.
            #[must_use]
            pub fn input(mut self, name: impl Into<String>, value: impl Into<Node>) -> Self {
                below(&mut self.map, "inputs").insert(name.into(), value.into());
                self
            }
        }

        impl Part for $name {
            const PLACE: Place = $place;

            fn from_map(map: Map) -> Self {
                Self { map }
            }

            fn into_map(self) -> Map {
                self.map
            }

            fn names(map: &Map) -> Vec<String> {
                let fixed = match $place {
                    Place::One(key) => Some(key.to_owned()),
                    Place::Many(_) => None,
                };
                text(map, "name").or(fixed).into_iter().collect()
            }
        }
    };
}

callback! {
    /// The callback that validates a commit before anything is built.
    Validate at Place::One("validate");
    /// Its name in graphs.
    name: text,
    /// Path patterns that select the callback; none means always.
    triggers: list,
    /// The condition under which the callback runs.
    run_policy: choice(RunPolicy),
    /// The effect of a failure on the run.
    on_failure: choice(OnFailure),
}

callback! {
    /// A callback that builds an artifact.
    Build at Place::Many("builds");
    /// One call for every combination of some values.
    matrix: node,
    /// Files that a release carries.
    artifacts: list,
    /// Path patterns that select the callback; none means always.
    triggers: list,
    /// The condition under which the callback runs.
    run_policy: choice(RunPolicy),
    /// The effect of a failure on the run.
    on_failure: choice(OnFailure),
    /// Further outputs to record.
    state_tags: list,
    /// Records the commit that the callback made.
    auto_commits: flag,
    /// Workflow artifacts that are passed through.
    artifact_upload: node,
}

callback! {
    /// A callback that deploys to an environment.
    Deploy at Place::Many("deploys");
    /// Where the deployment happens, if a repository is its target.
    deploy_target: block(DeployTarget),
    /// Path patterns that select the callback; none means always.
    triggers: list,
    /// The condition under which the callback runs.
    run_policy: choice(RunPolicy),
    /// The effect of a failure on the run.
    on_failure: choice(OnFailure),
    /// Further outputs to record.
    state_tags: list,
    /// Records the commit that the callback made.
    auto_commits: flag,
    /// Workflow artifacts that are passed through.
    artifact_upload: node,
}

callback! {
    /// The callback that publishes each build when a release is cut.
    Publish at Place::One("publish");
    /// Its name in graphs.
    name: text,
}

/// Adds values of inputs that differ by environment.
macro_rules! environments {
    ($($name:ident),*) => { $(
        impl $name {
            /// Gives the workflow's input `name` a value in one environment.
            #[must_use]
            pub fn env_input(
                mut self,
                environment: &str,
                name: impl Into<String>,
                value: impl Into<Node>,
            ) -> Self {
                let environments = below(&mut self.map, "env_inputs");
                below(environments, environment).insert(name.into(), value.into());
                self
            }
        }
    )* };
}

environments! { Validate, Build, Deploy }

/// Adds constructors that take a name, and dependencies.
macro_rules! named {
    ($($name:ident $what:literal),*) => { $(
        impl $name {
            #[doc = concat!("The ", $what, " named `name` that `workflow` does.")]
            #[must_use]
            pub fn new(name: impl Into<String>, workflow: impl Into<String>) -> Self {
                Self { map: Map::new() }
                    .set("name", name.into())
                    .set("workflow", workflow.into())
            }

            /// The name.
            #[must_use]
            pub fn name(&self) -> String {
                text(&self.map, "name").unwrap_or_default()
            }

            /// Adds a callback that must have succeeded before: its handle or name.
            #[must_use]
            pub fn depends_on(mut self, callback: impl Into<String>) -> Self {
                push(&mut self.map, "depends_on", callback.into());
                self
            }

            /// Adds a callback that comes before, whatever becomes of it: its handle or name.
            #[must_use]
            pub fn optional_depends_on(mut self, callback: impl Into<String>) -> Self {
                push(&mut self.map, "optional_depends_on", callback.into());
                self
            }
        }
    )* };
}

named! { Build "build", Deploy "deployment" }

impl Validate {
    /// The validation that `workflow` does.
    #[must_use]
    pub fn new(workflow: impl Into<String>) -> Self {
        Self { map: Map::new() }.set("workflow", workflow.into())
    }
}

impl Publish {
    /// The publication that `workflow` does.
    #[must_use]
    pub fn new(workflow: impl Into<String>) -> Self {
        Self { map: Map::new() }.set("workflow", workflow.into())
    }
}

impl Deploy {
    /// The deployment named `name` that changes another repository and calls no workflow.
    ///
    /// ```
    /// use cascade_core::builder::{Deploy, DeployTarget};
    /// use cascade_core::manifest::TargetMode;
    /// let target = DeployTarget::new(TargetMode::Gitops).repo("acme/infra");
    /// let web = Deploy::to("web", target.path("web.yaml").field("image.tag"));
    /// ```
    #[must_use]
    pub fn to(name: impl Into<String>, target: DeployTarget) -> Self {
        let named = Self { map: Map::new() }.set("name", name.into());
        named.deploy_target(target)
    }

    /// Sets how a version reaches its users: a [`Canary`](super::Canary) or a
    /// [`BlueGreen`](super::BlueGreen).
    #[must_use]
    pub fn strategy<R: Rollout>(mut self, rollout: R) -> Self {
        for key in ["strategy", "canary", "blue_green"] {
            self.map.shift_remove(key);
        }
        self.set("strategy", R::NAME).set(R::NAME, rollout.into())
    }

    /// Sets the share of the only wave of the deployment's canary, in percent.
    #[must_use]
    pub fn percent(mut self, percent: i64) -> Self {
        let canary = below(&mut self.map, "canary");
        canary.shift_remove("steps");
        canary.insert("percent".to_owned(), percent.into());
        self
    }
}

/// The mapping under a key.
fn below<'a>(map: &'a mut Map, key: &str) -> &'a mut Map {
    let node = map.entry(key.to_owned()).or_insert(Node::Null);
    if !matches!(node, Node::Map(_)) {
        *node = Node::Map(Map::new());
    }
    match node {
        Node::Map(map) => map,
        _ => unreachable!("a mapping was put here"),
    }
}

/// Appends to the list under a key.
fn push(map: &mut Map, key: &str, value: String) {
    match map.get_mut(key) {
        Some(Node::List(items)) => items.push(value.into()),
        _ => {
            map.insert(key.to_owned(), Node::List(vec![value.into()]));
        }
    }
}
