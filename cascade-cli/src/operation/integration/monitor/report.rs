//! The report of the monitor, for people.

use super::{Passed, Watch};
use crate::operation::integration::text;
use cascade_core::lifecycle::integration::{Action, Health, Pass, Share};
use cascade_core::summary::{Summary, Table};

/// Describes the action, in a few words.
pub(super) fn told(action: &Action) -> String {
    match action {
        Action::Advance { issue, to, .. } => format!("#{issue} is {to}"),
        Action::Trigger { issue, attempt, .. } => {
            format!("an integration was asked for, for #{issue} (attempt {attempt})")
        }
        Action::GiveUp { issue } => format!("#{issue} is left to people"),
        Action::Open { .. } => "an issue was opened".to_owned(),
        Action::Escalate { issue, seconds } => {
            format!("#{issue} was escalated after {}", text::duration(*seconds))
        }
    }
}

pub(super) fn summary(watch: &Watch<'_>, passed: &[Passed], health: Option<&Health>) -> Summary {
    let decided = passed
        .iter()
        .filter(|pass| pass.pass != Pass::Report.as_str() || !pass.failed.is_empty());
    let rows = decided.map(|pass| {
        let did = pass.did.iter().map(told);
        let failed = pass.failed.iter().map(|why| format!("failed: {why}"));
        let all: Vec<String> = did.chain(failed).collect();
        let all = match all.is_empty() {
            true => "nothing".to_owned(),
            false => all.join("; "),
        };
        [pass.pass.to_string(), all]
    });
    let title = match watch.dry_run {
        true => "Integrations (dry run)",
        false => "Integrations",
    };
    let summary = Summary::titled(title).table(Table::new(["pass", "did"]).rows(rows));
    match health {
        Some(health) => with_health(summary, watch, health),
        None => summary,
    }
}

fn with_health(summary: Summary, watch: &Watch<'_>, health: &Health) -> Summary {
    let states = health.states.iter();
    let states = states.map(|(state, count)| [state.to_string(), count.to_string()]);
    let oldest = health.oldest.iter().map(|(number, state, age)| {
        [
            format!("#{number}"),
            state.to_string(),
            text::duration(*age),
        ]
    });
    let many = match watch.has_many() {
        true => "of the open issues",
        false => "of the open and the last hundred closed issues",
    };
    let contradictions = health.contradictory.iter().filter_map(|number| {
        let issue = watch.board.issue(*number)?;
        let contradiction = issue.status.as_ref().err()?;
        Some(format!("#{number}: {contradiction}."))
    });
    let escalated = health.escalated.to_string();
    summary
        .table(
            Table::new(["state", "how many"])
                .rows(states)
                .row(["escalated", &escalated]),
        )
        .table(Table::new(["issue", "state", "for"]).rows(oldest))
        .table(Table::new([many, ""]).rows(figures(health)))
        .points(contradictions)
}

fn figures(health: &Health) -> [[String; 2]; 7] {
    let time = |seconds: Option<u64>| seconds.map_or_else(|| "–".to_owned(), text::duration);
    [
        (
            "integrations that led to a pull request",
            share(health.succeeded),
        ),
        ("integrations that a person started", share(health.manual)),
        (
            "changes that only the monitor started",
            share(health.caught),
        ),
        (
            "done changes of which every step is noted",
            share(health.complete),
        ),
        ("median until a person acted", time(health.response)),
        ("median from sync to trunk", time(health.to_trunk)),
        (
            "median from conflict or failure to a pull request",
            time(health.recovery),
        ),
    ]
    .map(|(what, figure)| [what.to_owned(), figure])
}

pub(super) fn share(share: Share) -> String {
    match share.percent() {
        Some(percent) => format!("{percent} % ({} of {})", share.part, share.whole),
        None => "–".to_owned(),
    }
}
