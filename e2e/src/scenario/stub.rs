//! Stubs of callbacks.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::call::Answer;
use super::format::Callback;

/// Inputs that cascade may pass to a callback of any kind.
const STANDARD: [&str; 7] = [
    "environment",
    "sha",
    "version",
    "deploy_name",
    "previous_sha",
    "previous_version",
    "stage",
];
const OF_PUBLISH: [&str; 6] = [
    "build_name",
    "old_version",
    "previous_version",
    "new_version",
    "sha",
    "artifact_id",
];

/// A callback as a configuration uses it.
#[derive(Debug, Clone, Default)]
struct Use {
    inputs: BTreeSet<String>,
    secrets: BTreeSet<String>,
    outputs: BTreeSet<String>,
    publish: bool,
}

/// A stub to be.
#[derive(Debug, Clone)]
pub(crate) struct Stub {
    /// `.github/workflows/deploy-web.yaml`.
    pub(crate) path: String,
    pub(crate) text: String,
    /// `deploy-web`.
    pub(crate) name: String,
    pub(crate) answer: Answer,
}

/// The stubs of all callbacks that a configuration or the scenario names.
pub(super) fn stubs(
    config: &Value,
    given: &BTreeMap<String, Callback>,
) -> anyhow::Result<Vec<Stub>> {
    let mut uses: BTreeMap<String, Use> = BTreeMap::new();
    collect(config, &mut uses);
    add_outputs(config, &mut uses);
    let dispatch = config["dispatch_inputs"].as_object();
    for one in uses.values_mut() {
        one.inputs
            .extend(dispatch.into_iter().flat_map(Map::keys).cloned());
    }
    for name in given.keys() {
        uses.entry(path(name)).or_default();
    }
    let none = Callback::default();
    uses.iter()
        .map(|(path, used)| {
            let short = path.rsplit('/').next().unwrap_or(path);
            let name = stem(short);
            let mut keys = [path.as_str(), short, name].into_iter();
            let callback = keys.find_map(|key| given.get(key)).unwrap_or(&none);
            stub(path, name, used, callback)
        })
        .collect()
}

fn path(name: &str) -> String {
    let name = if name.contains('.') {
        name.to_owned()
    } else {
        format!("{name}.yaml")
    };
    if name.contains('/') {
        name
    } else {
        format!(".github/workflows/{name}")
    }
}

fn stem(file: &str) -> &str {
    file.trim_end_matches(".yaml").trim_end_matches(".yml")
}

/// Every text of the configuration that is the path of a local workflow.
fn collect(value: &Value, uses: &mut BTreeMap<String, Use>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, uses)),
        Value::Object(fields) => {
            for (key, value) in fields {
                if let Some(path) = value.as_str().and_then(local) {
                    let used = uses.entry(path.to_owned()).or_default();
                    used.add(fields);
                } else {
                    collect(value, uses);
                }
                if let Some(path) = value["workflow"].as_str().and_then(local) {
                    uses.entry(path.to_owned()).or_default().publish |= key == "publish";
                }
            }
        }
        _ => {}
    }
}

fn local(text: &str) -> Option<&str> {
    let path = text.trim_start_matches("./");
    (path.starts_with(".github/workflows/") && !path.contains('@')).then_some(path)
}

impl Use {
    fn add(&mut self, callback: &Map<String, Value>) {
        let keys = |value: Option<&Value>| -> Vec<String> {
            let fields = value.and_then(Value::as_object);
            fields.into_iter().flat_map(Map::keys).cloned().collect()
        };
        self.inputs.extend(keys(callback.get("inputs")));
        let environments = callback.get("env_inputs").and_then(Value::as_object);
        for inputs in environments.into_iter().flat_map(Map::values) {
            self.inputs.extend(keys(Some(inputs)));
        }
        let matrix = callback.get("matrix").map(|matrix| &matrix["dimensions"]);
        self.inputs.extend(keys(matrix));
        self.secrets.extend(keys(callback.get("secrets")));
        let recorded = callback.get("state_tags").and_then(Value::as_array);
        let recorded = recorded.into_iter().flatten();
        self.outputs
            .extend(recorded.filter_map(|name| Some(name.as_str()?.to_owned())));
    }
}

