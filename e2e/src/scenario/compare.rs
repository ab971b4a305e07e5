//! Expected values against found ones.

use serde_json::{Map, Value};

/// Returns the differences, each line with the path of the value. Mappings match as subsets, lists
/// exactly.
pub(super) fn compare(path: &str, expected: &Value, found: &Value) -> Vec<String> {
    match (expected, found) {
        (Value::Object(fields), Value::String(text)) if is_text(fields) => {
            compare_text(path, fields, text)
        }
        (Value::Object(fields), Value::Object(found)) => fields
            .iter()
            .flat_map(|(key, value)| {
                let below = format!("{path}.{key}");
                compare(&below, value, found.get(key).unwrap_or(&Value::Null))
            })
            .collect(),
        // Nothing is there, which may be what every field expects.
        (Value::Object(fields), Value::Null) if !is_text(fields) => fields
            .iter()
            .flat_map(|(key, value)| compare(&format!("{path}.{key}"), value, &Value::Null))
            .collect(),
        (Value::Array(items), Value::Array(found)) if items.len() == found.len() => items
            .iter()
            .zip(found)
            .enumerate()
            .flat_map(|(at, (item, found))| compare(&format!("{path}[{at}]"), item, found))
            .collect(),
        _ if expected == found => Vec::new(),
        _ => vec![format!("{path}: expected {expected}, found {found}")],
    }
}

/// Lists in any order, or `{exist, absent}`.
pub(super) fn compare_names(path: &str, expected: &Value, found: &[String]) -> Vec<String> {
    let mut differences = Vec::new();
    let listed = |value: &Value| -> Vec<String> {
        let items = value.as_array().into_iter().flatten();
        items
            .filter_map(|item| Some(item.as_str()?.to_owned()))
            .collect()
    };
    if expected.is_array() {
        let (mut wanted, mut found) = (listed(expected), found.to_vec());
        wanted.sort();
        found.sort();
        if wanted != found {
            differences.push(format!("{path}: expected {wanted:?}, found {found:?}"));
        }
        return differences;
    }
    for name in listed(&expected["exist"]) {
        if !found.contains(&name) {
            differences.push(format!("{path}.exist: no `{name}` in {found:?}"));
        }
    }
    for name in listed(&expected["absent"]) {
        if found.contains(&name) {
            differences.push(format!("{path}.absent: `{name}` is there"));
        }
    }
    differences
}

/// A text that contains this, or all of these, or `{contains, lacks}`.
pub(super) fn contains(path: &str, expected: &Value, text: &str) -> Vec<String> {
    match expected {
        Value::Object(fields) => compare_text(path, fields, text),
        other => {
            let fields = Map::from_iter([("contains".to_owned(), other.clone())]);
            compare_text(path, &fields, text)
        }
    }
}

/// Texts where the type is the stub's own choice.
pub(super) fn loosen(expected: &Value, found: &Value) -> Value {
    match (expected, found) {
        (Value::Object(fields), Value::Object(_)) => {
            let loose = |(key, value): (&String, &Value)| (key.clone(), loosen(value, &found[key]));
            Value::Object(fields.iter().map(loose).collect())
        }
        (Value::Bool(_) | Value::Number(_), Value::String(text))
        | (Value::String(text), Value::Bool(_) | Value::Number(_)) => {
            let other = if expected.is_string() {
                found
            } else {
                expected
            };
            let other = other.to_string();
            if *text == other {
                found.clone()
            } else {
                expected.clone()
            }
        }
        _ => expected.clone(),
    }
}

fn is_text(fields: &Map<String, Value>) -> bool {
    let mut keys = fields.keys();
    !fields.is_empty() && keys.all(|key| ["contains", "lacks", "is"].contains(&key.as_str()))
}

fn compare_text(path: &str, fields: &Map<String, Value>, text: &str) -> Vec<String> {
    let mut differences = Vec::new();
    for (key, value) in fields {
        for part in parts(value) {
            let bad = match key.as_str() {
                "contains" => !text.contains(&part),
                "lacks" => text.contains(&part),
                "is" => text != part,
                _ => {
                    differences.push(format!("{path}: unknown `{key}`"));
                    continue;
                }
            };
            if bad {
                differences.push(format!("{path}: {key} {part:?}, found\n{}", indent(text)));
            }
        }
    }
    differences
}

fn parts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().flat_map(parts).collect(),
        Value::String(text) => vec![text.clone()],
        Value::Null => Vec::new(),
        other => vec![other.to_string()],
    }
}

fn indent(text: &str) -> String {
    let lines = text.lines().take(200).map(|line| format!("    | {line}\n"));
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn mappings_are_subsets_and_lists_are_exact() {
        let found = json!({"dev": {"version": "v1", "sha": "a"}, "list": [1, 2]});
        let ok = |expected| compare("state", &expected, &found).is_empty();
        assert!(ok(json!({"dev": {"version": "v1"}})));
        assert!(ok(json!({"list": [1, 2], "none": null})));
        assert!(!ok(json!({"list": [1]})));
        assert!(ok(json!({"dev": {"version": {"contains": "v"}}})));
        assert_eq!(
            compare("state", &json!({"dev": {"sha": "b"}}), &found),
            ["state.dev.sha: expected \"b\", found \"a\""]
        );
    }

    #[test]
    fn types_of_inputs_do_not_matter() {
        let found = json!({"dry_run": false, "count": "3"});
        let expected = json!({"dry_run": "false", "count": 3});
        assert!(compare("", &loosen(&expected, &found), &found).is_empty());
    }
}
