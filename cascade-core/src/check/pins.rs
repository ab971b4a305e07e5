//! Callbacks of other repositories at branches and tags, which may move.

use super::strategies;
use crate::finding::{Finding, rules};
use crate::key_path::KeyPath;
use crate::manifest::draft::Reader;
use crate::manifest::{Config, Declared, PinMode, WorkflowRef};
use crate::message;

pub(super) fn check(config: &Config, reader: &mut Reader) {
    if *config.pin_mode.get() != PinMode::Sha {
        return;
    }
    for (workflow, at) in workflows(config) {
        let Some((_, reference)) = workflow.moving() else {
            continue;
        };
        let message = message!(
            "{} runs at whatever commit {} stands for",
            value = workflow,
            value = reference
        );
        let help = message!("{} writes that commit", value = "cascade pin --callbacks");
        reader.report(Finding::new(&rules::UNPINNED_CALLBACK, at, message).help(help));
    }
}

/// Returns every reusable workflow that the pipeline names, with its place.
fn workflows(config: &Config) -> Vec<(&WorkflowRef, KeyPath)> {
    let builds = config.builds.iter().map(Declared::common);
    let deploys = config.deploys.iter().map(Declared::common);
    let validate = config.validate.iter().map(Declared::common);
    let publish = config.publish.iter().map(Declared::common);
    let own = builds.chain(deploys).chain(validate).chain(publish);
    let mut found: Vec<(&WorkflowRef, KeyPath)> = own
        .filter_map(|common| Some((common.workflow?, common.at.key("workflow"))))
        .collect();
    found.extend(config.deploys.iter().flat_map(strategies::callbacks));
    for deploy in config.external.iter().flat_map(|entry| &entry.deploys) {
        let workflow = deploy.workflow.as_ref();
        found.extend(workflow.map(|workflow| (workflow, deploy.at.key("workflow"))));
    }
    found
}
