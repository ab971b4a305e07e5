//! A validation that runs before a commit is on the trunk: it reads, and gets no secret.

use super::super::contracts::Lookup;
use super::Calls;
use crate::finding::message::Setting;
use crate::finding::{Finding, Message, rules};
use crate::key_path::KeyPath;
use crate::manifest::draft::Reader;
use crate::manifest::{Access, Config};
use crate::message;
use crate::pipeline::Callback;

impl Calls<'_, '_> {
    /// Checks that the validation can run on pull requests and in a merge queue, where these run it.
    pub(in crate::check) fn before_trunk(
        &self,
        config: &Config,
        callback: &Callback,
        reader: &mut Reader,
    ) {
        let workflows = [
            (*config.validate_check.get().enabled.get(), "validate_check"),
            (*config.merge_queue.get().enabled.get(), "merge_queue"),
        ];
        let Some(reason) = self.privilege(callback) else {
            return;
        };
        for (_, key) in workflows.iter().filter(|(enabled, _)| *enabled) {
            let at = config.at.key(key).key("enabled");
            reader.report(unfit(&at, &reason));
        }
    }

    /// Returns what the workflow needs besides reading.
    fn privilege(&self, callback: &Callback) -> Option<Message> {
        let workflow = callback.workflow.as_ref()?;
        let file = workflow.file_name();
        let mut granted = callback.permissions.0.iter();
        if let Some((scope, _)) = granted.find(|(_, access)| **access == Access::Write) {
            let setting = Setting::permission(scope, "write");
            return Some(message!("{} asks for {}", value = file, setting = setting));
        }
        let Lookup::Known(contract) = self.workflows.peek(workflow) else {
            return None;
        };
        let mut secrets = contract.secrets.iter();
        let (name, _) = secrets.find(|(_, secret)| secret.required)?;
        Some(message!(
            "{} requires the secret {}",
            value = file,
            name = name
        ))
    }
}

fn unfit(at: &KeyPath, reason: &Message) -> Finding {
    let message = message!(
        "{}, and what is not on the trunk yet only reads and gets no secret",
        part = reason.clone()
    );
    Finding::new(&rules::OPTIONAL_WORKFLOW, at.clone(), message)
        .help("move what needs more into another callback, or remove the workflow")
}
