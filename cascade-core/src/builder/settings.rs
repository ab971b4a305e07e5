//! What concerns the whole pipeline.

use super::setters::setters;
use super::{Cli, DispatchInput, ExtraTriggers, Git, Integration, Reconcile, Telemetry};
use crate::manifest::draft::{Map, Node};
use crate::manifest::{PinMode, ReleaseTrigger};

/// The settings of a pipeline, one setter per key of the manifest.
///
/// A block is made with [`block`](super::block).
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    map: Map,
}

setters! {
    Settings {
        /// What the pipeline delivers, for headers and graphs.
        description: text,
        /// The branch that releases flow from.
        trunk_branch: text,
        /// The GitHub that workflows run on; github.com where nothing is said.
        platform: node,
        /// Path patterns of the push that starts a run, instead of the union of the callbacks'.
        triggers: list,
        /// What starts an orchestrate run.
        release_trigger: choice(ReleaseTrigger),
        /// How versions are written as tags.
        tag_grammar: node,
        /// Where the manifest is.
        manifest_file: text,
        /// The key that the manifest's body stands under.
        manifest_key: text,
        /// The folder of the generated composite action.
        action_folder: text,
        /// The cascade version that workflows install; by default the generating one.
        cli_version: text,
        /// The checksum of that version.
        cli_version_sha: text,
        /// The source of the `cascade` program in workflows.
        cli: block(Cli),
        /// The form of references to third-party actions.
        pin_mode: choice(PinMode),
        /// Pins of actions, each with a ref.
        action_pins: map,
        /// The place of the state, if it is not the manifest.
        state: node,
        /// The secret that writes releases; by default `state_token`.
        release_token: text,
        /// The secret that writes state; by default `GITHUB_TOKEN`.
        state_token: text,
        /// A GitHub App that mints the release token.
        release_token_app: node,
        /// A GitHub App that mints the state token.
        state_token_app: node,
        /// Who signs cascade's commits.
        git: block(Git),
        /// Which runs wait for each other.
        concurrency: node,
        /// Where cascade's own jobs run.
        runs_on: node,
        /// How long cascade's own jobs may take, in minutes.
        job_timeout_minutes: number,
        /// Further inputs of a run that a person starts.
        dispatch_inputs: map_of(DispatchInput),
        /// Events besides a push that start a run.
        extra_triggers: block(ExtraTriggers),
        /// True if breaking changes are promoted without being asked about.
        allow_breaking_changes: flag,
        /// The repository that hears of this one's versions.
        notify: node,
        /// How a release is cut.
        release_build: node,
        /// How the changelog is written.
        changelog: node,
        /// How a rollback is started besides by hand.
        rollback: node,
        /// A preview of what a pull request would deploy.
        pr_preview: node,
        /// A check that the generated files are in step.
        drift_check: node,
        /// A check of the manifest in pull requests.
        validate_check: node,
        /// A component for GitHub's merge queue.
        merge_queue: node,
        /// Repairs what drifted between state, tags and releases.
        reconcile: block(Reconcile),
        /// A page with the status of the repository.
        board: node,
        /// GitHub's Deployments API.
        deployments: node,
        /// Events about the pipeline's runs.
        telemetry: block(Telemetry),
        /// Keeps a fork in step with its upstream.
        integration: block(Integration),
        /// Paths that belong to every component.
        shared_paths: list,
    }
}

impl Settings {
    /// Adds a part of the repository that is released on its own.
    #[must_use]
    pub fn component(mut self, name: impl Into<String>, component: impl Into<Node>) -> Self {
        let entry = self.map.entry("components".to_owned());
        match entry.or_insert_with(|| Node::Map(Map::new())) {
            Node::Map(components) => {
                components.insert(name.into(), component.into());
            }
            other => *other = super::block([(name.into(), component.into())]),
        }
        self
    }
}

impl From<Map> for Settings {
    fn from(map: Map) -> Self {
        Self { map }
    }
}

impl From<Settings> for Map {
    fn from(settings: Settings) -> Self {
        settings.map
    }
}
