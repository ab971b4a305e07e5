//! The outputs of a call that are recorded.

use super::super::contracts::Lookup;
use crate::finding::{Finding, rules, suggest};
use crate::manifest::Common;
use crate::manifest::draft::Reader;
use crate::message;

/// The output that identifies what a build made.
const ARTIFACT_ID: &str = "artifact_id";

/// The output that is the commit that a callback made.
const COMMIT: &str = "commit_sha";

pub(super) fn check(common: &Common<'_>, contract: &Lookup, reader: &mut Reader) {
    let Lookup::Known(contract) = contract else {
        return;
    };
    let file = common
        .workflow
        .map_or("the workflow", |workflow| workflow.file_name());
    for (place, tag) in common.state_tags.iter().enumerate() {
        if !contract.outputs.contains_key(tag.as_str()) {
            let help = suggest::among(
                tag.as_str(),
                contract.outputs.keys().map(String::as_str),
                "it declares",
            );
            let message = message!("{} declares no output {}", value = file, name = tag);
            let at = common.at.key("state_tags").index(place);
            reader.report(Finding::new(&rules::UNKNOWN_OUTPUT, at, message).help(help));
        }
    }
}

/// Returns the outputs that are recorded whoever takes them: the artifact's id, the callback's commit, and what the author
/// names.
pub(super) fn recorded(common: &Common<'_>, contract: &Lookup) -> Vec<String> {
    let declares = |output: &str, unseen: bool| match contract {
        Lookup::Known(contract) => contract.outputs.contains_key(output),
        _ => unseen,
    };
    let mut recorded = Vec::new();
    if declares(ARTIFACT_ID, false) {
        recorded.push(ARTIFACT_ID.to_owned());
    }
    if common.auto_commits && declares(COMMIT, true) {
        recorded.push(COMMIT.to_owned());
    }
    for tag in common.state_tags {
        if !recorded.iter().any(|known| known == tag.as_str()) {
            recorded.push(tag.as_str().to_owned());
        }
    }
    recorded
}
