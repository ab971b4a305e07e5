//! Jobs as YAML.

use indexmap::IndexMap;

use super::{concurrency, expr, item, step, uses, value, values};
use crate::actions::job::{CallJob, Common, RunsOn, Secrets, StepsJob};
use crate::actions::permissions::Permissions;
use crate::actions::strategy::{Matrix, Strategy, Values};
use crate::actions::{Environment, Expr, Job, Value};
use crate::manifest::yaml::write::Writer;

pub(super) fn job(yaml: &mut Writer, job: &Job) {
    let common = job.common();
    if let Some(comment) = &common.comment {
        yaml.comment(comment);
    }
    yaml.map(common.id.as_str(), |yaml| match job {
        Job::Call(job) => call_job(yaml, job),
        Job::Steps(job) => steps_job(yaml, job),
    });
}

fn call_job(yaml: &mut Writer, job: &CallJob) {
    before_runner(yaml, &job.common);
    if let Some(found) = &job.common.concurrency {
        concurrency(yaml, found);
    }
    if let Some(found) = &job.common.strategy {
        strategy(yaml, found);
    }
    uses(yaml, job.callee.uses(), job.callee.comment());
    values(yaml, "with", &job.with);
    match &job.secrets {
        Secrets::None => {}
        Secrets::Inherit => yaml.text("secrets", "inherit"),
        Secrets::Named(named) => values(yaml, "secrets", named),
    }
}

fn steps_job(yaml: &mut Writer, job: &StepsJob) {
    before_runner(yaml, &job.common);
    runs_on(yaml, &job.runs_on);
    if let Some(found) = &job.environment {
        environment(yaml, found);
    }
    if let Some(found) = &job.common.concurrency {
        concurrency(yaml, found);
    }
    outputs(yaml, &job.outputs);
    values(yaml, "env", &job.env);
    yaml.list("steps", |yaml| {
        for found in &job.steps {
            step::step(yaml, found);
        }
    });
    yaml.raw("timeout-minutes", &job.timeout_minutes.to_string());
    if let Some(found) = &job.common.strategy {
        strategy(yaml, found);
    }
}

fn before_runner(yaml: &mut Writer, common: &Common) {
    if let Some(name) = &common.name {
        value(yaml, "name", name);
    }
    permissions(yaml, &common.permissions);
    match common.needs.as_slice() {
        [] => {}
        [one] => yaml.text("needs", one.as_str()),
        several => {
            let ids: Vec<_> = several.iter().map(|id| id.as_str()).collect();
            yaml.short_list("needs", &ids);
        }
    }
    if let Some(condition) = &common.condition {
        step::condition(yaml, condition);
    }
}

fn permissions(yaml: &mut Writer, permissions: &Permissions) {
    if permissions.is_empty() {
        return;
    }
    yaml.map("permissions", |yaml| {
        for (scope, level, reason) in permissions.iter() {
            yaml.text(scope.name(), level.name());
            if let Some(reason) = reason {
                yaml.trailing(reason);
            }
        }
    });
}

fn runs_on(yaml: &mut Writer, runs_on: &RunsOn) {
    match runs_on {
        RunsOn::Label(label) => value(yaml, "runs-on", label),
        RunsOn::Labels(labels) => list(yaml, "runs-on", labels),
        RunsOn::Group(group, labels) => yaml.map("runs-on", |yaml| {
            value(yaml, "group", group);
            if !labels.is_empty() {
                list(yaml, "labels", labels);
            }
        }),
    }
}

fn environment(yaml: &mut Writer, environment: &Environment) {
    if environment.url.is_none() && environment.deployment {
        return value(yaml, "environment", &environment.name);
    }
    yaml.map("environment", |yaml| {
        value(yaml, "name", &environment.name);
        if let Some(url) = &environment.url {
            value(yaml, "url", url);
        }
        if !environment.deployment {
            yaml.raw("deployment", "false");
        }
    });
}

fn outputs(yaml: &mut Writer, outputs: &IndexMap<String, Expr>) {
    if !outputs.is_empty() {
        yaml.map("outputs", |yaml| {
            for (name, output) in outputs {
                expr(yaml, name, output);
            }
        });
    }
}

fn strategy(yaml: &mut Writer, strategy: &Strategy) {
    yaml.map("strategy", |yaml| {
        match &strategy.matrix {
            Matrix::Expr(matrix) => expr(yaml, "matrix", matrix),
            Matrix::Axes(axes) => yaml.map("matrix", |yaml| {
                for (name, axis) in axes {
                    match &axis.0 {
                        Values::Expr(found) => expr(yaml, name, found),
                        Values::List(found) => list(yaml, name, found),
                    }
                }
            }),
        }
        if let Some(stop) = strategy.fail_fast {
            yaml.raw("fail-fast", if stop { "true" } else { "false" });
        }
        if let Some(jobs) = strategy.max_parallel {
            yaml.raw("max-parallel", &jobs.to_string());
        }
    });
}

fn list(yaml: &mut Writer, key: &str, values: &[Value]) {
    yaml.list(key, |yaml| {
        for value in values {
            item(yaml, value);
        }
    });
}
