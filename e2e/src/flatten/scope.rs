//! The meaning of names within one call of a workflow.

use std::collections::BTreeMap;

use anyhow::bail;
use cascade_core::actions::Permissions;
use cascade_core::expression::Context;
use serde_yaml::Value;

use super::expression::{self, Reference};
use super::template;

/// The secrets of the caller that a called workflow is given.
#[derive(Debug, Clone)]
pub(super) enum Secrets {
    Inherited,
    Named(BTreeMap<String, String>),
}

/// The place of a workflow's jobs in the flat workflow.
#[derive(Debug, Clone)]
pub(super) struct Scope {
    /// In front of the ids of jobs.
    pub(super) prefix: String,
    /// In front of the paths of jobs.
    pub(super) path: String,
    /// The expressions of inputs; nothing for the workflow that the event started.
    pub(super) inputs: Option<BTreeMap<String, String>>,
    pub(super) secrets: Secrets,
    /// The permissions that the callers grant; `None` for the workflow that the event started.
    pub(super) granted: Option<Permissions>,
    /// The condition of the calls around.
    pub(super) guard: String,
    /// The jobs that the guard, the inputs and the secrets look at.
    pub(super) needs: Vec<String>,
    pub(super) strategy: Option<Value>,
}

impl Scope {
    pub(super) fn outermost() -> Self {
        Self {
            prefix: String::new(),
            path: String::new(),
            inputs: None,
            secrets: Secrets::Inherited,
            granted: None,
            guard: String::new(),
            needs: Vec::new(),
            strategy: None,
        }
    }

    pub(super) fn id(&self, job: &str) -> String {
        format!("{}{job}", self.prefix)
    }

    /// An expression of a workflow's text, in terms of the flat workflow.
    pub(super) fn expression(&self, text: &str) -> anyhow::Result<String> {
        expression::rewrite(text, &mut |reference| self.replace(reference))
    }

    fn replace(&self, reference: &Reference<'_>) -> anyhow::Result<Option<String>> {
        let Some(inputs) = &self.inputs else {
            return Ok(None);
        };
        Ok(match reference {
            Reference::Property(Context::Needs | Context::Jobs, job) => {
                Some(format!("needs.{}", self.id(job)))
            }
            Reference::Property(Context::Inputs, name) => {
                Some(inputs.get(*name).map_or("''", String::as_str).to_owned())
            }
            Reference::Property(Context::Secrets, name) => self.secret(name),
            Reference::Whole(
                context @ (Context::Inputs | Context::Secrets | Context::Needs | Context::Jobs),
            ) => {
                bail!("`{}` as a whole, in a called workflow", context.name())
            }
            _ => None,
        })
    }

    fn secret(&self, name: &str) -> Option<String> {
        match &self.secrets {
            Secrets::Named(named) if name != "GITHUB_TOKEN" => {
                Some(named.get(name).map_or("''", String::as_str).to_owned())
            }
            _ => None,
        }
    }

    /// A value of a workflow's text, in terms of the flat workflow.
    pub(super) fn value(&self, value: &Value) -> anyhow::Result<Value> {
        template::map(value, &mut |inside| {
            expression::replaced(inside, &mut |reference| self.replace(reference))
        })
    }

    /// A step: its condition needs no braces.
    pub(super) fn step(&self, step: &Value) -> anyhow::Result<Value> {
        let mut rewritten = self.value(step)?;
        if let (Some(condition), Some(fields)) = (step.get("if"), rewritten.as_mapping_mut()) {
            let condition = self.expression(&template::condition(condition)?)?;
            fields.insert("if".into(), format!("${{{{ {condition} }}}}").into());
        }
        Ok(rewritten)
    }
}
