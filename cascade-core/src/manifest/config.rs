//! The root of the configuration.

use super::{
    BoardBlock, Branch, BuildBlock, ChangelogBlock, CliBlock, ComponentBlock, ConcurrencyBlock,
    DeployBlock, DeploymentsBlock, DispatchInputBlock, EnvironmentBlock, EnvironmentSettings,
    ExternalBlock, ExtraTriggersBlock, IntegrationBlock, JobMinutes, NotifyBlock,
    OptionalWorkflowBlock, Pin, PlatformBlock, PreviewBlock, PublishBlock, ReconcileBlock,
    RelativePath, ReleaseBuildBlock, RollbackBlock, RunsOn, SecretName, Stored, TagGrammarBlock,
    TagPrefix, TelemetryBlock, Token, ValidateBlock,
};
use crate::changes::Pattern;
use crate::manifest::draft::block::block;
use crate::manifest::draft::{Block, Defaulted, Map, Ranged, Required};
use crate::manifest::value::choice::choice;
use indexmap::IndexMap;

/// Where the manifest is unless it says otherwise.
pub const MANIFEST_FILE: &str = ".github/manifest.yaml";

/// The key that the manifest's body stands under unless it says otherwise.
pub const MANIFEST_KEY: &str = "ci";

/// The branch that keeps the state where a new pipeline or a move names no other one.
pub const STATE_BRANCH: &str = "cascade-state";

/// The folder of the generated action unless the configuration names another one.
pub const ACTION_FOLDER: &str = ".github/actions/setup-cascade";

/// The schema that this cascade reads and writes.
pub const SCHEMA_VERSION: i64 = 1;

choice! {
    /// What starts an orchestrate run.
    pub enum ReleaseTrigger {
        /// A push to trunk, or a person.
        Push = "push",
        /// A person.
        Dispatch = "dispatch",
    }
}

choice! {
    /// The form of references to third-party actions.
    pub enum PinMode {
        /// By commit, with the version as a comment.
        Sha = "sha",
        /// By tag.
        Tag = "tag",
    }
}

choice! {
    /// The identity of cascade's commits.
    pub enum GitMode {
        /// The Actions bot.
        Default = "default",
        /// The given name and address.
        Custom = "custom",
        /// Whoever git is configured with on the runner, with a signature if `commit.gpgSign` is set there.
        External = "external",
    }
}

