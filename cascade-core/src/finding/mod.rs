//! What a rule reports, and the registry of rules.

pub mod rules;
pub mod suggest;

use crate::manifest::draft::KeyPath;
use std::fmt;

/// One thing that is wrong with a draft, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The broken rule.
    pub rule: &'static Rule,
    /// Where: the smallest place that is wrong.
    pub at: KeyPath,
    /// What is wrong: one sentence without a final stop.
    pub message: String,
    /// What to do next, if there is something to say.
    pub help: Option<String>,
}

/// A rule that a pipeline must keep; its page is `docs/errors/<code>.md`.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Stable code, `C` and three digits.
    pub code: &'static str,
    /// Short name in words joined by `-`.
    pub name: &'static str,
    /// Whether a broken rule stops generation.
    pub severity: Severity,
    /// The surfaces on which an author can break it.
    pub surfaces: &'static [Surface],
    /// The page that explains it, Markdown.
    pub page: &'static str,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; generation goes on.
    Warning,
    /// The pipeline is wrong; nothing is generated.
    Error,
}

/// A way to declare a pipeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Surface {
    /// The manifest.
    Yaml,
    /// `#[pipeline]` and the builder.
    Rust,
}

impl Finding {
    /// A finding without help.
    #[must_use]
    pub fn new(rule: &'static Rule, at: KeyPath, message: impl Into<String>) -> Self {
        Self {
            rule,
            at,
            message: message.into(),
            help: None,
        }
    }

    /// The same finding with what to do next.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl Rule {
    /// The page for readers: its code blocks without the notes that the page's test reads.
    #[must_use]
    pub fn text(&self) -> String {
        let line = |line: &str| {
            let fence = line
                .strip_prefix("```")
                .and_then(|rest| rest.split_once(' '));
            match fence {
                Some((language, _)) => format!("```{language}\n"),
                None => format!("{line}\n"),
            }
        };
        self.page.lines().map(line).collect()
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}
