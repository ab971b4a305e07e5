//! For people: excerpts with underlines, like those of rustc.

use super::{Diagnostic, Related, Report, Source, count};
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use cascade_core::finding::Severity;
use cascade_core::manifest::yaml::Span;
use std::ops::Range;

/// Every diagnostic, then how many there are; nothing for an empty report.
pub(crate) fn render(report: &Report, colors: bool) -> String {
    let renderer = if colors {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let mut out = String::new();
    for each in report.diagnostics() {
        out.push_str(&renderer.render(&groups(each, report.source())));
        out.push_str("\n\n");
    }
    if !out.is_empty() {
        out.push_str(&summary(report));
        out.push('\n');
    }
    out
}

/// `.github/manifest.yaml: 2 errors, 1 warning`.
pub(crate) fn summary(report: &Report) -> String {
    let place = report.source().path().unwrap_or("the pipeline");
    let errors = report.count(Severity::Error);
    let warnings = report.count(Severity::Warning);
    let counts = match (errors, warnings) {
        (0, 0) => "no findings".to_owned(),
        (0, warnings) => count(warnings, "warning"),
        (errors, 0) => count(errors, "error"),
        (errors, warnings) => format!("{}, {}", count(errors, "error"), count(warnings, "warning")),
    };
    format!("{place}: {counts}")
}

fn groups<'a>(each: &'a Diagnostic, source: &'a Source) -> Vec<Group<'a>> {
    let level = match each.rule.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(&each.message).id(each.rule.code);
    let mut group = Group::with_title(title);
    match (source, each.span) {
        (Source::File { path, text, .. }, Some(span)) => {
            for snippet in excerpts(each, span, path, text) {
                group = group.element(snippet);
            }
        }
        (Source::File { path, .. }, None) => group = group.element(Origin::path(path)),
        (Source::Code, _) => {
            let at = each.path.as_deref().filter(|path| !path.is_empty());
            group = group.element(Origin::path(at.unwrap_or("the pipeline")));
            for related in &each.related {
                group = group.element(Level::NOTE.message(told(related)));
            }
        }
    }
    if let Some(help) = &each.help {
        group = group.element(Level::HELP.message(help));
    }
    vec![group]
}

/// Describes the text at a place of code, with its position.
fn told(related: &Related) -> String {
    match &related.path {
        Some(path) => format!("{}: `{path}`", related.message),
        None => related.message.clone(),
    }
}

/// The greatest distance between a finding and a place in the same excerpt, in bytes.
const NEAR: usize = 2_000;

type Excerpt<'a> = Snippet<'a, Annotation<'a>>;

/// The place of a finding with those that are near, and an excerpt for each of the others.
fn excerpts<'a>(
    each: &'a Diagnostic,
    span: Span,
    path: &'a str,
    text: &'a str,
) -> Vec<Excerpt<'a>> {
    let primary = on_one_line(text, span);
    let places = each.related.iter().filter_map(|related| {
        let place = on_one_line(text, related.span?);
        Some((
            place,
            AnnotationKind::Context,
            Some(related.message.as_str()),
        ))
    });
    let is_near = |place: &Range<usize>| place.start.abs_diff(primary.start) <= NEAR;
    let (mut near, far): (Vec<_>, Vec<_>) = places.partition(|(place, ..)| is_near(place));
    near.insert(0, (primary.clone(), AnnotationKind::Primary, None));
    let far = far.into_iter().map(|one| vec![one]);
    let all = std::iter::once(near).chain(far);
    all.map(|marks| excerpt(&marks, path, text)).collect()
}

type Mark<'a> = (Range<usize>, AnnotationKind, Option<&'a str>);

/// A window of the text: the cost of a report must not grow with the file.
fn excerpt<'a>(marks: &[Mark<'a>], path: &'a str, text: &'a str) -> Excerpt<'a> {
    let from = marks.iter().map(|(range, ..)| range.start).min();
    let to = marks.iter().map(|(range, ..)| range.end).max();
    let (from, to) = (from.unwrap_or_default(), to.unwrap_or_default());
    let start = text[..from].rfind('\n').map_or(0, |at| at + 1);
    let end = text[to..].find('\n').map_or(text.len(), |at| to + at);
    let line = 1 + text[..start].bytes().filter(|byte| *byte == b'\n').count();
    let snippet = Snippet::source(&text[start..end])
        .path(path)
        .line_start(line);
    marks.iter().fold(snippet, |snippet, (range, kind, label)| {
        let mark = kind.span(range.start - start..range.end - start);
        snippet.annotation(match label {
            Some(label) => mark.label(*label),
            None => mark,
        })
    })
}

/// The part of a span that is on its first line, between characters.
fn on_one_line(text: &str, span: Span) -> Range<usize> {
    let boundary = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = boundary(span.start);
    let end = boundary(span.end).max(start);
    let line = text[start..end].split(['\n', '\r']).next();
    start..start + line.map_or(0, str::len)
}

#[cfg(test)]
mod tests {
    use super::*;
    use cascade_core::finding::rules;

    fn report(codes: &[&str]) -> Report {
        let found = codes.iter().map(|code| Diagnostic {
            rule: rules::find(code).unwrap(),
            message: "wrong".to_owned(),
            help: Some("mend it".to_owned()),
            path: Some("deploys[0]".to_owned()),
            span: None,
            related: vec![Related {
                message: "the other".to_owned(),
                path: Some("deploys[1]".to_owned()),
                span: None,
            }],
        });
        Report::new(Source::Code, found.collect())
    }

    fn warning() -> &'static str {
        let warns = |rule: &&&cascade_core::finding::Rule| rule.severity == Severity::Warning;
        rules::ALL.iter().find(warns).unwrap().code
    }

    #[test]
    fn a_summary_counts_errors_and_warnings() {
        let said = |codes: &[&str]| summary(&report(codes));
        assert_eq!(said(&[]), "the pipeline: no findings");
        assert_eq!(said(&["C203"]), "the pipeline: 1 error");
        assert_eq!(said(&[warning(), warning()]), "the pipeline: 2 warnings");
        assert_eq!(
            said(&["C203", "C203", warning()]),
            "the pipeline: 2 errors, 1 warning"
        );
    }

    #[test]
    fn a_finding_of_code_is_told_at_its_key() {
        let text = render(&report(&["C203"]), false);
        for part in [
            "error[C203]: wrong",
            "deploys[0]",
            "note: the other: `deploys[1]`",
            "help: mend it",
            "the pipeline: 1 error\n",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert_eq!(render(&report(&[]), false), "");
    }

    #[test]
    fn an_underline_stays_on_one_line_and_between_characters() {
        let text = "aé: x\r\nb";
        let range = |start, end| on_one_line(text, Span { start, end });
        assert_eq!(range(2, 5), 1..5);
        assert_eq!(range(5, 9), 5..6);
        assert_eq!(range(90, 99), text.len()..text.len());
        assert_eq!(range(5, 1), 5..5);
    }
}
