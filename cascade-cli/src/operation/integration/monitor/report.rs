//! What the monitor did, as people read it.

use super::{Passed, Watch};
use crate::operation::integration::text;
use crate::run::actions::plain;
use cascade_core::lifecycle::integration::{Action, Health, Pass, Share};

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

pub(super) fn summary(watch: &Watch<'_>, passed: &[Passed], health: Option<&Health>) -> String {
    let dry = if watch.dry_run { " (dry run)" } else { "" };
    let mut text = format!("### Integrations{dry}\n\n| pass | did |\n|---|---|\n");
    let decided = passed
        .iter()
        .filter(|pass| pass.pass != Pass::Report.as_str() || !pass.failed.is_empty());
    for pass in decided {
        let did: Vec<String> = pass.did.iter().map(told).collect();
        let failed = pass
            .failed
            .iter()
            .map(|why| format!("**failed:** {}", plain(why)));
        let all: Vec<String> = did.into_iter().chain(failed).collect();
        let all = if all.is_empty() {
            "nothing".to_owned()
        } else {
            all.join("; ")
        };
        text.push_str(&format!("| {} | {all} |\n", pass.pass));
    }
    if let Some(health) = health {
        text.push_str(&report(watch, health));
    }
    text
}

pub(super) fn report(watch: &Watch<'_>, health: &Health) -> String {
    let mut text = "\n#### Health\n\n| state | how many |\n|---|---|\n".to_owned();
    for (state, count) in &health.states {
        text.push_str(&format!("| {state} | {count} |\n"));
    }
    text.push_str(&format!("| escalated | {} |\n", health.escalated));
    if !health.oldest.is_empty() {
        text.push_str("\n| issue | state | for |\n|---|---|---|\n");
        for (number, state, age) in &health.oldest {
            text.push_str(&format!(
                "| #{number} | {state} | {} |\n",
                text::duration(*age)
            ));
        }
    }
    let time = |seconds: Option<u64>| seconds.map_or_else(|| "–".to_owned(), text::duration);
    let figures: [(&str, String); 7] = [
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
    ];
    text.push_str(match watch.has_many() {
        true => "\n| of the open issues | |\n|---|---|\n",
        false => "\n| of the open and the last hundred closed issues | |\n|---|---|\n",
    });
    for (what, figure) in figures {
        text.push_str(&format!("| {what} | {figure} |\n"));
    }
    for number in &health.contradictory {
        let issue = watch.board.issue(*number);
        if let Some(Err(contradiction)) = issue.map(|issue| &issue.status) {
            text.push_str(&format!("\n#{number}: {contradiction}.\n"));
        }
    }
    text
}

pub(super) fn share(share: Share) -> String {
    match share.percent() {
        Some(percent) => format!("{percent} % ({} of {})", share.part, share.whole),
        None => "–".to_owned(),
    }
}
