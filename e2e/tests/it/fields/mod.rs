//! Everything that a manifest can say happens: each field has a case in which changing it changes a
//! generated file, a run, or what a command prints. `cases.yaml` has them.

mod place;
mod walk;

use std::collections::BTreeMap;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use cascade_core::check::check;
use cascade_core::contract::{Contracts, WorkflowSource};
use cascade_core::finding::Severity;
use cascade_core::generate::generate;
use cascade_core::manifest::yaml::Manifest;
use serde::Deserialize;
use serde_yaml::Value;

use crate::support::{commit, write};
use place::Place;
use walk::{Field, fields};

/// The number of fields that nothing reads yet. It may only fall.
const UNREAD: usize = 3;

/// The cases, each under the place of its field in the manifest `base`.
#[derive(Deserialize)]
struct Cases {
    base: Value,
    /// The interface of every workflow file of the repository.
    callback: Value,
    /// Another value, which changes a byte of a generated file.
    generated: BTreeMap<String, Change>,
    /// Another value, which changes what a command prints.
    printed: BTreeMap<String, BTreeMap<String, Change>>,
    /// A scenario whose configuration has the field.
    runs: BTreeMap<String, String>,
    /// The reason why there is no case yet.
    unread: BTreeMap<String, String>,
}

#[derive(Deserialize, Clone)]
#[serde(untagged)]
enum Change {
    Beside(Beside),
    To(Value),
}

/// A value that needs others beside it.
#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
struct Beside {
    /// Beside the old value and the new one.
    #[serde(default)]
    with: BTreeMap<String, Value>,
    to: Value,
    /// Beside the new one alone.
    #[serde(default)]
    needs: BTreeMap<String, Value>,
}

impl Change {
    fn beside(self) -> Beside {
        match self {
            Self::Beside(beside) => beside,
            Self::To(to) => Beside {
                with: BTreeMap::new(),
                to,
                needs: BTreeMap::new(),
            },
        }
    }
}

impl Cases {
    fn read() -> Self {
        let text = std::fs::read_to_string(root().join("tests/it/fields/cases.yaml")).unwrap();
        let mut cases: Value = serde_yaml::from_str(&text).unwrap();
        cases.apply_merge().unwrap();
        serde_yaml::from_value(cases).unwrap()
    }

    fn places(&self) -> impl Iterator<Item = &String> {
        let printed = self.printed.values().flat_map(BTreeMap::keys);
        let all = self.generated.keys().chain(printed);
        all.chain(self.runs.keys()).chain(self.unread.keys())
    }

