//! Steps as YAML.

use super::{uses, value, values};
use crate::actions::Expr;
use crate::actions::step::{Step, Work};
use crate::manifest::yaml::write::Writer;

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
        yaml.folded("if", &clauses(condition.as_str()));
    }
}

/// Characters of a condition that still read well on one line.
const ONE_LINE: usize = 80;

/// A long condition, one clause of its outermost `&&` a line.
fn clauses(condition: &str) -> Vec<&str> {
    if condition.chars().count() <= ONE_LINE {
        return vec![condition];
    }
    let (mut depth, mut quoted, mut start) = (0_i32, false, 0);
    let mut clauses = Vec::new();
    for (at, byte) in condition.bytes().enumerate() {
        match byte {
            b'\'' => quoted = !quoted,
            b'(' | b'[' if !quoted => depth += 1,
            b')' | b']' if !quoted => depth -= 1,
            b'&' if !quoted && depth == 0 && condition[at..].starts_with("&& ") => {
                clauses.push(&condition[start..at + 2]);
                start = at + 3;
            }
            _ => {}
        }
    }
    clauses.push(&condition[start..]);
    clauses
}
