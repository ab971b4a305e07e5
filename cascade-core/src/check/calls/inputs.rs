//! What each input of a call is given: by the author, by cascade, by a dispatch, by a dependency.

use super::super::contracts::Lookup;
use super::super::environments;
use super::{Calls, Purpose, fits};
use crate::contract::Contract;
use crate::contract::InputType;
use crate::expression::Template;
use crate::finding::message::{Sample, Setting};
use crate::finding::{Finding, Message, rules, suggest};
use crate::key_path::KeyPath;
use crate::manifest::draft::Reader;
use crate::manifest::{Common, InputValue, Reference};
use crate::message;
use crate::pipeline::{Input, InputSource, StandardInput};
use indexmap::{IndexMap, IndexSet};

impl Calls<'_, '_> {
    pub(super) fn inputs(
        &mut self,
        purpose: Purpose<'_>,
        common: &Common<'_>,
        contract: &Lookup,
        reader: &mut Reader,
    ) -> Vec<Input> {
        self.given(purpose, common, contract, reader);
        match contract {
            Lookup::Known(contract) => {
                let contract: &Contract = contract;
                let mut inputs = Vec::new();
                for (name, declared) in &contract.inputs {
                    match self.source(purpose, common, name, contract, reader) {
                        Some(value) => inputs.push(Input {
                            name: name.clone(),
                            kind: declared.kind,
                            value,
                        }),
                        None if declared.must_be_given() => {
                            self.missing(common, name, declared.kind, reader);
                        }
                        None => {}
                    }
                }
                inputs
            }
            _ => self.unseen(purpose, common),
        }
    }

