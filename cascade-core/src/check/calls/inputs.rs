//! The source of each input of a call: the author, cascade, a dispatch, a dependency.

use super::super::contracts::Lookup;
use super::{Calls, Purpose};
use crate::contract::Contract;
use crate::contract::InputType;
use crate::finding::message::{Sample, Setting};
use crate::finding::{Finding, rules};
use crate::manifest::draft::Reader;
use crate::manifest::{Common, InputValue, Reference};
use crate::message;
use crate::pipeline::{Input, InputSource, StandardInput};
use crate::scalar::Scalar;
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

    /// Returns the source of a declared input's value: the author, cascade, a dispatch, a
    /// dependency.
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

    /// Returns the source of an input in every environment.
    fn base(
        &mut self,
        purpose: Purpose<'_>,
        common: &Common<'_>,
        name: &str,
    ) -> Option<InputSource> {
        if let Some(value) = common.inputs.get(name) {
            return Some(InputSource::Given(value.clone()));
        }
        if let Some(text) = artifact(common, name) {
            let value = InputValue::Literal(Scalar::Text(text));
            return Some(InputSource::Given(value));
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

    /// Returns the values of an input in some environments only. Builds run for the first
    /// environment, publishing for the last.
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
            Purpose::Validate | Purpose::Build(_) | Purpose::Changelog => environments.first(),
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
    use crate::scalar::Scalar;
    match value {
        InputSource::Given(InputValue::Literal(Scalar::Bool(_))) => InputType::Boolean,
        InputSource::Given(InputValue::Literal(Scalar::Int(_) | Scalar::Float(_))) => {
            InputType::Number
        }
        _ if name == "dry_run" => InputType::Boolean,
        _ => InputType::String,
    }
}

/// Returns the names of workflow artifacts for the inputs that ask for them; several are separated by commas.
fn artifact(common: &Common<'_>, input: &str) -> Option<String> {
    let passed = common.artifact_upload?;
    match input {
        "artifact_upload" => passed.upload.clone(),
        "artifact_downloads" => Some(passed.downloads.join(",")),
        _ => None,
    }
}
