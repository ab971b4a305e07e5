//! The texts of an integration for people: what happened, and what to click or type next.
//!
//! Names of branches, labels and the upstream are the manifest's. What the upstream wrote stands
//! in a fence of code, where it is neither markup nor a mention.

use super::scene::Scene;
use crate::github::tracker::WORKFLOW;
use cascade_core::commits::{Commit, short};
use cascade_core::lifecycle::integration::{Entry, Event, State, Trigger};
use cascade_core::manifest::UpstreamWorkflows;

/// The most commits and files that are listed.
const LISTED: usize = 50;

/// An issue that is opened beside a tracked one.
#[derive(Debug, Clone, Copy)]
pub(super) enum Beside {
    Conflict,
    Failure,
    Escalation,
}

/// Returns the mark that every issue beside a tracked one carries.
pub(super) fn beside(number: u64) -> String {
    format!("<!-- cascade-integration-of #{number} ")
}

/// Returns the mark that an issue of one kind carries.
pub(super) fn mark(number: u64, kind: Beside) -> String {
    let kind = match kind {
        Beside::Conflict => "conflict",
        Beside::Failure => "failure",
        Beside::Escalation => "escalation",
    };
    format!("{}{kind} -->", beside(number))
}

/// The comment on a change of state.
pub(super) fn transition(
    scene: &Scene,
    number: u64,
    from: Option<State>,
    to: State,
    entry: &Entry,
    more: &str,
) -> String {
    let from = from.map_or("?", State::as_str);
    let head = format!("**{from} → {to}**: {}.", happened(scene, &entry.event));
    let more = match more {
        "" => String::new(),
        more => format!("\n\n{more}"),
    };
    let next = next(scene, to, number, &entry.event);
    format!(
        "{head}{more}\n\n**Next:** {next}\n\n{}",
        signed(scene, entry)
    )
}

/// Returns the signature of an entry: its time, its author and its run.
pub(super) fn signed(scene: &Scene, entry: &Entry) -> String {
    let at = entry.at;
    let run = match &scene.session.environment.run_url {
        Some(url) => format!(" · [run]({url})"),
        None => String::new(),
    };
    format!("<sub>{at} · `{}`{run}</sub>", entry.by.replace('`', ""))
}

fn happened(scene: &Scene, event: &Event) -> String {
    let trunk = &scene.session.settings.trunk;
    match event {
        Event::Started => "an integration began".to_owned(),
        Event::Triggered {
            why: Trigger::Retry,
        } => "a person released it, and it is tried again".to_owned(),
        Event::TriggerFailed => "the run could not be started".to_owned(),
        Event::Conflicted => "the two sides change the same lines".to_owned(),
        Event::Failed => "the integration failed".to_owned(),
        Event::Orphaned => "its run ended, or vanished, without saying how".to_owned(),
        Event::Exhausted => "it was tried again as often as it may be".to_owned(),
        Event::Ready { pull } => format!("#{pull} brings it into `{trunk}`"),
        Event::Declined => format!("its pull request into `{trunk}` was closed"),
        Event::Done => format!("`{trunk}` has it"),
        Event::Released => "a person released it".to_owned(),
        Event::Opened => "it is tracked from now on".to_owned(),
        Event::MovedOn => "the upstream went on".to_owned(),
        Event::Held { behind } => format!("#{behind} is in flight"),
        Event::Triggered { .. } => "a run was asked for".to_owned(),
        Event::Escalated => "nobody has acted for long".to_owned(),
    }
}

fn next(scene: &Scene, state: State, number: u64, event: &Event) -> String {
    let monitor = &scene.integration.monitor;
    let trunk = &scene.session.settings.trunk;
    let labels = &scene.integration.labels;
    match state {
        State::Waiting => start(scene, number),
        State::Active => "nothing; the run says here how it ends.".to_owned(),
        State::Blocked => {
            "resolve the conflict as its issue says, then start the integration again with this number."
                .to_owned()
        }
        State::Failed if *event == Event::Exhausted => {
            format!("find out why it fails each time; then {}", start(scene, number))
        }
        State::Failed if *event == Event::Declined => format!(
            "if you do not want the change, close this issue. Else {}",
            start(scene, number)
        ),
        State::Failed if monitor.retry => format!(
            "mend what the run says. Then remove the label `{}`, and the monitor tries again (at most {} times); or {}",
            labels.human,
            monitor.max_retries,
            start(scene, number)
        ),
        State::Failed | State::RetryReady => {
            format!("mend what the run says; then {}", start(scene, number))
        }
        State::ProductionReady => format!(
            "review and merge the pull request into `{trunk}`, with a merge commit. The monitor closes this issue afterwards; if you close the pull request instead, it asks what to do."
        ),
        State::Done => "nothing is left to do.".to_owned(),
    }
}