    /// The configuration without a change, and with it.
    fn both(&self, place: &str, change: &Change) -> [Value; 2] {
        let set = |config: &mut Value, values: &BTreeMap<String, Value>| {
            for (place, value) in values {
                Place::parse(place).set(config, value.clone());
            }
        };
        let change = change.clone().beside();
        let mut before = self.base.clone();
        set(&mut before, &change.with);
        let mut after = before.clone();
        set(&mut after, &change.needs);
        Place::parse(place).set(&mut after, change.to);
        [before, after]
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// A repository in which every workflow file says the same.
struct Everywhere(String);

impl WorkflowSource for Everywhere {
    fn read(&self, _: &str) -> Result<Option<Vec<u8>>, String> {
        Ok(Some(self.0.clone().into_bytes()))
    }

    fn list(&self) -> Vec<String> {
        Vec::new()
    }
}

fn manifest(config: &Value) -> String {
    let body = BTreeMap::from([("ci", BTreeMap::from([("config", config)]))]);
    serde_yaml::to_string(&body).unwrap()
}

/// The generated files of a configuration.
fn generated(config: &Value, callback: &str) -> Result<BTreeMap<String, String>, String> {
    let source = Everywhere(callback.to_owned());
    let read = Manifest::read(manifest(config).as_bytes(), "ci");
    let read = read.map_err(|errors| format!("{errors:?}"))?;
    let checked = check(read.config(), &Contracts::new(&source));
    let errors = checked
        .findings
        .iter()
        .filter(|each| each.rule.severity == Severity::Error);
    let findings = || {
        errors
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("; ")
    };
    let pipeline = checked.pipeline.as_ref().ok_or_else(findings)?;
    let files = generate(pipeline, "1.0.0").map_err(|error| error.to_string())?;
    Ok(files
        .into_iter()
        .map(|file| (file.path, file.text))
        .collect())
}

/// Returns what a command prints in a repository with a configuration.
fn printed(command: &str, config: &Value, callback: &str) -> String {
    let folder = e2e::scratch::folder().unwrap();
    write(folder.path(), ".github/manifest.yaml", &manifest(config));
    for path in ["validate", "build", "deploy", "publish", "other"] {
        write(
            folder.path(),
            &format!(".github/workflows/{path}.yaml"),
            callback,
        );
    }
    commit(folder.path());
    let output = Command::new(env!("CARGO_BIN_EXE_e2e"))
        .arg0("cascade")
        .args(command.split(' '))
        .current_dir(folder.path())
        .env_remove("GITHUB_ACTIONS")
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8(text).unwrap();
    assert!(!text.contains("panicked"), "{command}: {text}");
    text
}

fn fail_with(failures: &[String]) {
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn every_field_has_a_case() {
    let cases = Cases::read();
    let places: Vec<_> = cases
        .places()
        .map(|place| (place, Place::parse(place).segments()))
        .collect();
    let fields = fields();
    let has_case = |field: &&Field| places.iter().any(|(_, place)| field.is_at(place));
    let is_field = |place: &[walk::Segment]| fields.iter().any(|field| field.is_at(place));
    let without = fields.iter().filter(|field| !has_case(field));
    let without = without.map(|field| format!("{field}: no case"));
    let strays = places.iter().filter(|(_, place)| !is_field(place));
    let strays = strays.map(|(place, _)| format!("{place}: a case of no field"));
    fail_with(&without.chain(strays).collect::<Vec<_>>());
    assert_eq!(
        cases.unread.len(),
        UNREAD,
        "fields that nothing reads: lower the number"
    );
}

#[test]
fn a_field_changes_generated_files() {
    let cases = Cases::read();
    let callback = serde_yaml::to_string(&cases.callback).unwrap();
    let mut failures = Vec::new();
    for (place, change) in &cases.generated {
        match cases
            .both(place, change)
            .map(|config| generated(&config, &callback))
        {
            [Ok(before), Ok(after)] if before != after => {}
            [Ok(_), Ok(_)] => failures.push(format!("{place}: no generated byte changes")),
            [before, after] => failures.extend(
                [before, after]
                    .into_iter()
                    .filter_map(Result::err)
                    .map(|error| format!("{place}: {error}")),
            ),
        }
    }
    fail_with(&failures);
}

#[test]
fn a_field_changes_what_a_command_prints() {
    let cases = Cases::read();
    let callback = serde_yaml::to_string(&cases.callback).unwrap();
    let mut failures = Vec::new();
    for (command, changes) in &cases.printed {
        for (place, change) in changes {
            let [before, after] = cases
                .both(place, change)
                .map(|config| printed(command, &config, &callback));
            if before == after {
                failures.push(format!(
                    "{place}: `cascade {command}` prints the same:\n{before}"
                ));
            }
        }
    }
    fail_with(&failures);
}

#[test]
fn a_field_is_written_in_its_scenario() {
    let cases = Cases::read();
    let mut failures = Vec::new();
    for (place, scenario) in &cases.runs {
        let file = root().join("scenarios").join(format!("{scenario}.yaml"));
        let text =
            std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{scenario}: {error}"));
        let mut scenario: Value = serde_yaml::from_str(&text).unwrap();
        scenario.apply_merge().unwrap();
        let field = fields()
            .into_iter()
            .find(|field| field.is_at(&Place::parse(place).segments()));
        let segments = field.unwrap().segments().to_vec();
        if !configs(&scenario)
            .iter()
            .any(|config| Place::is_written(&segments, config))
        {
            failures.push(format!("{place}: not written in {}", file.display()));
        }
    }
    fail_with(&failures);
}

/// Every configuration of a scenario, at any depth.
fn configs(node: &Value) -> Vec<Value> {
    let mut found = Vec::new();
    match node {
        Value::Sequence(items) => found.extend(items.iter().flat_map(configs)),
        Value::Mapping(map) => {
            for (key, below) in map {
                match (key.as_str(), below) {
                    (Some("config"), below) => found.push(below.clone()),
                    (Some("manifest"), Value::String(text)) => {
                        let manifest: Value = serde_yaml::from_str(text).unwrap_or_default();
                        found.extend(
                            manifest
                                .get("ci")
                                .and_then(|body| body.get("config"))
                                .cloned(),
                        );
                    }
                    _ => found.extend(configs(below)),
                }
            }
        }
        _ => {}
    }
    found
}
