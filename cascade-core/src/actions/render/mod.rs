//! The only place that knows how a workflow looks as YAML: keys in the order of GitHub's
//! documentation, an empty line between sections and between jobs.

mod action;
mod job;
mod step;
mod trigger;

pub use action::render_action;

use super::concurrency::{Concurrency, Policy};
use super::expr::Expr;
use super::flow::Workflow;
use super::value::{Inner, Value};
use crate::manifest::yaml::write::Writer;

/// The text of a workflow file.
#[must_use]
pub fn render(workflow: &Workflow) -> String {
    let mut yaml = Writer::with_capacity(512 + workflow.jobs.len() * 512);
    header(&mut yaml, &workflow.header);
    yaml.text("name", &workflow.name);
    if let Some(name) = &workflow.run_name {
        value(&mut yaml, "run-name", name);
    }
    yaml.blank();
    yaml.keyword_map("on", |yaml| {
        trigger::events(yaml, &workflow.triggers, &workflow.outputs);
    });
    yaml.blank();
    yaml.raw("permissions", "{}");
    if !workflow.env.is_empty() {
        yaml.blank();
        values(&mut yaml, "env", &workflow.env);
    }
    if let Some(found) = &workflow.concurrency {
        yaml.blank();
        concurrency(&mut yaml, found);
    }
    yaml.blank();
    yaml.map("jobs", |yaml| {
        for (position, item) in workflow.jobs.iter().enumerate() {
            if position > 0 {
                yaml.blank();
            }
            job::job(yaml, item);
        }
    });
    yaml.finish()
}

fn header(yaml: &mut Writer, lines: &[String]) {
    for line in lines {
        yaml.comment(line);
    }
    yaml.blank();
}

fn value(yaml: &mut Writer, key: &str, value: &Value) {
    match &value.0 {
        Inner::Bool(_) | Inner::Number(_) => yaml.raw(key, &value.render()),
        Inner::Text(text) if !text.contains("${{") => yaml.text(key, text),
        Inner::Text(_) | Inner::Expr(_) | Inner::Template(_) => yaml.text(key, &value.render()),
    }
}

fn expr(yaml: &mut Writer, key: &str, expr: &Expr) {
    yaml.text(key, &expr.embedded());
}

fn item(yaml: &mut Writer, value: &Value) {
    match &value.0 {
        Inner::Bool(_) | Inner::Number(_) => yaml.item_raw(&value.render()),
        Inner::Text(_) | Inner::Expr(_) | Inner::Template(_) => yaml.item(&value.render()),
    }
}

/// A mapping of values; nothing if there are none.
fn values<'v>(
    yaml: &mut Writer,
    key: &str,
    values: impl IntoIterator<Item = (&'v String, &'v Value)>,
) {
    let mut values = values.into_iter().peekable();
    if values.peek().is_some() {
        yaml.map(key, |yaml| {
            for (name, found) in values {
                value(yaml, name, found);
            }
        });
    }
}

fn uses(yaml: &mut Writer, reference: &str, comment: Option<&str>) {
    yaml.text("uses", reference);
    if let Some(comment) = comment {
        yaml.trailing(comment);
    }
}

fn concurrency(yaml: &mut Writer, found: &Concurrency) {
    yaml.map("concurrency", |yaml| {
        value(yaml, "group", &found.group);
        let cancel = found.policy == Policy::CancelInProgress;
        yaml.raw("cancel-in-progress", if cancel { "true" } else { "false" });
        if found.policy == Policy::QueueAll {
            yaml.text("queue", "max");
        }
    });
}
