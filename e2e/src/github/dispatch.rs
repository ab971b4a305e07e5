//! `workflow_dispatch` and `repository_dispatch`.

use serde::Deserialize;
use serde_json::{Map, Value, json};
use serde_yaml::Value as Yaml;

use super::exchange::{Answer, Refusal, Reply};
use super::guard;
use super::repository::Scene;

#[derive(Deserialize)]
struct Workflow {
    r#ref: String,
    #[serde(default)]
    inputs: Map<String, Value>,
}

/// `POST actions/workflows/{file}/dispatches`.
pub(super) fn workflow(scene: &Scene<'_>, file: &str) -> Answer {
    let Workflow {
        r#ref: reference,
        inputs,
    } = scene.request.body()?;
    let (reference, sha) = point(scene, &reference)?;
    let path = format!(".github/workflows/{file}");
    let Some(text) = scene.git().file(&sha, &path) else {
        return Err(Refusal::not_found());
    };
    let inputs = check(&declared(&text)?, &inputs)?;
    let payload = json!({"inputs": inputs, "ref": reference, "workflow": path});
    let mut event = guard::event(
        scene.site,
        scene.repository,
        scene.token,
        "workflow_dispatch",
        (&reference, &sha),
        payload,
    );
    event.workflow = Some(path);
    scene.site.emit(scene.token, &event);
    Ok(Reply::nothing())
}

/// The full name of a branch or tag, and its commit.
fn point(scene: &Scene<'_>, name: &str) -> Result<(String, String), Refusal> {
    let names = if name.starts_with("refs/") {
        vec![name.to_owned()]
    } else {
        vec![format!("refs/heads/{name}"), format!("refs/tags/{name}")]
    };
    names
        .into_iter()
        .find_map(|full| {
            let sha = scene.git().resolve(&full, "commit")?;
            Some((full, sha))
        })
        .ok_or_else(|| Refusal::unprocessable(format!("No ref found for: {name}")))
}

/// The inputs that a workflow declares for dispatches.
fn declared(text: &[u8]) -> Result<Yaml, Refusal> {
    let no_trigger =
        || Refusal::unprocessable("Workflow does not have 'workflow_dispatch' trigger");
    let workflow: Yaml = serde_yaml::from_slice(text).map_err(|_| no_trigger())?;
    // A parser of YAML 1.1 reads the key `on` as a boolean.
    let on = workflow
        .get("on")
        .or_else(|| workflow.get(Yaml::Bool(true)));
    match on {
        Some(Yaml::String(one)) if one == "workflow_dispatch" => Ok(Yaml::Null),
        Some(Yaml::Sequence(all)) if all.iter().any(|one| one == "workflow_dispatch") => {
            Ok(Yaml::Null)
        }
        Some(on @ Yaml::Mapping(_)) => on
            .get("workflow_dispatch")
            .map(|dispatch| dispatch.get("inputs").cloned().unwrap_or(Yaml::Null))
            .ok_or_else(no_trigger),
        _ => Err(no_trigger()),
    }
}

/// The inputs that a run sees: strings, with the defaults of those that are not given.
fn check(declared: &Yaml, given: &Map<String, Value>) -> Result<Map<String, Value>, Refusal> {
    if given.len() > 25 {
        return Err(Refusal::unprocessable(
            "you may only define up to 25 inputs",
        ));
    }
    let known = declared.as_mapping();
    let unknown: Vec<_> = given
        .keys()
        .filter(|name| known.is_none_or(|known| !known.contains_key(name.as_str())))
        .collect();
    if !unknown.is_empty() {
        return Err(Refusal::unprocessable(format!(
            "Unexpected inputs provided: {unknown:?}"
        )));
    }
    let mut inputs = Map::new();
    for (name, declaration) in known.into_iter().flatten() {
        let Some(name) = name.as_str() else { continue };
        let value = input(name, declaration, given.get(name))?;
        inputs.extend(value.map(|value| (name.to_owned(), value)));
    }
    Ok(inputs)
}

fn input(name: &str, declared: &Yaml, given: Option<&Value>) -> Result<Option<Value>, Refusal> {
    let text = match given {
        Some(Value::String(text)) => Some(text.clone()),
        Some(Value::Null) | None => declared.get("default").and_then(scalar),
        Some(Value::Bool(_) | Value::Number(_)) => given.map(ToString::to_string),
        Some(_) => {
            return Err(Refusal::unprocessable(format!(
                "Invalid value for input '{name}'"
            )));
        }
    };
    let required = declared.get("required").and_then(Yaml::as_bool) == Some(true);
    if required && text.as_ref().is_none_or(String::is_empty) {
        return Err(Refusal::unprocessable(format!(
            "Required input '{name}' not provided"
        )));
    }
    let options = declared.get("options").and_then(Yaml::as_sequence);
    if let (Some(options), Some(text)) = (options, &text)
        && given.is_some()
        && !options
            .iter()
            .any(|option| scalar(option).as_ref() == Some(text))
    {
        return Err(Refusal::unprocessable(format!(
            "Provided value '{text}' for input '{name}' not in the list of allowed values"
        )));
    }
    Ok(text.map(Value::String))
}

fn scalar(value: &Yaml) -> Option<String> {
    match value {
        Yaml::String(text) => Some(text.clone()),
        Yaml::Bool(value) => Some(value.to_string()),
        Yaml::Number(value) => Some(value.to_string()),
        _ => None,
    }
}

#[derive(Deserialize)]
struct Repository {
    event_type: String,
    #[serde(default)]
    client_payload: Map<String, Value>,
}

/// `POST dispatches`.
pub(super) fn repository(scene: &Scene<'_>) -> Answer {
    let Repository {
        event_type,
        client_payload,
    } = scene.request.body()?;
    if event_type.is_empty() || event_type.chars().count() > 100 {
        return Err(Refusal::invalid("Dispatch", "event_type", "invalid"));
    }
    if client_payload.len() > 10 {
        return Err(Refusal::unprocessable(
            "No more than 10 properties are allowed; client_payload has too many",
        ));
    }
    let reference = format!("refs/heads/{}", scene.repository.default_branch);
    let Some(sha) = scene.git().resolve(&reference, "commit") else {
        return Err(Refusal::not_found());
    };
    let payload = json!({
        "action": event_type,
        "branch": scene.repository.default_branch,
        "client_payload": client_payload,
    });
    let event = guard::event(
        scene.site,
        scene.repository,
        scene.token,
        "repository_dispatch",
        (&reference, &sha),
        payload,
    );
    scene.site.emit(scene.token, &event);
    Ok(Reply::nothing())
}