block! {
    /// The body of `ci.config`.
    pub struct Config;
    /// The schema that the manifest was written for.
    schema_version: Defaulted<Ranged<{ i64::MIN }, { i64::MAX }>> = 1,
    /// What the pipeline delivers, for headers and graphs.
    description: Option<String>,
    /// The branch that releases flow from.
    trunk_branch: Required<Branch>,
    /// The GitHub that workflows run on; github.com where nothing is said.
    platform: Defaulted<PlatformBlock>,
    /// The environments in promotion order; none for a library or a command-line tool.
    environments: Vec<EnvironmentBlock>,
    /// Path patterns of the push that starts a run, instead of the union of the callbacks'.
    triggers: Vec<Pattern>,
    /// What starts an orchestrate run.
    release_trigger: Defaulted<ReleaseTrigger> = "push",
    /// How versions are written as tags.
    tag_grammar: Defaulted<TagGrammarBlock>,
    /// Where the manifest is.
    manifest_file: Defaulted<RelativePath> = ".github/manifest.yaml",
    /// The key that the manifest's body stands under.
    manifest_key: Defaulted<String> = "ci",
    /// The folder of the generated composite action; a bare name is one below `.github/actions`.
    action_folder: Defaulted<RelativePath> = ".github/actions/setup-cascade",
    /// The older spelling of `cli.version`; without a `cli` block a pin of the Go tool, which is ignored.
    cli_version: Option<String>,
    /// The checksum of the Go tool's binary, which is ignored.
    cli_version_sha: Option<String>,
    /// The source of the `cascade` program in workflows.
    cli: Option<CliBlock>,
    /// The form of references to third-party actions.
    pin_mode: Defaulted<PinMode> = "sha",
    /// Pins of actions, each with a ref; a commit may have its version behind it, like `<commit> # v1.2.3`.
    action_pins: IndexMap<String, Pin>,
    /// The place of the state, if it is not the manifest.
    state: Option<StateBlock>,
    /// The secret that writes releases; by default `state_token`.
    release_token: Option<Token>,
    /// The secret that writes state; by default `GITHUB_TOKEN`.
    state_token: Option<Token>,
    /// A GitHub App that mints the release token.
    release_token_app: Option<TokenAppBlock>,
    /// A GitHub App that mints the state token.
    state_token_app: Option<TokenAppBlock>,
    /// The author and the signature of cascade's commits.
    git: Defaulted<GitBlock>,
    /// Which runs wait for each other.
    concurrency: Defaulted<ConcurrencyBlock>,
    /// Where cascade's own jobs run.
    runs_on: Defaulted<RunsOn> = "ubuntu-latest",
    /// How long cascade's own jobs may take, in minutes.
    job_timeout_minutes: Defaulted<JobMinutes> = 30,
    /// Further inputs of a run that a person starts.
    dispatch_inputs: IndexMap<String, DispatchInputBlock>,
    /// Events besides a push that start a run.
    extra_triggers: Defaulted<ExtraTriggersBlock>,
    /// True if breaking changes are promoted without being asked about.
    allow_breaking_changes: Defaulted<bool> = false,
    /// What a commit must pass before anything is built.
    validate: Option<ValidateBlock>,
    /// What is built.
    builds: Vec<BuildBlock>,
    /// What is deployed.
    deploys: Vec<DeployBlock>,
    /// What publishes each build when a release is cut.
    publish: Option<PublishBlock>,
    /// Other repositories whose versions matter here.
    external: Vec<ExternalBlock>,
    /// The repository that hears of this one's versions.
    notify: Option<NotifyBlock>,
    /// How a release is cut.
    release_build: Option<ReleaseBuildBlock>,
    /// How the changelog is written.
    changelog: Defaulted<ChangelogBlock>,
    /// How a rollback is started besides by hand.
    rollback: Option<RollbackBlock>,
    /// A preview of what a pull request would deploy.
    pr_preview: Defaulted<PreviewBlock>,
    /// A check of pull requests that the generated files are as the pipeline says.
    drift_check: Defaulted<PreviewBlock>,
    /// A check of the manifest, and the validation, in pull requests.
    validate_check: Defaulted<OptionalWorkflowBlock>,
    /// The same for candidates of a merge queue.
    merge_queue: Defaulted<OptionalWorkflowBlock>,
    /// Adopts bumps of pinned actions in generated files, as Dependabot and Renovate make them.
    reconcile: Defaulted<ReconcileBlock>,
    /// A page with the status of the repository, written after each operation.
    board: Defaulted<BoardBlock>,
    /// GitHub's Deployments API.
    deployments: Defaulted<DeploymentsBlock>,
    /// Events about the pipeline's runs.
    telemetry: Defaulted<TelemetryBlock>,
    /// Keeps a fork in step with its upstream.
    integration: Option<IntegrationBlock>,
    /// Parts of a repository that are released on their own.
    components: IndexMap<String, ComponentBlock>,
    /// Paths that belong to every component.
    shared_paths: Vec<Pattern>,
    ; older {
        /// The older place of settings of environments.
        environment_config: IndexMap<String, EnvironmentSettings> => "environments",
        /// The older spelling of `tag_grammar.prefix`.
        tag_prefix: Option<TagPrefix> => "tag_grammar.prefix",
        /// The older spelling of `release_build`.
        release: Option<ReleaseBuildBlock> => "release_build",
    }
}

impl Config {
    /// Returns the keys in the order of the reference page, so that a manifest that is written from
    /// them reads like one.
    #[must_use]
    pub fn in_order(mut map: Map) -> Map {
        let mut sorted = Map::new();
        for key in Self::KEYS {
            if let Some((key, node)) = map.shift_remove_entry(*key) {
                sorted.insert(key, node);
            }
        }
        sorted.extend(map);
        sorted
    }
}

block! {
    /// The place of the state.
    pub struct StateBlock;
    /// The branch of its own that keeps the state; only cascade writes to it.
    branch: Required<Branch>,
}

block! {
    /// A GitHub App that mints a short-lived token in each job that needs one.
    pub struct TokenAppBlock;
    /// The secret or variable that holds the App's id.
    app_id: Required<Stored>,
    /// The secret or variable that holds the App's private key.
    private_key: Required<Stored>,
}

block! {
    /// The author of cascade's commits.
    pub struct GitBlock;
    /// Whose identity is used.
    mode: Defaulted<GitMode> = "default",
    /// The name of the committer.
    user_name: Option<String>,
    /// The address of the committer.
    user_email: Option<String>,
    /// The id of the OpenPGP key that signs, if the secret holds several.
    gpg_key_id: Option<String>,
    /// The secret with the private key that signs commits and tags, of OpenPGP or SSH, without a passphrase.
    gpg_key_secret: Option<SecretName>,
}
