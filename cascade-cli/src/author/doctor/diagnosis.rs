//! Findings about the repository on GitHub, and their fixes.

use super::{Patient, environments, rules};
use crate::cli::error::Failure;
use crate::github::Setting;
use serde_json::{Value, json};

/// The outcome of one examination.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is as it must be.
    Good,
    /// A run would fail, or would not do what the pipeline says.
    Wrong,
    /// Nobody could say.
    Unknown,
}

/// A finding about one subject.
#[derive(Debug)]
pub(super) struct Diagnosis {
    /// The subject, in a few words.
    pub(super) subject: String,
    pub(super) verdict: Verdict,
    /// The facts, and their consequence.
    pub(super) said: String,
    pub(super) fix: Fix,
}

/// A remedy for a finding.
#[derive(Debug)]
pub(super) enum Fix {
    /// There is nothing to mend.
    None,
    /// A person does it: how.
    ByHand(String),
    /// Another setting on GitHub does it.
    Setting {
        /// The effect, after "`--fix`".
        does: String,
        setting: Setting,
    },
    /// The environment of this name is set as the pipeline says.
    Environment(String),
    /// The rules that keep the history of the state's branch are set.
    StateRules(String),
}

impl Diagnosis {
    pub(super) fn good(subject: impl Into<String>, said: impl Into<String>) -> Self {
        Self {
            subject: subject.into(),
            verdict: Verdict::Good,
            said: said.into(),
            fix: Fix::None,
        }
    }

    pub(super) fn wrong(subject: impl Into<String>, said: impl Into<String>, fix: Fix) -> Self {
        Self {
            subject: subject.into(),
            verdict: Verdict::Wrong,
            said: said.into(),
            fix,
        }
    }

    pub(super) fn unknown(
        subject: impl Into<String>,
        said: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self {
            subject: subject.into(),
            verdict: Verdict::Unknown,
            said: said.into(),
            fix: Fix::ByHand(help.into()),
        }
    }

    /// Says that GitHub did not let the token look.
    pub(super) fn not_allowed(subject: impl Into<String>, status: u16, permission: &str) -> Self {
        Self::unknown(
            subject,
            format!("GitHub does not show it to this token (HTTP {status})"),
            format!("use a token that may read {permission} of the repository"),
        )
    }

    /// Mends it by GitHub's API; returns false if only a person can.
    pub(super) fn mend(&self, patient: &Patient<'_>) -> Result<bool, Failure> {
        match &self.fix {
            Fix::None | Fix::ByHand(_) => return Ok(false),
            Fix::Setting { setting, .. } => patient.host.github.set(setting)?,
            Fix::Environment(name) => environments::mend(patient, name)?,
            Fix::StateRules(branch) => rules::mend(patient, branch)?,
        }
        Ok(true)
    }

    pub(super) fn json(&self) -> Value {
        json!({
            "subject": self.subject,
            "verdict": match self.verdict {
                Verdict::Good => "ok",
                Verdict::Wrong => "wrong",
                Verdict::Unknown => "unknown",
            },
            "message": self.said,
            "fix": self.fix.shown(),
            "fixable": self.fix.is_by_api(),
        })
    }
}

impl Fix {
    pub(super) const fn is_by_api(&self) -> bool {
        !matches!(self, Self::None | Self::ByHand(_))
    }

    /// Returns what people read.
    pub(super) fn shown(&self) -> Option<String> {
        Some(match self {
            Self::None => return None,
            Self::ByHand(text) => text.clone(),
            Self::Setting { does, .. } => format!("--fix {does}"),
            Self::Environment(name) => {
                format!("--fix sets the environment `{name}` as the pipeline says")
            }
            Self::StateRules(branch) => {
                format!("--fix keeps everybody from rewriting or deleting `{branch}`")
            }
        })
    }
}
