//! The four measures, and their weeks as pictures.

use crate::operation::metrics::{HEADINGS, place, row};
use crate::page::wide;
use cascade_core::delivery::{EnvironmentReport, Report, Week};
use maud::{Markup, html};

const WIDTH: usize = 40;
const HEIGHT: usize = 80;
const TOP: usize = 20;
const FOOT: usize = 20;

pub(super) fn section(metrics: &Result<Report, String>) -> Markup {
    html! {
        h2 { "Metrics" }
        @match metrics {
            Ok(report) => (figures(report)),
            Err(why) => p class="note" { "There are no metrics: " (why) },
        }
    }
}

fn figures(report: &Report) -> Markup {
    let table = html! {
        table {
            thead { tr { @for (at, heading) in HEADINGS.iter().enumerate() { th class=[(at > 0).then_some("number")] { (capitalised(heading)) } } } }
            tbody {
                @for each in &report.environments {
                    tr {
                        @for (at, cell) in row(place(each), &each.measures).iter().enumerate() {
                            @if at == 0 { th scope="row" { (cell) } } @else { td class="number" { (cell) } }
                        }
                    }
                }
            }
        }
    };
    let pictured = report
        .environments
        .iter()
        .filter(|each| each.measures.changes > 0);
    html! {
        p class="quiet" { (day(&report.since.to_string())) " to " (day(&report.until.to_string())) "; times are the median and the 90th percentile" }
        (wide("Metrics", &table))
        p class="quiet" { "A change is a version that was deployed, or failed to be. The lower part of a bar, in red, failed." }
        @for each in pictured {
            h3 { "Changes of " (place(each)) " by week" }
            (wide(&format!("Weeks of {}", place(each)), &picture(each)))
        }
    }
}

/// Draws a bar for each week: what was deployed, and the part of the changes that failed.
fn picture(report: &EnvironmentReport) -> Markup {
    let weeks = &report.weeks;
    let most = weeks.iter().map(|week| week.measures.changes).max();
    let most = most.unwrap_or_default().max(1);
    let (width, height) = (weeks.len() * WIDTH, TOP + HEIGHT + FOOT);
    html! {
        svg class="bars" role="img" aria-label=(said(report)) width=(width) height=(height) viewBox=(format!("0 0 {width} {height}")) {
            @for (at, week) in weeks.iter().enumerate() { (bar(week, at * WIDTH, most)) }
        }
    }
}

fn bar(week: &Week, left: usize, most: usize) -> Markup {
    let measures = &week.measures;
    let scaled = |count: usize| count * HEIGHT / most;
    let (whole, failed) = (scaled(measures.changes), scaled(measures.failed));
    let (bottom, middle) = (TOP + HEIGHT, left + WIDTH / 2);
    html! {
        g {
            rect x=(left + 6) y=(bottom - whole) width=(WIDTH - 12) height=(whole - failed) {}
            rect class="failure" x=(left + 6) y=(bottom - failed) width=(WIDTH - 12) height=(failed) {}
            @if measures.changes > 0 {
                text x=(middle) y=(bottom - whole - 5) text-anchor="middle" { (measures.changes) }
            }
            text class="time" x=(middle) y=(bottom + 14) text-anchor="middle" { (&day(&week.since.to_string())[5..]) }
        }
    }
}

/// Returns a heading of a table in a terminal as one of a page.
fn capitalised(heading: &str) -> String {
    let (first, rest) = heading.split_at(1);
    format!("{first}{}", rest.to_lowercase())
}

/// Says what a picture shows.
fn said(report: &EnvironmentReport) -> String {
    let weeks = report.weeks.iter().filter(|week| week.measures.changes > 0);
    let weeks = weeks.map(|week| {
        let measures = &week.measures;
        let since = day(&week.since.to_string());
        format!(
            "{since}: {} changes, {} failed",
            measures.changes, measures.failed
        )
    });
    let weeks: Vec<String> = weeks.collect();
    format!("Changes of {} by week. {}", place(report), weeks.join("; "))
}

fn day(at: &str) -> String {
    at.chars().take(10).collect()
}
