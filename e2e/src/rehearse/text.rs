//! A report for a terminal.

use std::fmt::{self, Display, Formatter};

use serde_json::Value;

use super::report::{Called, Change, Report, Run};
use super::timeline::{is_stub, mark};
use crate::scenario::Asked;

/// The last lines of a log that are shown of a run which failed.
const LINES: usize = 30;

/// A time for people: `40 ms`, `1.4 s`.
pub(super) fn seconds(milliseconds: u64) -> String {
    match milliseconds {
        short if short < 1000 => format!("{short} ms"),
        long => format!("{}.{} s", long / 1000, long % 1000 / 100),
    }
}

/// The people and timers that a job waits for.
pub(super) fn waits(asked: &Asked) -> String {
    let mut waits = Vec::new();
    if !asked.reviewers.is_empty() {
        let verb = if asked.admitted {
            "approves"
        } else {
            "says no"
        };
        waits.push(format!("{} {verb}", asked.reviewers.join(" or ")));
    }
    if asked.wait_timer > 0 && asked.admitted {
        waits.push(format!("{} minutes pass", asked.wait_timer));
    }
    match waits.is_empty() {
        true => "nobody, as far as is known here".to_owned(),
        false => waits.join(", then "),
    }
}

/// Returns true if a field of the state says little to people who want to know what is where: commits
/// and times, what builds put out, and deploys that are where their environment is.
fn is_detail(change: &Change, all: &[Change]) -> bool {
    let mut parts: Vec<&str> = change.what.split('.').collect();
    let component = match parts.as_slice() {
        ["components", name, ..] => Some(format!("components.{name}.")),
        _ => None,
    };
    parts.drain(..component.as_ref().map_or(0, |_| 2));
    let last = parts.last().copied().unwrap_or_default();
    let is_place = ["sha", "released_on"].contains(&last);
    let is_when_or_who = ["_at", "_by"].iter().any(|end| last.ends_with(end));
    let is_output = parts.contains(&"builds") || parts.contains(&"tags");
    let component = component.unwrap_or_default();
    let Some(environment) = parts.first() else {
        return false;
    };
    let of_environment = format!("{component}{environment}.version");
    let moves_along = parts.contains(&"deploys")
        && last == "version"
        && all
            .iter()
            .any(|other| other.what == of_environment && other.after == change.after);
    let of_release = *environment == "release" && last != "incomplete" && parts.len() > 2;
    is_place || is_when_or_who || is_output || moves_along || of_release
}

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let short: String = self.head.sha.chars().take(7).collect();
        writeln!(
            f,
            "Rehearsed {} at {short} \"{}\"",
            self.repository, self.head.subject
        )?;
        for note in &self.notes {
            writeln!(f, "  note: {note}")?;
        }
        for run in &self.runs {
            show_run(f, run)?;
        }
        self.show_asked(f)?;
        self.show_changes(f)?;
        if !self.not_run.is_empty() {
            writeln!(f, "\nGitHub would start these, too, which were not run")?;
            for workflow in &self.not_run {
                writeln!(f, "  {workflow}")?;
            }
        }
        for difference in &self.differences {
            writeln!(f, "\nnot as expected: {difference}")?;
        }
        let failed = self
            .runs
            .iter()
            .filter(|run| run.result != "success")
            .count();
        let ended = match (failed, self.differences.len()) {
            (0, 0) => "everything succeeded".to_owned(),
            (0, number) => format!("{number} things are not as expected"),
            (number, _) => format!("{number} of {} runs did not succeed", self.runs.len()),
        };
        writeln!(
            f,
            "\n{ended}, in {}; nothing was pushed",
            seconds(self.milliseconds)
        )
    }
}

impl Report {
    fn show_asked(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.asked.is_empty() {
            return Ok(());
        }
        writeln!(f, "\nWho is asked")?;
        for asked in &self.asked {
            writeln!(
                f,
                "  {} ({}): {}",
                asked.environment,
                asked.job,
                waits(asked)
            )?;
        }
        Ok(())
    }

    fn show_changes(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let changes = &self.changes;
        for (title, changes) in changes.lists() {
            show_list(f, title, changes)?;
        }
        if !changes.commits.is_empty() {
            writeln!(f, "\nCommits")?;
            for subject in &changes.commits {
                writeln!(f, "  {subject}")?;
            }
        }
        Ok(())
    }
}

