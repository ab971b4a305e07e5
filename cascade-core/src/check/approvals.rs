//! Deployments that two jobs ask an approval for.

use crate::finding::{Finding, rules};
use crate::key_path::KeyPath;
use crate::manifest::Config;
use crate::manifest::draft::Reader;
use crate::message;
use crate::pipeline::Component;

/// Warns of deploys that wait for GitHub's environment in a job of their own, while others do not,
/// so that cascade waits for it before all of them.
pub(super) fn check(config: &Config, component: &Component, reader: &mut Reader) {
    for callback in component.approved_twice() {
        let name = callback.name.as_str();
        let (Some(at), Some(workflow)) = (place(config, name), &callback.workflow) else {
            continue;
        };
        let file = workflow.file_name();
        let message = message!(
            "deploying {} is approved twice: a job of {} has an {} of its own",
            name = name,
            value = file,
            value = "environment"
        );
        let help = "give the workflow of every deploy such a job, and cascade asks nobody; or take it out of this one";
        reader.report(Finding::new(&rules::APPROVED_TWICE, at, message).help(help));
    }
}

/// Returns the key that names the workflow of a deploy.
fn place(config: &Config, name: &str) -> Option<KeyPath> {
    let own = config.deploys.iter();
    let own = own.map(|deploy| (deploy.name.get(), &deploy.at));
    let external = config.external.iter().flat_map(|entry| &entry.deploys);
    let external = external.map(|deploy| (deploy.name.get(), &deploy.at));
    let mut all = own.chain(external);
    let is_named =
        |named: Option<&crate::manifest::Name>| named.is_some_and(|own| own.as_str() == name);
    let (_, at) = all.find(|(named, _)| is_named(*named))?;
    Some(at.key("workflow"))
}
