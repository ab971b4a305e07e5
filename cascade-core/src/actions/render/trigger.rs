//! Triggers as YAML.

use indexmap::IndexMap;

use super::{expr, value};
use crate::actions::flow::Output;
use crate::actions::trigger::{Call, Event, Input, Kind, Paths, Triggers};
use crate::manifest::yaml::write::Writer;

pub(super) fn events(yaml: &mut Writer, triggers: &Triggers, outputs: &IndexMap<String, Output>) {
    for found in &triggers.events {
        yaml.map(found.name(), |yaml| event(yaml, found));
    }
    if !triggers.repository_dispatch.is_empty() {
        yaml.map("repository_dispatch", |yaml| {
            yaml.short_list("types", &triggers.repository_dispatch);
        });
    }
    if !triggers.crons.is_empty() {
        yaml.list("schedule", |yaml| {
            for cron in &triggers.crons {
                yaml.item_of("{}", |yaml| yaml.text("cron", cron));
            }
        });
    }
    if let Some(found) = &triggers.call {
        yaml.map("workflow_call", |yaml| call(yaml, found, outputs));
    }
    if let Some(found) = &triggers.dispatch {
        yaml.map("workflow_dispatch", |yaml| {
            inputs(yaml, found.iter());
        });
    }
}

fn event(yaml: &mut Writer, event: &Event) {
    match event {
        Event::Push(push) => {
            filter(yaml, "branches", &push.branches);
            filter(yaml, "tags", &push.tags);
            paths(yaml, &push.paths);
        }
        Event::PullRequest(pull_request) => {
            filter(yaml, "types", &pull_request.types);
            filter(yaml, "branches", &pull_request.branches);
            paths(yaml, &pull_request.paths);
        }
        Event::MergeGroup(merge_group) => filter(yaml, "branches", &merge_group.branches),
        Event::WorkflowRun(run) => {
            filter(yaml, "workflows", &run.workflows);
            filter(yaml, "types", &run.types);
            filter(yaml, "branches", &run.branches);
        }
    }
}

fn filter(yaml: &mut Writer, key: &str, items: &[String]) {
    if !items.is_empty() {
        yaml.short_list(key, items);
    }
}

fn paths(yaml: &mut Writer, paths: &Paths) {
    let (key, items) = match paths {
        Paths::All => return,
        Paths::Only(items) => ("paths", items),
        Paths::Ignore(items) => ("paths-ignore", items),
    };
    yaml.list(key, |yaml| items.iter().for_each(|item| yaml.item(item)));
}

fn call(yaml: &mut Writer, call: &Call, outputs: &IndexMap<String, Output>) {
    inputs(
        yaml,
        call.inputs.iter().map(|(name, input)| (name, &input.0)),
    );
    if !outputs.is_empty() {
        yaml.map("outputs", |yaml| {
            for (name, output) in outputs {
                yaml.map(name, |yaml| {
                    yaml.text("description", &output.description);
                    expr(yaml, "value", &output.value);
                });
            }
        });
    }
    if !call.secrets.is_empty() {
        yaml.map("secrets", |yaml| {
            for (name, secret) in &call.secrets {
                yaml.map(name, |yaml| {
                    yaml.raw("required", if secret.required { "true" } else { "false" });
                });
            }
        });
    }
}

fn inputs<'i>(yaml: &mut Writer, inputs: impl Iterator<Item = (&'i String, &'i Input)>) {
    let mut inputs = inputs.peekable();
    if inputs.peek().is_none() {
        return;
    }
    yaml.map("inputs", |yaml| {
        for (name, found) in inputs {
            yaml.map(name, |yaml| input(yaml, found));
        }
    });
}

fn input(yaml: &mut Writer, input: &Input) {
    if let Some(text) = &input.description {
        yaml.text("description", text);
    }
    yaml.raw("required", if input.required { "true" } else { "false" });
    if let Some(default) = &input.default {
        value(yaml, "default", default);
    }
    yaml.text("type", input.kind.name());
    if let Kind::Choice(options) = &input.kind {
        yaml.short_list("options", options);
    }
}
