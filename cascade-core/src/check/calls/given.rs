//! Checks of the values that an author gives to inputs.

use super::super::contracts::Lookup;
use super::super::environments;
use super::{Calls, Entry, Purpose, fits};
use crate::contract::InputType;
use crate::expression::Template;
use crate::finding::message::{Sample, Setting};
use crate::finding::{Finding, Message, rules, suggest};
use crate::key_path::KeyPath;
use crate::manifest::draft::Reader;
use crate::manifest::{Common, InputValue, Reference};
use crate::message;

impl Calls<'_, '_> {
    /// Checks every value that the author gives.
    pub(super) fn given(
        &mut self,
        purpose: Purpose<'_>,
        common: &Common<'_>,
        contract: &Lookup,
        reader: &mut Reader,
    ) {
        let base = common.at.key("inputs");
        for (name, value) in common.inputs {
            self.value(
                purpose,
                common,
                name,
                value,
                &base.key(name),
                contract,
                reader,
            );
        }
        for (environment, inputs) in common.env_inputs {
            let base = common.at.key("env_inputs");
            let at = base.key(environment);
            if !environments::known(self.config, environment, &at.as_key(), reader) {
                reader.unknown(&base);
                continue;
            }
            for (name, value) in inputs {
                self.value(
                    purpose,
                    common,
                    name,
                    value,
                    &at.key(name),
                    contract,
                    reader,
                );
            }
        }
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "one value in its whole surroundings"
    )]
    fn value(
        &mut self,
        purpose: Purpose<'_>,
        common: &Common<'_>,
        name: &str,
        value: &InputValue,
        at: &KeyPath,
        contract: &Lookup,
        reader: &mut Reader,
    ) {
        let mut kind = None;
        if let Lookup::Known(contract) = contract {
            kind = contract.inputs.get(name).map(|input| input.kind);
            if kind.is_none() {
                let file = common
                    .workflow
                    .map_or("the workflow", |workflow| workflow.file_name());
                let help = suggest::among(
                    name,
                    contract.inputs.keys().map(String::as_str),
                    "it declares",
                );
                let declared = contract.inputs.keys().map(String::as_str);
                if let (Some(meant), Some(inputs)) = (suggest::nearest(name, declared), at.parent())
                {
                    reader.unknown(&inputs.key(meant));
                }
                let message = message!("{} declares no input {}", value = file, name = name);
                reader.report(Finding::new(&rules::UNKNOWN_INPUT, at.as_key(), message).help(help));
            }
        }
        match value {
            InputValue::Literal(scalar) => {
                if let Some(kind) = kind.filter(|kind| !fits(scalar, *kind)) {
                    let text = scalar.text();
                    let message =
                        message!("expected {}, found {}", part = article(kind), value = text);
                    let help = message!(
                        "the input {} is declared with {}",
                        name = name,
                        value = format_args!("type: {kind}")
                    );
                    reader.report(Finding::new(&rules::INPUT_TYPE, at.clone(), message).help(help));
                }
            }
            InputValue::From(reference) => {
                self.reference(purpose, common, reference, &at.key("from"), reader);
            }
            InputValue::Template(template) => self.template(template, kind, at, reader),
        }
    }

    pub(super) fn reference(
        &mut self,
        purpose: Purpose<'_>,
        common: &Common<'_>,
        reference: &Reference,
        at: &KeyPath,
        reader: &mut Reader,
    ) {
        let (callback, output) = match reference {
            Reference::External { name, .. } => return self.external(name, at, reader),
            Reference::Output { callback, output } => (callback, output),
        };
        let named = |entry: &&Entry<'_>| entry.name.as_str() == callback;
        let Some(entry) = self.waits_for(common).find(named).copied() else {
            return self.no_producer(purpose, common, callback, at, reader);
        };
        if entry.matrix {
            let message = message!(
                "{} is a matrix, and a matrix of workflows has no outputs",
                name = callback
            );
            let help = "only the outputs of the last call would survive; write what is needed into an artifact";
            reader.report(Finding::new(&rules::MATRIX_OUTPUT, at.part(0), message).help(help));
            return;
        }
        if entry.is_silent {
            let message = message!(
                "{} calls no workflow of this repository, so it puts nothing out",
                name = callback
            );
            let help = "take what is needed of a build";
            reader.report(Finding::new(&rules::UNKNOWN_OUTPUT, at.part(2), message).help(help));
            return;
        }
        if let Some(workflow) = entry.common.workflow
            && let Lookup::Known(contract) = self.workflows.peek(workflow)
            && !contract.outputs.contains_key(output)
        {
            let declared = contract.outputs.keys().map(String::as_str);
            let help = suggest::among(output, declared, "it declares");
            let file = workflow.file_name();
            let message = message!("{} declares no output {}", value = file, name = output);
            reader.report(Finding::new(&rules::UNKNOWN_OUTPUT, at.part(2), message).help(help));
            return;
        }
        self.taken
            .entry((entry.kind, entry.name.clone()))
            .or_default()
            .insert(output.clone());
    }

    /// Checks that an external version is recorded under this name.
    fn external(&self, name: &String, at: &KeyPath, reader: &mut Reader) {
        if self.external_names.contains(name) {
            return;
        }
        let names = self.external_names.iter().map(String::as_str);
        let help = suggest::among(name, names, "external names are");
        let message = message!("no external version is recorded as {}", name = name);
        reader.report(Finding::new(&rules::UNKNOWN_EXTERNAL, at.part(0), message).help(help));
    }

    /// Reports that a call takes an output of something that it does not wait for.
    fn no_producer(
        &self,
        purpose: Purpose<'_>,
        common: &Common<'_>,
        callback: &str,
        at: &KeyPath,
        reader: &mut Reader,
    ) {
        if self.index.find(callback, common.at).is_none() {
            let names = self.index.entries.iter().map(|entry| entry.name.as_str());
            let help = suggest::among(callback, names, "builds and deploys are");
            let message = message!("no build or deploy is named {}", name = callback);
            let finding = Finding::new(&rules::UNKNOWN_CALLBACK, at.part(0), message);
            reader.report(finding.help(help));
        } else if !self.misspells_a_dependency(common) {
            let help = match purpose {
                Purpose::Validate | Purpose::Publish | Purpose::Changelog => {
                    "only builds and deploys wait for others and can take their outputs".into()
                }
                _ => message!(
                    "add it: {}",
                    setting = Setting::new("depends_on", Sample::list([callback]))
                ),
            };
            let message = message!("{} is not a dependency", name = callback);
            let finding = Finding::new(&rules::NOT_A_DEPENDENCY, at.part(0), message);
            reader.report(finding.help(help));
        }
    }

    /// Returns true if a dependency names nothing: then nobody knows what was meant.
    pub(super) fn misspells_a_dependency(&self, common: &Common<'_>) -> bool {
        let mut names = common.depends_on.iter().chain(common.optional_depends_on);
        names.any(|name| self.index.find(name, common.at).is_none())
    }

    fn template(
        &self,
        template: &Template,
        kind: Option<InputType>,
        at: &KeyPath,
        reader: &mut Reader,
    ) {
        for input in template.inputs() {
            if !self.config.dispatch_inputs.contains_key(input) && input != "dry_run" {
                let names: Vec<&str> = self
                    .config
                    .dispatch_inputs
                    .keys()
                    .map(String::as_str)
                    .chain(["dry_run"])
                    .collect();
                let message = message!("no dispatch input is named {}", name = input);
                let help = suggest::among(input, names, "dispatch inputs are");
                reader.report(
                    Finding::new(&rules::INVALID_EXPRESSION, at.clone(), message).help(help),
                );
            }
        }
        let whole = template.whole().is_some();
        if let Some(kind) = kind.filter(|kind| *kind != InputType::String && !whole) {
            let message = message!(
                "expected {}, found text with an expression in it",
                part = article(kind)
            );
            reader.report(
                Finding::new(&rules::INPUT_TYPE, at.clone(), message)
                    .help("let the expression be the whole value"),
            );
        }
    }
}

fn article(kind: InputType) -> Message {
    match kind {
        InputType::String => "text".into(),
        InputType::Boolean => message!("{} or {}", value = "true", value = "false"),
        InputType::Number => "a number".into(),
    }
}
