//! The findings of rules, and the registry of rules.

pub mod message;
pub mod rules;
pub mod suggest;

pub use message::Message;

use crate::key_path::KeyPath;
use std::fmt;

/// One thing that is wrong with a draft, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// The broken rule.
    pub rule: &'static Rule,
    /// The smallest place that is wrong.
    pub at: KeyPath,
    /// A description of the problem: one sentence without a final stop.
    pub message: Message,
    /// Advice on what to do next, if there is any.
    pub help: Option<Message>,
    /// Other places that have to do with it.
    pub related: Vec<Related>,
}

/// A place that explains a finding at another one.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Related {
    /// The place.
    pub at: KeyPath,
    /// A few words about the place.
    pub message: Message,
}

/// A rule that a pipeline must keep; its page is `docs/errors/<code>.md`.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Stable code, `C` and three digits.
    pub code: &'static str,
    /// Short name in words joined by `-`.
    pub name: &'static str,
    /// The severity of a broken rule: an error stops generation.
    pub severity: Severity,
    /// The surfaces on which an author can break it.
    pub surfaces: &'static [Surface],
    /// The page that explains it, Markdown.
    pub page: &'static str,
}

/// The severity of a finding.
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
    pub fn new(rule: &'static Rule, at: KeyPath, message: impl Into<Message>) -> Self {
        Self {
            rule,
            at,
            message: message.into(),
            help: None,
            related: Vec::new(),
        }
    }

    /// The same finding with what to do next.
    #[must_use]
    pub fn help(mut self, help: impl Into<Message>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same finding with one more place that has to do with it.
    #[must_use]
    pub fn related(mut self, at: KeyPath, message: impl Into<Message>) -> Self {
        let message = message.into();
        self.related.push(Related { at, message });
        self
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}]: ", self.rule.severity, self.rule.code)?;
        if self.at.last().is_some() {
            write!(f, "{}: ", self.at)?;
        }
        write!(f, "{}", self.message)?;
        for Related { at, message } in &self.related {
            write!(f, "\n  note: {at}: {message}")?;
        }
        match &self.help {
            Some(help) => write!(f, "\n  help: {help}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Finding {}

impl Rule {
    /// Returns the title of its page.
    #[must_use]
    pub fn title(&self) -> &'static str {
        let first = self.page.lines().next().unwrap_or_default();
        first.split_once(": ").map_or(first, |(_, title)| title)
    }

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