/// Returns the instructions for starting an integration.
pub(super) fn start(scene: &Scene, number: u64) -> String {
    let environment = &scene.session.environment;
    let repository = environment.repository.as_deref().unwrap_or_default();
    let page = format!(
        "{}/{repository}/actions/workflows/{WORKFLOW}",
        environment.server_url
    );
    format!(
        "open [{WORKFLOW}]({page}), press *Run workflow* and give `issue_number` {number}; or type `gh workflow run {WORKFLOW} -f issue_number={number}`."
    )
}

/// Returns the instructions for a person about a change that waits.
pub(super) fn waiting(scene: &Scene, pull: Option<u64>, number: u64) -> String {
    let mirror = &scene.integration.mirror;
    match pull {
        Some(pull) => format!(
            "review #{pull} and merge it into `{mirror}`, when you want the change. Then {}",
            start(scene, number)
        ),
        None => start(scene, number),
    }
}

/// The text of a tracking issue.
pub(super) fn tracking(scene: &Scene, change: &str, pull: Option<u64>) -> String {
    let integration = &scene.integration;
    let (upstream, mirror) = (&integration.upstream, &integration.mirror);
    let trunk = &scene.session.settings.trunk;
    let merge = match pull {
        Some(pull) => format!(
            "Review #{pull}, its workflow files above all: once `{mirror}` has them, those that run on a push run here, with this repository's secrets. When you want the change, merge it into `{mirror}` with a merge commit (not squashed: the next change would conflict)."
        ),
        None => format!("`{mirror}` has the change already: nothing is left to merge."),
    };
    let at = match pull {
        Some(_) => format!(
            "`{upstream}` is at {} on `{}`",
            short(change),
            integration.upstream_branch
        ),
        None => format!("`{mirror}` is at {}", short(change)),
    };
    let missed = match integration.monitor.auto_trigger {
        true => " If nobody does, the monitor does on its next round.",
        false => "",
    };
    format!(
        "{at}, and `{trunk}` does not have it yet.\n\n\
         1. {merge}\n\
         2. Start `{WORKFLOW}` (*Actions*, *Run workflow*) with the number of this issue.{missed}\n\
         3. Merge the pull request into `{trunk}` that the integration opens.\n\n\
         This issue's labels say where that stands, and its comments how it came there. To let the change pass by, close the pull request and this issue; it comes again with the next one.\n"
    )
}

/// The text of the pull request into the mirror.
pub(super) fn syncing(scene: &Scene, commits: &[Commit], foreign: bool) -> String {
    let integration = &scene.integration;
    let risk = match (foreign, integration.upstream_workflows) {
        (true, UpstreamWorkflows::Exclude) => {
            "\n\nThe two repositories share no network, so that the branch of this pull request is in this repository. It is without the upstream's `.github/workflows`, of which nothing can run here; take over by hand what you want of them."
        }
        (true, UpstreamWorkflows::Include) => {
            "\n\nThe two repositories share no network, so that the branch of this pull request is in this repository, with the upstream's `.github/workflows` (`upstream_workflows: include`). Its newest commit asks GitHub to skip workflows for pushes and pull requests; reviews, comments, labels and the branch's creation run what the upstream wrote, with this repository's secrets."
        }
        (false, _) => "",
    };
    format!(
        "What `{}` has on `{}` and `{}` does not.\n\n{}\n\nNothing of it has run here. Merging this is the decision to take the change: workflows of the upstream that run on a push then run here, with this repository's secrets. Use a merge commit. The issue with the same labels says what comes next.{risk}\n",
        integration.upstream,
        integration.upstream_branch,
        integration.mirror,
        listed(commits),
    )
}

/// The text of the pull request into trunk.
pub(super) fn bringing(scene: &Scene, issue: Option<u64>, commits: &[Commit]) -> String {
    let tracked = match issue {
        Some(number) => format!("Tracked in #{number}, which the monitor closes after the merge."),
        None => "No issue tracks it.".to_owned(),
    };
    format!(
        "Brings what `{}` has on `{}` into `{}`.\n\n{}\n\n{tracked} Use a merge commit: squashed, the next change would conflict.\n",
        scene.integration.upstream,
        scene.integration.upstream_branch,
        scene.session.settings.trunk,
        listed(commits)
    )
}

