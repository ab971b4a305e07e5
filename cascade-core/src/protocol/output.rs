//! Outputs of steps: each command declares the names that it puts out.

/// The output that is the commit which a deployment made in its target.
pub const TARGET_SHA: &str = "target_sha";

/// The output that is the text of a release, and that of a plan which says what it is about.
pub const CHANGELOG: &str = "changelog";

/// The outputs of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outputs {
    command: &'static str,
    names: &'static [&'static str],
    /// Beginnings of the names of which there is one for each environment: `plan` of `plan-prod`.
    by_environment: &'static [&'static str],
}

impl Outputs {
    /// Returns the command as it is called, without `cascade`.
    #[must_use]
    pub const fn command(&self) -> &'static str {
        self.command
    }

    /// Returns the fixed names.
    #[must_use]
    pub const fn names(&self) -> &'static [&'static str] {
        self.names
    }

    /// Returns true if the command may put out this name.
    #[must_use]
    pub fn declares(&self, name: &str) -> bool {
        let of_environment = |start: &&str| {
            name.strip_prefix(*start)
                .is_some_and(|rest| rest.len() > 1 && rest.starts_with('-'))
        };
        self.names.contains(&name) || self.by_environment.iter().any(of_environment)
    }

    /// Returns the name of an output that there is one of for each environment.
    #[must_use]
    pub fn for_environment(what: &str, environment: &str) -> String {
        format!("{what}-{environment}")
    }

    /// Returns the outputs of the command that a script calls, if it calls one that has any.
    #[must_use]
    pub fn of_script(script: &str) -> Option<&'static Self> {
        let called = script.trim().strip_prefix("cascade ")?;
        ALL.iter().find(|each| {
            called
                .strip_prefix(each.command)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        })
    }
}

/// Declares the outputs of commands.
macro_rules! outputs {
    ($($(#[doc = $doc:literal])+ $name:ident = $command:literal: [$($output:literal),* $(,)?] $(by environment [$($start:literal),*])?;)+) => {
        $(
            $(#[doc = $doc])+
            pub const $name: Outputs = Outputs {
                command: $command,
                names: &[$($output),*],
                by_environment: &[$($($start),*)?],
            };
        )+

        /// The outputs of every command that has some.
        pub const ALL: &[Outputs] = &[$($name),+];
    };
}

outputs! {
    /// Decides which builds and deploys a commit needs.
    ORCHESTRATE_SETUP = "orchestrate setup": [
        "run", "reason", "sha", "version", "plan", "recorded", "validate", "builds", "deploys",
        "dispatch", "dry_run", "changelog",
    ];
    /// Records a run of the trunk.
    ORCHESTRATE_FINALIZE = "orchestrate finalize": ["advanced", "version", "deploys"];
    /// Decides which environments a promotion moves.
    PROMOTE_PREFLIGHT = "promote preflight": [
        "can_proceed", "plan", "release", "publish", "independent", "changelog",
    ] by environment ["plan"];
    /// Decides what an environment is rolled back to.
    ROLLBACK_PREFLIGHT = "rollback preflight": [
        "can_proceed", "environment", "plan", "dry_run",
    ];
    /// Decides what becomes of a request for a hotfix, or of a merged one.
    HOTFIX_PLAN = "hotfix plan": [
        "can_proceed", "reason", "action", "environment", "sha", "version", "plan", "recorded",
        "builds", "deploys", "dry_run",
    ];
    /// Checks under the lock of an environment whether a plan still holds, and says what is deployed.
    DEPLOY_GATE = "deploy gate": ["deploys", "builds", "deployment"];
    /// Changes the repository that a deployment targets.
    DEPLOY_TARGET = "deploy target": ["target_sha"];
    /// Records a deployment.
    DEPLOY_RECORD = "deploy record": ["results", "restore", "advanced"];
    /// Records what a producer reports.
    EXTERNAL_UPDATE = "external update": ["deploys", "changed"];
    /// Asks producers for their versions.
    EXTERNAL_RESOLVE = "external resolve": ["answers"];
    /// Records what producers answered.
    EXTERNAL_RECORD = "external record": ["deploys", "failed"];
    /// Merges trunk and the mirror of the upstream.
    INTEGRATION_INTEGRATE = "integration integrate": ["outcome", "sha", "issue"];
    /// Names the builds and deploys that a change concerns.
    DETECT_CHANGES = "detect-changes": ["changed", "builds", "deploys", "components"];
}
