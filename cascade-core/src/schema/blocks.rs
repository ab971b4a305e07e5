//! Blocks, each defined once.

use super::shapes;
use crate::manifest::draft::{Block, BlockSpec, FieldSpec, Shape, join_doc};
use crate::manifest::{ComponentKeys, Config, DeployBlock, REPLACED_KEYS, REPOSITORY_KEYS};
use serde_json::{Map, Value, json};

/// The definitions that were asked for so far.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    defined: Map<String, Value>,
}

impl Blocks {
    /// The configuration.
    pub(super) fn config(&mut self) -> Value {
        self.reference(<Config as Block>::SPEC, false)
    }

    /// All definitions, by name.
    pub(super) fn finish(mut self) -> Value {
        self.defined.sort_keys();
        Value::Object(self.defined)
    }

    /// A reference to a block. What a component overrides is merged into a complete block, so that
    /// its `partial` form needs no key.
    pub(super) fn reference(&mut self, spec: &'static BlockSpec, partial: bool) -> Value {
        let partial = partial && needs_something(spec);
        let suffix = if partial { "Override" } else { "" };
        let name = format!("{}{suffix}", spec.name);
        if !self.defined.contains_key(&name) {
            // Taken before its fields are written: a block may contain itself.
            self.defined.insert(name.clone(), Value::Null);
            let block = self.block(spec, partial);
            self.defined.insert(name.clone(), block);
        }
        json!({ "$ref": format!("#/$defs/{name}") })
    }

    /// A component: its own keys, and what it may override.
    pub(super) fn component(&mut self) -> Value {
        const NAME: &str = "Component";
        if !self.defined.contains_key(NAME) {
            self.defined.insert(NAME.to_owned(), Value::Null);
            let own = <ComponentKeys as Block>::SPEC;
            let mut properties = Map::new();
            for field in own.fields {
                properties.insert(field.key.to_owned(), self.field(field, false));
            }
            for field in <Config as Block>::SPEC.fields {
                let inherited = !REPOSITORY_KEYS.contains(&field.key);
                if inherited && own.field(field.key).is_none() {
                    let partial = !REPLACED_KEYS.contains(&field.key);
                    properties.insert(field.key.to_owned(), self.field(field, partial));
                }
            }
            // Its tags tell a component from the others.
            if let Some(grammar) = own.field("tag_grammar") {
                let mut schema = annotated(field_schema(grammar, false, self), grammar);
                schema.insert("required".to_owned(), json!(["prefix"]));
                properties.insert("tag_grammar".to_owned(), schema.into());
            }
            let component = json!({
                "type": "object",
                "description": "A part of the repository that is released on its own.",
                "properties": properties,
                "required": ["path", "tag_grammar"],
                "additionalProperties": false,
            });
            self.defined.insert(NAME.to_owned(), component);
        }
        json!({ "$ref": format!("#/$defs/{NAME}") })
    }

    fn block(&mut self, spec: &'static BlockSpec, partial: bool) -> Value {
        let mut properties = Map::new();
        for field in spec.fields {
            properties.insert(field.key.to_owned(), self.field(field, partial));
        }
        let required: Vec<&str> = spec
            .fields
            .iter()
            .filter(|field| field.required && !partial)
            .map(|field| field.key)
            .collect();
        let mut object = Map::from_iter([
            ("type".to_owned(), json!("object")),
            ("description".to_owned(), join_doc(spec.doc).into()),
            ("properties".to_owned(), properties.into()),
        ]);
        if !required.is_empty() {
            object.insert("required".to_owned(), json!(required));
        }
        if spec == <DeployBlock as Block>::SPEC && !partial {
            // Either calls something or has another target.
            let either = ["workflow", "deploy_target"].map(|key| json!({ "required": [key] }));
            object.insert("anyOf".to_owned(), json!(either));
        }
        object.insert("additionalProperties".to_owned(), false.into());
        match spec.shorthand.and_then(|key| spec.field(key)) {
            Some(field) => {
                let mut scalar = field_schema(field, partial, self);
                scalar["description"] = format!("Only `{}`: {}", field.key, field.summary()).into();
                json!({ "anyOf": [scalar, object] })
            }
            None => object.into(),
        }
    }

    fn field(&mut self, field: &'static FieldSpec, partial: bool) -> Value {
        let schema = field_schema(field, partial, self);
        let schema = if field.required && !partial {
            schema
        } else {
            shapes::nullable(schema)
        };
        annotated(schema, field).into()
    }
}

/// A schema with what the key means and what holds without it.
fn annotated(schema: Value, field: &FieldSpec) -> Map<String, Value> {
    let mut map = Map::from_iter([("description".to_owned(), field.summary().into())]);
    if let Some(default) = field.default {
        map.insert("default".to_owned(), shapes::default(default));
    }
    if let Value::Object(schema) = schema {
        map.extend(schema);
    }
    map
}

fn field_schema(field: &FieldSpec, partial: bool, blocks: &mut Blocks) -> Value {
    shapes::schema(&field.shape, partial, blocks)
}

/// Returns true if a block, or one that it holds outside of lists, has a required key.
fn needs_something(spec: &BlockSpec) -> bool {
    fn inside(shape: &Shape) -> bool {
        match shape {
            Shape::Block(spec) => needs_something(spec),
            Shape::Map(value) => inside(value),
            Shape::OneOf(shapes) => shapes.iter().any(inside),
            _ => false,
        }
    }
    spec.fields
        .iter()
        .any(|field| field.required || inside(&field.shape))
}
