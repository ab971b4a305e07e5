//! The secrets and variables that the generated workflows name, with values that the simulated
//! GitHub knows.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::callbacks::Files;
use crate::scenario::{Secret, TokenOf};

/// The action that mints the tokens of Apps.
const MINTS: &str = "/create-github-app-token@";

/// Everything that runs are given by name.
#[derive(Debug, Default)]
pub(super) struct Credentials {
    pub(super) secrets: BTreeMap<String, Secret>,
    pub(super) variables: BTreeMap<String, String>,
}

/// An App's id and key, as a step names them.
struct App {
    id: String,
    key: String,
}

/// Makes up a value for everything that the workflows name.
pub(super) fn credentials(files: &Files) -> Credentials {
    let apps = apps(files);
    let mut found = Credentials::default();
    for name in named(&files.text, "secrets.") {
        if name == "GITHUB_TOKEN" {
            continue;
        }
        let of = |app: &&App| app.id == name || app.key == name;
        let secret = match apps.iter().find(of) {
            // An App is known by the secret that holds its id.
            Some(app) if app.id == name => Secret::Token(TokenOf::AppId(app.id.to_lowercase())),
            Some(app) => Secret::Token(TokenOf::AppKey(app.id.to_lowercase())),
            None => Secret::Text(format!("rehearsed-{}", name.to_lowercase())),
        };
        found.secrets.insert(name, secret);
    }
    for name in named(&files.text, "vars.") {
        let value = format!("rehearsed-{}", name.to_lowercase());
        found.variables.insert(name, value);
    }
    for app in &apps {
        if found.variables.contains_key(&app.id) {
            let slug = app.id.to_lowercase();
            let id = Secret::Token(TokenOf::AppId(slug.clone()));
            found
                .variables
                .insert(app.id.clone(), crate::scenario::app_id(&slug));
            found.secrets.insert(app.id.clone(), id);
        }
    }
    found
}

/// The names behind a context: `secrets.RELEASE_TOKEN`.
fn named(text: &str, context: &str) -> BTreeSet<String> {
    let found = text.match_indices(context).map(|(at, _)| {
        let rest = &text[at + context.len()..];
        let is_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        let end = rest.find(|letter| !is_name(letter)).unwrap_or(rest.len());
        rest[..end].to_owned()
    });
    found.filter(|name| !name.is_empty()).collect()
}

fn apps(files: &Files) -> Vec<App> {
    let jobs = files
        .generated
        .values()
        .filter_map(|file| file["jobs"].as_object());
    let steps = jobs
        .flat_map(|jobs| jobs.values())
        .filter_map(|job| job["steps"].as_array());
    let minting = steps.flatten().filter(|step| {
        let uses = step["uses"].as_str();
        uses.is_some_and(|uses| uses.contains(MINTS))
    });
    minting
        .filter_map(|step| {
            let with = |name: &str| one_name(&step["with"][name]);
            let id = with("client-id").or_else(|| with("app-id"))?;
            Some(App {
                id,
                key: with("private-key")?,
            })
        })
        .collect()
}

/// The name in `${{ secrets.NAME }}` or `${{ vars.NAME }}`.
fn one_name(value: &Value) -> Option<String> {
    let text = value.as_str()?;
    let mut names = named(text, "secrets.")
        .into_iter()
        .chain(named(text, "vars."));
    names.next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_behind_their_context() {
        let text = "A: ${{ secrets.A_1 }} ${{ secrets.B || vars.C }} secrets.";
        let found: Vec<String> = named(text, "secrets.").into_iter().collect();
        assert_eq!(found, ["A_1", "B"]);
        assert_eq!(
            one_name(&Value::from("${{ vars.ID }}")).as_deref(),
            Some("ID")
        );
    }
}
