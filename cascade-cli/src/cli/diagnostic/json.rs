//! For scripts: stable fields, described in `docs/cli-reference.md`.

use super::{Diagnostic, Report, Source};
use cascade_core::finding::Severity;
use cascade_core::manifest::yaml::Span;
use serde::Serialize;

/// The version of the layout; fields may be added without changing it.
pub(crate) const VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    file: Option<&'a str>,
    errors: usize,
    warnings: usize,
    findings: Vec<Finding<'a>>,
}

#[derive(Serialize)]
struct Finding<'a> {
    rule: &'static str,
    name: &'static str,
    severity: String,
    message: &'a str,
    help: Option<&'a str>,
    path: Option<&'a str>,
    start: Option<Place>,
    end: Option<Place>,
    /// The first of `related`.
    note: Option<Related<'a>>,
    related: Vec<Related<'a>>,
}

#[derive(Serialize)]
struct Related<'a> {
    message: &'a str,
    path: Option<&'a str>,
    start: Option<Place>,
    end: Option<Place>,
}

#[derive(Serialize)]
struct Place {
    line: usize,
    column: usize,
    offset: usize,
}

/// The report as a JSON document.
pub(crate) fn render(report: &Report) -> String {
    let source = report.source();
    pretty(&Document {
        version: VERSION,
        file: source.path(),
        errors: report.count(Severity::Error),
        warnings: report.count(Severity::Warning),
        findings: report
            .diagnostics()
            .iter()
            .map(|each| finding(each, source))
            .collect(),
    })
}

/// A value as indented JSON with a line break at its end.
pub(crate) fn pretty(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default() + "\n"
}

fn finding<'a>(each: &'a Diagnostic, source: &Source) -> Finding<'a> {
    let (start, end) = places(each.span, source);
    Finding {
        rule: each.rule.code,
        name: each.rule.name,
        severity: each.rule.severity.to_string(),
        message: &each.message,
        help: each.help.as_deref(),
        path: each.path.as_deref(),
        start,
        end,
        note: each.related.first().map(|first| related(first, source)),
        related: each
            .related
            .iter()
            .map(|one| related(one, source))
            .collect(),
    }
}

fn related<'a>(each: &'a super::Related, source: &Source) -> Related<'a> {
    let (start, end) = places(each.span, source);
    Related {
        message: &each.message,
        path: each.path.as_deref(),
        start,
        end,
    }
}

fn places(span: Option<Span>, source: &Source) -> (Option<Place>, Option<Place>) {
    let Some((span, (start, end))) = span.and_then(|span| Some((span, source.positions(span)?)))
    else {
        return (None, None);
    };
    let place = |position: cascade_core::manifest::yaml::Position, offset| {
        Some(Place {
            line: position.line,
            column: position.column,
            offset,
        })
    };
    (
        place(start, span.start),
        place(end, span.end.max(span.start)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use cascade_core::finding::rules;
    use serde_json::{Value, json};

    fn rendered(source: Source, span: Option<Span>) -> Value {
        let diagnostic = Diagnostic {
            rule: rules::find("C203").unwrap(),
            message: "wrong".to_owned(),
            help: None,
            path: None,
            span,
            related: vec![super::super::Related {
                message: "here too".to_owned(),
                path: Some("deploys[1]".to_owned()),
                span,
            }],
        };
        serde_json::from_str(&render(&Report::new(source, vec![diagnostic]))).unwrap()
    }

    #[test]
    fn a_finding_has_every_field_also_without_a_place() {
        let document = rendered(Source::Code, None);
        assert_eq!(document["file"], Value::Null);
        assert_eq!(
            (&document["errors"], &document["warnings"]),
            (&json!(1), &json!(0))
        );
        let fields: Vec<&String> = document["findings"][0]
            .as_object()
            .unwrap()
            .keys()
            .collect();
        let expected = [
            "rule", "name", "severity", "message", "help", "path", "start", "end", "note",
            "related",
        ];
        assert_eq!(fields, expected);
        assert_eq!(document["findings"][0]["start"], Value::Null);
        let related = json!([
            { "message": "here too", "path": "deploys[1]", "start": null, "end": null }
        ]);
        assert_eq!(document["findings"][0]["related"], related);
    }

    #[test]
    fn places_are_counted_from_one_and_offsets_from_zero() {
        let source = Source::file("x.yaml".to_owned(), b"ci:\n  x\n");
        let document = rendered(source, Some(Span { start: 6, end: 7 }));
        let finding = &document["findings"][0];
        assert_eq!(
            finding["start"],
            json!({ "line": 2, "column": 3, "offset": 6 })
        );
        assert_eq!(
            finding["end"],
            json!({ "line": 2, "column": 4, "offset": 7 })
        );
        assert_eq!(finding["note"]["message"], "here too");
        assert_eq!(finding["note"]["start"]["line"], 2);
        assert_eq!(finding["related"], json!([finding["note"]]));
    }
}
