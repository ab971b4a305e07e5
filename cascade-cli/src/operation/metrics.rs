//! `metrics`: the four measures of DORA.

use super::log::missing;
use super::period::Period;
use crate::cli::diagnostic::json;
use crate::cli::error::{CommandResult, Failure};
use crate::cli::request::Request;
use crate::cli::status::ExitStatus;
use crate::cli::table::Table;
use crate::cli::terminal::Terminal;
use crate::run::Workspace;
use crate::run::delivered::Delivered;
use cascade_core::delivery::{
    EnvironmentReport, Measures, Quantiles, Report, Window, openmetrics, report,
};
use cascade_core::manifest::TimeSpan;
use cascade_core::pipeline::Component;
use clap::ValueEnum;
use serde::Serialize;
use std::time::Duration;

/// The length of a window by default.
pub(crate) const USUAL: Duration = Duration::from_secs(90 * 86_400);

const NO_DATA: &str = "no data";

/// The headings of what [`row`] returns.
pub(crate) const HEADINGS: [&str; 9] = [
    "WHERE",
    "DEPLOYMENTS",
    "PER DAY",
    "LEAD TIME",
    "P90",
    "FAILED",
    "RESTORED AFTER",
    "P90",
    "OPEN",
];

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The format
    #[arg(long, value_enum, default_value_t = Format::Table, hide_default_value = true, value_name = "FORMAT")]
    format: Format,
    /// Each deploy by itself, too
    #[arg(long)]
    deploys: bool,
    /// Each week by itself, too
    #[arg(long)]
    weeks: bool,
    #[command(flatten)]
    period: Period,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A table, or JSON with `--json`.
    Table,
    /// The text format of OpenMetrics.
    Openmetrics,
}

#[derive(Debug, Serialize)]
struct Document<'a> {
    version: u32,
    #[serde(flatten)]
    report: &'a Report,
}

pub(crate) fn run(args: &Args, request: &Request, terminal: &Terminal) -> CommandResult {
    if terminal.json() && args.format == Format::Openmetrics {
        let failure = Failure::new("`--json` and `--format openmetrics` are two formats");
        return Err(failure.help("leave one of them out").into());
    }
    let (workspace, components) = Workspace::with_components(request, terminal)?;
    let window = args.period.window(workspace.clock.now(), Some(USUAL))?;
    let delivered = workspace.delivered(terminal)?;
    let report = measured(&workspace, &components, &delivered, window)?;
    match (args.format, terminal.json()) {
        (Format::Openmetrics, _) => terminal.out(&openmetrics(&report))?,
        (Format::Table, true) => terminal.out(&json::pretty(&Document {
            version: json::VERSION,
            report: &report,
        }))?,
        (Format::Table, false) => terminal.say(&text(&report, args))?,
    }
    Ok(ExitStatus::Success)
}

/// Measures what was delivered; refuses a window in which commits are missing.
pub(crate) fn measured(
    workspace: &Workspace,
    components: &[Component],
    delivered: &Delivered,
    window: Window,
) -> Result<Report, Failure> {
    let mut gaps = delivered.history.gaps.iter();
    let own = |name: Option<&str>| components.iter().any(|each| each.name() == name);
    let found = gaps.rfind(|gap| window.contains(gap.at) && own(gap.component.as_deref()));
    if let Some(gap) = found {
        return Err(Failure::new("the history of the state was rewritten")
            .cause(missing(gap))
            .help(format!(
                "bring the commits back, or ask for what came after it: `--since {}`",
                gap.at + Duration::from_secs(1)
            )));
    }
    let graph = delivered.graph(&workspace.git, components)?;
    Ok(report(components, &delivered.history, &graph, window))
}

fn text(report: &Report, args: &Args) -> String {
    let mut text = format!(
        "{} to {}\n\n{}",
        report.since,
        report.until,
        overview(report, args.deploys)
    );
    for each in report.environments.iter().filter(|_| args.weeks) {
        text.push_str(&format!("\n{}\n\n{}", place(each), weeks(each)));
    }
    text
}

fn overview(report: &Report, deploys: bool) -> String {
    let mut table = Table::new(HEADINGS);
    for each in &report.environments {
        table.row(row(place(each), &each.measures));
        for (name, measures) in each.deploys.iter().filter(|_| deploys) {
            table.row(row(format!("  {name}"), measures));
        }
    }
    table.render()
}

fn weeks(report: &EnvironmentReport) -> String {
    let mut headings = HEADINGS;
    headings[0] = "WEEK OF";
    let mut table = Table::new(headings);
    for week in &report.weeks {
        let day: String = week.since.to_string().chars().take(10).collect();
        table.row(row(day, &week.measures));
    }
    table.render()
}

/// Returns the measures as people read them, behind a name.
pub(crate) fn row(name: String, measures: &Measures) -> [String; 9] {
    let (lead, slow) = quantiles(measures.lead_time.as_ref());
    let (restored, late) = quantiles(measures.time_to_restore.as_ref());
    let per_day = measures.deployments_per_day;
    [
        name,
        measures.deployments.to_string(),
        per_day.map_or_else(|| NO_DATA.to_owned(), |rate| format!("{rate:.2}")),
        lead,
        slow,
        failed(measures),
        restored,
        late,
        measures.unrestored.to_string(),
    ]
}

fn failed(measures: &Measures) -> String {
    let Some(rate) = measures.change_failure_rate else {
        return NO_DATA.to_owned();
    };
    let percent = rate * 100.0;
    format!(
        "{} of {} ({percent:.0} %)",
        measures.failed, measures.changes
    )
}

fn quantiles(known: Option<&Quantiles>) -> (String, String) {
    match known {
        Some(known) => (span(known.median), span(known.p90)),
        None => (NO_DATA.to_owned(), NO_DATA.to_owned()),
    }
}

/// Returns a length of time by its two largest units.
pub(crate) fn span(seconds: u64) -> String {
    const UNITS: [u64; 3] = [86_400, 3_600, 60];
    let largest = UNITS.iter().position(|unit| seconds >= *unit);
    let smallest = largest.map_or(1, |largest| UNITS.get(largest + 1).copied().unwrap_or(1));
    match seconds / smallest * smallest {
        0 => "0s".to_owned(),
        shown => TimeSpan::from_seconds(shown).to_string(),
    }
}

/// Returns the name of an environment, behind its component's.
pub(crate) fn place(each: &EnvironmentReport) -> String {
    let name = match each.environment.as_str() {
        cascade_core::delivery::RELEASE => "(release)",
        name => name,
    };
    match &each.component {
        Some(component) => format!("{component}/{name}"),
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_are_short() {
        for (seconds, expected) in [
            (0, "0s"),
            (59, "59s"),
            (61, "1m1s"),
            (3_600, "1h"),
            (3_661, "1h1m"),
            (90_061, "1d1h"),
        ] {
            assert_eq!(span(seconds), expected, "{seconds}");
        }
    }
}
