//! The contexts of expressions, and the texts that are evaluated with them.

use std::path::Path;

use anyhow::{Context as _, bail};
use cascade_core::expression::{
    Context, Data, Expression, Function, Job as Before, Object, Part, Surroundings, Template,
    literal,
};
use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use super::hash;

/// The values that expressions may read, by the names of the contexts.
#[derive(Debug, Clone)]
pub(super) struct Contexts {
    values: Map<String, Value>,
    before: Before,
}

impl Contexts {
    pub(super) fn new(values: Map<String, Value>) -> Self {
        Self {
            values,
            before: Before::Succeeded,
        }
    }

    /// The same with another context.
    pub(super) fn with(mut self, name: &str, value: Value) -> Self {
        self.set(name, value);
        self
    }

    /// The same after jobs or steps that ended so.
    pub(super) fn after(mut self, before: Before) -> Self {
        self.before = before;
        self
    }

    pub(super) fn set(&mut self, name: &str, value: Value) {
        self.values.insert(name.to_owned(), value);
    }

    pub(super) fn get(&self, name: &str) -> &Value {
        self.values.get(name).unwrap_or(&Value::Null)
    }

    /// Sets one value of a context.
    pub(super) fn put(&mut self, context: &str, name: &str, value: Value) {
        let values = self.values.entry(context).or_insert_with(|| json!({}));
        values[name] = value;
    }

    /// The value of a text: of another kind than text if it is one expression and no more.
    pub(super) fn value(&self, value: &Value) -> anyhow::Result<Value> {
        Ok(match value {
            Value::String(text) => {
                let template = parsed(text)?;
                match template.whole() {
                    Some(expression) => {
                        let data = self.evaluate(expression)?;
                        serde_json::from_str(&data.json())?
                    }
                    None => self.joined(&template)?.into(),
                }
            }
            Value::Array(items) => {
                let items = items.iter().map(|item| self.value(item));
                Value::Array(items.collect::<anyhow::Result<_>>()?)
            }
            Value::Object(fields) => {
                let fields = fields.iter();
                let fields = fields.map(|(name, value)| Ok((name.clone(), self.value(value)?)));
                Value::Object(fields.collect::<anyhow::Result<_>>()?)
            }
            other => other.clone(),
        })
    }

    /// The value as text, as scripts, variables and inputs of actions get it.
    pub(super) fn text(&self, value: &Value) -> anyhow::Result<String> {
        match value {
            Value::String(text) => self.joined(&parsed(text)?),
            other => Ok(Data::from(other).text()),
        }
    }

    pub(super) fn texts(
        &self,
        values: &IndexMap<String, Value>,
    ) -> anyhow::Result<IndexMap<String, String>> {
        let text = |(name, value): (&String, &Value)| Ok((name.clone(), self.text(value)?));
        values.iter().map(text).collect()
    }

    /// Returns true if a condition holds. Without a status function it also asks for success.
    pub(super) fn holds(&self, condition: Option<&Value>) -> anyhow::Result<bool> {
        let Some(condition) = condition else {
            return Ok(self.before == Before::Succeeded);
        };
        let text = match condition {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let expression = match text.contains("${{") {
            true => {
                let template = parsed(&text)?;
                let whole = template.whole().cloned();
                whole
                    .with_context(|| format!("the condition `{text}` is text, not an expression"))?
            }
            false => Expression::parse(&text)
                .map_err(|error| anyhow::anyhow!("the condition `{text}`: {error}"))?,
        };
        let names_status = expression.functions().into_iter().any(is_status);
        if !names_status && self.before != Before::Succeeded {
            return Ok(false);
        }
        Ok(self.evaluate(&expression)?.is_truthy())
    }

    fn joined(&self, template: &Template) -> anyhow::Result<String> {
        let mut text = String::new();
        for part in template.parts() {
            match part {
                Part::Text(part) => text.push_str(part),
                Part::Expression(expression) => text.push_str(&self.evaluate(expression)?.text()),
            }
        }
        Ok(text)
    }

    fn evaluate(&self, expression: &Expression) -> anyhow::Result<Data> {
        let hashes = |function: &Function| *function == Function::HashFiles;
        if expression.functions().iter().any(hashes) {
            return self.evaluate(&self.with_hashes(expression)?);
        }
        let contexts = self.values.iter();
        let contexts = contexts.map(|(name, value)| (name.clone(), Data::from(value)));
        let around = Surroundings {
            contexts: contexts.collect::<Object>(),
            job: self.before,
        };
        match expression.evaluate(&around) {
            Ok(data) => Ok(data),
            Err(error) => bail!("`{expression}`: {error}"),
        }
    }
}

impl Contexts {
    /// The expression with the hashes of files in the place of the calls for them.
    fn with_hashes(&self, expression: &Expression) -> anyhow::Result<Expression> {
        let text = expression.rewrite(&mut |part| {
            let Expression::Call(Function::HashFiles, patterns) = part else {
                return Ok(None);
            };
            let workspace = self.get("github")["workspace"].as_str();
            let workspace = workspace.context("`hashFiles` is for steps")?;
            let patterns = patterns.iter();
            let patterns = patterns.map(|pattern| Ok(self.evaluate(pattern)?.text()));
            let patterns: Vec<String> = patterns.collect::<anyhow::Result<_>>()?;
            let hash = hash::files(Path::new(workspace), &patterns)?;
            Ok::<_, anyhow::Error>(Some(literal(&hash)))
        })?;
        Expression::parse(&text).map_err(|error| anyhow::anyhow!("`{text}`: {error}"))
    }
}

fn parsed(text: &str) -> anyhow::Result<Template> {
    Template::parse(text).map_err(|error| anyhow::anyhow!("`{text}`: {error}"))
}

fn is_status(function: Function) -> bool {
    function.family() == Some(Context::Status)
}