fn show_run(f: &mut Formatter<'_>, run: &Run) -> fmt::Result {
    writeln!(f, "\n{}, by {}: {}", run.workflow, run.event, run.result)?;
    let shown = run.jobs.iter().filter(|job| job.result != "skipped");
    let mut shown: Vec<_> = shown.filter(|job| !is_stub(&job.path)).collect();
    shown.sort_by_key(|job| (job.began, job.path.matches('/').count()));
    let width = shown.iter().map(|job| job.path.len()).max().unwrap_or(0);
    for job in shown {
        let took = job.began.zip(job.ended);
        let took = took.map_or_else(String::new, |(began, ended)| seconds(ended - began));
        writeln!(f, "  {} {:width$}  {took}", mark(&job.result), job.path)?;
    }
    let skipped = run.jobs.iter().filter(|job| job.result == "skipped");
    let outer = skipped.filter(|job| !job.path.contains('/'));
    let outer: Vec<&str> = outer.map(|job| job.path.as_str()).collect();
    if !outer.is_empty() {
        writeln!(f, "  skipped: {}", outer.join(", "))?;
    }
    if !run.calls.is_empty() {
        writeln!(f, "\n  Callbacks, which stubs stood in for")?;
    }
    for called in &run.calls {
        show_call(f, called)?;
    }
    if run.result != "success" {
        let failed = run.jobs.iter().filter(|job| job.result == "failure");
        let failed: Vec<&str> = failed.map(|job| job.path.as_str()).collect();
        let of_failed = |line: &&str| {
            let job = line.split_once(" | ").map(|(job, _)| job);
            job.is_some_and(|job| failed.contains(&job))
        };
        let lines: Vec<_> = run.log.lines().filter(of_failed).collect();
        writeln!(f, "\n  What the jobs that failed said")?;
        for line in &lines[lines.len().saturating_sub(LINES)..] {
            writeln!(f, "  | {line}")?;
        }
    }
    Ok(())
}

fn show_call(f: &mut Formatter<'_>, called: &Called) -> fmt::Result {
    let inputs = called.inputs.iter().filter(|(_, value)| !is_empty(value));
    let inputs: Vec<String> = inputs
        .map(|(name, value)| format!("{name}={}", value_text(value)))
        .collect();
    let (callback, job) = (&called.callback, &called.job);
    writeln!(f, "  {} {callback}, in {job}", mark(&called.result))?;
    match inputs.is_empty() {
        true => Ok(()),
        false => writeln!(f, "      {}", inputs.join(" ")),
    }
}

fn is_empty(value: &Value) -> bool {
    *value == "" || value.is_null()
}

/// A value on one line; what is long is cut.
pub(super) fn value_text(value: &Value) -> String {
    const LONGEST: usize = 60;
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let is_sha = text.len() == 40 && text.chars().all(|letter| letter.is_ascii_hexdigit());
    match text.chars().count() {
        _ if is_sha => text[..7].to_owned(),
        length if length > LONGEST => {
            let kept: String = text.chars().take(LONGEST).collect();
            format!("{kept}...")
        }
        _ => text,
    }
}

fn show_list(f: &mut Formatter<'_>, title: &str, changes: &[Change]) -> fmt::Result {
    let is_shown = |change: &&Change| title != "State" || !is_detail(change, changes);
    let changes: Vec<&Change> = changes.iter().filter(is_shown).collect();
    if changes.is_empty() {
        return Ok(());
    }
    writeln!(f, "\n{title}")?;
    let width = changes.iter().map(|change| change.what.len()).max();
    let width = width.unwrap_or(0);
    let short = |text: &String| value_text(&Value::from(text.as_str()));
    for change in changes {
        let line = match (&change.before, &change.after) {
            (None, Some(after)) => format!("+ {:width$}  {}", change.what, short(after)),
            (Some(before), None) => format!("- {:width$}  {}", change.what, short(before)),
            (Some(before), Some(after)) => {
                format!(
                    "~ {:width$}  {} -> {}",
                    change.what,
                    short(before),
                    short(after)
                )
            }
            (None, None) => continue,
        };
        writeln!(f, "  {line}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_the_state_people_see_what_is_where() {
        let change = |what: &str, after: &str| Change {
            what: what.to_owned(),
            before: None,
            after: Some(after.to_owned()),
        };
        let all = [
            change("dev.version", "v2"),
            change("dev.sha", "abc"),
            change("dev.deployed_at", "now"),
            change("dev.builds.app.tags.digest", "x"),
            change("dev.deploys.web.version", "v2"),
            change("dev.deploys.api.version", "v1"),
            change("dev.incomplete.version", "v2"),
            change("components.web.dev.version", "v3"),
            change("components.web.dev.deploys.site.version", "v3"),
        ];
        let shown = all.iter().filter(|change| !is_detail(change, &all));
        let shown: Vec<&str> = shown.map(|change| change.what.as_str()).collect();
        assert_eq!(
            shown,
            [
                "dev.version",
                "dev.deploys.api.version",
                "dev.incomplete.version",
                "components.web.dev.version"
            ]
        );
    }

    #[test]
    fn values_are_short() {
        assert_eq!(value_text(&Value::from("a".repeat(40))), "a".repeat(7));
        assert_eq!(
            value_text(&Value::from("x".repeat(61))),
            format!("{}...", "x".repeat(60))
        );
        assert_eq!(value_text(&Value::from(3)), "3");
        assert_eq!(seconds(1_234), "1.2 s");
        assert_eq!(seconds(34), "34 ms");
    }
}
