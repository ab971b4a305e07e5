//! GitHub's own description of its API, as a judge of answers.

use std::sync::LazyLock;

use e2e::tools::Tools;
use serde_json::{Map, Value, json};

static DESCRIPTION: LazyLock<Value> = LazyLock::new(|| {
    let tools = Tools::install().unwrap();
    let file = tools.node_module("@octokit/openapi/generated/api.github.com.json");
    serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
});

/// Statuses that every operation may answer with, whether its description lists them or not.
const ANYWHERE: [u16; 9] = [304, 400, 401, 403, 404, 409, 422, 429, 502];

/// What is wrong with an answer; nothing if GitHub could have given it.
pub(crate) fn judge(method: &str, path: &str, status: u16, body: &[u8]) -> Result<(), String> {
    let Some((name, operation)) = operation(method, path) else {
        return Err(format!("GitHub has no {method} {path}"));
    };
    let seen = format!("{method} {name} {status}");
    let listed = &operation["responses"][status.to_string()];
    let listed = resolve(listed);
    if listed.is_null() && !ANYWHERE.contains(&status) {
        return Err(format!("{seen}: GitHub lists no such status"));
    }
    let content = &listed["content"];
    let schema = content
        .as_object()
        .and_then(|content| {
            let object = content.get("application/vnd.github.object");
            let object = object.filter(|_| name.contains("contents"));
            content.get("application/json").or(object)
        })
        .map(|media| media["schema"].clone());
    let Some(schema) = schema else {
        return without_schema(&seen, status, body);
    };
    let body: Value =
        serde_json::from_slice(body).map_err(|error| format!("{seen}: no JSON: {error}"))?;
    validate(&schema, &body).map_err(|error| format!("{seen}: {error}\n{body:#}"))
}

/// A refusal that the description does not list has the common shape, other answers are empty.
fn without_schema(seen: &str, status: u16, body: &[u8]) -> Result<(), String> {
    if body.is_empty() {
        return Ok(());
    }
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    match (status, body) {
        (400.., Value::Object(body)) if body.contains_key("message") => Ok(()),
        (_, body) => Err(format!("{seen}: GitHub sends no such body: {body}")),
    }
}

/// The operation whose template fits best: the most literal segments.
fn operation(method: &str, path: &str) -> Option<(&'static str, &'static Value)> {
    let path: Vec<_> = path.trim_matches('/').split('/').collect();
    DESCRIPTION["paths"]
        .as_object()?
        .iter()
        .filter_map(|(template, methods)| {
            let operation = methods.get(method.to_lowercase())?;
            let parts: Vec<_> = template.trim_matches('/').split('/').collect();
            let literal = parts.iter().filter(|part| !part.starts_with('{')).count();
            fits(&parts, &path).then_some((literal, template.as_str(), operation))
        })
        .max_by_key(|(literal, template, _)| (*literal, template.len()))
        .map(|(_, template, operation)| (template, operation))
}

fn fits(template: &[&str], path: &[&str]) -> bool {
    match (template, path) {
        ([], []) => true,
        (["{path}" | "{ref}" | "{basehead}"], [_, ..]) => true,
        ([part, template @ ..], [segment, path @ ..]) => {
            (part.starts_with('{') || part == segment) && fits(template, path)
        }
        _ => false,
    }
}

fn resolve(value: &'static Value) -> &'static Value {
    match value.get("$ref").and_then(Value::as_str) {
        Some(name) => DESCRIPTION.pointer(&name[1..]).unwrap(),
        None => value,
    }
}

/// Judges a value by a schema of the description.
pub(crate) fn validate(schema: &Value, value: &Value) -> Result<(), String> {
    let mut components = Map::new();
    let mut root = translate(schema, &mut components);
    root["components"] = json!({"schemas": components});
    let validator = jsonschema::draft202012::options()
        .should_validate_formats(false)
        .build(&root)
        .map_err(|error| error.to_string())?;
    let errors: Vec<_> = validator
        .iter_errors(value)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .map(|error| error.chars().take(600).collect::<String>())
        .collect();
    if errors.is_empty() {
        return Ok(());
    }
    Err(errors.join("\n"))
}

/// A schema of OpenAPI 3.0 as JSON schema; what it refers to is collected.
fn translate(schema: &Value, components: &mut Map<String, Value>) -> Value {
    let Value::Object(fields) = schema else {
        return match schema {
            Value::Array(items) => items.iter().map(|one| translate(one, components)).collect(),
            other => other.clone(),
        };
    };
    if let Some(name) = fields.get("$ref").and_then(Value::as_str) {
        collect(name, components);
        return schema.clone();
    }
    let skipped = [
        "example",
        "examples",
        "nullable",
        "x-webhooks",
        "discriminator",
    ];
    let kept = fields
        .iter()
        .filter(|(name, value)| !skipped.contains(&name.as_str()) || value.get("type").is_some())
        // GitHub's alternatives overlap: most of their fields are optional.
        .map(|(name, value)| (if name == "oneOf" { "anyOf" } else { name }, value))
        .map(|(name, value)| (name.to_owned(), translate(value, components)));
    let plain = Value::Object(kept.collect());
    if fields.get("nullable") == Some(&json!(true)) {
        return json!({"anyOf": [plain, {"type": "null"}]});
    }
    plain
}

fn collect(name: &str, components: &mut Map<String, Value>) {
    let short = name.trim_start_matches("#/components/schemas/");
    if !components.contains_key(short) {
        components.insert(short.to_owned(), Value::Null);
        let translated = translate(DESCRIPTION.pointer(&name[1..]).unwrap(), components);
        components.insert(short.to_owned(), translated);
    }
}