    /// Checks every value that the author gives.
    fn given(
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

    fn reference(
        &mut self,
        purpose: Purpose<'_>,
        common: &Common<'_>,
        reference: &Reference,
        at: &KeyPath,
        reader: &mut Reader,
    ) {
        let (callback, output) = match reference {
            Reference::External { name, .. } => {
                if !self.external_names.contains(name) {
                    let help = suggest::among(
                        name,
                        self.external_names.iter().map(String::as_str),
                        "external names are",
                    );
                    let message = message!("no external version is recorded as {}", name = name);
                    reader.report(
                        Finding::new(&rules::UNKNOWN_EXTERNAL, at.part(0), message).help(help),
                    );
                }
                return;
            }
            Reference::Output { callback, output } => (callback, output),
        };
        let waits: Vec<_> = self.waits_for(common).copied().collect();
        let Some(entry) = waits.iter().find(|entry| entry.name.as_str() == callback) else {
            let message;
            let help;
            let rule = if self.index.find(callback, common.at).is_some() {
                if self.misspells_a_dependency(common) {
                    return;
                }
                message = message!("{} is not a dependency", name = callback);
                help = if matches!(purpose, Purpose::Validate | Purpose::Publish) {
                    "only builds and deploys wait for others and can take their outputs".into()
                } else {
                    message!(
                        "add it: {}",
                        setting = Setting::new("depends_on", Sample::list([callback]))
                    )
                };
                &rules::NOT_A_DEPENDENCY
            } else {
                message = message!("no build or deploy is named {}", name = callback);
                let names = self.index.entries.iter().map(|entry| entry.name.as_str());
                help = suggest::among(callback, names, "builds and deploys are");
                &rules::UNKNOWN_CALLBACK
            };
            reader.report(Finding::new(rule, at.part(0), message).help(help));
            return;
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
        if let Some(Lookup::Known(contract)) = entry
            .common
            .workflow
            .map(|workflow| self.workflows.peek(workflow))
            && !contract.outputs.contains_key(output)
        {
            let file = entry
                .common
                .workflow
                .map_or("the workflow", |workflow| workflow.file_name());
            let help = suggest::among(
                output,
                contract.outputs.keys().map(String::as_str),
                "it declares",
            );
            let message = message!("{} declares no output {}", value = file, name = output);
            reader.report(Finding::new(&rules::UNKNOWN_OUTPUT, at.part(2), message).help(help));
            return;
        }
        self.taken
            .entry((entry.kind, entry.name.clone()))
            .or_default()
            .insert(output.clone());
    }

    /// Whether a dependency names nothing: then nobody knows what was meant.
    fn misspells_a_dependency(&self, common: &Common<'_>) -> bool {
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

    /// Where a declared input's value comes from: the author, cascade, a dispatch, a dependency.
    fn source(
        &mut self,
        purpose: Purpose<'_>,
        common: &Common<'_>,
        name: &str,
        contract: &Contract,
        reader: &mut Reader,
    ) -> Option<InputSource> {
        let otherwise = self.base(purpose, common, name);
        let overrides = self.overrides(purpose, common, name);
        if overrides.is_empty() {
            return otherwise;
        }
        if !matches!(purpose, Purpose::Deploy { .. }) {
            return overrides
                .into_values()
                .next()
                .map(InputSource::Given)
                .or(otherwise);
        }
        let declared = contract.inputs.get(name)?;
        let silent = self
            .config
            .environments
            .iter()
            .filter_map(|each| each.name.get());
        let below = common.at.key("env_inputs");
        let may_be_given = |environment: &str| {
            let at = below.key(environment);
            !reader.is_known(&at) || !reader.is_known(&at.key(name))
        };
        let silent: Vec<&str> = silent
            .map(|name| name.as_str())
            .filter(|name| !overrides.contains_key(*name) && !may_be_given(name))
            .collect();
        let given = common.at.key("inputs").key(name);
        let known = reader.is_known(&given) && reader.is_known(&below);
        if otherwise.is_none() && declared.must_be_given() && known && !silent.is_empty() {
            let message = message!(
                "nothing provides the required input {} in {}",
                name = name,
                text = silent.join(", ")
            );
            let at = common.at.key("env_inputs").as_key();
            reader.report(
                Finding::new(&rules::MISSING_INPUT, at, message).help(message!(
                    "add {} to {}, or to those environments",
                    name = name,
                    key = "inputs"
                )),
            );
        }
        Some(InputSource::ByEnvironment {
            values: overrides,
            otherwise: otherwise.map(Box::new),
            default: declared.default.clone(),
        })
    }

    /// What an input is given in every environment.
    fn base(
        &mut self,
        purpose: Purpose<'_>,
        common: &Common<'_>,
        name: &str,
    ) -> Option<InputSource> {
        if let Some(value) = common.inputs.get(name) {
            return Some(InputSource::Given(value.clone()));
        }
        if let Some(standard) = purpose
            .standard()
            .iter()
            .find(|standard| standard.as_str() == name)
        {
            return Some(InputSource::Standard(*standard));
        }
        if let Purpose::Build(Some(matrix)) = purpose
            && matrix.dimensions.contains_key(name)
        {
            return Some(InputSource::Matrix(name.to_owned()));
        }
        if self.config.dispatch_inputs.contains_key(name) {
            return Some(InputSource::Dispatch(name.to_owned()));
        }
        let found = self.waits_for(common).find(|entry| {
            let contract = entry.common.workflow.map(|workflow| self.workflows.peek(workflow));
            !entry.matrix && matches!(contract, Some(Lookup::Known(contract)) if contract.outputs.contains_key(name))
        });
        let (kind, producer) = found.map(|entry| (entry.kind, entry.name.clone()))?;
        self.taken
            .entry((kind, producer.clone()))
            .or_default()
            .insert(name.to_owned());
        let reference = Reference::Output {
            callback: producer.to_string(),
            output: name.to_owned(),
        };
        Some(InputSource::Given(InputValue::From(reference)))
    }

    /// What an input is given in some environments only. Builds run for the first environment,
    /// publishing for the last.
    fn overrides(
        &self,
        purpose: Purpose<'_>,
        common: &Common<'_>,
        name: &str,
    ) -> IndexMap<String, InputValue> {
        let environments = &self.config.environments;
        let fixed = match purpose {
            Purpose::Deploy { .. } => None,
            Purpose::Publish => environments.last(),
            Purpose::Validate | Purpose::Build(_) => environments.first(),
        };
        let fixed = fixed
            .and_then(|environment| environment.name.get())
            .map(|name| name.as_str());
        let wanted = |environment: &&String| {
            matches!(purpose, Purpose::Deploy { .. }) || Some(environment.as_str()) == fixed
        };
        let values = common
            .env_inputs
            .iter()
            .filter(|(environment, _)| wanted(environment));
        values
            .filter_map(|(environment, inputs)| {
                Some((environment.clone(), inputs.get(name)?.clone()))
            })
            .collect()
    }

    fn missing(&self, common: &Common<'_>, name: &str, kind: InputType, reader: &mut Reader) {
        if self.misspells_a_dependency(common) {
            return;
        }
        let file = common
            .workflow
            .map_or("the workflow", |workflow| workflow.file_name());
        let message = message!(
            "{} requires input {} ({}), and nothing provides it",
            value = file,
            name = name,
            text = kind
        );
        let help = message!(
            "add {}, or give the input a default in the file",
            setting = Setting::new("inputs", Sample::map([(name, Sample::Any)]))
        );
        let inputs = common.at.key("inputs");
        let known = [common.at.key("env_inputs"), inputs.key(name), inputs];
        if known.iter().all(|at| reader.is_known(at)) {
            reader.report(
                Finding::new(&rules::MISSING_INPUT, common.at.key("workflow"), message).help(help),
            );
        }
    }

    /// The inputs of a workflow that cannot be read: the author's, and the essential ones.
    fn unseen(&mut self, purpose: Purpose<'_>, common: &Common<'_>) -> Vec<Input> {
        let dry_run = common.supports_dry_run.then_some(StandardInput::DryRun);
        let standard = purpose
            .unseen()
            .iter()
            .copied()
            .chain(dry_run)
            .map(StandardInput::as_str);
        let given = common
            .inputs
            .keys()
            .chain(common.env_inputs.values().flat_map(IndexMap::keys));
        let names: IndexSet<String> = standard.map(str::to_owned).chain(given.cloned()).collect();
        let mut inputs = Vec::new();
        for name in names {
            let otherwise = self.base(purpose, common, &name);
            let values = self.overrides(purpose, common, &name);
            let value = match (values.is_empty(), purpose) {
                (true, _) => otherwise,
                (false, Purpose::Deploy { .. }) => Some(InputSource::ByEnvironment {
                    values,
                    otherwise: otherwise.map(Box::new),
                    default: None,
                }),
                (false, _) => values.into_values().next().map(InputSource::Given),
            };
            inputs.extend(value.map(|value| Input {
                kind: unseen_kind(&name, &value),
                name,
                value,
            }));
        }
        inputs
    }
}

/// The type of an input that no file declares: that of the value.
fn unseen_kind(name: &str, value: &InputSource) -> InputType {
    use crate::manifest::draft::Scalar;
    match value {
        InputSource::Given(InputValue::Literal(Scalar::Bool(_))) => InputType::Boolean,
        InputSource::Given(InputValue::Literal(Scalar::Int(_) | Scalar::Float(_))) => {
            InputType::Number
        }
        _ if name == "dry_run" => InputType::Boolean,
        _ => InputType::String,
    }
}

fn article(kind: InputType) -> Message {
    match kind {
        InputType::String => "text".into(),
        InputType::Boolean => message!("{} or {}", value = "true", value = "false"),
        InputType::Number => "a number".into(),
    }
}
