//! The recorded interfaces of third-party actions, and what a file does against them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context;
use cascade_core::expression::{Context as Named, Template};
use serde::Deserialize;
use serde_yaml::Value;

use super::Finding;

const RECORDED: &str = include_str!("../../actions/interfaces.yaml");

/// The inputs and outputs of an action.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Interface {
    #[serde(rename = "as_of")]
    _as_of: String,
    #[serde(rename = "reaches")]
    _reaches: String,
    inputs: Vec<String>,
    #[serde(default)]
    required: Vec<String>,
    /// The inputs that print a warning, with those to use instead.
    #[serde(default)]
    deprecated: BTreeMap<String, String>,
    outputs: Vec<String>,
}

/// Compares the steps of workflow files with the recorded interfaces of the actions they use.
///
/// # Errors
/// A file cannot be read, or is no YAML.
pub fn against(files: &[PathBuf]) -> anyhow::Result<Vec<Finding>> {
    let known: BTreeMap<String, Interface> = serde_yaml::from_str(RECORDED)?;
    let mut findings = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(file)?;
        let workflow: Value =
            serde_yaml::from_str(&text).with_context(|| file.display().to_string())?;
        let jobs = workflow.get("jobs").and_then(Value::as_mapping);
        for (_, job) in jobs.into_iter().flatten() {
            let job = Job {
                file,
                job,
                known: &known,
            };
            job.check(&mut findings)?;
        }
    }
    Ok(findings)
}

struct Job<'a> {
    file: &'a Path,
    job: &'a Value,
    known: &'a BTreeMap<String, Interface>,
}

impl Job<'_> {
    fn check(&self, findings: &mut Vec<Finding>) -> anyhow::Result<()> {
        let mut outputs: BTreeMap<&str, &Interface> = BTreeMap::new();
        let steps = self.job.get("steps").and_then(Value::as_sequence);
        for step in steps.into_iter().flatten() {
            let uses = step.get("uses").and_then(Value::as_str).unwrap_or_default();
            let Some((action, _)) = uses.split_once('@') else {
                continue;
            };
            let Some(interface) = self.known.get(action) else {
                findings.push(self.finding(format!("the interface of {action} is not recorded")));
                continue;
            };
            self.inputs(action, interface, step, findings);
            if let Some(id) = step.get("id").and_then(Value::as_str) {
                outputs.insert(id, interface);
            }
        }
        self.outputs(&outputs, self.job, findings)
    }

    fn inputs(
        &self,
        action: &str,
        interface: &Interface,
        step: &Value,
        findings: &mut Vec<Finding>,
    ) {
        let given = step.get("with").and_then(Value::as_mapping);
        let given = given.into_iter().flatten();
        let given: Vec<&str> = given.filter_map(|(name, _)| name.as_str()).collect();
        for name in &given {
            if let Some(instead) = interface.deprecated.get(*name) {
                let said = format!("{action} deprecates `{name}`: it is `{instead}`");
                findings.push(self.finding(said));
            } else if !interface.inputs.iter().any(|known| known == name) {
                findings.push(self.finding(format!("{action} has no input `{name}`")));
            }
        }
        for name in &interface.required {
            if !given.contains(&name.as_str()) {
                findings.push(self.finding(format!("{action} needs `{name}`")));
            }
        }
    }

    /// Looks at every expression of the job that reads an output of a step.
    fn outputs(
        &self,
        known: &BTreeMap<&str, &Interface>,
        value: &Value,
        findings: &mut Vec<Finding>,
    ) -> anyhow::Result<()> {
        match value {
            Value::String(text) => {
                let template = Template::parse(text);
                let template = template.map_err(|error| anyhow::anyhow!("`{text}`: {error}"))?;
                for read in template.reads() {
                    let [step, "outputs", output, ..] = read.names.as_slice() else {
                        continue;
                    };
                    let is_step = Named::named(read.context) == Some(Named::Steps);
                    let interface = known.get(step).filter(|_| is_step);
                    let lacks =
                        |each: &&&Interface| !each.outputs.iter().any(|name| name == output);
                    if interface.filter(lacks).is_some() {
                        findings.push(self.finding(format!("`{step}` has no output `{output}`")));
                    }
                }
            }
            Value::Sequence(items) => {
                for item in items {
                    self.outputs(known, item, findings)?;
                }
            }
            Value::Mapping(fields) => {
                for (_, field) in fields {
                    self.outputs(known, field, findings)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn finding(&self, message: String) -> Finding {
        Finding {
            file: self.file.to_owned(),
            line: 0,
            rule: "interface".to_owned(),
            severity: "error".to_owned(),
            message,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(steps: &str) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.yaml");
        std::fs::write(&file, format!("jobs:\n  a:\n    steps:\n{steps}")).unwrap();
        let findings = against(&[file]).unwrap();
        findings
            .into_iter()
            .map(|finding| finding.message)
            .collect()
    }

    #[test]
    fn inputs_and_outputs_are_those_of_the_action() {
        let sound = "
      - { id: mint, uses: 'actions/create-github-app-token@v3', with: { client-id: a, private-key: b } }
      - { uses: 'actions/checkout@v7', with: { token: '${{ steps.mint.outputs.token }}' } }
";
        assert!(found(sound).is_empty(), "{:?}", found(sound));
        for (right, wrong, said) in [
            (
                "client-id",
                "app-id",
                "deprecates `app-id`: it is `client-id`",
            ),
            ("client-id: a, ", "", "needs `client-id`"),
            ("with: { token", "with: { tokn", "has no input `tokn`"),
            (
                "outputs.token",
                "outputs.tokn",
                "`mint` has no output `tokn`",
            ),
            (
                "actions/checkout",
                "acme/checkout",
                "acme/checkout is not recorded",
            ),
        ] {
            let found = found(&sound.replace(right, wrong));
            assert!(
                found.iter().any(|each| each.contains(said)),
                "{wrong}: {found:?}"
            );
        }
    }
}
