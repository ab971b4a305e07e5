//! The JSON schema: in step with the model, and right about every manifest here.

use crate::support::{MANIFEST, Sandbox};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

const UPDATE: &str = "update it: cargo run --bin cascade -- schema > schema/manifest.schema.json";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

fn schema() -> Value {
    let text = fs::read_to_string(root().join("schema/manifest.schema.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn read(yaml: &str) -> Value {
    let document = cascade_core::manifest::yaml::read(yaml.as_bytes()).unwrap();
    json(&document.root().unwrap().draft())
}

fn json(node: &cascade_core::manifest::draft::Node) -> Value {
    use cascade_core::manifest::draft::Node;
    use cascade_core::scalar::Scalar;
    match node {
        Node::Scalar(Scalar::Bool(value)) => (*value).into(),
        Node::Scalar(Scalar::Int(value)) => (*value).into(),
        Node::Scalar(Scalar::Float(text)) => text.parse::<f64>().unwrap().into(),
        Node::Scalar(Scalar::Text(text)) => text.as_str().into(),
        Node::List(items) => items.iter().map(json).collect(),
        Node::Map(map) => map
            .iter()
            .map(|(key, value)| (key.clone(), json(value)))
            .collect(),
        _ => Value::Null,
    }
}

fn mistakes(schema: &Value, yaml: &str) -> Vec<String> {
    let validator = jsonschema::validator_for(schema).unwrap();
    let value = read(yaml);
    let errors = validator.iter_errors(&value);
    errors
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

#[test]
fn the_file_is_in_step() {
    let run = Sandbox::empty().run(&["schema"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let file = fs::read_to_string(root().join("schema/manifest.schema.json")).unwrap();
    assert!(file == run.stdout, "{UPDATE}");
}

#[test]
fn the_schema_is_one() {
    assert!(jsonschema::meta::is_valid(&schema()));
}

#[test]
fn the_key_can_be_another() {
    let run = Sandbox::empty().run(&["schema", "--key", "release"]);
    let schema: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(
        mistakes(&schema, &MANIFEST.replacen("ci:", "release:", 1)),
        [""; 0]
    );
    assert_ne!(mistakes(&schema, MANIFEST), [""; 0]);
}

#[test]
fn every_example_fits() {
    let schema = schema();
    let mut seen = 0;
    for entry in fs::read_dir(root().join("examples")).unwrap() {
        let manifest = entry.unwrap().path().join(".github/manifest.yaml");
        if let Ok(text) = fs::read_to_string(&manifest) {
            assert_eq!(mistakes(&schema, &text), [""; 0], "{}", manifest.display());
            seen += 1;
        }
    }
    assert!(seen >= 3, "found {seen} examples");
}

#[test]
fn what_loads_fits() {
    let schema = schema();
    for yaml in [
        MANIFEST,
        "ci: { config: { trunk_branch: main, environments: , builds: , description: 1.5 } }",
        "ci: { config: { trunk_branch: main, environments: [{ name: dev, wait_timer: 5 }, prod] }, state: { dev: { odd: [1] } } }",
        "ci: { config: { trunk_branch: main, runs_on: { group: big }, pin_mode: tag } }",
        "ci: { config: { trunk_branch: main, runs_on: [self-hosted, linux], validate: { workflow: .github/workflows/v.yaml, secrets: inherit } } }",
        "ci: { config: { trunk_branch: main, validate: { workflow: .github/workflows/v.yaml }, components: { api: { path: api, tag_grammar: { prefix: api/v }, validate: { retries: 1 } } } } }",
        "ci: { config: { trunk_branch: main, deploys: [{ name: a, workflow: .github/workflows/v.yaml, inputs: { x: { from: b.outputs.c }, y: 1 } }] } }",
    ] {
        assert_eq!(mistakes(&schema, yaml), [""; 0], "{yaml}");
    }
}

#[test]
fn slips_do_not_fit() {
    let schema = schema();
    for yaml in [
        "ci: { config: { environments: [dev] } }",
        "ci: { config: { trunk_branch: main, enviroments: [dev] } }",
        "ci: { config: { trunk_branch: main, pin_mode: branch } }",
        "ci: { config: { trunk_branch: main, job_timeout_minutes: 361 } }",
        "ci: { config: { trunk_branch: main, environments: [\"a b\"] } }",
        "ci: { config: { trunk_branch: main, environments: [{ role: release }] } }",
        "ci: { config: { trunk_branch: main, deploys: [{ name: a }] } }",
        "ci: { config: { trunk_branch: main, deploys: [{ name: a, workflow: x.yaml, run: x }] } }",
        "ci: { config: { trunk_branch: main, allow_breaking_changes: 1 } }",
        "ci: { config: { trunk_branch: main, components: { api: { path: api } } } }",
        "ci: { config: { trunk_branch: main, components: { api: { path: api, tag_grammar: { prefix: a }, cli: { } } } } }",
        "ci: { config: { trunk_branch: main }, stat: { } }",
        "ci: { state: { } }",
    ] {
        assert_ne!(mistakes(&schema, yaml), [""; 0], "{yaml}");
    }
}
