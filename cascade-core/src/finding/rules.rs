//! The registry: every rule, once. Its page is `docs/errors/<code>.md`.
//!
//! Codes are grouped by family: C0 values and text, C1 the repository, C2 callbacks, C3 contracts,
//! C4 strategies and targets, C5 other repositories, C6 releases and optional workflows, C7 integration, C8 components,
//! C9 state. A code is never used again for something else.

use super::Severity::{Error, Warning};
use super::Surface::{Rust, Yaml};
use super::{Rule, Surface};

macro_rules! registry {
    ($($(#[doc = $doc:literal])* $name:ident $code:literal $word:literal $severity:ident $surfaces:expr;)*) => {
        $(
            $(#[doc = $doc])*
            pub static $name: Rule = Rule {
                code: $code,
                name: $word,
                severity: $severity,
                surfaces: $surfaces,
                page: include_str!(concat!("../../../docs/errors/", $code, ".md")),
            };
        )*

        /// Every rule, by code.
        pub static ALL: &[&Rule] = &[$(&$name),*];
    };
}

const BOTH: &[Surface] = &[Yaml, Rust];
const YAML: &[Surface] = &[Yaml];

registry! {
    /// A key that the block does not know.
    UNKNOWN_KEY "C001" "unknown-key" Error BOTH;
    /// A value of the wrong kind: a list where text belongs.
    WRONG_TYPE "C002" "wrong-type" Error BOTH;
    /// A key that must be written is not.
    MISSING_KEY "C003" "missing-key" Error BOTH;
    /// A word that is not one of those allowed.
    UNKNOWN_CHOICE "C004" "unknown-choice" Error BOTH;
    /// A number outside its range.
    OUT_OF_RANGE "C005" "out-of-range" Error BOTH;
    /// A name with characters that job ids and variables do not allow.
    INVALID_NAME "C006" "invalid-name" Error BOTH;
    /// Not a duration.
    INVALID_DURATION "C007" "invalid-duration" Error BOTH;
    /// Not a cron expression.
    INVALID_CRON "C008" "invalid-cron" Error BOTH;
    /// Not a semver requirement.
    INVALID_REQUIREMENT "C009" "invalid-version-requirement" Error BOTH;
    /// Not `owner/name`.
    INVALID_REPOSITORY "C010" "invalid-repository" Error BOTH;
    /// Not a reference to a reusable workflow.
    INVALID_WORKFLOW_REFERENCE "C011" "invalid-workflow-reference" Error BOTH;
    /// Not a path pattern.
    INVALID_PATTERN "C012" "invalid-pattern" Error BOTH;
    /// The same setting in its older and its present spelling.
    BOTH_SPELLINGS "C013" "both-spellings" Error BOTH;
    /// A key that belongs elsewhere.
    MISPLACED_KEY "C014" "misplaced-key" Error BOTH;
    /// A script where a reusable workflow belongs.
    INLINE_SCRIPT "C015" "inline-script" Error BOTH;
    /// Not a branch name that git accepts.
    INVALID_BRANCH "C016" "invalid-branch" Error BOTH;
    /// Not the name of a secret or variable.
    INVALID_SECRET "C017" "invalid-secret-name" Error BOTH;
    /// Not an address.
    INVALID_URL "C018" "invalid-url" Error BOTH;
    /// Not a relative path inside the repository.
    INVALID_PATH "C019" "invalid-path" Error BOTH;
    /// Not an event type that a payload can carry.
    INVALID_EVENT_TYPE "C020" "invalid-event-type" Error BOTH;
    /// The text is not YAML.
    SYNTAX "C021" "yaml-syntax" Error YAML;
    /// A key stands twice in one mapping.
    DUPLICATE_KEY "C022" "duplicate-key" Error YAML;
    /// The file is larger or deeper than a manifest can be.
    TOO_LARGE "C023" "too-large" Error YAML;
    /// The file is not UTF-8.
    ENCODING "C024" "encoding" Error YAML;
    /// The manifest has no configuration under its key.
    NO_BODY "C025" "no-configuration" Error YAML;
    /// `<<` with something that cannot be merged.
    INVALID_MERGE "C026" "invalid-merge-key" Error YAML;
    /// A permission that GitHub does not have.
    UNKNOWN_PERMISSION "C027" "unknown-permission" Error BOTH;
    /// A tag grammar that would make versions unreadable.
    INVALID_TAG_GRAMMAR "C028" "invalid-tag-grammar" Error BOTH;
    /// Not a commit, tag or branch that an action can be pinned to.
    INVALID_PIN "C029" "invalid-pin" Error BOTH;
    /// Not the full hash of a commit.
    INVALID_COMMIT "C030" "invalid-commit" Error BOTH;
    /// Not a SHA-256 checksum.
    INVALID_CHECKSUM "C031" "invalid-checksum" Error BOTH;
    /// Not one version.
    INVALID_VERSION "C032" "invalid-version" Error BOTH;

    /// The manifest does not say which schema it was written for.
    NO_SCHEMA_VERSION "C101" "no-schema-version" Warning YAML;
    /// The manifest was written for a later cascade.
    SCHEMA_VERSION "C102" "schema-version" Error BOTH;
    /// A name that cascade itself uses.
    RESERVED_NAME "C103" "reserved-name" Error BOTH;
    /// Two environments of one name.
    DUPLICATE_ENVIRONMENT "C104" "duplicate-environment" Error BOTH;
    /// Roles that do not fit the promotion order.
    INVALID_ROLE "C105" "invalid-role" Error BOTH;
    /// No environment of that name.
    UNKNOWN_ENVIRONMENT "C106" "unknown-environment" Error BOTH;
    /// Branch patterns without the policy that reads them.
    BRANCH_POLICY "C107" "branch-policy" Error BOTH;
    /// A way to install cascade without what it needs.
    CLI_SOURCE "C108" "cli-source" Error BOTH;
    /// The runner must have cascade, and nothing shows that it does.
    CLI_PREINSTALLED "C109" "cli-preinstalled" Warning BOTH;
    /// A pin of another action.
    ACTION_PIN "C110" "action-pin" Error BOTH;
    /// A dispatch input that contradicts itself.
    DISPATCH_INPUT "C111" "dispatch-input" Error BOTH;
    /// More dispatch inputs than GitHub takes.
    TOO_MANY_DISPATCH_INPUTS "C112" "too-many-dispatch-inputs" Error BOTH;
    /// An event that has a workflow of its own.
    MERGE_GROUP "C113" "merge-group" Error BOTH;
    /// A token given in two ways.
    TWO_TOKENS "C114" "two-tokens" Error BOTH;
    /// A git identity that lacks a part.
    GIT_IDENTITY "C115" "git-identity" Error BOTH;
    /// More reviewers than GitHub takes.
    TOO_MANY_REVIEWERS "C116" "too-many-reviewers" Error BOTH;
    /// An expression where none can be evaluated, or over something it may not read.
    INVALID_EXPRESSION "C117" "invalid-expression" Error BOTH;
    /// An extra trigger that never fires.
    EMPTY_TRIGGER "C118" "empty-trigger" Error BOTH;
    /// A version of cascade that does not fit the generated files.
    CLI_VERSION "C119" "cli-version" Error BOTH;
    /// A version of the Go tool of the same name.
    GO_TOOL_PIN "C120" "go-tool-pin" Warning BOTH;
    /// A pin of an action that nothing uses.
    UNUSED_PIN "C121" "unused-pin" Warning BOTH;
    /// Something that github.com has and the server does not.
    SERVER_LACKS "C122" "server-lacks" Warning BOTH;
    /// Something that cannot work on the server.
    SERVER_REFUSES "C123" "server-refuses" Error BOTH;

    /// Two callbacks of one name.
    DUPLICATE_NAME "C201" "duplicate-name" Error BOTH;
    /// Two names that become one variable.
    COLLIDING_NAMES "C202" "colliding-names" Error BOTH;
    /// No callback of that name.
    UNKNOWN_CALLBACK "C203" "unknown-callback" Error BOTH;
    /// Callbacks that wait for each other.
    DEPENDENCY_CYCLE "C204" "dependency-cycle" Error BOTH;
    /// A build that waits for a deploy.
    BUILD_AFTER_DEPLOY "C205" "build-after-deploy" Error BOTH;
    /// A dependency that stands twice.
    DOUBLE_DEPENDENCY "C206" "double-dependency" Error BOTH;
    /// Not a reference to an output or an external version.
    INVALID_REFERENCE "C207" "invalid-reference" Error BOTH;
    /// An output of something that the callback does not wait for.
    NOT_A_DEPENDENCY "C208" "not-a-dependency" Error BOTH;
    /// A matrix of more jobs than GitHub runs.
    MATRIX_SIZE "C209" "matrix-size" Error BOTH;
    /// An output of a matrix.
    MATRIX_OUTPUT "C210" "matrix-output" Error BOTH;
    /// More distinct reusable workflows than GitHub takes.
    TOO_MANY_WORKFLOWS "C211" "too-many-workflows" Error BOTH;
    /// A version that is recorded for nothing.
    UNKNOWN_EXTERNAL "C212" "unknown-external" Error BOTH;

    /// A deploy in a pipeline without environments.
    DEPLOY_TO_NOWHERE "C213" "deploy-to-nowhere" Error BOTH;
    /// Triggers that match no file of the repository.
    UNMATCHED_TRIGGERS "C214" "unmatched-triggers" Warning YAML;

    /// No such workflow file.
    MISSING_WORKFLOW "C301" "missing-workflow" Error BOTH;
    /// A workflow that cannot be called.
    NOT_CALLABLE "C302" "not-callable" Error BOTH;
    /// A workflow file that cannot be read.
    UNREADABLE_WORKFLOW "C303" "unreadable-workflow" Error BOTH;
    /// A required input that nothing provides.
    MISSING_INPUT "C304" "missing-input" Error BOTH;
    /// An input that the workflow does not declare.
    UNKNOWN_INPUT "C305" "unknown-input" Error BOTH;
    /// A value of another type than the input's.
    INPUT_TYPE "C306" "input-type" Error BOTH;
    /// A required secret that is not passed.
    MISSING_SECRET "C307" "missing-secret" Error BOTH;
    /// A secret that the workflow does not declare.
    UNKNOWN_SECRET "C308" "unknown-secret" Error BOTH;
    /// An output that the workflow does not declare.
    UNKNOWN_OUTPUT "C309" "unknown-output" Error BOTH;
    /// Permissions that do not cover what the workflow asks for.
    MISSING_PERMISSION "C310" "missing-permission" Error BOTH;
    /// A dry run that the workflow cannot see.
    DRY_RUN_INPUT "C311" "dry-run-input" Error BOTH;
    /// A deployment that is approved twice.
    APPROVED_TWICE "C312" "approved-twice" Warning BOTH;
    /// Concurrency that cancels or blocks the calls of one run.
    CALLBACK_CONCURRENCY "C313" "callback-concurrency" Error BOTH;
    /// Every secret given to a workflow of another repository.
    INHERITED_SECRETS "C314" "inherited-secrets" Warning BOTH;
    /// A workflow of another repository at a branch or tag.
    UNPINNED_CALLBACK "C315" "unpinned-callback" Warning BOTH;

    /// A strategy on something that is not a deploy.
    STRATEGY_PLACE "C401" "strategy-place" Error BOTH;
    /// A strategy's block without the strategy.
    STRATEGY_BLOCK "C402" "strategy-block" Error BOTH;
    /// A strategy without the callbacks that it needs.
    STRATEGY_CALLBACKS "C403" "strategy-callbacks" Error BOTH;
    /// Steps that do not rise.
    CANARY_STEPS "C404" "canary-steps" Error BOTH;
    /// A canary whose deploy cannot be partial.
    CANARY_INPUT "C405" "canary-input" Error BOTH;
    /// A bake that outlives its job.
    BAKE_TIME "C406" "bake-time" Error BOTH;
    /// A rollback callback that does nothing in a run that was cancelled.
    ROLLBACK_CONDITION "C407" "rollback-condition" Error BOTH;
    /// A deploy target without what it needs, or with what it cannot have.
    DEPLOY_TARGET "C408" "deploy-target" Error BOTH;
    /// A token that cannot reach a target.
    TARGET_TOKEN "C409" "target-token" Error BOTH;
    /// Environments that write the same field.
    SHARED_TARGET "C410" "shared-target" Warning BOTH;

    /// A key of the other direction.
    EXTERNAL_MODE "C501" "external-mode" Error BOTH;
    /// A push entry that accepts nothing.
    EXTERNAL_DEPLOYS "C502" "external-deploys" Error BOTH;
    /// Two external names that are equal.
    EXTERNAL_NAME "C503" "external-name" Error BOTH;
    /// A schedule that nothing reads.
    EXTERNAL_SCHEDULE "C504" "external-schedule" Error BOTH;
    /// An update that deploys with nothing.
    ON_UPDATE "C505" "on-update" Error BOTH;
    /// A repository that receives and reports.
    NOTIFY_AND_RECEIVE "C506" "notify-and-receive" Error BOTH;
    /// A key that belongs to the other source.
    EXTERNAL_SOURCE "C507" "external-source" Error BOTH;
    /// A credential that a pull may not hold.
    PULL_TOKEN "C508" "pull-token" Error BOTH;

    /// A release tag from nowhere.
    RELEASE_TAG "C601" "release-tag" Error BOTH;
    /// A rollback signal that never comes.
    ROLLBACK_SIGNAL "C602" "rollback-signal" Error BOTH;
    /// A release without what it is said to need.
    RELEASE_BUILD "C603" "release-build" Error BOTH;
    /// An optional workflow without what it needs.
    OPTIONAL_WORKFLOW "C604" "optional workflow" Error BOTH;
    /// A rollback signal where there is no rollback.
    UNUSED_SIGNAL "C605" "unused-signal" Warning BOTH;
    /// Pins that cannot be committed.
    RECONCILE_TOKEN "C608" "reconcile-token" Warning BOTH;

    /// Branches of an integration that are one.
    INTEGRATION_BRANCHES "C701" "integration-branches" Error BOTH;
    /// Labels of an integration that GitHub refuses or that are one.
    INTEGRATION_LABELS "C702" "integration-labels" Error BOTH;
    /// A monitor that would wake people at once.
    INTEGRATION_MONITOR "C703" "integration-monitor" Error BOTH;
    /// A validation of integrations that has secrets, or may do more than read.
    INTEGRATION_VALIDATE "C704" "integration-validate" Error BOTH;

    /// A key of the whole repository on a component.
    COMPONENT_KEY "C801" "component-key" Error BOTH;
    /// Two components of one tag prefix.
    COMPONENT_PREFIX "C802" "component-prefix" Error BOTH;
    /// Two components of one path.
    COMPONENT_PATH "C803" "component-path" Error BOTH;
    /// A link to no other component.
    COMPONENT_LINK "C804" "component-link" Error BOTH;

    /// Recorded state that cannot be read.
    STATE "C901" "state" Error YAML;
    /// A branch for the state that has another purpose.
    STATE_BRANCH "C902" "state-branch" Error BOTH;
    /// State in the manifest of a pipeline that keeps it on a branch.
    STATE_LEFT "C903" "state-left" Warning YAML;
}

/// The rule with this code.
#[must_use]
pub fn find(code: &str) -> Option<&'static Rule> {
    ALL.iter()
        .find(|rule| rule.code.eq_ignore_ascii_case(code))
        .copied()
}
