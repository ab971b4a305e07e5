//! For GitHub: workflow commands that become annotations.
//!
//! Source: GitHub's documentation of workflow commands, and the escaping of `@actions/core`.

use super::{Diagnostic, Related, Report, Source};
use cascade_core::finding::Severity;
use std::fmt::Write;

/// One line for each diagnostic.
pub(crate) fn render(report: &Report) -> String {
    let mut out = String::new();
    for each in report.diagnostics() {
        out.push_str(&annotation(each, report.source()));
        out.push('\n');
    }
    out
}

fn annotation(each: &Diagnostic, source: &Source) -> String {
    let command = match each.rule.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let mut line = format!("::{command} ");
    if let Some(path) = source.path() {
        let _ = write!(line, "file={},", property(path));
    }
    let start = each.span.and_then(|span| source.positions(span));
    if let Some((start, _)) = start {
        let _ = write!(line, "line={},col={},", start.line, start.column);
    }
    let title = format!("{} {}", each.rule.code, each.rule.name);
    let mut message = each.message.clone();
    if let (None, Some(path)) = (start, &each.path) {
        let _ = write!(message, "\nat: {path}");
    }
    for related in &each.related {
        let _ = write!(message, "\nnote: {}", noted(related, source));
    }
    if let Some(help) = &each.help {
        let _ = write!(message, "\nhelp: {help}");
    }
    let _ = write!(line, "title={}::{}", property(&title), data(&message));
    line
}

/// Says where a place is: an annotation stands at one line only.
fn noted(related: &Related, source: &Source) -> String {
    let start = related.span.and_then(|span| source.positions(span));
    match (start, &related.path) {
        (Some((start, _)), _) => format!("{} (line {})", related.message, start.line),
        (None, Some(path)) => format!("{} (at {path})", related.message),
        (None, None) => related.message.clone(),
    }
}

fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_breaks_out_of_a_command() {
        assert_eq!(data("50%\r\n::error::x"), "50%25%0D%0A::error::x");
        assert_eq!(property("a,b:c%\n"), "a%2Cb%3Ac%25%0A");
    }

    fn annotated(source: &Source, span: Option<cascade_core::manifest::yaml::Span>) -> String {
        let diagnostic = Diagnostic {
            rule: cascade_core::finding::rules::find("C203").unwrap(),
            message: "no `x`, sorry".to_owned(),
            help: Some("write: y".to_owned()),
            path: Some("deploys[0]".to_owned()),
            span,
            related: vec![Related {
                message: "the other".to_owned(),
                path: Some("deploys[1]".to_owned()),
                span,
            }],
        };
        annotation(&diagnostic, source)
    }

    #[test]
    fn an_annotation_stands_at_its_line() {
        let source = Source::file("a,b.yaml".to_owned(), b"ci:\n  x\n");
        let span = cascade_core::manifest::yaml::Span { start: 6, end: 7 };
        let line = annotated(&source, Some(span));
        assert!(
            line.starts_with("::error file=a%2Cb.yaml,line=2,col=3,title=C203 "),
            "{line}"
        );
        assert!(
            line.ends_with("::no `x`, sorry%0Anote: the other (line 2)%0Ahelp: write: y"),
            "{line}"
        );
    }

    #[test]
    fn an_annotation_without_a_line_names_the_key() {
        let line = annotated(&Source::Code, None);
        assert!(line.starts_with("::error title=C203 "), "{line}");
        assert!(
            line.ends_with("::no `x`, sorry%0Aat: deploys[0]%0Anote: the other (at deploys[1])%0Ahelp: write: y"),
            "{line}"
        );
    }
}
