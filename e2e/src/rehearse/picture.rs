//! The picture of a run: a row for each job, from its beginning to its end.

use maud::{Markup, html};

use super::report::{Job, Run};
use super::text::seconds;
use super::timeline::is_stub;

/// Sizes in the picture's own units.
const WIDTH: u64 = 960;
const LABEL: u64 = 320;
const ROW: u64 = 24;
const BAR: u64 = 14;
/// The room for a time behind the longest bar.
const TAIL: u64 = 60;
/// The narrowest bar that can be seen.
const NARROWEST: u64 = 3;

/// A job with times.
struct Row<'a> {
    job: &'a Job,
    began: u64,
    ended: u64,
}

/// Draws a run; nothing if no job has times, as in act.
pub(super) fn picture(run: &Run) -> Option<Markup> {
    let mut rows: Vec<Row<'_>> = run.jobs.iter().filter_map(row).collect();
    rows.sort_by_key(|row| (row.began, row.job.path.matches('/').count()));
    let start = rows.iter().map(|row| row.began).min()?;
    let end = rows.iter().map(|row| row.ended).max()?;
    let span = (end - start).max(1);
    let height = ROW * rows.len() as u64 + ROW;
    let title = format!("{}: when each job ran", run.workflow);
    Some(html! {
        svg class="timeline" role="img" aria-label=(title) viewBox=(format!("0 0 {WIDTH} {height}")) {
            @for (at, row) in rows.iter().enumerate() {
                (bar(row, at as u64 * ROW, (start, span)))
            }
            (axis(height, span))
        }
    })
}

fn row(job: &Job) -> Option<Row<'_>> {
    if is_stub(&job.path) {
        return None;
    }
    Some(Row {
        job,
        began: job.began?,
        ended: job.ended?,
    })
}

fn bar(row: &Row<'_>, top: u64, (start, span): (u64, u64)) -> Markup {
    let room = WIDTH - LABEL - TAIL;
    let place = |time: u64| LABEL + (time - start) * room / span;
    let (left, right) = (place(row.began), place(row.ended));
    let width = (right - left).max(NARROWEST);
    let depth = row.job.path.matches('/').count() as u64;
    let took = seconds(row.ended - row.began);
    let middle = top + ROW / 2;
    html! {
        g class=(row.job.result) {
            text class="label" x=(depth * 16) y=(middle + 4) {
                (row.job.path.rsplit('/').next().unwrap_or_default())
            }
            rect x=(left) y=(top + (ROW - BAR) / 2) width=(width) height=(BAR) rx="3" {
                title { (row.job.path) ": " (row.job.result) ", " (took) }
            }
            text class="time" x=(left + width + 6) y=(middle + 4) { (took) }
        }
    }
}

fn axis(height: u64, span: u64) -> Markup {
    html! {
        line class="axis" x1=(LABEL) x2=(WIDTH - TAIL) y1=(height - ROW + 4) y2=(height - ROW + 4) {}
        text class="time" x=(LABEL) y=(height - 4) { "0 s" }
        text class="time" x=(WIDTH - TAIL) y=(height - 4) text-anchor="end" { (seconds(span)) }
    }
}
