//! Parts of every report: its kind, its limits, findings.

use super::{Bounded, Untrusted};
use crate::finding::Severity;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The most bytes of a report; the largest that cascade writes is a tenth of it.
const LARGEST: usize = 1024 * 1024;

/// A report that a check leaves for its companion.
pub trait Report: Serialize + DeserializeOwned {
    /// The kind of the report.
    const KIND: Kind;

    /// Returns the report as Markdown.
    fn markdown(&self) -> String;

    /// Returns true if there is nothing that a reviewer must know. A companion then says so only
    /// where it said something else before.
    fn is_clean(&self) -> bool;

    /// Returns the text of the report's file.
    #[must_use]
    fn written(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// Reads the file of a report.
    ///
    /// # Errors
    /// It is not one that cascade writes.
    fn read(bytes: &[u8]) -> Result<Self, Rejected> {
        if bytes.len() > LARGEST {
            return Err(Rejected::TooLarge);
        }
        serde_json::from_slice(bytes).map_err(|error| Rejected::Malformed {
            line: error.line(),
            column: error.column(),
        })
    }
}

/// The kind of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Generated files that are not as the pipeline says.
    Drift,
    /// The builds and deploys that a merge would start.
    Preview,
    /// Bumps of pinned actions.
    Pins,
}

impl Kind {
    /// Returns the name of the artifact that holds the report.
    #[must_use]
    pub const fn artifact(self) -> &'static str {
        match self {
            Self::Drift => "cascade-drift",
            Self::Preview => "cascade-preview",
            Self::Pins => "cascade-pins",
        }
    }

    /// Returns the name of the report's file.
    #[must_use]
    pub const fn file(self) -> &'static str {
        match self {
            Self::Drift => "cascade-drift.json",
            Self::Preview => "cascade-preview.json",
            Self::Pins => "cascade-pins.json",
        }
    }

    /// Returns the workflow that writes the report: its file, without `.yaml`.
    #[must_use]
    pub const fn stem(self) -> &'static str {
        match self {
            Self::Drift => "cascade-drift-check",
            Self::Preview => "cascade-pr-preview",
            Self::Pins => "cascade-reconcile-check",
        }
    }

    /// Returns the title of the workflow that writes the report.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Drift => "Drift check",
            Self::Preview => "Preview",
            Self::Pins => "Reconcile check",
        }
    }

    /// Returns the line that tells a companion's comment from all others. Nothing that a report holds
    /// can be mistaken for it, since its `<` is escaped.
    #[must_use]
    pub const fn mark(self) -> &'static str {
        match self {
            Self::Drift => "<!-- cascade: drift -->",
            Self::Preview => "<!-- cascade: preview -->",
            Self::Pins => "<!-- cascade: pins -->",
        }
    }
}

/// The reason why a report is not used. It quotes nothing: the text of a report is not for logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rejected {
    /// It has more bytes than any report.
    TooLarge,
    /// It is not written as reports are.
    Malformed {
        /// The line of the first mistake.
        line: usize,
        /// Its column.
        column: usize,
    },
}

impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge => write!(f, "it has more than {LARGEST} bytes"),
            Self::Malformed { line, column } => {
                write!(
                    f,
                    "line {line}, column {column} is not as cascade writes it"
                )
            }
        }
    }
}

/// Something that a rule found in the pipeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// The code of the rule.
    pub rule: Untrusted,
    /// Its severity.
    pub severity: FoundSeverity,
    /// Its message.
    pub message: Untrusted,
    /// The advice.
    pub help: Option<Untrusted>,
    /// The place: a line of the manifest, or a key.
    pub place: Option<Untrusted>,
}

/// The severity of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FoundSeverity {
    /// The pipeline is refused.
    Error,
    /// Somebody should look at it.
    Warning,
}

impl From<Severity> for FoundSeverity {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Error => Self::Error,
            Severity::Warning => Self::Warning,
        }
    }
}

/// Returns findings as a table, and nothing if there are none.
pub(super) fn table(findings: &Bounded<Finding>) -> String {
    if findings.is_empty() {
        return String::new();
    }
    let mut text =
        "| finding | place | what is wrong | what to do |\n|---|---|---|---|\n".to_owned();
    for each in findings.items() {
        let severity = match each.severity {
            FoundSeverity::Error => "error",
            FoundSeverity::Warning => "warning",
        };
        let optional = |text: &Option<Untrusted>| text.as_ref().map(Untrusted::cell);
        text.push_str(&format!(
            "| {severity} {} | {} | {} | {} |\n",
            each.rule.cell(),
            optional(&each.place).unwrap_or_default(),
            each.message.cell(),
            optional(&each.help).unwrap_or_default(),
        ));
    }
    text + &findings.rest()
}
