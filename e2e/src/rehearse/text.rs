//! A report for a terminal.

use std::fmt::{self, Display, Formatter};

use serde_json::Value;

use super::report::{Called, Change, Report, Run};
use super::timeline::mark;

/// The last lines of a log that are shown of a run which failed.
const LINES: usize = 30;

/// A time for people: `0.4 s`.
pub(super) fn seconds(milliseconds: u64) -> String {
    format!("{}.{} s", milliseconds / 1000, milliseconds % 1000 / 100)
}

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let short: String = self.head.sha.chars().take(7).collect();
        writeln!(f, "Rehearsed {} at {short} \"{}\"", self.repository, self.head.subject)?;
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
        let failed = self.runs.iter().filter(|run| run.result != "success").count();
        let ended = match (failed, self.differences.len()) {
            (0, 0) => "everything succeeded".to_owned(),
            (0, number) => format!("{number} things are not as expected"),
            (number, _) => format!("{number} of {} runs did not succeed", self.runs.len()),
        };
        writeln!(f, "\n{ended}, in {}; nothing was pushed", seconds(self.milliseconds))
    }
}

impl Report {
    fn show_asked(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.asked.is_empty() {
            return Ok(());
        }
        writeln!(f, "\nWho is asked")?;
        for asked in &self.asked {
            let mut waits = Vec::new();
            if !asked.reviewers.is_empty() {
                let verb = if asked.admitted { "approves" } else { "says no" };
                waits.push(format!("{} {verb}", asked.reviewers.join(" or ")));
            }
            if asked.wait_timer > 0 {
                waits.push(format!("{} minutes pass", asked.wait_timer));
            }
            let waits = match waits.is_empty() {
                true => "whoever GitHub's settings name".to_owned(),
                false => waits.join(", then "),
            };
            writeln!(f, "  {} ({}): {waits}", asked.environment, asked.job)?;
        }
        Ok(())
    }

    fn show_changes(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let changes = &self.changes;
        for (title, changes) in [
            ("State", &changes.state),
            ("Tags", &changes.tags),
            ("Releases", &changes.releases),
            ("Branches", &changes.branches),
            ("Deployments", &changes.deployments),
            ("Pull requests", &changes.pull_requests),
            ("Issues", &changes.issues),
        ] {
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
    let shown: Vec<_> = shown.filter(|job| !job.path.ends_with("/call")).collect();
    let width = shown.iter().map(|job| job.path.len()).max().unwrap_or(0);
    for job in shown {
        let took = job.began.zip(job.ended);
        let took = took.map_or_else(String::new, |(began, ended)| seconds(ended - began));
        writeln!(f, "  {} {:width$}  {took}", mark(&job.result), job.path)?;
    }
    for called in &run.calls {
        show_call(f, called)?;
    }
    if run.result != "success" {
        let lines: Vec<_> = run.log.lines().collect();
        writeln!(f, "\n  the end of its log")?;
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
    let failed = if called.result == "failure" { " failed" } else { "" };
    let (callback, job) = (&called.callback, &called.job);
    writeln!(f, "  {callback}{failed} (stub, in {job}): {}", inputs.join(" "))
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
                format!("~ {:width$}  {} -> {}", change.what, short(before), short(after))
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
    fn values_are_short() {
        assert_eq!(value_text(&Value::from("a".repeat(40))), "a".repeat(7));
        assert_eq!(value_text(&Value::from("x".repeat(61))), format!("{}...", "x".repeat(60)));
        assert_eq!(value_text(&Value::from(3)), "3");
        assert_eq!(seconds(1_234), "1.2 s");
    }
}
