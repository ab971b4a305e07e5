//! One environment.

use super::super::overview::{percent, waiting};
use super::{Links, moment, run};
use crate::operation::metrics::span;
use cascade_core::board::{Condition, Deployed, Place, Rollout, Waiting};
use cascade_core::commits::Entry;
use maud::{Markup, html};

pub(super) fn card(place: &Place, links: &Links) -> Markup {
    html! {
        h3 { (place.name) @if !place.is_environment { span class="quiet" { " (record)" } } }
        p {
            @match (&place.version, &place.sha) {
                (None, None) => span class="quiet" { "holds nothing yet" },
                (version, sha) => {
                    @if let Some(version) = version { strong { (version) } " " }
                    @if let Some(sha) = sha { (links.commit(sha)) }
                }
            }
        }
        (when(place))
        @for condition in &place.conditions { (shown(condition)) }
        @for rollout in &place.rollouts { (rolling(rollout)) }
        (changes(place, links))
        (deploys(place, links))
    }
}

fn when(place: &Place) -> Markup {
    html! {
        @if let Some(at) = &place.at {
            p class="quiet" {
                (moment(at))
                @if let Some(age) = place.age { ", " (span(age.as_secs())) " ago" }
                @if let Some(by) = &place.by { ", by " (by) }
            }
        }
    }
}

fn shown(condition: &Condition) -> Markup {
    let mark = if condition.is_bad() {
        "failure"
    } else {
        "warning"
    };
    html! {
        @match condition {
            Condition::Incomplete { version, operation, deploys, run: page } => {
                p class=(mark) {
                    span class="badge" { "incomplete" }
                    " " (version)
                    @if !operation.is_empty() { " (" (operation) ")" }
                    " for " (deploys.join(", "))
                    @if let Some(page) = page { ", " (run(page)) }
                }
            }
            Condition::Diverged { branch } => {
                p class=(mark) { span class="badge" { "diverged" } " on " code { (branch) } }
            }
            Condition::Rejected { version } => {
                p class=(mark) { span class="badge" { "rolled back" } " from " (version) }
            }
        }
    }
}

fn rolling(rollout: &Rollout) -> Markup {
    let share = percent(rollout);
    html! {
        p class="warning" {
            span class="badge" { (rollout.phase.as_deref().unwrap_or("rolling out")) }
            " " (rollout.deploy)
            @if let Some(version) = &rollout.version { " " (version) }
            @if !share.is_empty() { ", percent: " (share) }
            @if let Some(at) = &rollout.started_at { ", since " (moment(at)) }
            @if let Some(until) = &rollout.bake_until { ", until " (moment(until)) }
            @if let Some(page) = &rollout.run { ", " (run(page)) }
        }
    }
}

fn changes(place: &Place, links: &Links) -> Markup {
    html! {
        @match &place.waiting {
            None if place.sha.is_none() => {}
            None => p class="quiet" { "What waits is unknown." },
            Some(none) if none.commits == 0 => p class="quiet" { "Nothing waits." },
            Some(some) => details {
                summary { (waiting(some)) " waiting in " (some.from) }
                (changelog(some, links))
            },
        }
    }
}

fn changelog(waiting: &Waiting, links: &Links) -> Markup {
    let log = &waiting.changelog;
    html! {
        @if log.breaking.is_empty() && log.changes.is_empty() {
            p { "Merges and reverted commits." }
        }
        (entries("Breaking changes", &log.breaking, links))
        @for (kind, list) in &log.changes { (entries(kind.title(), list, links)) }
    }
}

fn entries(title: &str, entries: &[Entry], links: &Links) -> Markup {
    html! {
        @if !entries.is_empty() {
            p { strong { (title) } }
            ul {
                @for entry in entries {
                    li {
                        @if let Some(scope) = &entry.scope { strong { (scope) ": " } }
                        (entry.text) " " (links.commit(&entry.sha))
                    }
                }
            }
        }
    }
}

fn deploys(place: &Place, links: &Links) -> Markup {
    let same = |deploy: &Deployed| deploy.version == place.version && deploy.sha == place.sha;
    html! {
        @if !place.deploys.is_empty() {
            details {
                summary {
                    (place.deploys.len()) @if place.deploys.len() == 1 { " deploy" } @else { " deploys" }
                    @if !place.deploys.iter().all(same) { ", not all of this version" }
                }
                ul {
                    @for deploy in &place.deploys {
                        li {
                            (deploy.name)
                            @if let Some(version) = &deploy.version { " " (version) }
                            @if let Some(sha) = &deploy.sha { " " (links.commit(sha)) }
                        }
                    }
                }
            }
        }
    }
}
