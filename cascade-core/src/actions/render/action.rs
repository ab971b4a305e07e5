//! Composite actions as YAML.

use super::{expr, header, step, value};
use crate::actions::action::CompositeAction;
use crate::manifest::yaml::write::Writer;

/// The text of an `action.yaml`.
#[must_use]
pub fn render_action(action: &CompositeAction) -> String {
    let mut yaml = Writer::new();
    header(&mut yaml, &action.header);
    yaml.text("name", &action.name);
    yaml.text("description", &action.description);
    if !action.inputs.is_empty() {
        yaml.blank();
        inputs(&mut yaml, action);
    }
    if !action.outputs.is_empty() {
        yaml.blank();
        outputs(&mut yaml, action);
    }
    yaml.blank();
    yaml.map("runs", |yaml| {
        yaml.text("using", "composite");
        yaml.list("steps", |yaml| {
            for found in &action.steps {
                step::step(yaml, found);
            }
        });
    });
    yaml.finish()
}

fn inputs(yaml: &mut Writer, action: &CompositeAction) {
    yaml.map("inputs", |yaml| {
        for (name, input) in &action.inputs {
            yaml.map(name, |yaml| {
                yaml.text("description", &input.description);
                yaml.raw("required", if input.required { "true" } else { "false" });
                if let Some(default) = &input.default {
                    value(yaml, "default", default);
                }
            });
        }
    });
}

fn outputs(yaml: &mut Writer, action: &CompositeAction) {
    yaml.map("outputs", |yaml| {
        for (name, output) in &action.outputs {
            yaml.map(name, |yaml| {
                yaml.text("description", &output.description);
                expr(yaml, "value", &output.value);
            });
        }
    });
}
