//! The workflows that a strategy calls besides the deploy's own.

use super::super::contracts::Lookup;
use super::super::strategies;
use super::Calls;
use crate::draft::Reader;
use crate::finding::{Finding, rules};
use crate::pipeline::{Declared, DeployBlock};

/// What they are given, if they declare it.
const GIVEN: &[&str] = &[
    "environment",
    "sha",
    "version",
    "percent",
    "stage",
    "previous_sha",
    "previous_version",
    "deploy_name",
    "dry_run",
];

impl Calls<'_, '_> {
    /// Checks the workflows of a deploy's strategy, and that a canary's deploy can be partial.
    pub(in super::super) fn strategy(&self, deploy: &DeployBlock, reader: &mut Reader) {
        for (workflow, at) in strategies::callbacks(deploy) {
            let Lookup::Known(contract) = self.workflows.look(workflow, &at, reader) else {
                continue;
            };
            for (name, input) in contract
                .inputs
                .iter()
                .filter(|(name, _)| !GIVEN.contains(&name.as_str()))
            {
                if input.must_be_given() {
                    let file = workflow.file_name();
                    let message = format!(
                        "`{file}` requires input `{name}` ({}), and nothing provides it",
                        input.kind
                    );
                    let help = format!(
                        "give it a default in the file; cascade passes {}",
                        GIVEN.join(", ")
                    );
                    reader.report(
                        Finding::new(&rules::MISSING_INPUT, at.clone(), message).help(help),
                    );
                }
            }
        }
        let Some(place) = strategies::canary_place(deploy) else {
            return;
        };
        let Some(workflow) = deploy.common().workflow else {
            return;
        };
        let Lookup::Known(contract) = self.workflows.peek(workflow) else {
            return;
        };
        if !contract.inputs.contains_key("percent") {
            let file = workflow.file_name();
            let message = format!(
                "`{file}` declares no input `percent`, so its first wave would reach everybody"
            );
            let help = "declare it: `percent: { type: number, default: 100 }`";
            reader.report(Finding::new(&rules::CANARY_INPUT, place, message).help(help));
        }
    }
}
