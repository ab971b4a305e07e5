//! The workflows that a strategy calls besides the deploy's own.

use super::super::contracts::Lookup;
use super::super::strategies;
use super::{Calls, Purpose, STAGED, permissions, secrets};
use crate::contract::InputType;
use crate::finding::{Finding, rules};
use crate::key_path::KeyPath;
use crate::manifest::draft::Reader;
use crate::manifest::{Common, Declared, DeployBlock, RunPolicy, WorkflowRef};
use crate::message;
use crate::pipeline::{Callback, Input, InputSource, StandardInput};

impl Calls<'_, '_> {
    /// Checks the workflows of a deploy's strategy, and that a canary's deploy can be partial;
    /// returns the calls, which have the deploy's permissions and secrets.
    pub(in super::super) fn stages(
        &self,
        block: &DeployBlock,
        deploy: Option<&Callback>,
        reader: &mut Reader,
    ) -> Vec<Callback> {
        let called = strategies::callbacks(block);
        let stages: Vec<Option<Callback>> = called
            .into_iter()
            .map(|(workflow, at)| self.stage(&block.common(), workflow, &at, deploy, reader))
            .collect();
        self.can_be_partial(block, reader);
        self.takes_back_what_is_cancelled(block, reader);
        stages.into_iter().flatten().collect()
    }

    fn stage(
        &self,
        common: &Common<'_>,
        workflow: &WorkflowRef,
        at: &KeyPath,
        deploy: Option<&Callback>,
        reader: &mut Reader,
    ) -> Option<Callback> {
        let contract = self.workflows.look(workflow, at, reader);
        let inputs = inputs(workflow, at, &contract, reader);
        let common = Common {
            workflow: Some(workflow),
            ..*common
        };
        let permissions = permissions::check(&common, &contract, reader);
        let secrets = secrets::of_stage(&common, at, &contract, reader);
        let deploy = deploy?;
        Some(Callback {
            description: None,
            workflow: Some(workflow.clone()),
            triggers: Vec::new(),
            dependencies: Vec::new(),
            inputs,
            permissions,
            secrets,
            run_policy: RunPolicy::Default,
            retries: 0,
            recorded_outputs: Vec::new(),
            artifact_upload: None,
            ..deploy.clone()
        })
    }

    fn can_be_partial(&self, deploy: &DeployBlock, reader: &mut Reader) {
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
            let message = message!(
                "{} declares no input {}, so its first wave would reach everybody",
                value = file,
                name = "percent"
            );
            let help = message!(
                "declare it: {}",
                value = "percent: { type: number, default: 100 }"
            );
            reader.report(Finding::new(&rules::CANARY_INPUT, place, message).help(help));
        }
    }

    fn takes_back_what_is_cancelled(&self, deploy: &DeployBlock, reader: &mut Reader) {
        let Some((workflow, at)) = strategies::way_back(deploy) else {
            return;
        };
        if let Lookup::Known(contract) = self.workflows.peek(workflow)
            && contract.idle_when_cancelled
        {
            let file = workflow.file_name();
            let message = message!(
                "no job of {} starts in a run that was cancelled, so nothing would be taken back",
                value = file
            );
            let help = message!("write {} at its jobs", value = "if: always()");
            reader.report(Finding::new(&rules::ROLLBACK_CONDITION, at, message).help(help));
        }
    }
}

/// Returns the inputs of a stage: those that it declares and for which cascade has values.
fn inputs(
    workflow: &WorkflowRef,
    at: &KeyPath,
    contract: &Lookup,
    reader: &mut Reader,
) -> Vec<Input> {
    let input = |standard: &StandardInput, kind| Input {
        name: standard.as_str().to_owned(),
        kind,
        value: InputSource::Standard(*standard),
    };
    let Lookup::Known(contract) = contract else {
        let unseen = Purpose::Deploy {
            staged: None,
            target: None,
        }
        .unseen();
        return unseen
            .iter()
            .map(|standard| input(standard, InputType::String))
            .collect();
    };
    let mut given = Vec::new();
    for (name, declared) in &contract.inputs {
        let standard = STAGED.iter().find(|each| each.as_str() == name);
        match standard {
            Some(standard) => given.push(input(standard, declared.kind)),
            None if declared.must_be_given() => {
                let file = workflow.file_name();
                let message = message!(
                    "{} requires input {} ({}), and nothing provides it",
                    value = file,
                    name = name,
                    text = declared.kind
                );
                let names: Vec<_> = STAGED.iter().map(|each| each.as_str()).collect();
                let help = message!(
                    "give it a default in the file; cascade passes {}",
                    text = names.join(", ")
                );
                reader.report(Finding::new(&rules::MISSING_INPUT, at.clone(), message).help(help));
            }
            None => {}
        }
    }
    given
}