/// Outputs that others consume: `from: image.outputs.image_tag`.
fn add_outputs(config: &Value, uses: &mut BTreeMap<String, Use>) {
    let mut consumed = Vec::new();
    references(config, &mut consumed);
    for section in ["builds", "deploys"] {
        for callback in config[section].as_array().into_iter().flatten() {
            let path = callback["workflow"].as_str().and_then(local);
            let Some(used) = path.and_then(|path| uses.get_mut(path)) else {
                continue;
            };
            let of_this = consumed
                .iter()
                .filter(|(name, _)| callback["name"] == name.as_str());
            used.outputs
                .extend(of_this.map(|(_, output)| output.clone()));
        }
    }
}

fn references(value: &Value, found: &mut Vec<(String, String)>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        Value::Object(fields) => {
            if let Some((name, output)) = fields
                .get("from")
                .and_then(Value::as_str)
                .and_then(|from| from.split_once(".outputs."))
            {
                found.push((name.to_owned(), output.to_owned()));
            }
            fields.values().for_each(|value| references(value, found));
        }
        _ => {}
    }
}

fn stub(path: &str, name: &str, used: &Use, callback: &Callback) -> anyhow::Result<Stub> {
    let mut outputs = callback.outputs.clone();
    for output in &used.outputs {
        let value = || format!("{name}-{output}").into();
        outputs.entry(output.clone()).or_insert_with(value);
    }
    let inputs = match &callback.inputs {
        Some(inputs) => inputs
            .iter()
            .map(|(name, input)| (name.clone(), declared(input)))
            .collect(),
        None => default_inputs(used),
    };
    let secrets = callback.secrets.iter().chain(&used.secrets).collect();
    let text = match &callback.workflow {
        Some(text) => text.clone(),
        None => text(name, &inputs, &outputs, &secrets, callback.r#if.as_deref())?,
    };
    Ok(Stub {
        path: path.to_owned(),
        text,
        name: name.to_owned(),
        answer: Answer {
            outputs,
            fail: callback.fail.clone(),
            takes: callback.takes,
            at: Vec::new(),
        },
    })
}

fn declared(input: &Value) -> Value {
    match input {
        Value::String(kind) => json!({"type": kind, "required": false}),
        other => other.clone(),
    }
}

fn default_inputs(used: &Use) -> BTreeMap<String, Value> {
    let standard: &[&str] = if used.publish { &OF_PUBLISH } else { &STANDARD };
    let standard = standard.iter().map(|name| (*name).to_owned());
    let mut inputs: BTreeMap<_, _> = standard
        .chain(used.inputs.iter().cloned())
        .map(|name| (name, declared(&"string".into())))
        .collect();
    if !used.publish {
        inputs.insert("dry_run".to_owned(), declared(&"boolean".into()));
        inputs.insert("percent".to_owned(), declared(&"number".into()));
    }
    inputs
}

/// The text of a stub with this interface.
pub(crate) fn text(
    name: &str,
    inputs: &BTreeMap<String, Value>,
    outputs: &BTreeMap<String, Value>,
    secrets: &BTreeSet<&String>,
    condition: Option<&str>,
) -> anyhow::Result<String> {
    let mut env = Map::new();
    env.insert("CALLBACK".to_owned(), name.into());
    env.insert("INDEX".to_owned(), "${{ strategy.job-index }}".into());
    let names: Vec<_> = inputs.keys().collect();
    env.insert(
        "INPUT_NAMES".to_owned(),
        serde_json::to_string(&names)?.into(),
    );
    for (at, name) in names.iter().enumerate() {
        let value = format!("${{{{ toJSON(inputs['{name}']) }}}}");
        env.insert(format!("INPUT_{at}"), value.into());
    }
    let of = |make: &dyn Fn(&String) -> Value| -> Map<String, Value> {
        outputs
            .keys()
            .map(|name| (name.clone(), make(name)))
            .collect()
    };
    let step = |name: &String| format!("${{{{ steps.call.outputs.{name} }}}}").into();
    let job = |name: &String| json!({"value": format!("${{{{ jobs.call.outputs.{name} }}}}")});
    let secrets: Map<_, _> = secrets
        .iter()
        .map(|name| ((*name).clone(), json!({"required": false})))
        .collect();
    let mut workflow = json!({
        "name": name,
        "on": {"workflow_call": {"inputs": inputs, "outputs": of(&job), "secrets": secrets}},
        "permissions": {},
        "jobs": {"call": {
            "runs-on": "ubuntu-latest",
            "timeout-minutes": 5,
            "outputs": of(&step),
            "steps": [{"id": "call", "run": "e2e-callback", "env": env}],
        }},
    });
    if let Some(condition) = condition {
        workflow["jobs"]["call"]["if"] = condition.into();
    }
    Ok(serde_yaml::to_string(&workflow)?)
}
