//! Ids of jobs.
//!
//! GitHub reads ids without regard to case, and the results of a job travel in a variable in which
//! `-` and `_` are the same ([`variable::needs`](super::variable::needs)); names are compared as
//! [`comparable`] text for both reasons.

use crate::pipeline::CallbackKind;

/// The job that decides.
pub const SETUP: &str = "setup";
/// The job that checks the manifest.
pub const LINT: &str = "lint";
/// The job that calls the validation.
pub const VALIDATE: &str = "validate";
/// The job that records, tags and releases at the end.
pub const FINALIZE: &str = "finalize";
/// The job that publishes a release.
pub const RELEASE: &str = "release";
/// The job that calls the callback which writes a changelog.
pub const CHANGELOG: &str = "changelog";
/// The job that writes a changelog into the draft of a release.
pub const DESCRIBE: &str = "describe";
/// The job that calls the publish callback.
pub const PUBLISH: &str = "publish";
/// The job that checks under the lock whether a plan still holds.
pub const GATE: &str = "gate";
/// The job that records a deployment, or what producers answered.
pub const RECORD: &str = "record";
/// The job that hands a merge over to the trunk's workflow.
pub const MERGED: &str = "merged";
/// The job that opens a hotfix's pull requests.
pub const APPLY: &str = "apply";
/// The job that records what a producer reports.
pub const UPDATE: &str = "update";
/// The job that opens or refreshes the pull request into the mirror.
pub const SYNC: &str = "sync";
/// The job that merges trunk and the mirror.
pub const INTEGRATE: &str = "integrate";
/// The job that watches integrations.
pub const MONITOR: &str = "monitor";
/// The job that compares the generated files with the pipeline.
pub const DRIFT: &str = "drift";
/// The job that shows what a merge would do.
pub const PREVIEW: &str = "preview";
/// The job that looks for new pins of actions.
pub const PINS: &str = "pins";
/// The job that adopts them.
pub const ADOPT: &str = "adopt";
/// The job that writes the page with the status.
pub const BOARD: &str = "board";
/// The job that publishes it.
pub const PAGES: &str = "pages";
/// The job that comments on a pull request.
pub const COMMENT: &str = "comment";
/// The job that builds cascade itself.
pub const CASCADE: &str = "cascade";

/// Returns the id of the job that calls a build or deploy.
#[must_use]
pub fn callback(kind: CallbackKind, name: &str) -> String {
    match kind {
        CallbackKind::Build => format!("build-{name}"),
        CallbackKind::Deploy => deploy(name),
    }
}

/// Returns the id of the job that deploys: a deploy in the deploy path, an environment in the
/// workflow of an operation.
#[must_use]
pub fn deploy(name: &str) -> String {
    format!("deploy-{name}")
}

/// Returns the id of the job that restores an environment after a failed promotion.
#[must_use]
pub fn restore(environment: &str) -> String {
    format!("restore-{environment}")
}

/// Returns the id of the job that waits for the approval of an environment.
#[must_use]
pub fn approve(environment: &str) -> String {
    format!("approve-{environment}")
}

/// Returns the id of the job that deploys a version of a producer when it arrives.
#[must_use]
pub fn external_deploy(name: &str) -> String {
    format!("deploy_{}", name.replace('-', "_"))
}

/// Returns the id of the job that waits before such a deployment.
#[must_use]
pub fn external_gate(name: &str) -> String {
    format!("gate_{}", name.replace('-', "_"))
}

/// Returns the id of the job that asks producers with a credential; `None` is the default one.
#[must_use]
pub fn resolve(credential: Option<&str>) -> String {
    match credential {
        None => "resolve".to_owned(),
        Some(name) => format!("resolve-{}", comparable(name)),
    }
}

/// Returns the id of the `number`th retry of a job, from 1.
#[must_use]
pub fn retry(id: &str, number: u8) -> String {
    format!("{id}-retry-{number}")
}

/// Returns the id of a stage of the rollout that the job `id` would call directly.
#[must_use]
pub fn stage(id: &str, stage: Stage) -> String {
    match stage.wave {
        None => format!("{id}-{}", stage.name.as_str()),
        Some(wave) => format!("{id}-{}-{wave}", stage.name.as_str()),
    }
}

/// A stage of a rollout: what it does, and in which wave of a canary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stage {
    /// A description.
    pub name: StageName,
    /// The wave, from 1; `None` where there is only one.
    pub wave: Option<usize>,
}

