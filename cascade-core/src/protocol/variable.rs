//! Environment variables that steps set and commands read.
//!
//! Data that a workflow does not know when it is written reaches a command through these and never
//! through its script (GitHub's documentation, "Script injections").

/// An environment variable that a command reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Variable {
    name: &'static str,
    set_by: SetBy,
}

/// The side that sets a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SetBy {
    /// Generated files.
    Workflow,
    /// The runner, or an event of it.
    Runner,
    /// People, on their own machines or in workflows of their own.
    Person,
}

impl Variable {
    /// Returns the name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.name
    }

    /// Returns the side that sets it.
    #[must_use]
    pub const fn set_by(self) -> SetBy {
        self.set_by
    }

    /// Returns the variable of this name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        ALL.iter().copied().find(|each| each.name == name)
    }
}

impl std::fmt::Display for Variable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

impl From<Variable> for String {
    fn from(variable: Variable) -> Self {
        variable.name.to_owned()
    }
}

/// Declares variables, by the side that sets them.
macro_rules! variables {
    ($($side:ident { $($(#[doc = $doc:literal])+ $name:ident,)+ })+) => {
        $($(
            $(#[doc = $doc])+
            pub const $name: Variable = Variable { name: stringify!($name), set_by: SetBy::$side };
        )+)+

        /// Every variable whose name is fixed; see also [`needs`].
        pub const ALL: &[Variable] = &[$($($name),+),+];
    };
}

variables! {
    Workflow {
        /// The token that commits the adoption of pins.
        ADOPTION_TOKEN,
        /// The bake time of a wave, as a duration.
        BAKE_TIME,
        /// Outputs of builds, JSON by name.
        BUILDS,
        /// The folder that the page with the status is written to.
        CASCADE_BOARD,
        /// The versions that a changelog is about, JSON.
        CHANGELOG,
        /// The component that a workflow belongs to, if the pipeline has several.
        CASCADE_COMPONENT,
        /// The manifest's file, where it is not the usual one.
        CASCADE_CONFIG,
        /// The manifest's key, where it is not the usual one.
        CASCADE_MANIFEST_KEY,
        /// The name of the secret that a resolving job reads producers with.
        CREDENTIAL,
        /// The name of a deploy.
        DEPLOY,
        /// The id of the deployment that GitHub was told of when it began.
        DEPLOYMENT,
        /// Planned deployments of external versions, JSON by name.
        DEPLOYS,
        /// The inputs of a run that a person or a signal started, JSON.
        DISPATCH,
        /// `true` if nothing may change.
        DRY_RUN,
        /// The name of an environment.
        ENVIRONMENT,
        /// Names of what failed in an earlier job, separated by commas.
        FAILED,
        /// The branch of the run that a `workflow_run` event reports.
        HEAD_BRANCH,
        /// The repository that the commit of that run is from: `owner/name`.
        HEAD_REPOSITORY,
        /// The commit of the run that a `workflow_run` event reports.
        HEAD_SHA,
        /// The token that pushes branches of a fork and opens its pull requests.
        INTEGRATION_TOKEN,
        /// The number of an integration's issue.
        ISSUE,
        /// The name of an external version.
        NAME,
        /// The token that may start the receiver's workflow.
        NOTIFY_TOKEN,
        /// The number of a pull request.
        NUMBER,
        /// The operation that deploys.
        OPERATION,
        /// The share of a wave, in percent.
        PERCENT,
        /// The plan of a run, in its [envelope](super::plan).
        PLAN,
        /// A planned deploy, JSON.
        PLANNED,
        /// The token that reads producers.
        READ_TOKEN,
        /// The token that writes tags and releases.
        RELEASE_TOKEN,
        /// The folder that a check leaves its report in, for the companion that comments.
        REPORT,
        /// The id of the run that a `workflow_run` event reports.
        RUN,
        /// The cron expression that started a run.
        SCHEDULE,
        /// The commit that an earlier job made.
        SHA,
        /// The type of the signal that started a run; empty if a person did.
        SIGNAL,
        /// The private key that signs commits and tags.
        SIGNING_KEY,
        /// The secret that signs events.
        TELEMETRY_SECRET,
        /// The token that changes the repository that a deployment targets.
        TARGET_TOKEN,
        /// The token that reads and writes the repository.
        GITHUB_TOKEN,
    }
    Runner {
        /// `true` in a workflow.
        GITHUB_ACTIONS,
        /// The person or bot that started the run.
        GITHUB_ACTOR,
        /// The address of the API.
        GITHUB_API_URL,
        /// The file that outputs of a step are written to.
        GITHUB_OUTPUT,
        /// The ref of the run.
        GITHUB_REF,
        /// `owner/name`.
        GITHUB_REPOSITORY,
        /// The attempt of the run, from 1.
        GITHUB_RUN_ATTEMPT,
        /// The id of the run.
        GITHUB_RUN_ID,
        /// The address of the web pages and of git.
        GITHUB_SERVER_URL,
        /// The file that the summary of a step is written to.
        GITHUB_STEP_SUMMARY,
        /// The workflow file of the run, with the ref that it was read at.
        GITHUB_WORKFLOW_REF,
    }
    Person {
        /// `git` or `api`: the transport of state writes.
        CASCADE_STATE_TRANSPORT,
        /// A token for a GitHub Enterprise Server, as GitHub's command line reads it.
        GH_ENTERPRISE_TOKEN,
        /// A token for GitHub, as GitHub's command line reads it.
        GH_TOKEN,
        /// A token for a GitHub Enterprise Server, as GitHub's command line reads it.
        GITHUB_ENTERPRISE_TOKEN,
        /// The token that may start the receiver's workflow, under the name of its secret.
        PRIMARY_REPO_TOKEN,
    }
}

/// The prefix of every variable with a value that a workflow is dispatched with.
const INPUT: &str = "INPUT_";

/// Returns the name of the variable that holds a value which a workflow is dispatched with.
#[must_use]
pub fn input(name: &str) -> String {
    format!("{INPUT}{}", name.replace('-', "_"))
}

/// Returns true if a variable holds a value which a workflow is dispatched with.
#[must_use]
pub fn is_input(name: &str) -> bool {
    name.starts_with(INPUT)
}

/// The prefix of every variable with the result of a job.
const NEEDS: &str = "NEEDS_";

/// Returns the name of the variable that holds how a job ended: `needs.<job>` as JSON, or its result
/// alone.
///
/// One variable per job keeps each below the 128 KiB that Linux takes for one (`MAX_ARG_STRLEN` in
/// execve(2)).
#[must_use]
pub fn needs(job: &str) -> String {
    format!("{NEEDS}{}", job.replace('-', "_").to_uppercase())
}

/// Returns true if a variable holds how a job ended.
#[must_use]
pub fn is_needs(name: &str) -> bool {
    name.starts_with(NEEDS)
}
