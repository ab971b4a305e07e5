//! Answers of producers as people read them.

use cascade_core::commits::{is_hash, short};
use cascade_core::lifecycle::external::{Answer, Answers, recorded};
use cascade_core::pipeline::PullSource;
use cascade_core::state::Managed;
use cascade_core::summary::{Summary, Table};

pub(super) fn summary(sources: &[&PullSource], answers: &Answers, managed: &Managed) -> Summary {
    let rows = sources.iter().filter_map(|source| {
        let answer = answers.get(source.name.as_str())?;
        let held = source.environment.as_ref();
        let held = held.and_then(|name| managed.state.environments.get(name.as_str()));
        let held = held.and_then(|held| recorded(source, &held.held.external));
        let version = held.and_then(|external| external.version.as_deref());
        let found = answer.found.as_ref();
        Some([
            source.name.to_string(),
            source.repo.to_string(),
            brief(version.unwrap_or("nothing")),
            found.map_or_else(String::new, |found| brief(&found.version)),
            remark(answer),
        ])
    });
    let summary = Summary::titled("Versions of other repositories");
    match sources.is_empty() {
        true => summary.sentence("Nothing is due."),
        false => {
            summary.table(Table::new(["entry", "repository", "recorded", "found", ""]).rows(rows))
        }
    }
}

/// A version for people: of a commit its first characters.
fn brief(version: &str) -> String {
    match is_hash(version) {
        true => short(version),
        false => version,
    }
    .to_owned()
}

fn remark(answer: &Answer) -> String {
    let said = answer.error.iter().chain(&answer.notice);
    said.map(String::as_str).collect::<Vec<_>>().join("; ")
}

pub(super) fn spoken(sources: &[&PullSource], answers: &Answers) -> String {
    let mut text = String::new();
    for source in sources {
        let name = source.name.as_str();
        let Some(answer) = answers.get(name) else {
            continue;
        };
        if let Some(found) = &answer.found {
            text.push_str(&format!(
                "{name}: {} ({})\n",
                brief(&found.version),
                short(&found.sha)
            ));
        }
        let remark = remark(answer);
        if !remark.is_empty() {
            text.push_str(&format!("{name}: {remark}\n"));
        }
    }
    text
}
