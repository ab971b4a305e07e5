//! Answers of producers as people read them.

use crate::run::actions::cell;
use cascade_core::commits::{is_hash, short};
use cascade_core::lifecycle::external::{Answer, Answers, recorded};
use cascade_core::pipeline::PullSource;
use cascade_core::state::Managed;

pub(super) fn summary(sources: &[&PullSource], answers: &Answers, managed: &Managed) -> String {
    let mut text =
        "### Versions of other repositories\n\n| entry | repository | recorded | found | |\n|---|---|---|---|---|\n"
            .to_owned();
    for source in sources {
        let Some(answer) = answers.get(source.name.as_str()) else {
            continue;
        };
        let held = source.environment.as_ref();
        let held = held.and_then(|name| managed.state.environments.get(name.as_str()));
        let held = held.and_then(|held| recorded(source, &held.held.external));
        let version = held
            .and_then(|external| external.version.as_deref())
            .unwrap_or("nothing");
        text.push_str(&format!(
            "| {} | {} | {} | {} | {} |\n",
            cell(source.name.as_str()),
            cell(&source.repo.to_string()),
            cell(&brief(version)),
            cell(
                &answer
                    .found
                    .as_ref()
                    .map_or_else(String::new, |found| brief(&found.version))
            ),
            cell(&remark(answer)),
        ));
    }
    match sources.is_empty() {
        true => "### Versions of other repositories\n\nNothing is due.\n".to_owned(),
        false => text,
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