/// The part that a stage has in its rollout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StageName {
    /// Records that a wave begins.
    Begin,
    /// Deploys a wave of a canary.
    Canary,
    /// Deploys beside the running version.
    Green,
    /// Watches.
    Bake,
    /// Judges a wave.
    Analysis,
    /// Records that the completing stage of a canary begins.
    BeginPromote,
    /// Completes a canary.
    Promote,
    /// Records that the completing stage of a switch begins.
    BeginCutover,
    /// Completes a switch.
    Cutover,
    /// Undoes the rollout.
    Rollback,
    /// Changes the target behind the call of a workflow.
    Target,
}

impl StageName {
    /// Every stage.
    pub const ALL: [Self; 11] = [
        Self::Begin,
        Self::Canary,
        Self::Green,
        Self::Bake,
        Self::Analysis,
        Self::BeginPromote,
        Self::Promote,
        Self::BeginCutover,
        Self::Cutover,
        Self::Rollback,
        Self::Target,
    ];

    /// Returns the stage as it stands in ids of jobs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Begin => "begin",
            Self::Canary => "canary",
            Self::Green => "green",
            Self::Bake => "bake",
            Self::Analysis => "analysis",
            Self::BeginPromote => "begin-promote",
            Self::Promote => "promote",
            Self::BeginCutover => "begin-cutover",
            Self::Cutover => "cutover",
            Self::Rollback => "rollback",
            Self::Target => "target",
        }
    }

    /// Returns true if a rollout may have one of it, without a number.
    #[must_use]
    pub const fn is_single(self) -> bool {
        !matches!(self, Self::Canary | Self::Analysis)
    }

    /// Returns true if each wave of a canary may have one.
    #[must_use]
    pub const fn is_of_waves(self) -> bool {
        matches!(
            self,
            Self::Begin | Self::Canary | Self::Bake | Self::Analysis
        )
    }

    /// Returns the stage alone, where there is one of it.
    #[must_use]
    pub const fn once(self) -> Stage {
        Stage {
            name: self,
            wave: None,
        }
    }

    /// Returns the stage of the `wave`th wave of a canary, from 1.
    #[must_use]
    pub const fn of_wave(self, wave: usize) -> Stage {
        Stage {
            name: self,
            wave: Some(wave),
        }
    }
}

/// Returns the id of the job that changes the target of a deploy, behind the call of a workflow if
/// it calls one.
#[must_use]
pub fn target(deploy_name: &str, calls: bool) -> String {
    let id = deploy(deploy_name);
    match calls {
        true => stage(&id, StageName::Target.once()),
        false => id,
    }
}

/// Returns a name as it is compared with others: without case, `_` as `-`.
#[must_use]
pub fn comparable(name: &str) -> String {
    name.to_lowercase().replace('_', "-")
}

/// Returns the names to which derived jobs of `owner` could be mistaken for: every way to read
/// `name` as an owner and the end of one of its derived jobs.
///
/// ```
/// use cascade_core::protocol::job::owners;
///
/// let owners: Vec<String> = owners("web-canary-1-retry-1").collect();
/// assert_eq!(owners, ["web-canary-1", "web"]);
/// ```
pub fn owners(name: &str) -> impl Iterator<Item = String> {
    let name = comparable(name);
    let ends: Vec<usize> = name.rmatch_indices('-').map(|(at, _)| at).collect();
    ends.into_iter().filter_map(move |at| {
        let (owner, end) = name.split_at(at);
        is_derived(end).then(|| owner.to_owned())
    })
}

/// Returns true if ids of derived jobs end like this: a stage, a retry, or a retry of a stage.
fn is_derived(end: &str) -> bool {
    let end = end.strip_prefix('-').unwrap_or(end);
    match split_number(end, "retry") {
        Some("") => true,
        Some(stage) => stage.strip_suffix('-').is_some_and(is_stage),
        None => is_stage(end),
    }
}

fn is_stage(end: &str) -> bool {
    StageName::ALL.iter().any(|stage| {
        let name = stage.as_str();
        (stage.is_single() && end == name)
            || (stage.is_of_waves() && split_number(end, name) == Some(""))
    })
}

/// Returns what stands before `<word>-<number>` at the end of a text.
fn split_number<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let before = text.trim_end_matches(|c: char| c.is_ascii_digit());
    let numbered = before.len() < text.len();
    let before = before.strip_suffix('-').filter(|_| numbered)?;
    before.strip_suffix(word)
}
