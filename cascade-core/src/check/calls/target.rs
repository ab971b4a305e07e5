//! The target of a deploy, with what its value takes of builds.

use super::super::lower;
use super::{Calls, Purpose};
use crate::finding::{Finding, rules};
use crate::key_path::KeyPath;
use crate::manifest::draft::Reader;
use crate::manifest::{
    Common, Declared, DeployBlock, DeployTargetBlock, Reference, SecretName, TargetMode,
    TargetValue, ValuePart,
};
use crate::message;
use crate::pipeline::{CallbackKind, Credential, DeployTarget, FieldChange, TargetChange};
use std::str::FromStr;

/// The secret with a token for another repository, where none is named.
const TOKEN: &str = "CASCADE_TARGET_TOKEN";
/// The output that identifies what a build made.
const ARTIFACT_ID: &str = "artifact_id";

impl Calls<'_, '_> {
    /// Checks a target; `None` if something that it needs could not be read, which was reported.
    pub(in crate::check) fn target(
        &mut self,
        block: &DeployTargetBlock,
        deploy: &DeployBlock,
        reader: &mut Reader,
    ) -> Option<DeployTarget> {
        let change = match block.mode.get()? {
            TargetMode::Dispatch => {
                TargetChange::Dispatch(deploy.workflow.as_ref()?.file_name().to_owned())
            }
            TargetMode::Gitops => {
                let value = self.written(block, deploy, reader);
                TargetChange::Field(FieldChange {
                    path: block.path.clone()?,
                    field: block.field.clone()?,
                    value: value?,
                    track_sha: *block.track_sha.get(),
                    pull_request: block.pull_request.get().then(|| *block.timeout.get()),
                })
            }
        };
        Some(DeployTarget {
            repo: block.repo.clone(),
            branch: block.branch.clone(),
            token: self.credential(block)?,
            change,
        })
    }

    fn credential(&self, block: &DeployTargetBlock) -> Option<Credential> {
        let own = lower::credential(block.token.as_ref(), block.token_app.as_ref());
        let default = || match block.repo {
            Some(_) => SecretName::from_str(TOKEN).ok().map(Credential::Secret),
            None => lower::state_token(self.config),
        };
        own.or_else(default)
    }

    /// Returns the parts of the value, the artifact as an output of its build.
    fn written(
        &mut self,
        block: &DeployTargetBlock,
        deploy: &DeployBlock,
        reader: &mut Reader,
    ) -> Option<Vec<ValuePart>> {
        let value: &TargetValue = block.value.get();
        let at = block.at.key("value");
        let common = deploy.common();
        let parts = value.parts().iter();
        let parts: Vec<Option<ValuePart>> = parts
            .map(|part| match part {
                ValuePart::ArtifactId => self.artifact(&common, &at, reader),
                ValuePart::Output(output) => self.output(&common, output, &at, reader),
                other => Some(other.clone()),
            })
            .collect();
        parts.into_iter().collect()
    }

    fn artifact(
        &mut self,
        common: &Common<'_>,
        at: &KeyPath,
        reader: &mut Reader,
    ) -> Option<ValuePart> {
        let builds = self.waits_for(common);
        let builds: Vec<String> = builds
            .filter(|entry| entry.kind == CallbackKind::Build)
            .map(|entry| entry.name.to_string())
            .collect();
        let [build] = builds.as_slice() else {
            let message = message!(
                "{} is of the build that the deploy depends on, and it depends on {} builds",
                value = ARTIFACT_ID,
                text = builds.len()
            );
            let help = message!(
                "name one build in {}, or write {}",
                key = "depends_on",
                value = "{build.outputs.artifact_id}"
            );
            if !self.misspells_a_dependency(common) {
                reader.report(Finding::new(&rules::DEPLOY_TARGET, at.clone(), message).help(help));
            }
            return None;
        };
        let output = Reference::Output {
            callback: build.clone(),
            output: ARTIFACT_ID.to_owned(),
        };
        self.output(common, &output, at, reader)
    }

    /// Checks that a build which the deploy waits for puts something out, and that it is recorded.
    fn output(
        &mut self,
        common: &Common<'_>,
        output: &Reference,
        at: &KeyPath,
        reader: &mut Reader,
    ) -> Option<ValuePart> {
        let before = reader.findings().len();
        let purpose = Purpose::Deploy {
            staged: None,
            target: None,
        };
        self.reference(purpose, common, output, at, reader);
        if reader.findings().len() > before {
            return None;
        }
        if let Reference::Output { callback, .. } = output {
            let mut waited = self.waits_for(common);
            let is_build = |kind| kind == CallbackKind::Build;
            if waited.any(|each| each.name.as_str() == callback && !is_build(each.kind)) {
                let message = message!(
                    "{} is a deploy, and only outputs of builds are written",
                    name = callback
                );
                let help = "take what is written of a build";
                reader.report(Finding::new(&rules::DEPLOY_TARGET, at.clone(), message).help(help));
                return None;
            }
        }
        Some(ValuePart::Output(output.clone()))
    }
}
