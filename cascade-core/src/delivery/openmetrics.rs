//! The measures for a monitoring system.
//!
//! Source: "The OpenMetrics project" (version 1.0), Text format: families that are not interleaved,
//! each with its type and unit; a unit is the end of the name; a summary has its quantiles, `_count`
//! and `_sum`; `# EOF` ends the text.

use super::changes::Cause;
use super::measures::{Measures, Quantiles};
use super::report::Report;
use std::fmt::{Display, Write};

/// A family of metrics: its name without the prefix, and what it says.
struct Family {
    name: &'static str,
    unit: Option<&'static str>,
    help: &'static str,
    samples: fn(&Measures, &mut Samples<'_>),
}

const FAMILIES: [Family; 7] = [
    Family {
        name: "deployments",
        unit: None,
        help: "Versions that were deployed in the window.",
        samples: |each, samples| samples.gauge(&[], each.deployments),
    },
    Family {
        name: "deployments_per_day",
        unit: None,
        help: "Versions that were deployed on a day.",
        samples: |each, samples| samples.known(each.deployments_per_day),
    },
    Family {
        name: "lead_time_seconds",
        unit: Some("seconds"),
        help: "Time from a commit to its deployment.",
        samples: |each, samples| samples.summary(each.lead_time.as_ref()),
    },
    Family {
        name: "changes",
        unit: None,
        help: "Versions that were deployed or failed to be.",
        samples: |each, samples| samples.gauge(&[], each.changes),
    },
    Family {
        name: "change_failures",
        unit: None,
        help: "Changes that failed, by the sign of it.",
        samples: failures,
    },
    Family {
        name: "time_to_restore_seconds",
        unit: Some("seconds"),
        help: "Time for which a failed version was held.",
        samples: |each, samples| samples.summary(each.time_to_restore.as_ref()),
    },
    Family {
        name: "unrestored_failures",
        unit: None,
        help: "Failures that are not over.",
        samples: |each, samples| samples.gauge(&[], each.unrestored),
    },
];

/// Samples of one family.
struct Samples<'a> {
    text: &'a mut String,
    name: &'static str,
    labels: &'a str,
}

/// Renders a report in the text format of OpenMetrics.
#[must_use]
pub fn openmetrics(report: &Report) -> String {
    let mut text = String::new();
    for family in FAMILIES {
        let name = family.name;
        let kind = match family.unit {
            Some(_) => "summary",
            None => "gauge",
        };
        line(&mut text, format_args!("# TYPE cascade_{name} {kind}"));
        if let Some(unit) = family.unit {
            line(&mut text, format_args!("# UNIT cascade_{name} {unit}"));
        }
        line(
            &mut text,
            format_args!("# HELP cascade_{name} {}", family.help),
        );
        for each in &report.environments {
            let component = each.component.as_deref().unwrap_or_default();
            let whole = std::iter::once(("", &each.measures));
            let deploys = each.deploys.iter().map(|(name, own)| (name.as_str(), own));
            for (deploy, measures) in whole.chain(deploys) {
                let labels = labels(&[
                    ("component", component),
                    ("environment", &each.environment),
                    ("deploy", deploy),
                ]);
                let mut samples = Samples {
                    text: &mut text,
                    name,
                    labels: &labels,
                };
                (family.samples)(measures, &mut samples);
            }
        }
    }
    line(&mut text, "# EOF");
    text
}

fn failures(measures: &Measures, samples: &mut Samples<'_>) {
    let causes = [
        (Cause::RolledBack, "rolled_back"),
        (Cause::Hotfixed, "hotfixed"),
        (Cause::Incomplete, "incomplete"),
        (Cause::RolloutFailed, "rollout_failed"),
    ];
    for (cause, word) in causes {
        let count = measures.failures.get(&cause).copied().unwrap_or_default();
        samples.gauge(&[("cause", word)], count);
    }
}

impl Samples<'_> {
    fn gauge(&mut self, more: &[(&str, &str)], value: impl Display) {
        self.sample("", more, value);
    }

    /// Writes a value; nothing where there is no data.
    fn known(&mut self, value: Option<f64>) {
        if let Some(value) = value {
            self.gauge(&[], value);
        }
    }

    fn summary(&mut self, quantiles: Option<&Quantiles>) {
        if let Some(known) = quantiles {
            self.sample("", &[("quantile", "0.5")], known.median);
            self.sample("", &[("quantile", "0.9")], known.p90);
        }
        let (count, sum) = quantiles.map_or((0, 0), |known| (known.count, known.sum));
        self.sample("_count", &[], count);
        self.sample("_sum", &[], sum);
    }

    fn sample(&mut self, suffix: &str, more: &[(&str, &str)], value: impl Display) {
        let labels = match (self.labels, labels(more).as_str()) {
            (own, "") => own.to_owned(),
            (own, more) => format!("{own},{more}"),
        };
        let name = self.name;
        line(
            self.text,
            format_args!("cascade_{name}{suffix}{{{labels}}} {value}"),
        );
    }
}

/// Returns labels in a row; a label without a value is none.
fn labels(pairs: &[(&str, &str)]) -> String {
    let pairs = pairs.iter().filter(|(_, value)| !value.is_empty());
    let pairs: Vec<String> = pairs
        .map(|(name, value)| format!("{name}=\"{}\"", escaped(value)))
        .collect();
    pairs.join(",")
}

fn escaped(value: &str) -> String {
    value
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}

fn line(text: &mut String, line: impl Display) {
    // Writing to text does not fail.
    let _ = writeln!(text, "{line}");
}
