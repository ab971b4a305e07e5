//! The callback that writes the text of a release.

use super::super::contracts::Lookup;
use super::{Calls, Purpose};
use crate::finding::{Finding, rules, suggest};
use crate::manifest::draft::Reader;
use crate::manifest::{ChangelogBlock, Declared, Name};
use crate::message;
use crate::pipeline::Callback;
use crate::protocol::job::CHANGELOG;
use crate::protocol::output;
use std::str::FromStr;

impl Calls<'_, '_> {
    /// Checks the callback, if there is one, and that it puts the text out.
    #[expect(clippy::option_option, reason = "absent, or present but not readable")]
    pub(in crate::check) fn changelog(
        &mut self,
        block: &ChangelogBlock,
        reader: &mut Reader,
    ) -> Option<Option<Callback>> {
        let workflow = block.workflow.as_ref()?;
        let name = Name::from_str(CHANGELOG).ok();
        let called = self.call(Purpose::Changelog, name, block.common(), reader);
        if let Lookup::Known(contract) = self.workflows.peek(workflow)
            && !contract.outputs.contains_key(output::CHANGELOG)
        {
            let declared = contract.outputs.keys().map(String::as_str);
            let help = suggest::among(output::CHANGELOG, declared, "it declares");
            let message = message!(
                "{} declares no output {}, which is the text of the release",
                value = workflow.file_name(),
                name = output::CHANGELOG
            );
            let at = block.at.key("workflow");
            reader.report(Finding::new(&rules::UNKNOWN_OUTPUT, at, message).help(help));
        }
        Some(called.map(|callback| Callback {
            recorded_outputs: vec![output::CHANGELOG.to_owned()],
            ..callback
        }))
    }
}
