//! The step of a workflow that runs release-please.
//!
//! Source: the README of release-please's action, "Action Inputs".

use super::{SEPARATOR, known_name, plain, prefix};
use crate::manifest::draft::{Map, Node};
use crate::manifest::yaml::View;
use crate::migration::parts::{ROOT, folder, unique};
use crate::migration::text::Text;
use crate::migration::{Files, Note, Outcome, Part, Place, Releases};

/// The actions that run release-please: today's, and the one before.
const ACTIONS: [&str; 2] = [
    "googleapis/release-please-action@",
    "google-github-actions/release-please-action@",
];

/// Inputs of the action, in a step of a workflow.
#[derive(Debug, Default)]
pub(super) struct Action {
    pub(super) config: Option<String>,
    pub(super) versions: Option<String>,
    pub(super) trunk: Option<(String, Place)>,
    /// The step, if it says what is released, so that no configuration is read.
    pub(super) own: Option<(Place, Map)>,
}

/// Reads the steps that run release-please.
pub(super) fn action(workflows: &[(String, String)], out: &mut Releases) -> Action {
    let mut found = Action::default();
    for (path, text) in workflows {
        let Ok(text) = Text::yaml(path, text) else {
            continue;
        };
        for (id, step) in text.steps() {
            let uses = step.get("uses").and_then(View::text).unwrap_or_default();
            if !ACTIONS.iter().any(|action| uses.starts_with(action)) {
                continue;
            }
            let place = text.key(step, "uses");
            out.files.push(path.clone());
            let message = format!("the job `{id}` runs release-please, which would go on tagging");
            let note = Note::new(Outcome::ByHand, place.clone(), message);
            out.notes.push(note.help(
                "remove the step when the pipeline takes over; jobs that wait for \
                 `release_created` become the publish callback",
            ));
            if let Some(with) = step.get("with") {
                inputs(&text, with, &place, &mut found, &mut out.notes);
            }
        }
    }
    out.files.dedup();
    found
}

fn inputs(text: &Text, with: View<'_>, step: &Place, found: &mut Action, notes: &mut Vec<Note>) {
    let word = |key: &str| {
        with.get(key)
            .and_then(View::text)
            .filter(|text| !text.is_empty())
    };
    found.config = word("config-file").or_else(|| found.config.take());
    found.versions = word("manifest-file").or_else(|| found.versions.take());
    for key in ["target-branch", "default-branch"] {
        match word(key) {
            Some(branch) if branch.contains("${{") => {
                let message = format!("`{key}: {branch}` is known only when the workflow runs");
                let note = Note::new(Outcome::LeftOut, text.key(with, key), message);
                notes.push(note.help("`--trunk` names the branch that releases flow from"));
            }
            Some(branch) => found.trunk = Some((branch, text.key(with, key))),
            None => {}
        }
    }
    if word("release-type").is_some()
        && let Node::Map(inputs) = with.draft()
    {
        found.own = Some((step.clone(), inputs));
    }
}

/// Returns the part that a step names itself. Components are in its tags only if it asks for that.
pub(super) fn own_part(place: Place, inputs: &Map, files: Files<'_>) -> Part {
    let word = |key: &str| match inputs.get(key) {
        Some(Node::Scalar(scalar)) => Some(scalar.text()).filter(|text| !text.is_empty()),
        _ => None,
    };
    let is_on = |key: &str| word(key).is_some_and(|value| value == "true");
    let path = word("path").unwrap_or_else(|| ROOT.to_owned());
    let named = word("component").or_else(|| word("package-name").map(|name| plain(&name)));
    let name = named.or_else(|| known_name(&path, word("release-type").as_deref(), files));
    let with_component = is_on("include-component-in-tag") || is_on("monorepo-tags");
    let with_v = word("include-v-in-tag").as_deref() != Some("false");
    let separator = word("tag-separator").unwrap_or_else(|| SEPARATOR.to_owned());
    let shown = name.as_deref().filter(|_| with_component);
    Part {
        name: unique(name.as_deref().unwrap_or("root"), &[]),
        path: folder(&path).to_owned(),
        prefix: prefix(shown, &separator, with_v),
        version: None,
        place,
    }
}
