//! The metrics, as a monitoring system reads them.

use cascade_core::delivery::{EnvironmentReport, Measures, Report, Window, openmetrics};
use e2e::tools::{Sample, Tools};
use indexmap::IndexMap;

/// The figures of `docs/metrics.md`, in the snapshot that the core's test wrote.
const EXAMPLE: &str = include_str!(
    "../../../cascade-core/tests/it/snapshots/it__metrics__monitoring_reads_the_figures.snap"
);

fn parse(text: &str) -> anyhow::Result<Vec<Sample>> {
    Tools::install().unwrap().openmetrics(text)
}

#[test]
fn prometheus_reads_the_example() {
    let (_, text) = EXAMPLE.split_once("\n---\n").unwrap();
    let samples = parse(text).unwrap();
    let value = |name: &str, labels: &[(&str, &str)]| {
        let mut own = samples.iter().filter(|sample| sample.name == name);
        let same = |sample: &&Sample| {
            let is = |(key, value): &(&str, &str)| {
                sample.labels.get(*key).map(String::as_str) == Some(*value)
            };
            labels.iter().all(is) && sample.labels.len() == labels.len()
        };
        own.find(same).unwrap().value
    };
    let prod = ("environment", "prod");
    assert_eq!(value("cascade_deployments", &[prod]), 14.0);
    let median = value("cascade_lead_time_seconds", &[prod, ("quantile", "0.5")]);
    assert_eq!(median, 18_000.0);
    let rolled_back = [prod, ("deploy", "api"), ("cause", "rolled_back")];
    assert_eq!(value("cascade_change_failures", &rolled_back), 3.0);
    let summary = samples
        .iter()
        .find(|each| each.family == "cascade_time_to_restore_seconds");
    assert_eq!(summary.unwrap().kind, "summary");
}

#[test]
fn names_are_text_whatever_they_are() {
    let name = "a\\b\"c\nd} 1\n# EOF";
    let window = Window {
        since: "2026-01-01T00:00:00Z".parse().unwrap(),
        until: "2026-02-01T00:00:00Z".parse().unwrap(),
    };
    let report = Report {
        since: window.since,
        until: window.until,
        environments: vec![EnvironmentReport {
            component: Some(name.to_owned()),
            environment: name.to_owned(),
            measures: Measures::over(&[], window),
            deploys: IndexMap::new(),
            weeks: Vec::new(),
        }],
    };
    let samples = parse(&openmetrics(&report)).unwrap();
    assert!(!samples.is_empty());
    for sample in &samples {
        assert_eq!(sample.labels["environment"], name, "{sample:?}");
    }
}

#[test]
fn what_is_not_valid_is_an_error() {
    for text in [
        "cascade_x 1\n",
        "# TYPE cascade_x gauge\n# UNIT cascade_x seconds\n# EOF\n",
    ] {
        assert!(parse(text).is_err(), "{text}");
    }
}
