//! Functions whose value depends on their arguments alone.

use super::{Data, EvaluationError, Function, compare};

/// Calls a function with as many arguments as it takes.
pub(super) fn call(function: Function, arguments: &[Data]) -> Result<Data, EvaluationError> {
    Ok(match (function, arguments) {
        (Function::Contains, [within, item]) => contains(within, item).into(),
        (Function::StartsWith, [text, prefix]) => {
            on_text(text, prefix, |text, prefix| text.starts_with(prefix)).into()
        }
        (Function::EndsWith, [text, suffix]) => {
            on_text(text, suffix, |text, suffix| text.ends_with(suffix)).into()
        }
        (Function::Format, [pattern, values @ ..]) => format(&pattern.text(), values)?.into(),
        (Function::Join, [list, separator @ ..]) => join(list, separator.first()).into(),
        (Function::ToJson, [value]) => value.json().into(),
        (Function::FromJson, [text]) => from_json(&text.text())?,
        (Function::Case, cases) => case(cases)?,
        _ => Data::Null,
    })
}

fn contains(within: &Data, item: &Data) -> bool {
    match within.items() {
        Some(items) => items.iter().any(|each| compare::equal(item, each)),
        None if within.is_primitive() && item.is_primitive() => {
            let (within, item) = (within.text().to_lowercase(), item.text().to_lowercase());
            within.contains(&item)
        }
        None => false,
    }
}

fn on_text(text: &Data, part: &Data, holds: fn(&str, &str) -> bool) -> bool {
    let primitive = text.is_primitive() && part.is_primitive();
    primitive && holds(&compare::upper(&text.text()), &compare::upper(&part.text()))
}

fn join(list: &Data, separator: Option<&Data>) -> String {
    let separator = separator.filter(|separator| separator.is_primitive());
    let separator = separator.map_or_else(|| ",".to_owned(), Data::text);
    match list.items() {
        Some(items) => {
            let items: Vec<String> = items.iter().map(Data::text).collect();
            items.join(&separator)
        }
        None if list.is_primitive() => list.text(),
        None => String::new(),
    }
}

fn from_json(text: &str) -> Result<Data, EvaluationError> {
    let json: Result<serde_json::Value, _> = serde_json::from_str(text);
    match json {
        Ok(json) => Ok(Data::from(&json)),
        Err(_) => Err(EvaluationError::InvalidJson(text.to_owned())),
    }
}

fn case(cases: &[Data]) -> Result<Data, EvaluationError> {
    let pairs = cases.chunks_exact(2);
    let otherwise = pairs.remainder().first().cloned();
    for pair in pairs {
        match pair {
            [Data::Boolean(false), _] => {}
            [Data::Boolean(true), value] => return Ok(value.clone()),
            _ => return Err(EvaluationError::NotBoolean),
        }
    }
    Ok(otherwise.unwrap_or(Data::Null))
}

/// Puts values into a pattern: `{0}` is the first one, `{{` and `}}` are braces.
fn format(pattern: &str, values: &[Data]) -> Result<String, EvaluationError> {
    let invalid = || EvaluationError::InvalidFormat(pattern.to_owned());
    let mut text = String::new();
    let mut rest = pattern;
    while let Some((before, brace)) = rest
        .find(['{', '}'])
        .and_then(|at| rest.split_at_checked(at))
    {
        text.push_str(before);
        if let Some(after) = brace.strip_prefix("{{") {
            text.push('{');
            rest = after;
        } else if let Some(after) = brace.strip_prefix("}}") {
            text.push('}');
            rest = after;
        } else {
            let hole = brace.strip_prefix('{').ok_or_else(invalid)?;
            let (hole, after) = hole.split_once('}').ok_or_else(invalid)?;
            let value = values.get(position(hole).ok_or_else(invalid)?);
            text.push_str(&value.ok_or_else(invalid)?.text());
            rest = after;
        }
    }
    text.push_str(rest);
    Ok(text)
}

/// Reads the digits at the start of a hole; a specifier that follows them says nothing.
fn position(hole: &str) -> Option<usize> {
    let digits = hole.find(|c: char| !c.is_ascii_digit());
    let (digits, _) = hole.split_at_checked(digits.unwrap_or(hole.len()))?;
    digits.parse().ok()
}
