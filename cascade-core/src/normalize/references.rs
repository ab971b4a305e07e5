//! Refs of workflows in other repositories that stand once, beside the repository.

use super::Normalizing;
use crate::manifest::draft::{Map, Node};
use crate::scalar::Scalar;

impl Normalizing {
    /// Gives each workflow of another repository that has no ref the one of its entry, which is by
    /// default the trunk's name.
    pub(super) fn references(config: &mut Map, trunk: Option<&str>) {
        let Some(Node::List(entries)) = config.get_mut("external") else {
            return;
        };
        for entry in entries {
            let Node::Map(entry) = entry else { continue };
            let own = text(entry.get("ref")).map(str::to_owned);
            let Some(reference) = own.as_deref().or(trunk) else {
                continue;
            };
            let Some(Node::List(deploys)) = entry.get_mut("deploys") else {
                continue;
            };
            for deploy in deploys {
                if let Some(workflow) = below(Some(&mut *deploy), "workflow") {
                    complete(workflow, reference);
                }
                let update = below(below(Some(deploy), "on_update"), "deploy");
                if let Some(workflow) = below(update, "workflow") {
                    complete(workflow, reference);
                }
            }
        }
    }
}

fn below<'a>(node: Option<&'a mut Node>, key: &str) -> Option<&'a mut Node> {
    match node? {
        Node::Map(map) => map.get_mut(key),
        _ => None,
    }
}

fn complete(workflow: &mut Node, reference: &str) {
    let Node::Scalar(Scalar::Text(workflow)) = workflow else {
        return;
    };
    let (repository, _) = workflow.split_once("/.github/").unwrap_or_default();
    if repository.contains('/') && !workflow.contains('@') {
        workflow.push('@');
        workflow.push_str(reference);
    }
}

pub(super) fn text(node: Option<&Node>) -> Option<&str> {
    match node {
        Some(Node::Scalar(Scalar::Text(text))) if !text.is_empty() => Some(text),
        _ => None,
    }
}
