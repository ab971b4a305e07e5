//! Findings as plain data, rendered by one module per reader.

pub(crate) mod github;
pub(crate) mod human;
pub(crate) mod json;
pub(crate) mod sarif;

use cascade_core::finding::{Finding, Rule, Severity};
use cascade_core::key_path::KeyPath;
use cascade_core::manifest::yaml::{Lines, Position, ReadError, Span};

/// Everything that was found in one pipeline, sorted by place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Report {
    source: Source,
    diagnostics: Vec<Diagnostic>,
}

/// The source in which the places of a report are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    /// A manifest.
    File {
        /// Its path, relative to the repository's root.
        path: String,
        /// Its text.
        text: String,
        /// The beginnings of its lines.
        lines: Lines,
    },
    /// A program.
    Code,
}

/// One thing that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Diagnostic {
    /// The broken rule.
    pub(crate) rule: &'static Rule,
    /// A description of the problem: one sentence without a final stop.
    pub(crate) message: String,
    /// Advice on what to do next.
    pub(crate) help: Option<String>,
    /// The place in the pipeline.
    pub(crate) path: Option<String>,
    /// The place in the file.
    pub(crate) span: Option<Span>,
    /// Other places that have to do with it.
    pub(crate) related: Vec<Related>,
}

/// A place that explains what was found at another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Related {
    /// The text that stands there.
    pub(crate) message: String,
    /// The place in the pipeline.
    pub(crate) path: Option<String>,
    /// The place in the file.
    pub(crate) span: Option<Span>,
}

impl Source {
    /// The text of the file at `path`; what is no UTF-8 is replaced.
    pub(crate) fn file(path: String, bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes).into_owned();
        let lines = Lines::new(&text);
        Self::File { path, text, lines }
    }

    /// The path, if there is a file.
    pub(crate) fn path(&self) -> Option<&str> {
        match self {
            Self::File { path, .. } => Some(path),
            Self::Code => None,
        }
    }

    /// Returns the positions at which `span` begins and ends, as people count.
    pub(crate) fn positions(&self, span: Span) -> Option<(Position, Position)> {
        match self {
            Self::File { text, lines, .. } => Some((
                lines.position(text, span.start),
                lines.position(text, span.end.max(span.start)),
            )),
            Self::Code => None,
        }
    }
}

impl Report {
    /// The diagnostics of `source`, sorted by place; those of code keep their order.
    pub(crate) fn new(source: Source, mut diagnostics: Vec<Diagnostic>) -> Self {
        let place = |each: &Diagnostic| each.span.map(|span| (span.start, span.end));
        diagnostics.sort_by(|a, b| {
            (place(a), a.rule.code)
                .cmp(&(place(b), b.rule.code))
                .then_with(|| a.message.cmp(&b.message))
        });
        Self {
            source,
            diagnostics,
        }
    }

    /// Returns the source in which the places are.
    pub(crate) const fn source(&self) -> &Source {
        &self.source
    }

    /// Everything that was found.
    pub(crate) fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// Everything that was found, to be explained further.
    pub(crate) fn diagnostics_mut(&mut self) -> &mut [Diagnostic] {
        &mut self.diagnostics
    }

    /// Returns the number of diagnostics of a severity.
    pub(crate) fn count(&self, severity: Severity) -> usize {
        let all = self.diagnostics.iter();
        all.filter(|each| each.rule.severity == severity).count()
    }

    /// Returns true if something is wrong.
    pub(crate) fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }
}

impl Diagnostic {
    /// Makes the diagnostic of a rule's finding, with its place in a manifest.
    pub(crate) fn finding(finding: &Finding, span: impl Fn(&KeyPath) -> Option<Span>) -> Self {
        let related = finding.related.iter().map(|related| Related {
            message: related.message.to_string(),
            path: Some(related.at.to_string()),
            span: span(&related.at),
        });
        Self {
            rule: finding.rule,
            message: finding.message.to_string(),
            help: finding.help.as_ref().map(ToString::to_string),
            path: Some(finding.at.to_string()),
            span: span(&finding.at),
            related: related.collect(),
        }
    }

    /// Something that is wrong at a place of the text.
    pub(crate) fn at(
        rule: &'static Rule,
        span: Span,
        message: String,
        help: Option<String>,
    ) -> Self {
        Self {
            rule,
            message,
            help,
            path: None,
            span: Some(span),
            related: Vec::new(),
        }
    }
}

impl From<ReadError> for Diagnostic {
    fn from(error: ReadError) -> Self {
        let related = error.note.map(|note| Related {
            message: note.message,
            path: None,
            span: Some(note.span),
        });
        Self {
            related: related.into_iter().collect(),
            ..Self::at(error.rule, error.span, error.message, error.help)
        }
    }
}

/// Returns what to do next as a numbered list with its heading.
pub(crate) fn next_steps(steps: &[String]) -> String {
    let mut out = "\nWhat to do next:\n".to_owned();
    for (position, step) in steps.iter().enumerate() {
        let step = step.replace('\n', "\n     ");
        out.push_str(&format!("  {}. {step}\n", position + 1));
    }
    out
}

/// `1 error`, `2 errors`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use cascade_core::finding::rules;

    fn diagnostic(code: &str, at: Option<usize>, message: &str) -> Diagnostic {
        Diagnostic {
            rule: rules::find(code).unwrap(),
            message: message.to_owned(),
            help: None,
            path: None,
            span: at.map(|start| Span {
                start,
                end: start + 1,
            }),
            related: Vec::new(),
        }
    }

    #[test]
    fn findings_are_told_in_the_order_of_the_file() {
        let report = Report::new(
            Source::Code,
            vec![
                diagnostic("C203", Some(9), "b"),
                diagnostic("C203", Some(9), "a"),
                diagnostic("C001", Some(9), "c"),
                diagnostic("C203", Some(2), "d"),
                diagnostic("C203", None, "e"),
            ],
        );
        let told: Vec<&str> = report
            .diagnostics()
            .iter()
            .map(|each| each.message.as_str())
            .collect();
        assert_eq!(told, ["e", "d", "c", "a", "b"]);
        assert!(report.has_errors());
    }

    #[test]
    fn counts_agree_with_their_nouns() {
        assert_eq!(
            [0, 1, 2].map(|number| count(number, "error")),
            ["0 errors", "1 error", "2 errors"]
        );
    }

    #[test]
    fn next_steps_are_numbered_and_their_lines_stay_together() {
        let steps = ["first".to_owned(), "second\nmore".to_owned()];
        let expected = "\nWhat to do next:\n  1. first\n  2. second\n     more\n";
        assert_eq!(next_steps(&steps), expected);
    }

    #[test]
    fn a_file_that_is_no_text_still_has_places() {
        let source = Source::file("x.yaml".to_owned(), b"a: \xff\nb");
        let (start, end) = source.positions(Span { start: 7, end: 3 }).unwrap();
        assert_eq!((start.line, start.column), (2, 1));
        assert_eq!((end.line, end.column), (2, 1));
        assert_eq!(Source::Code.positions(Span { start: 0, end: 0 }), None);
    }
}
