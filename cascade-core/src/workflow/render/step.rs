//! Steps as YAML.

use super::{uses, value, values};
use crate::workflow::Expr;
use crate::workflow::step::{Step, Work};
use crate::yaml::write::Writer;

pub(super) fn step(yaml: &mut Writer, step: &Step) {
    if let Some(comment) = &step.comment {
        yaml.comment(comment);
    }
    yaml.item_of("{}", |yaml| {
        if let Some(id) = &step.id {
            yaml.text("id", id);
        }
        if let Some(found) = &step.condition {
            condition(yaml, found);
        }
        if let Some(name) = &step.name {
            value(yaml, "name", name);
        }
        work(yaml, &step.work);
        values(yaml, "env", &step.env);
        if let Some(found) = &step.continue_on_error {
            value(yaml, "continue-on-error", found);
        }
        if let Some(minutes) = &step.timeout_minutes {
            value(yaml, "timeout-minutes", minutes);
        }
    });
}

fn work(yaml: &mut Writer, work: &Work) {
    match work {
        Work::Run {
            script,
            shell,
            directory,
        } => {
            yaml.text("run", script.as_str());
            if let Some(directory) = directory {
                value(yaml, "working-directory", directory);
            }
            if let Some(shell) = shell {
                yaml.text("shell", shell.name());
            }
        }
        Work::Uses { action, with } => {
            uses(yaml, action.uses(), action.comment());
            values(yaml, "with", with);
        }
    }
}

/// A condition stands bare. One that itself holds a quoted `${{` would be read as a template.
pub(super) fn condition(yaml: &mut Writer, condition: &Expr) {
    if condition.as_str().contains("${{") {
        super::expr(yaml, "if", condition);
    } else {
        yaml.text("if", condition.as_str());
    }
}
