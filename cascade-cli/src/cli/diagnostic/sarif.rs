//! SARIF 2.1.0, for code scanning.

use super::{Diagnostic, Report, Source, json};
use crate::uri::encoded;
use cascade_core::finding::{Severity, rules};
use cascade_core::manifest::yaml::Span;
use serde_json::{Value, json};
use std::fmt::Write;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// Returns the report as a SARIF log with one run; the pages of the rules are below an address.
pub(crate) fn render(report: &Report, pages: &str) -> String {
    let results: Vec<Value> = report
        .diagnostics()
        .iter()
        .map(|each| result(each, report.source()))
        .collect();
    json::pretty(&json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {
                "driver": {
                    "name": "cascade",
                    "version": env!("CARGO_PKG_VERSION"),
                    "semanticVersion": env!("CARGO_PKG_VERSION"),
                    "rules": rules::ALL.iter().map(|rule| json!({
                        "id": rule.code,
                        "name": rule.name,
                        "shortDescription": { "text": rule.name.replace('-', " ") },
                        "helpUri": format!("{pages}/docs/errors/{}.md", rule.code),
                        "help": { "text": rule.text(), "markdown": rule.text() },
                        "defaultConfiguration": { "level": level(rule.severity) },
                    })).collect::<Vec<_>>(),
                }
            },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    }))
}

fn result(each: &Diagnostic, source: &Source) -> Value {
    let index = rules::ALL
        .iter()
        .position(|rule| rule.code == each.rule.code);
    let mut message = each.message.clone();
    if let Some(help) = &each.help {
        let _ = write!(message, "\nhelp: {help}");
    }
    let mut result = json!({
        "ruleId": each.rule.code,
        "ruleIndex": index,
        "level": level(each.rule.severity),
        "message": { "text": message },
        "locations": [location(each.span, each.path.as_deref(), source)],
    });
    if !each.related.is_empty() {
        let related = each.related.iter();
        result["relatedLocations"] = related
            .map(|related| {
                let mut location = location(related.span, related.path.as_deref(), source);
                location["message"] = json!({ "text": related.message });
                location
            })
            .collect();
    }
    result
}

fn location(span: Option<Span>, path: Option<&str>, source: &Source) -> Value {
    let mut location = json!({});
    // Code scanning takes no result without a file and a line.
    let span = span.unwrap_or(Span { start: 0, end: 0 });
    if let Some(physical) = physical(span, source) {
        location["physicalLocation"] = physical;
    }
    if let Some(path) = path {
        location["logicalLocations"] = json!([{ "fullyQualifiedName": path }]);
    }
    location
}

fn physical(span: Span, source: &Source) -> Option<Value> {
    let (start, end) = source.positions(span)?;
    Some(json!({
        "artifactLocation": { "uri": encoded(source.path()?), "uriBaseId": "%SRCROOT%" },
        "region": {
            "startLine": start.line,
            "startColumn": start.column,
            "endLine": end.line,
            "endColumn": end.column,
        },
    }))
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

#[cfg(test)]
mod tests {
    use super::super::Related;
    use super::*;

    #[test]
    fn paths_are_references() {
        assert_eq!(
            encoded(".github/my file#1.yaml"),
            ".github/my%20file%231.yaml"
        );
    }

    #[test]
    fn a_result_points_at_its_rule_and_its_place() {
        let span = Span { start: 6, end: 7 };
        let diagnostic = Diagnostic {
            rule: rules::find("C203").unwrap(),
            message: "wrong".to_owned(),
            help: Some("mend it".to_owned()),
            path: Some("deploys[0]".to_owned()),
            span: Some(span),
            related: vec![Related {
                message: "here too".to_owned(),
                path: Some("deploys[1]".to_owned()),
                span: Some(span),
            }],
        };
        let source = Source::file("a b.yaml".to_owned(), b"ci:\n  x\n");
        let result = result(&diagnostic, &source);
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules::ALL[index].code, "C203");
        assert_eq!(result["level"], "error");
        assert_eq!(result["message"]["text"], "wrong\nhelp: mend it");
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "a%20b.yaml");
        assert_eq!(place["region"]["startLine"], 2);
        let related = &result["relatedLocations"][0];
        assert_eq!(related["message"]["text"], "here too");
        assert_eq!(related["physicalLocation"], *place);
        let name = &related["logicalLocations"][0]["fullyQualifiedName"];
        assert_eq!(name, "deploys[1]");
        assert!(physical(span, &Source::Code).is_none());
    }
}