/// The text of the issue of a conflict.
///
/// `from` is where the integration goes on: its branch, or trunk while there is none.
pub(super) fn conflict(scene: &Scene, number: Option<u64>, from: &str, files: &[String]) -> String {
    let integration = &scene.integration;
    let (trunk, mirror, branch) = (
        scene.session.settings.trunk.as_str(),
        integration.mirror.as_str(),
        integration.branch.as_str(),
    );
    let again = match number {
        Some(number) => format!("Then {}", start(scene, number)),
        None => format!("Then start `{WORKFLOW}` again."),
    };
    format!(
        "`{trunk}` and `{mirror}` change the same lines of these files:\n\n{}\n\n\
         Bring both into `{branch}` by hand, and push it:\n\n\
         ```sh\n\
         git fetch origin\n\
         git switch --force-create {branch} origin/{from}\n\
         git merge origin/{trunk}\n\
         # resolve what conflicts, then: git add --all && git commit\n\
         git merge origin/{mirror}\n\
         # resolve what conflicts, then: git add --all && git commit\n\
         git push origin {branch}\n\
         ```\n\n\
         {again} Nothing else takes the integration out of this state.\n",
        fenced(files.iter().map(String::as_str)),
    )
}

/// The text of the issue of a failure.
pub(super) fn failure(scene: &Scene, number: u64, what: &str) -> String {
    let run = scene.session.environment.run_url.as_deref();
    format!(
        "The integration of #{number} failed.\n\n{}\n\nRun: {}\n\n**Next:** {}\n",
        fenced(what.lines()),
        run.unwrap_or("by hand"),
        next(scene, State::Failed, number, &Event::Failed)
    )
}

/// The text of the issue of an escalation.
pub(super) fn escalation(scene: &Scene, number: u64, state: State, waited: &str) -> String {
    format!(
        "#{number} has been **{state}** for {waited}, and nobody has acted.\n\n**Next:** {}\n",
        next(scene, state, number, &Event::Escalated)
    )
}

/// A length of time as people say it: days and hours, or what is left without them.
pub(super) fn duration(seconds: u64) -> String {
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60);
    match (days, hours) {
        (0, 0) => format!("{minutes}m"),
        (0, hours) => format!("{hours}h {minutes}m"),
        (days, hours) => format!("{days}d {hours}h"),
    }
}

fn listed(commits: &[Commit]) -> String {
    let line = |commit: &Commit| {
        let subject = commit.message.lines().next().unwrap_or_default();
        format!("{} {subject}", short(&commit.sha))
    };
    let lines: Vec<String> = commits.iter().map(line).collect();
    fenced(lines.iter().map(String::as_str))
}

/// Lines that others wrote, as code: no markup, no mention, no "closes #1".
fn fenced<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    let lines: Vec<String> = lines
        .map(|line| {
            let plain = line
                .chars()
                .map(|each| if each.is_control() { ' ' } else { each });
            plain.take(200).collect()
        })
        .collect();
    let more = lines.len().saturating_sub(LISTED);
    let mut text = lines[..lines.len().min(LISTED)].join("\n");
    if more > 0 {
        text.push_str(&format!("\n... and {more} more"));
    }
    let mut fence = "```".to_owned();
    while text.contains(&fence) {
        fence.push('`');
    }
    format!("{fence}text\n{text}\n{fence}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_leaves_the_fence() {
        let fenced = fenced(["fix: `x`", "```` closes #1 @admin", "a\u{1b}[31mb"].into_iter());
        let lines: Vec<&str> = fenced.lines().collect();
        assert_eq!(lines[0], "`````text");
        assert_eq!(lines[4], "`````");
        assert_eq!(lines[3], "a [31mb");
        assert_eq!(lines.len(), 5);
    }

    #[test]
    fn lengths_of_time_are_rounded_down() {
        assert_eq!(duration(59), "0m");
        assert_eq!(duration(3 * 3600 + 120), "3h 2m");
        assert_eq!(duration(49 * 3600), "2d 1h");
    }

    #[test]
    fn a_mark_is_found_by_its_number_and_says_its_kind() {
        let mark = mark(7, Beside::Failure);
        assert!(
            mark.starts_with(&beside(7)) && mark.ends_with("failure -->"),
            "{mark}"
        );
        assert!(!mark.starts_with(&beside(70)));
    }

    #[test]
    fn a_long_list_says_how_much_more_there_is() {
        let lines = vec!["x"; LISTED + 3];
        let text = fenced(lines.into_iter());
        assert!(text.ends_with("... and 3 more\n```"), "{text}");
    }
}
